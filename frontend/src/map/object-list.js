import { fill } from "./panel.js";

const SHOWN = 100; // rows at a time: a screen reader's list of 3,000 helps nobody, the search does

/** The list that is equivalent to the map: search, then choose. objects: [{id, label, kind}]. Returns mark(id). */
export function objectList(root, objects, choose) {
  const box = root.querySelector("[data-map-objects]");
  const search = root.querySelector("[data-map-search]");
  const list = box?.querySelector("ul");
  if (!list) return () => {};
  let marked = null;
  const row = (object) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kz-map__object";
    button.dataset.object = object.id;
    button.textContent = object.label;
    if (object.id === marked) button.setAttribute("aria-current", "true");
    item.append(button);
    return item;
  };
  const draw = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    const matching = objects.filter(({ label, kind }) => `${label} ${kind}`.toLocaleLowerCase().includes(wanted));
    list.replaceChildren(...matching.slice(0, SHOWN).map(row));
    box.querySelector("[data-map-count]").textContent = fill(root.dataset.textCount ?? "{shown}/{all}", {
      shown: Math.min(SHOWN, matching.length), all: matching.length,
    });
  };
  search.addEventListener("input", draw);
  list.addEventListener("click", (event) => {
    const id = event.target.closest("[data-object]")?.dataset.object;
    if (id) choose(id);
  });
  draw();
  return (id) => {
    marked = id;
    for (const button of list.querySelectorAll("[data-object]")) {
      if (button.dataset.object === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };
}
