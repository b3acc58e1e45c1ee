// The component explorer of a residual MLP: pick a feature or a component and see what is known of the two.

function explorer(root, data, style) {
  interactive(root, style, frame => new Explorer(frame, data).start());
}

class Explorer {
  constructor(frame, data) {
    this.frame = frame;
    this.data = data;
    this.neurons = data.neuronsOfLayers.reduce((sum, count) => sum + count, 0);
    this.layerOf = data.neuronsOfLayers.flatMap((count, layer) => Array(count).fill(layer));
    this.target = floats(data.target);
    this.rows = floats(data.rows);
    this.largest = floats(data.largest);
    this.curves = floats(data.curves);
    this.scrubs = floats(data.scrubs);
    this.pairs = new Map(data.pairs.map(([component, feature], i) => [component + "," + feature, i]));
    this.order = data.alive.map((_, row) => row).sort((one, other) => this.featureOfRow(one) - this.featureOfRow(other));
    this.tip = new ToolTip(frame);
    this.live = announcer();
    this.feature = 0;
    this.component = data.predominant[0];
  }

  featureOfRow(row) {
    const values = this.largest.subarray(row * this.data.features, (row + 1) * this.data.features);
    return values.indexOf(Math.max(...values));
  }

  /** The largest contribution of a neuron to a feature in a component, or null if it is not in the page. */
  largestOf(component, feature) {
    const row = this.data.alive.indexOf(component);
    if (row >= 0) {
      return this.largest[row * this.data.features + feature];
    }
    const known = this.data.components[component].top.indexOf(feature);
    return known < 0 ? null : this.data.components[component].values[known];
  }

  /** The contributions of all neurons to a feature in a component, or null if they are not in the page. */
  contributions(component, feature) {
    const pair = this.pairs.get(component + "," + feature);
    return pair === undefined ? null : this.rows.subarray(pair * this.neurons, (pair + 1) * this.neurons);
  }

  start() {
    const { data } = this;
    const option = (value, text) => element("option", { value }, text);
    this.featureChoice = element("select", { "data-choice": "feature", change: () => this.pickFeature(Number(this.featureChoice.value)) },
      ...Array.from({ length: data.features }, (_, i) => option(i, "feature " + i)));
    this.componentChoice = element("select", { "data-choice": "component", change: () => this.pickComponent(Number(this.componentChoice.value)) },
      ...data.components.map((own, c) => option(c, `component ${c}, ${own.category}`)));
    const button = (text, click) => element("button", { type: "button", click }, text);
    const round = (value, count) => (value + count) % count;
    this.details = element("div", { style: "flex:1 1 520px" });
    this.about = element("div", { style: "max-width:520px" });
    this.frame.append(element("h3", {}, data.title), element("p", {}, data.note),
      element("div", { class: "apd-buttons" }, element("label", {}, "Feature", this.featureChoice),
        button("Previous", () => this.pickFeature(round(this.feature - 1, data.features))),
        button("Next", () => this.pickFeature(round(this.feature + 1, data.features))),
        element("label", {}, "Component", this.componentChoice),
        button("Predominant one of this feature", () => this.pick(this.feature, data.predominant[this.feature]))),
      element("div", { class: "apd-columns" }, element("div", {}, this.map(), this.about), this.details), this.live.line);
    onTheme(this.frame, () => this.show());
    this.pickFeature(data.first);
    requestAnimationFrame(() => this.show());
  }

  /** The overview: living components by features, a link from every cell to its component and its feature. */
  map() {
    const { data, order } = this;
    const across = Math.max(3, Math.min(24, Math.floor(420 / data.features)));
    const down = Math.max(3, Math.min(24, Math.floor(460 / order.length)));
    const [width, height] = [across * data.features, down * order.length];
    const canvas = element("canvas", { width: data.features, height: order.length, style: `width:${width}px;height:${height}px`, "aria-hidden": "true" });
    const pen = canvas.getContext("2d");
    const most = this.largest.reduce((all, value) => Math.max(all, value), 1e-12);
    order.forEach((row, y) => {
      for (let i = 0; i < data.features; i++) {
        const value = Math.max(0, this.largest[row * data.features + i]) / most;
        pen.fillStyle = data.scale[Math.round(value * (data.scale.length - 1))];
        pen.fillRect(i, y, 1, 1);
      }
    });
    this.chosen = element("div", { class: "apd-mark", style: "outline-color:#D55E00" });
    const sorted = order.flatMap(row => Array.from(this.largest.subarray(row * data.features, (row + 1) * data.features)));
    const map = { x: 0, y: 0, width, height, rowTitle: "component", rows: order.map(row => data.alive[row]), columnTitle: "feature",
      columns: Array.from({ length: data.features }, (_, i) => i), valueTitle: "largest contribution", values: sorted };
    this.mapSize = { width, height };
    const overlay = layer(map, { width, height }, this.tip, this.live, (row, feature) => this.pick(feature, map.rows[row]));
    return element("div", {}, element("div", { style: "font-weight:600" }, `Largest contribution: ${order.length} living components (down), features (across)`),
      element("div", { class: "apd-map" }, canvas, this.chosen, ...overlay));
  }

  pickFeature(feature) {
    this.pick(feature, this.data.predominant[feature]);
  }

  pickComponent(component) {
    this.pick(this.data.components[component].top[0], component);
  }

  pick(feature, component) {
    this.feature = feature;
    this.component = component;
    this.featureChoice.value = feature;
    this.componentChoice.value = component;
    this.show();
    const own = this.largestOf(component, feature);
    this.live.say(`Feature ${feature}, component ${component}, ${this.data.components[component].category}.` + (own === null ? "" : ` Largest contribution ${plain(own)}.`));
  }

  color(key) {
    return visible(this.data.colors[key], background(this.frame));
  }

  show() {
    const row = this.order.findIndex(own => this.data.alive[own] === this.component);
    const { width, height } = this.mapSize;
    this.chosen.hidden = row < 0;
    const [w, h] = [100 / this.data.features, 100 / this.order.length];
    this.chosen.style.cssText = `left:calc(${this.feature * w}% - 4px);top:calc(${row * h}% - 4px);width:${width * w / 100 + 8}px;height:${height * h / 100 + 8}px`;
    this.details.replaceChildren(this.neuronPlots(), this.response());
    this.about.replaceChildren(this.facts());
  }

  // Contributions of neurons

  neuronPlots() {
    const { feature, component, data } = this;
    const ofTarget = this.target.subarray(feature * this.neurons, (feature + 1) * this.neurons);
    const ofComponent = this.contributions(component, feature);
    const range = rangeOf([{ values: ofTarget }, { values: ofComponent ?? [] }], 0);
    const plot = (title, values) => [element("div", { style: "font-weight:600" }, title), values ? this.columns(title, values, range)
      : element("p", {}, `The contributions of this component to feature ${feature} are not in the page`
        + (this.largestOf(component, feature) === null ? "." : `; the largest is ${plain(this.largestOf(component, feature))}.`))];
    const keys = data.neuronsOfLayers.length > 1 ? [legend(data.neuronsOfLayers.map((_, l) => ({ name: "layer " + (l + 1), mark: "solid", color: this.color("layer" + l) })), true)] : [];
    return element("div", {}, ...plot(`Contributions to feature ${feature} in the target`, ofTarget),
      ...plot(`and in component ${component}`, ofComponent), ...keys);
  }

  columns(title, values, range) {
    const axes = new Axes(520, 140, range, "contribution");
    const slot = (axes.width - axes.left - axes.right) / values.length;
    values.forEach((value, n) => {
      const y = axes.y(Math.max(0, value));
      const area = drawn("rect", { x: axes.left + n * slot, y: axes.top, width: slot, height: 140 - axes.top - axes.below, fill: "transparent" });
      this.tip.on(area, () => `neuron ${n}` + (this.data.neuronsOfLayers.length > 1 ? `, layer ${this.layerOf[n] + 1}` : "") + `\ncontribution: ${plain(value)}`);
      axes.svg.append(drawn("rect", { x: axes.left + (n + 0.15) * slot, y, width: 0.7 * slot, height: Math.max(0.5, Math.abs(axes.y(value) - axes.y(0))),
        fill: this.color("layer" + this.layerOf[n]) }), area);
    });
    axes.xTitle("neuron");
    axes.svg.setAttribute("aria-label", title + "; the table lists the largest");
    return axes.svg;
  }

  // The response

  curve(kind) {
    const { points, features } = this.data;
    const start = (kind * features + this.feature) * points.length;
    return this.curves.subarray(start, start + points.length);
  }

  /** The response of the feature's own output: label, target, all components, the predominant one alone, and all others. */
  responses() {
    const own = this.data.predominant[this.feature];
    return [{ name: "label", values: this.data.labels, mark: "dotted", color: this.color("label") },
      { name: "target", values: this.curve(0), mark: "solid", color: this.color("target") },
      { name: "all components", values: this.curve(1), mark: "dashed", color: this.color("all") },
      { name: `component ${own} alone`, values: this.curve(2), mark: "dashdot", color: this.color("kept") },
      { name: `all without component ${own}`, values: this.curve(3), mark: "dotted", color: this.color("without") }];
  }

  response() {
    const series = this.responses();
    const { points } = this.data;
    const ends = [0, points.length - 1];
    const table = element("table", { "data-table": "response" }, element("caption", {}, "At the ends"),
      element("thead", {}, element("tr", {}, element("th", {}, ""), ...ends.map(i => element("th", { scope: "col" }, "x = " + String(points[i]).replace("-", "\u2212"))))),
      element("tbody", {}, ...series.map(one => element("tr", {}, element("th", { scope: "row" }, one.name),
        ...ends.map(i => cell(one.values[i], plain(one.values[i])))))));
    return element("div", {}, element("div", { style: "font-weight:600" }, `Output ${this.feature} over its own input`), legend(series, false),
      lines(points, series, { width: 520, height: 240, range: rangeOf(series), xTitle: `input at feature ${this.feature}`, yTitle: "output", tip: this.tip,
        label: `Output ${this.feature} over its own input; the table has the values at both ends` }), table);
  }

  // Facts

  facts() {
    const { data, feature, component } = this;
    const link = (text, pick) => element("button", { type: "button", click: pick }, text);
    const own = data.components[component];
    const others = this.order.map(row => data.alive[row]).filter(c => c !== component)
      .sort((one, other) => this.largestOf(other, feature) - this.largestOf(one, feature)).slice(0, 5);
    return element("div", {},
      this.shares(), this.scrub(), this.largestNeurons(),
      element("div", { style: "font-weight:600" }, `Features that component ${component} (${own.category}) answers to`),
      element("div", { class: "apd-buttons", "data-list": "features" }, ...own.top.map((i, place) => link(`${i}: ${plain(own.values[place])}`, () => this.pick(i, component)))),
      element("div", { style: "font-weight:600" }, `Its sisters: other components that contribute most to feature ${feature}`),
      element("div", { class: "apd-buttons", "data-list": "sisters" }, ...others.map(c => link(`component ${c}: ${plain(this.largestOf(c, feature))}`, () => this.pick(feature, c)))),
      element("p", {}, data.used[feature] === component ? `With x = 1 at feature ${feature} this component has the largest importance.`
        : `With x = 1 at feature ${feature}, component ${data.used[feature]} has the largest importance.`));
  }

  /** The part of each layer in the positive contributions. */
  shares() {
    const ofTarget = this.target.subarray(this.feature * this.neurons, (this.feature + 1) * this.neurons);
    const ofComponent = this.contributions(this.component, this.feature);
    const sums = values => this.data.neuronsOfLayers.map((_, l) => values.reduce((sum, value, n) => sum + (this.layerOf[n] === l ? Math.max(0, value) : 0), 0));
    const share = (values, l) => {
      const all = sums(values);
      const total = all.reduce((sum, value) => sum + value, 0);
      return total === 0 ? 0 : all[l] / total;
    };
    const columns = [["target", ofTarget], ...ofComponent ? [["component " + this.component, ofComponent]] : []];
    return element("table", { "data-table": "shares" }, element("caption", {}, "Layers' shares of the positive contributions"),
      element("thead", {}, element("tr", {}, element("th", {}, ""), ...columns.map(([name]) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, ...this.data.neuronsOfLayers.map((_, l) => element("tr", {}, element("th", { scope: "row" }, "layer " + (l + 1)),
        ...columns.map(([, values]) => cell(share(values, l), plain(share(values, l))))))));
  }

  scrub() {
    const [target, scrubbed, deviation, anti, antiDeviation] = this.scrubs.subarray(5 * this.feature, 5 * this.feature + 5);
    const line = (name, value, spread) => element("tr", {}, element("th", { scope: "row" }, name), cell(value, plain(value)),
      spread === null ? element("td", {}, "") : cell(spread, "\u00b1 " + plain(spread)));
    const own = this.data.used[this.feature];
    return element("table", { "data-table": "scrub" },
      element("caption", {}, `Output ${this.feature} for x = 1 under ${this.data.ablations} random ablations, without the embedding path`),
      element("tbody", {}, line("target", target, null), line(`component ${own} always on (scrubbed)`, scrubbed, deviation),
        line(`component ${own} always off (anti-scrubbed)`, anti, antiDeviation)));
  }

  largestNeurons() {
    const ofTarget = this.target.subarray(this.feature * this.neurons, (this.feature + 1) * this.neurons);
    const ofComponent = this.contributions(this.component, this.feature);
    const top = Array.from(ofTarget.keys()).sort((one, other) => ofTarget[other] - ofTarget[one]).slice(0, 5);
    return element("table", { "data-table": "neurons" }, element("caption", {}, "The target's largest neurons for this feature"),
      element("thead", {}, element("tr", {}, ...["neuron", "target", ...ofComponent ? ["component " + this.component] : []].map(text => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...top.map(n => element("tr", {}, element("th", { scope: "row" }, n), cell(ofTarget[n], plain(ofTarget[n])),
        ...ofComponent ? [cell(ofComponent[n], plain(ofComponent[n]))] : []))));
  }
}
