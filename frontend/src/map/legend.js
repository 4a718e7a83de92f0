import { swatch } from "./styles.js";

/**
 * A legend with a switch for each kind of object, most frequent first.
 * kinds: Map key -> {label, count, hidden, symbol, signs, shape}; changed is called after a switch.
 */
export function drawLegend(list, kinds, catalogue, changed) {
  const rows = [...kinds.values()].sort((a, b) => b.count - a.count).map((kind) => {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const box = document.createElement("input");
    const text = document.createElement("span");
    box.type = "checkbox";
    box.checked = !kind.hidden;
    box.addEventListener("change", () => {
      kind.hidden = !box.checked;
      changed();
    });
    text.textContent = `${kind.label} (${kind.count})`;
    label.className = "kz-map__legend-row";
    label.append(box, swatch(kind, catalogue), text);
    row.append(label);
    return row;
  });
  list.replaceChildren(...rows);
}
