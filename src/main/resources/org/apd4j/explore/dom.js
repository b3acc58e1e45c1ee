// Elements, numbers as text, and the tool tip: what every interactive output needs.

/** Returns a new HTML element; attributes that are functions become listeners, a value of null or false leaves an attribute out. */
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Returns a new SVG element. */
function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name, value);
    } else if (value !== null && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children);
  return node;
}

/** Returns a value with five decimals. */
function plain(value) {
  const text = value.toFixed(5);
  return text === "-0.00000" ? "0.00000" : text.replace("-", "\u2212");
}

/** Returns a value with six significant digits. */
function precise(value) {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  return (small ? value.toExponential(5) : String(Number(value.toPrecision(6)))).replaceAll("-", "\u2212");
}

/** Returns a loss with five decimals, or with four significant digits if it is small. */
function loss(value) {
  if (value === 0 || !Number.isFinite(value)) {
    return value === 0 ? "0" : "\u2013";
  }
  return Math.abs(value) < 1e-3 ? value.toExponential(3).replaceAll("-", "\u2212") : plain(value);
}

/** Returns a table cell with a number; scripts find all its digits in data-value. */
function cell(value, text) {
  return element("td", { "data-value": value }, text);
}

/** Shows a text beside the pointer, or beside a place given in pixels of the window. */
class ToolTip {
  constructor(root) {
    this.root = root;
    this.box = element("div", { class: "apd-tip", "aria-hidden": "true", hidden: true });
    root.append(this.box);
  }

  show(text, x, y) {
    this.box.textContent = text;
    this.box.hidden = false;
    const frame = this.root.getBoundingClientRect();
    const room = frame.width - this.box.offsetWidth - 4;
    this.box.style.left = Math.max(0, Math.min(room, x - frame.left + 12)) + "px";
    this.box.style.top = y - frame.top + 16 + "px";
  }

  hide() {
    this.box.hidden = true;
  }

  /** Shows a text while the pointer is on an element; text is a function of the pointer's event. */
  on(node, text) {
    node.addEventListener("pointermove", event => {
      const now = text(event);
      if (now) {
        this.show(now, event.clientX, event.clientY);
      } else {
        this.hide();
      }
    });
    node.addEventListener("pointerleave", () => this.hide());
  }
}

/** Returns a line that screen readers announce; say(text) changes it when nothing has changed for a while. */
function announcer() {
  const line = element("div", { role: "status", "aria-live": "polite", class: "apd-hidden" });
  let waiting = 0;
  return { line, say(text) {
    clearTimeout(waiting);
    waiting = setTimeout(() => { line.textContent = text; }, 300);
  } };
}

/** Replaces the still picture by the interactive one that build(frame) makes; if that fails, the picture stays. */
function interactive(root, style, build) {
  const frame = element("div", { class: "apd-frame" });
  frame.append(element("style", {}, style));
  try {
    build(frame);
  } catch (error) {
    console.error(error);
    return;
  }
  root.replaceChildren(frame);
}

/** Calls redraw when JupyterLab changes its theme, as long as the output is on the page. */
function onTheme(frame, redraw) {
  const observer = new MutationObserver(() => frame.isConnected && redraw());
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

/** Returns a colour, given as #rrggbb, that can be seen on a background: mixed with white or black until its contrast is 3. */
function visible(color, background) {
  const rgb = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
  const behind = luminance(background);
  const towards = behind < 0.18 ? 255 : 0;
  let mixed = rgb;
  for (let part = 0.1; part < 1 && contrast(luminance(mixed), behind) < 3; part += 0.1) {
    mixed = rgb.map(channel => channel + (towards - channel) * part);
  }
  return "rgb(" + mixed.map(Math.round).join(",") + ")";
}

function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map(channel => channel / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Returns the background of an element's frame as red, green and blue. */
function background(node) {
  const numbers = getComputedStyle(node).backgroundColor.match(/[\d.]+/g);
  return numbers && numbers.length >= 3 && numbers[3] !== "0" ? numbers.slice(0, 3).map(Number) : [255, 255, 255];
}

/** Returns the numbers of a base64 text of little-endian 32-bit floats. */
function floats(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
