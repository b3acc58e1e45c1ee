// Bars, lines and arrows as SVG. A series is { name, values, color, mark }; mark is one of DASHES.

const DASHES = { solid: null, dashed: "6 4", dotted: "2 3", dashdot: "9 3 2 3" };
const FILLS = { solid: 1, dashed: 0.65, dotted: 0.35 };

/** Returns about n round numbers from low to high. */
function ticks(low, high, n = 5) {
  const step = roundStep((high - low) / n);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
    found.push(i * step);
  }
  return found;
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find(factor => factor * power >= rough * 0.999);
}

function tickText(value, step) {
  return value.toFixed(Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)))).replace("-", "\u2212");
}

/** Returns the lowest and the highest of all values and of those given, with a little room; never an empty range. */
function rangeOf(series, ...given) {
  const all = series.flatMap(one => Array.from(one.values)).filter(Number.isFinite).concat(given);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = high > low ? 0.05 * (high - low) : 0.5;
  return [low < 0 || high === low ? low - room : low, high + room];
}

/** A frame with a y axis at the left; place(value) and height(value) are pixels. */
class Axes {
  constructor(width, height, [low, high], yTitle, left = 56, below = 34) {
    Object.assign(this, { width, height, low, high, left, top: 10, right: 8, below });
    this.svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "apd-plot", role: "img" });
    const step = roundStep((high - low) / 5);
    for (const value of ticks(low, high)) {
      const y = this.y(value);
      this.svg.append(drawn("line", { x1: left, x2: width - this.right, y1: y, y2: y, class: Math.abs(value) < 1e-9 * step ? "apd-zero" : "apd-grid" }),
        drawn("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, tickText(value, step)));
    }
    const middle = (this.top + height - below) / 2;
    this.svg.append(drawn("text", { x: 12, y: middle, "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` }, yTitle));
  }

  y(value) {
    return this.top + (this.high - value) / (this.high - this.low) * (this.height - this.top - this.below);
  }

  /** Returns the x of a fraction of the width. */
  x(fraction) {
    return this.left + fraction * (this.width - this.left - this.right);
  }

  xTitle(text) {
    this.svg.append(drawn("text", { x: (this.left + this.width - this.right) / 2, y: this.height - 4, "text-anchor": "middle" }, text));
  }
}

/** Draws bars side by side; text(place, series) is what a bar shows below the pointer. */
function bars(names, series, { width = 560, height = 230, range, xTitle, yTitle, tip, label }) {
  const axes = new Axes(width, height, range, yTitle);
  const slot = (axes.width - axes.left - axes.right) / names.length;
  const thick = Math.min(22, 0.8 * slot / series.length);
  const every = Math.ceil(names.length * 9 * Math.max(...names.map(name => name.length)) / (width - axes.left));
  names.forEach((name, place) => {
    const middle = axes.left + (place + 0.5) * slot;
    if (place % every === 0) {
      axes.svg.append(drawn("text", { x: middle, y: height - 20, "text-anchor": "middle" }, name));
    }
    series.forEach((one, s) => {
      const value = one.values[place];
      const y = axes.y(Math.max(0, value));
      axes.svg.append(drawn("rect", { x: middle + (s - series.length / 2) * thick + 0.5, width: Math.max(0.5, thick - 1), y,
        height: Math.max(0.5, Math.abs(axes.y(0) - axes.y(value))), fill: one.color, stroke: one.color,
        "stroke-width": one.mark === "solid" ? 0 : 1, "fill-opacity": FILLS[one.mark] }));
    });
    const area = drawn("rect", { x: axes.left + place * slot, y: axes.top, width: slot, height: height - axes.top - axes.below, fill: "transparent" });
    tip.on(area, () => name + "\n" + series.map(one => one.name + ": " + plain(one.values[place])).join("\n"));
    axes.svg.append(area);
  });
  axes.xTitle(xTitle);
  axes.svg.setAttribute("aria-label", label);
  return axes.svg;
}

/** Draws lines over x; marks an x by an upright line if at is given. */
function lines(x, series, { width = 560, height = 260, range, xTitle, yTitle, tip, label, at }) {
  const axes = new Axes(width, height, range, yTitle);
  const low = x[0];
  const high = x[x.length - 1];
  const across = value => axes.x((value - low) / (high - low));
  const step = roundStep((high - low) / 6);
  for (const value of ticks(low, high, 6)) {
    axes.svg.append(drawn("text", { x: across(value), y: height - 20, "text-anchor": "middle" }, tickText(value, step)));
  }
  for (const one of series) {
    const points = Array.from(x, (value, i) => across(value).toFixed(1) + "," + axes.y(one.values[i]).toFixed(1)).join(" ");
    axes.svg.append(drawn("polyline", { points, fill: "none", stroke: one.color, "stroke-width": one.mark === "solid" ? 5 : 2.2,
      "stroke-dasharray": DASHES[one.mark] }));
  }
  if (at !== undefined) {
    axes.svg.append(drawn("line", { x1: across(at), x2: across(at), y1: axes.top, y2: height - axes.below, class: "apd-zero" }));
  }
  const area = drawn("rect", { x: axes.left, y: axes.top, width: axes.width - axes.left - axes.right, height: height - axes.top - axes.below,
    fill: "transparent" });
  tip.on(area, event => {
    const frame = area.getBoundingClientRect();
    const place = Math.max(0, Math.min(x.length - 1, Math.round((event.clientX - frame.left) / frame.width * (x.length - 1))));
    return xTitle + " = " + plain(x[place]) + "\n" + series.map(one => one.name + ": " + plain(one.values[place])).join("\n");
  });
  axes.svg.append(area);
  axes.xTitle(xTitle);
  axes.svg.setAttribute("aria-label", label);
  return axes.svg;
}

/** Draws the rows of a matrix with two columns as arrows from the origin; reach is the length that fills the panel. */
function arrows(title, rows, names, colors, reach, tip, size = 176) {
  const svg = drawn("svg", { viewBox: `0 0 ${size} ${size + 18}`, width: size, height: size + 18, class: "apd-plot", role: "img",
    "aria-label": title + ": the direction of each feature in the hidden space, "
      + names.map((name, i) => `${name} (${plain(rows.data[2 * i])}, ${plain(rows.data[2 * i + 1])})`).join(", ") });
  const middle = size / 2;
  const place = (i, axis) => middle + (axis ? -1 : 1) * rows.data[2 * i + axis] / reach * (middle - 8);
  svg.append(drawn("text", { x: middle, y: 12, "text-anchor": "middle" }, title));
  const panel = drawn("g", { transform: "translate(0 18)" }, drawn("rect", { x: 0.5, y: 0.5, width: size - 1, height: size - 1, class: "apd-box" }),
    drawn("line", { x1: 0, x2: size, y1: middle, y2: middle, class: "apd-grid" }), drawn("line", { x1: middle, x2: middle, y1: 0, y2: size, class: "apd-grid" }));
  names.forEach((name, i) => {
    const [x, y] = [place(i, 0), place(i, 1)];
    const angle = Math.atan2(y - middle, x - middle);
    const head = [0.4, 0, -0.4].map(turn => turn === 0 ? `${x},${y}` : `${x - 8 * Math.cos(angle + turn)},${y - 8 * Math.sin(angle + turn)}`).join(" ");
    const far = Math.hypot(x - middle, y - middle) > 5;
    const arrow = drawn("g", { stroke: colors[i], fill: "none", "stroke-width": 2.4, "stroke-linecap": "round" },
      drawn("line", { x1: middle, y1: middle, x2: x, y2: y }), ...far ? [drawn("polyline", { points: head })] : [],
      drawn("line", { x1: middle, y1: middle, x2: x, y2: y, stroke: "transparent", "stroke-width": 12 }));
    tip.on(arrow, () => `${name}: (${plain(rows.data[2 * i])}, ${plain(rows.data[2 * i + 1])})`);
    panel.append(arrow);
  });
  svg.append(panel);
  return svg;
}

/** Returns the legend of some series, which are drawn as bars or as lines. */
function legend(series, asBars) {
  const key = one => asBars ? drawn("rect", { x: 1, y: 1, width: 10, height: 10, fill: one.color, stroke: one.color, "fill-opacity": FILLS[one.mark] })
    : drawn("line", { x1: 2, x2: 28, y1: 6, y2: 6, stroke: one.color, "stroke-width": one.mark === "solid" ? 5 : 2.5, "stroke-dasharray": DASHES[one.mark] });
  return element("div", { class: "apd-legend" }, ...series.map(one => element("span", {},
    drawn("svg", { width: asBars ? 12 : 30, height: 12, "aria-hidden": "true" }, key(one)), " " + one.name)));
}
