import { fill } from "../panel.js";
import { titled } from "./titles.js";

const AROUND = 150; // metres around a point

const around = ([west, south, east, north]) => (west === east && south === north ? [west - AROUND, south - AROUND, east + AROUND, north + AROUND] : [west, south, east, north]);

/** The search field: a single kind of hit, places, is gone to at once, all are offered, layers to be switched on. mark(extent) shows where it is. */
export function wirePlaces(root, { fit, tree, mark, words }) {
  const form = root.querySelector("[data-search-form]"), box = root.querySelector("[data-search-found]");
  const go = ({ extent }) => { mark(extent); fit(around(extent)); };
  const offer = (text, act) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.className = "kz-map__object";
    button.textContent = text;
    button.addEventListener("click", act);
    item.append(button);
    return item;
  };
  const places = async (text) => {
    const address = new URL(root.dataset.search, location.href);
    address.searchParams.set("q", text);
    try {
      return await (await fetch(address)).json(); // who asks too often is told so, too
    } catch {
      return { found: [], message: words.failed };
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = new FormData(form).get("q"), layers = titled(tree.specs(), text);
    const { found, message } = await places(text);
    const list = document.createElement("ul");
    list.className = "kz-map__list";
    list.append(...layers.map((spec) => offer(fill(words.switch, spec), () => tree.add(spec.key))));
    list.append(...found.map((hit) => offer(fill("{label} ({kind})", hit), () => go(hit))));
    box.replaceChildren(list.childElementCount ? list : message || words.nothing);
    if (found.length && !layers.length) go(found[0]); // else it is not known what is meant
  });
}
