// A picture of cells that shows the value of the cell below the pointer, or of the one that the arrow keys have moved to.

function hover(root, data, style) {
  const picture = root.querySelector("img");
  if (!picture) {
    return;
  }
  const still = picture.cloneNode(true);
  interactive(root, style, frame => {
    frame.style.padding = "0";
    frame.style.background = "transparent";
    const tip = new ToolTip(frame);
    const live = announcer();
    still.style.display = "block";
    still.style.maxWidth = "100%";
    still.style.height = "auto";
    const box = element("div", { class: "apd-map" }, still);
    data.maps.forEach(map => box.append(...layer(map, data, tip, live)));
    frame.append(box, live.line);
  });
}

/**
 * Returns what lies over one map: an area that takes the pointer and the keys, and a mark around the current cell.
 * A click, or the enter key, calls pick(row, column) if it is given.
 */
function layer(map, data, tip, live, pick = null) {
  const values = typeof map.values === "string" ? floats(map.values) : map.values;
  const [rows, columns] = [map.rows.length, map.columns.length];
  const percent = (value, of) => 100 * value / of + "%";
  const mark = element("div", { class: "apd-mark", hidden: true });
  const area = element("div", { tabindex: 0, role: "application", "aria-roledescription": "heat map",
    "aria-label": `${map.valueTitle} by ${map.rowTitle} and ${map.columnTitle}; the arrow keys move from cell to cell${
      pick ? ", the enter key picks one" : ""}`,
    style: `position:absolute;left:${percent(map.x, data.width)};top:${percent(map.y, data.height)};width:${
      percent(map.width, data.width)};height:${percent(map.height, data.height)}` });
  let at = [0, 0];
  const text = () => `${map.rowTitle} ${map.rows[at[0]]}, ${map.columnTitle} ${map.columns[at[1]]}\n${map.valueTitle}: ${
    Number.isFinite(values[at[0] * columns + at[1]]) ? precise(values[at[0] * columns + at[1]]) : "\u2013"}`;
  const show = () => {
    const [width, height] = [map.width / columns, map.height / rows];
    mark.style.cssText = `left:${percent(map.x + at[1] * width, data.width)};top:${percent(map.y + at[0] * height, data.height)};width:${
      percent(width, data.width)};height:${percent(height, data.height)}`;
    mark.hidden = false;
    area.dataset.value = values[at[0] * columns + at[1]];
  };
  const hide = () => {
    tip.hide();
    mark.hidden = true;
  };
  const place = event => {
    const frame = area.getBoundingClientRect();
    at = [Math.max(0, Math.min(rows - 1, Math.floor((event.clientY - frame.top) / frame.height * rows))),
      Math.max(0, Math.min(columns - 1, Math.floor((event.clientX - frame.left) / frame.width * columns)))];
    show();
    return text();
  };
  tip.on(area, place);
  const showAtMark = () => {
    show();
    const frame = mark.getBoundingClientRect();
    tip.show(text(), frame.right, frame.bottom - 12);
    live.say(text().replace("\n", ", "));
  };
  area.addEventListener("focus", () => area.matches(":focus-visible") && showAtMark());
  area.addEventListener("blur", hide);
  area.addEventListener("pointerleave", hide);
  area.addEventListener("keydown", event => {
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (move) {
      event.preventDefault();
      at = [Math.max(0, Math.min(rows - 1, at[0] + move[0])), Math.max(0, Math.min(columns - 1, at[1] + move[1]))];
      showAtMark();
    } else if (event.key === "Enter" && pick) {
      pick(...at);
    } else if (event.key === "Escape") {
      hide();
    }
  });
  if (pick) {
    area.style.cursor = "pointer";
    area.addEventListener("click", event => {
      place(event);
      pick(...at);
    });
  }
  return [area, mark];
}
