// The graph of interactions: nodes in columns by layer, sorted by module, and the edges of the node that is pointed at.

const BOX = 214;
const GAP = 132;
const LINE = 20;
const BETWEEN_MODULES = 8;
const TOP = 26;
const WIDEST = 6;
const LONGEST_LABEL = 29;
/** How many of a node's strongest edges are listed for each direction. */
const LISTED = 5;
/** The range of the slider and its beginning: log10 of the weakest edge drawn, relative to the strongest of its section. */
const FAINTEST = -4;
const FIRST = -2;

function graph(root, data, style) {
  interactive(root, style, frame => new Graph(frame, data).start());
}

class Graph {
  constructor(frame, data) {
    this.frame = frame;
    this.data = data;
    this.tip = new ToolTip(frame);
    this.live = announcer();
    this.columns = data.columns.map((column, c) => this.placed(column, c));
    this.nodes = this.columns.flat();
    this.edges = data.sections.flatMap(section => this.edgesOf(section)).sort((one, other) => one.part - other.part);
    this.held = null;
    this.here = null;
    this.focused = null;
  }

  /** The nodes of a column with their places. */
  placed(column, c) {
    let y = TOP;
    return column.nodes.map((node, i) => {
      y += i > 0 && node.module !== column.nodes[i - 1].module ? BETWEEN_MODULES : 0;
      const own = { ...node, layer: column.layer, column: c, place: i, x: c * (BOX + GAP), y, name: column.layer + "." + node.index };
      y += LINE;
      return own;
    });
  }

  edgesOf({ from, to, strength }) {
    const values = floats(strength);
    const [inputs, outputs] = [this.columns[from], this.columns[to]];
    const largest = values.reduce((all, value) => Math.max(all, value), 0);
    return outputs.flatMap((end, i) => inputs.map((begin, j) => {
      const value = values[i * inputs.length + j];
      return { from: begin, to: end, value, part: largest === 0 ? 0 : value / largest };
    }));
  }

  /** The strongest edges that end at a node, or that begin there. */
  strongest(node, side) {
    return this.edges.filter(edge => edge[side] === node && edge.value > 0).sort((one, other) => other.value - one.value).slice(0, LISTED);
  }

  start() {
    const { data } = this;
    this.picture = this.draw();
    this.weakest = element("input", { type: "range", min: FAINTEST, max: 0, step: 0.05, value: FIRST, style: "width:16em",
      "aria-label": "Weakest edge drawn, in percent of the strongest of its section", input: () => {
        this.cut();
        this.live.say(this.drawnEdges.textContent);
      } });
    this.drawnEdges = element("output", {});
    this.details = element("div", { class: "apd-details" });
    this.frame.append(element("h3", {}, data.title), element("p", {}, data.note),
      element("div", { class: "apd-buttons" }, element("label", {}, "Weakest edge", this.weakest), this.drawnEdges,
        element("span", { class: "apd-legend" }, ...this.keys())), this.picture, this.details, this.live.line);
    this.frame.addEventListener("focusout", event => this.frame.contains(event.relatedTarget) || this.leave());
    onTheme(this.frame, () => this.paint());
    this.cut();
    this.tell(null);
    this.paint();
    requestAnimationFrame(() => this.paint()); // the colours of the theme are known once the frame is on the page
  }

  keys() {
    const shown = this.data.modules.map((module, m) => ({ ...module, m })).filter(({ m }) => this.nodes.some(node => node.module === m));
    return shown.map(({ nodes, m }) => element("span", {}, drawn("svg", { width: 12, height: 12, "aria-hidden": "true" },
      drawn("rect", { x: 1, y: 1, width: 10, height: 10, rx: 2, "data-module": m })), ` module ${m + 1}, ${nodes} nodes`));
  }

  // The picture

  draw() {
    const width = Math.max(1, this.columns.length) * (BOX + GAP) - GAP;
    const height = Math.max(TOP, ...this.nodes.map(node => node.y)) + LINE + 2;
    const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "apd-graph", role: "group",
      "aria-label": `Graph of ${this.nodes.length} nodes in the columns ${this.data.columns.map(column => column.layer).join(", ")}; `
        + "the arrow keys move from node to node, the enter key holds one" });
    for (const edge of this.edges) {
      const [x1, y1, x2, y2] = [edge.from.x + BOX, edge.from.y + LINE / 2, edge.to.x, edge.to.y + LINE / 2];
      edge.path = drawn("path", { d: `M${x1} ${y1}C${x1 + GAP / 2} ${y1} ${x2 - GAP / 2} ${y2} ${x2} ${y2}` });
      this.tip.on(edge.path, () => `${edge.from.name} \u2192 ${edge.to.name}\nE = ${precise(edge.value)}`);
      svg.append(edge.path);
    }
    this.data.columns.forEach((column, c) => svg.append(
      drawn("text", { x: c * (BOX + GAP) + BOX / 2, y: 14, "text-anchor": "middle", class: "apd-layer" }, column.layer)));
    for (const node of this.nodes) {
      svg.append(this.box(node));
    }
    svg.addEventListener("click", event => event.target === svg && this.hold(null));
    return svg;
  }

  box(node) {
    const label = node.label.length > LONGEST_LABEL ? node.label.slice(0, LONGEST_LABEL - 1) + "\u2026" : node.label;
    node.box = drawn("g", { role: "button", tabindex: node === this.nodes[0] ? 0 : -1, "aria-pressed": "false", "data-node": node.name,
      "aria-label": this.text(node).replaceAll("\n", ", "), click: () => this.hold(node === this.held ? null : node),
      pointerenter: () => this.tell(node), pointerleave: () => this.tell(this.held ?? this.focused),
      focus: () => this.reach(node), keydown: event => this.key(event, node) },
    drawn("rect", { x: node.x + 1, y: node.y + 1, width: BOX - 2, height: LINE - 2, rx: 4, "fill-opacity": 0.22, "data-module": node.module }),
    drawn("text", { x: node.x + 24, y: node.y + LINE / 2 + 4, "text-anchor": "end" }, String(node.index)),
    drawn("text", { x: node.x + 32, y: node.y + LINE / 2 + 4 }, label));
    this.tip.on(node.box, () => this.tipOf(node));
    return node.box;
  }

  /** Colours everything for the background of the frame. */
  paint() {
    const behind = background(this.frame);
    const colors = this.data.modules.map(module => visible(module.color, behind));
    const grey = visible(this.data.grey, behind);
    for (const rect of this.frame.querySelectorAll("rect[data-module]")) {
      rect.style.fill = colors[rect.dataset.module];
      if (!rect.matches(".apd-legend rect")) {
        rect.setAttribute("stroke", colors[rect.dataset.module]);
      }
    }
    for (const { path, from, to, part } of this.edges) {
      path.setAttribute("stroke", from.module === to.module ? colors[from.module] : grey);
      path.setAttribute("stroke-opacity", 0.35 + 0.65 * Math.sqrt(part));
      path.setAttribute("stroke-width", Math.max(0.5, WIDEST * part));
    }
  }

  // Weak edges

  cut() {
    const least = 10 ** Number(this.weakest.value);
    let count = 0;
    for (const edge of this.edges) {
      edge.strong = edge.part >= least * (1 - 1e-9);
      count += edge.strong ? 1 : 0;
      this.showEdge(edge);
    }
    const percent = `${Number((100 * least).toPrecision(2))} %`;
    this.weakest.setAttribute("aria-valuetext", percent);
    this.drawnEdges.dataset.count = count;
    this.drawnEdges.textContent = `${percent} of the strongest of its section: ${count} of ${this.edges.length} edges`;
  }

  showEdge(edge) {
    const on = edge.path.classList.contains("apd-on");
    edge.path.style.display = edge.strong || on ? "" : "none";
  }

  // Nodes

  text(node) {
    return `${node.layer}, node ${node.index}, module ${node.module + 1}\n${node.label}` + (this.data.size ? `\n${this.data.size}: ${precise(node.size)}` : "");
  }

  tipOf(node) {
    const lines = (side, mark) => this.strongest(node, side === "from" ? "to" : "from").slice(0, 2)
      .map(edge => `\n${mark} ${edge[side].name}: ${precise(edge.value)}`).join("");
    return this.text(node) + lines("from", "from") + lines("to", "to");
  }

  hold(node) {
    this.held?.box.setAttribute("aria-pressed", "false");
    this.held = node;
    node?.box.setAttribute("aria-pressed", "true");
    this.tell(node);
  }

  leave() {
    this.focused = null;
    this.tip.hide();
    this.tell(this.held);
  }

  /** A node that has got the focus; the only one that the tab key reaches from now on. */
  reach(node) {
    for (const other of this.nodes) {
      other.box.setAttribute("tabindex", other === node ? 0 : -1);
    }
    this.focused = node;
    this.tell(node);
    if (node.box.matches(":focus-visible")) {
      const place = node.box.getBoundingClientRect();
      this.tip.show(this.tipOf(node), place.left, place.bottom - 8);
    }
    this.live.say(["from", "to"].map(side => this.strongest(node, side === "from" ? "to" : "from").map(edge => `${side} ${edge[side].name}, ${precise(edge.value)}`))
      .map((texts, i) => texts.length === 0 ? "" : `Strongest edges ${texts.join("; ")}.`).join(" ").trim());
  }

  key(event, node) {
    const column = this.columns[node.column];
    const beside = step => {
      const other = this.columns[node.column + step] ?? [];
      return other.reduce((best, one) => best && Math.abs(best.y - node.y) <= Math.abs(one.y - node.y) ? best : one, undefined);
    };
    const go = { ArrowUp: () => column[node.place - 1], ArrowDown: () => column[node.place + 1], ArrowLeft: () => beside(-1),
      ArrowRight: () => beside(1), Home: () => column[0], End: () => column[column.length - 1] }[event.key];
    if (go) {
      event.preventDefault();
      event.stopPropagation();
      go()?.box.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.hold(node === this.held ? null : node);
    } else if (event.key === "Escape") {
      this.tip.hide();
      this.hold(null);
    }
  }

  /** Marks a node and its strongest edges and lists them; without a node the list of the last one stays, unless there was none. */
  tell(node) {
    this.here?.box.classList.remove("apd-here");
    this.here = node;
    node?.box.classList.add("apd-here");
    const lit = new Set(node ? [...this.strongest(node, "from"), ...this.strongest(node, "to")] : []);
    const ends = new Set([...lit].flatMap(edge => [edge.from, edge.to]));
    this.nodes.forEach(other => other.box.classList.toggle("apd-end", ends.has(other)));
    for (const edge of this.edges) {
      edge.path.classList.toggle("apd-on", lit.has(edge));
      edge.path.setAttribute("stroke-width", Math.max(lit.has(edge) ? 1.6 : 0.5, WIDEST * edge.part));
      this.showEdge(edge);
    }
    this.picture.classList.toggle("apd-lit", node !== null);
    if (node) {
      this.details.replaceChildren(...this.facts(node));
    } else if (!this.details.hasChildNodes()) {
      this.details.append(element("p", {}, "No node yet."));
    }
  }

  facts(node) {
    const list = (side, title, table) => {
      const edges = this.strongest(node, side === "from" ? "to" : "from");
      return edges.length === 0 ? [] : [element("table", { "data-table": table },
        element("caption", {}, title),
        element("thead", {}, element("tr", {}, ...["node", "label", "strength E", "% of the strongest"].map(text => element("th", { scope: "col",
          style: text === "label" ? "text-align:left" : null }, text)))),
        element("tbody", {}, ...edges.map(edge => element("tr", {},
          element("th", { scope: "row" }, element("button", { type: "button", click: () => edge[side].box.focus() }, edge[side].name)),
          element("td", { style: "text-align:left" }, edge[side].label), cell(edge.value, precise(edge.value)),
          element("td", {}, (100 * edge.part).toFixed(1))))))];
    };
    return [element("div", { "data-shown": node.name }, element("b", {}, `${node.layer}, node ${node.index}`), `, module ${node.module + 1}`
      + (this.data.size ? `, ${this.data.size} = ` : ""), ...this.data.size ? [element("span", { "data-value": node.size }, precise(node.size))] : [],
    element("div", {}, node.terms)),
    element("div", { class: "apd-columns" }, ...list("from", "Strongest edges to it", "in"), ...list("to", "Strongest edges from it", "out"))];
  }
}
