import { fill } from "../panel.js";

const AROUND = 150; // metres around a point

const around = ([west, south, east, north]) => (west === east && south === north ? [west - AROUND, south - AROUND, east + AROUND, north + AROUND] : [west, south, east, north]);

/** The search field: one hit is gone to at once, several are offered. mark(extent) shows where it is. */
export function wirePlaces(root, { fit, mark, words }) {
  const form = root.querySelector("[data-search-form]"), box = root.querySelector("[data-search-found]");
  const go = ({ extent }) => { mark(extent); fit(around(extent)); };
  const offer = (hit) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.className = "kz-map__object";
    button.textContent = fill("{label} ({kind})", hit);
    button.addEventListener("click", () => go(hit));
    item.append(button);
    return item;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const address = new URL(root.dataset.search, location.href);
    address.searchParams.set("q", new FormData(form).get("q"));
    try {
      const answer = await fetch(address);
      const { found, message } = await answer.json(); // who asks too often is told so, too
      const list = document.createElement("ul");
      list.className = "kz-map__list";
      list.append(...found.map(offer));
      box.replaceChildren(found.length ? list : message || words.nothing);
      if (found.length) go(found[0]);
    } catch {
      box.textContent = words.failed;
    }
  });
}
