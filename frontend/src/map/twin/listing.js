import { fill } from "../panel.js";
import { described } from "./info.js";

const SHOWN = 25; // objects of a layer; more are counted

async function load(spec, box) {
  const query = new URLSearchParams({
    bbox: box.map((side) => side.toFixed(1)).join(","), "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/25833", limit: String(SHOWN), f: "json",
  });
  const answer = await fetch(`${spec.items}?${query}`, { headers: { Accept: "application/geo+json" } });
  if (answer.ok) return answer.json();
  if (spec.kind === "tiles") throw new Error(String(answer.status));
  return { features: [], failed: true };
}

function section(spec, { features, numberMatched, failed }, words) {
  const made = document.createElement("details");
  made.open = true;
  const head = document.createElement("summary");
  const count = numberMatched ?? features.length;
  const told = failed ? words.silent : count > features.length ? words.whole : words.few;
  head.textContent = `${spec.title}: ${fill(told, { count: String(count), shown: String(features.length) })}`;
  made.append(head, ...features.map((feature) => described(spec, feature.id, feature.properties, words)));
  return made;
}

/** The list that says the same as the map: for each shown layer of ours what lies in the part of the map that is seen. */
export function wireList(root, { map, tree, words }) {
  const box = root.querySelector("[data-listed]");
  root.querySelector("[data-list-load]").addEventListener("click", async () => {
    const extent = map.getView().calculateExtent(map.getSize());
    const specs = tree.shown().filter(({ items }) => items);
    try {
      const answers = await Promise.all(specs.map((spec) => load(spec, extent)));
      box.replaceChildren(...answers.map((answer, number) => section(specs[number], answer, words)));
      if (!specs.length) box.textContent = words.nothing;
    } catch {
      box.textContent = words.failed;
    }
  });
}
