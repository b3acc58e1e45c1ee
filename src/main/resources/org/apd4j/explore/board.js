// The ablation board: inputs by hand, components on and off, and what target, all and ticked components make of them.

function board(root, data, style) {
  interactive(root, style, frame => new Board(frame, data).start());
}

class Board {
  constructor(frame, data) {
    this.frame = frame;
    this.data = data;
    this.target = Object.fromEntries(Object.entries(data.parameters).map(([name, stored]) => [name, matrixOf(stored)]));
    this.parts = componentMatrices(data.components, data.count);
    this.samples = matrixOf(data.samples);
    this.x = matrix(1, data.inputs.length, floats(data.start));
    this.ticked = Array.from({ length: data.count }, (_, c) => data.ticked.includes(c));
    this.sample = 0;
    this.tip = new ToolTip(frame);
    this.live = announcer();
    this.allWeights = this.weightsOf(() => true);
    this.ofSamples = { target: this.run(this.target, this.samples), all: this.run(this.allWeights, this.samples) };
  }

  run(weights, x) {
    return forward(this.data.nodes, weights, x);
  }

  /** The target's weights, with \u03a3 P_c over some components in place of what is decomposed. */
  weightsOf(keep) {
    const sums = Object.entries(this.parts).map(([name, matrices]) => [name, sumOf(matrices, keep)]);
    return { ...this.target, ...Object.fromEntries(sums) };
  }

  /** The mean of (W \u2212 \u03a3 P)\u00b2 over the weights of all layers that are decomposed. */
  faithfulness(weights) {
    let sum = 0;
    let entries = 0;
    for (const node of this.data.nodes.filter(one => one.op === "linear" && one.parameter in this.parts)) {
      const w = this.target[node.parameter];
      sum += meanSquaredError(w, weights[node.parameter]) * w.data.length;
      entries += w.data.length;
    }
    return sum / entries;
  }

  error(output, target) {
    return this.data.classifier ? divergence(target, output) : meanSquaredError(target, output);
  }

  /** The loss to the samples' labels, or their accuracy; null if there are no labels. */
  toLabels(output) {
    const kind = this.data.labels;
    if (kind === "class") {
      return accuracy(output, this.data.sampleLabels);
    }
    return kind === "own_output" ? null
      : meanSquaredError(output, mapped(this.samples, x => kind === "input" ? x : x + Math.max(0, x)));
  }

  start() {
    const { data } = this;
    this.plots = element("div", {});
    this.numbers = element("div", { class: "apd-scroll" });
    this.losses = element("div", {});
    this.frame.append(element("h3", {}, data.title), element("p", {}, data.note),
      element("div", { class: "apd-columns" },
        element("div", {}, data.side > 0 ? this.pad() : this.sliders(), this.checkboxes()),
        element("div", { style: "flex:1 1 480px" }, this.plots, element("div", { class: "apd-columns" }, this.numbers, this.losses))), this.live.line);
    onTheme(this.frame, () => this.show());
    this.keptWeights = this.weightsOf(c => this.ticked[c]);
    this.keptOfSamples = this.run(this.keptWeights, this.samples);
    this.show();
    requestAnimationFrame(() => this.show()); // the colours of the theme are known once the frame is on the page
  }

  // The input

  sampleButton() {
    return element("button", { type: "button", click: () => {
      this.x.data.set(this.nextSample());
      this.showInput();
      this.show();
    } }, "Next sample of the data");
  }

  /** The next sample with an active feature, and with a bit that is set where inputs have bits, if there is one. */
  nextSample() {
    const least = this.data.inputs.some(input => input.bit) ? 2 : 1;
    for (let tried = 0; tried < this.samples.rows; tried++) {
      const row = this.samples.data.subarray(this.sample * this.x.columns, (this.sample + 1) * this.x.columns);
      this.sample = (this.sample + 1) % this.samples.rows;
      if (row.filter(value => value !== 0).length >= least) {
        return row;
      }
    }
    return this.samples.data.subarray(0, this.x.columns);
  }

  clearButton() {
    return element("button", { type: "button", click: () => {
      this.x.data.fill(0);
      this.showInput();
      this.show();
    } }, "All 0");
  }

  sliders() {
    const rows = this.data.inputs.map((input, i) => {
      const text = element("output", {});
      const control = input.bit
        ? element("input", { type: "checkbox", change: () => this.set(i, control.checked ? 1 : 0) })
        : element("input", { type: "range", min: input.low, max: input.high, step: "any", "aria-label": input.name,
          input: () => this.set(i, Number(control.value)), keydown: event => this.step(event, control, input, i) });
      return { control, text, row: input.bit
        ? element("div", { class: "apd-row" }, element("label", {}, control, input.name), "", text)
        : element("div", { class: "apd-row" }, element("span", {}, input.name), control, text) };
    });
    this.showInput = () => rows.forEach(({ control, text }, i) => {
      control[this.data.inputs[i].bit ? "checked" : "value"] = this.data.inputs[i].bit ? this.x.data[i] !== 0 : this.x.data[i];
      text.textContent = this.x.data[i].toFixed(this.data.inputs[i].bit ? 0 : 3).replace("-", "\u2212");
      text.dataset.value = this.x.data[i];
    });
    this.showInput();
    return element("fieldset", {}, element("legend", {}, "Input"), element("div", { class: "apd-buttons" }, this.sampleButton(), this.clearButton()),
      element("div", { class: "apd-scroll" }, ...rows.map(one => one.row)));
  }

  /** Arrow keys move a slider by a hundredth of its range; the browser's own steps differ where any value is allowed. */
  step(event, control, input, i) {
    const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (sign) {
      event.preventDefault();
      const moved = this.x.data[i] + sign * (input.high - input.low) / 100;
      this.set(i, Math.max(input.low, Math.min(input.high, Math.round(moved * 1e9) / 1e9)));
    }
  }

  set(i, value) {
    this.x.data[i] = value;
    this.showInput();
    this.show();
  }

  /** An image to draw on, with the pointer or with the arrow keys and the space bar. */
  pad() {
    const { side } = this.data;
    let erase = false;
    let last = null;
    let current = 0;
    const cells = Array.from({ length: side * side }, (_, i) => element("div", { role: "gridcell", tabindex: i === 0 ? 0 : -1, "data-pixel": i }));
    const rows = Array.from({ length: side }, (_, r) => element("div", { role: "row" }, ...cells.slice(r * side, (r + 1) * side)));
    const grid = element("div", { class: "apd-pad", role: "grid", "aria-label": `image of ${side} by ${side} pixels; arrow keys move, the space bar draws or erases`,
      style: `grid-template-columns:repeat(${side},24px)` }, ...rows);
    this.showInput = () => cells.forEach((cell, i) => {
      const value = this.x.data[i];
      const grey = Math.round(255 * (1 - Math.max(0, Math.min(1, value))));
      cell.style.background = `rgb(${grey},${grey},${grey})`;
      cell.setAttribute("aria-label", `row ${Math.floor(i / side) + 1}, column ${i % side + 1}: ${value.toFixed(2)}`);
      cell.dataset.value = value;
    });
    const at = event => {
      const frame = grid.getBoundingClientRect();
      return [(event.clientX - frame.left) / frame.width * side, (event.clientY - frame.top) / frame.height * side];
    };
    const stroke = event => {
      const to = at(event);
      this.ink(last ?? to, to, erase);
      last = to;
    };
    grid.addEventListener("pointerdown", event => {
      grid.setPointerCapture(event.pointerId);
      event.preventDefault();
      last = null;
      stroke(event);
    });
    grid.addEventListener("pointermove", event => event.buttons === 1 && last && stroke(event));
    grid.addEventListener("pointerup", () => { last = null; });
    grid.addEventListener("keydown", event => {
      const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
      if (event.key === " ") {
        this.set(current, this.x.data[current] > 0.5 ? 0 : 1);
      } else if (event.key in moves) {
        const [dx, dy] = moves[event.key];
        const column = Math.max(0, Math.min(side - 1, current % side + dx));
        const row = Math.max(0, Math.min(side - 1, Math.floor(current / side) + dy));
        cells[current].tabIndex = -1;
        current = row * side + column;
        cells[current].tabIndex = 0;
        cells[current].focus();
      } else {
        return;
      }
      event.preventDefault();
    });
    this.showInput();
    const rubber = element("input", { type: "checkbox", change: () => { erase = rubber.checked; } });
    return element("fieldset", {}, element("legend", {}, "Input: draw here"),
      element("div", { class: "apd-buttons" }, this.sampleButton(), this.clearButton(), element("label", {}, rubber, "erase")), grid);
  }

  /** A stroke of a pen as wide as a pixel and a quarter whose edge fades, as the library draws its digits. */
  ink([fromX, fromY], [toX, toY], erase) {
    const { side } = this.data;
    const length = (toX - fromX) ** 2 + (toY - fromY) ** 2;
    for (let i = 0; i < side * side; i++) {
      const [x, y] = [i % side + 0.5, Math.floor(i / side) + 0.5];
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / length));
      const distance = Math.hypot(fromX + along * (toX - fromX) - x, fromY + along * (toY - fromY) - y);
      const ink = Math.max(0, Math.min(1, 0.5 + (0.625 - distance) / 0.9));
      this.x.data[i] = erase ? Math.min(this.x.data[i], 1 - ink) : Math.max(this.x.data[i], ink);
    }
    this.showInput();
    this.show();
  }

  // The components

  checkboxes() {
    const name = this.data.count > 1 ? "Components" : "Component";
    this.boxes = this.ticked.map((on, c) => {
      const box = element("input", { type: "checkbox", "data-component": c, change: () => this.tick(c, box.checked) });
      box.checked = on;
      const bar = element("span", { class: "apd-effect", "aria-hidden": "true" });
      const text = element("td", {});
      const row = element("tr", {}, element("th", { scope: "row", style: "font-weight:normal" }, element("label", {}, box, "component " + c)),
        element("td", { style: "width:80px;text-align:left" }, bar), text);
      return { box, bar, text, row };
    });
    const button = (text, keep) => element("button", { type: "button", click: () => this.tickAll(keep) }, text);
    return element("fieldset", {}, element("legend", {}, name),
      element("div", { class: "apd-buttons" }, button("All", () => true), button("None", () => false), button("Invert", c => !this.ticked[c]),
        button("Only the most important", c => c === this.mostImportant())),
      element("div", { class: "apd-scroll" }, element("table", {},
        element("thead", {}, element("tr", {}, element("th", {}, "ticked"), element("th", { colspan: 2, style: "text-align:left" }, "importance on this input"))),
        element("tbody", {}, ...this.boxes.map(one => one.row)))),
      element("p", { style: "max-width:24em;margin:4px 0 0" }, this.data.importanceNote));
  }

  tick(c, on) {
    this.tickAll(other => other === c ? on : this.ticked[other]);
  }

  tickAll(keep) {
    this.ticked = this.ticked.map((_, c) => keep(c));
    this.boxes.forEach(({ box }, c) => { box.checked = this.ticked[c]; });
    this.keptWeights = this.weightsOf(c => this.ticked[c]);
    this.keptOfSamples = this.run(this.keptWeights, this.samples);
    this.show();
  }

  /** The mean over outputs of (output with all components \u2212 output without one)\u00b2, by component. */
  importances(all) {
    return this.ticked.map((_, c) => meanSquaredError(all, this.run(this.weightsOf(other => other !== c), this.x)));
  }

  mostImportant() {
    return this.effects.indexOf(Math.max(...this.effects));
  }

  // What is shown

  show() {
    const outputs = { target: this.run(this.target, this.x), all: this.run(this.allWeights, this.x), kept: this.run(this.keptWeights, this.x) };
    this.effects = this.importances(outputs.all);
    const largest = Math.max(...this.effects, 1e-300);
    this.boxes.forEach(({ bar, text }, c) => {
      bar.style.width = 70 * this.effects[c] / largest + "px";
      text.textContent = loss(this.effects[c]);
      text.dataset.value = this.effects[c];
    });
    this.showPlots(outputs);
    this.showNumbers(outputs);
    this.showLosses(outputs);
  }

  series(values) {
    const behind = background(this.frame);
    return [["target", "solid"], ["all", "dashed"], ["kept", "dotted"]].map(([key, mark]) => ({
      name: { target: "target", all: "all components", kept: "ticked components" }[key], mark,
      color: visible(this.data.colors[key], behind), values: values(key) }));
  }

  showPlots(outputs) {
    const { data, tip } = this;
    const shown = this.shown(outputs);
    const parts = [];
    const reading = this.series(() => []);
    if (data.encoder) {
      const behind = background(this.frame);
      const panels = [["target", this.target], ["all components", this.allWeights], ["ticked components", this.keptWeights]];
      const reach = Math.max(...panels.slice(0, 2).flatMap(([, weights]) => Array.from(weights[data.encoder].data, Math.abs))) * 1.1;
      parts.push(element("div", { class: "apd-columns" }, ...panels.map(([title, weights]) => arrows(title, weights[data.encoder],
        data.inputs.map(input => input.name), data.featureColors.map(color => visible(color, behind)), reach, tip))));
    }
    parts.push(legend(reading, !data.curve));
    if (data.curve) {
      const { low, high, name } = data.inputs[0];
      const x = Array.from({ length: 101 }, (_, i) => low + (high - low) * i / 100);
      const inputs = matrix(x.length, this.x.columns);
      x.forEach((value, r) => {
        inputs.data.set(this.x.data, r * this.x.columns);
        inputs.data[r * this.x.columns] = value;
      });
      const weights = { target: this.target, all: this.allWeights, kept: this.keptWeights };
      const series = this.series(key => this.run(weights[key], inputs).data);
      parts.push(lines(x, series, { range: rangeOf(series, 0), xTitle: name, yTitle: "output", tip, at: this.x.data[0],
        label: `The output over ${name}, of target, all and ticked components; the table has the values at the slider` }));
    } else {
      const series = this.series(key => shown[key].data);
      const width = Math.max(480, Math.min(760, 26 * data.outputs.length + 80));
      parts.push(bars(data.outputs, series, { width, range: data.classifier ? [0, 1.02] : rangeOf(series, 0, 1), tip,
        xTitle: data.outputTitle, yTitle: data.classifier ? "probability" : "output", label: "The outputs of target, all and ticked components; the table has their values" }));
    }
    this.plots.replaceChildren(...parts);
  }

  /** What is drawn and written: outputs, or probabilities of a classifier. */
  shown(outputs) {
    return Object.fromEntries(Object.entries(outputs).map(([key, y]) => [key, this.data.classifier ? softmax(y) : y]));
  }

  showNumbers(outputs) {
    const shown = this.shown(outputs);
    const head = [this.data.outputTitle, "target", "all", "ticked"].map(text => element("th", { scope: "col" }, text));
    const rows = this.data.outputs.map((name, o) => element("tr", {}, element("th", { scope: "row" }, name),
      ...["target", "all", "kept"].map(key => cell(shown[key].data[o], plain(shown[key].data[o])))));
    const table = element("table", { "data-table": "outputs" }, element("caption", {}, this.data.classifier ? "Probabilities" : "Outputs"),
      element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
    this.numbers.replaceChildren(table);
  }

  showLosses(outputs) {
    const { data, ofSamples } = this;
    const error = data.classifier ? "KL divergence" : "squared error";
    const labels = data.labels === "class" ? "accuracy" : data.labels === "own_output" ? null : "squared error to the labels";
    const lines = [
      ["target", null, null, this.toLabels(ofSamples.target), null],
      ["all components", this.error(outputs.all, outputs.target), this.error(ofSamples.all, ofSamples.target), this.toLabels(ofSamples.all),
        this.faithfulness(this.allWeights)],
      ["ticked components", this.error(outputs.kept, outputs.target), this.error(this.keptOfSamples, ofSamples.target),
        this.toLabels(this.keptOfSamples), this.faithfulness(this.keptWeights)]];
    const heads = ["", error + " to the target", `mean over ${this.samples.rows} samples`, ...labels ? [labels] : [], "faithfulness"];
    const rows = lines.map(([name, ...values]) => element("tr", {}, element("th", { scope: "row" }, name),
      ...values.filter((_, i) => labels || i !== 2).map(value => value === null ? element("td", {}, "\u2013") : cell(value, loss(value)))));
    this.losses.replaceChildren(element("table", { "data-table": "losses" }, element("caption", {}, "Losses"),
      element("thead", {}, element("tr", {}, ...heads.map(text => element("th", { scope: "col", style: "white-space:normal;max-width:8em" }, text)))),
      element("tbody", {}, ...rows)));
    const on = this.ticked.map((yes, c) => yes ? c : -1).filter(c => c >= 0);
    this.live.say(`${on.length === 0 ? "No component is" : "Components " + on.join(", ") + " are"} ticked. ${error} to the target on this input: ticked ${
      loss(lines[2][1])}, all components ${loss(lines[1][1])}.`);
  }
}
