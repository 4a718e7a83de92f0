// The hash holds where one looks and what is chosen: #at=easting,northing,zoom&object=id, or layers=key,key of the map of the twin
const read = () => new URLSearchParams(location.hash.slice(1));

function write(change) {
  const state = read();
  for (const [key, value] of Object.entries(change)) {
    if (value) state.set(key, value);
    else state.delete(key);
  }
  const text = state.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", `${location.pathname}${location.search}${text ? `#${text}` : ""}`);
}

/** Takes a map to where the address says; returns whether it did. */
export function goTo(map) {
  const [x, y, zoom] = (read().get("at") ?? "").split(",").map(Number);
  if (![x, y, zoom].every((part) => Number.isFinite(part) && part > 0)) return false;
  map.getView().setCenter([x, y]);
  map.getView().setZoom(zoom);
  return true;
}

/** Keeps the address up to date while the map moves. */
export function follow(map) {
  let moved = false; // the first rest of the map is where it started, not where somebody went
  map.on("moveend", () => {
    if (moved) {
      const [x, y] = map.getView().getCenter();
      write({ at: [Math.round(x), Math.round(y), map.getView().getZoom().toFixed(2)].join(",") });
    }
    moved = true;
  });
}

export const chosenId = () => read().get("object");
export const choose = (id) => write({ object: id });
export const kept = (name) => read().get(name);
export const keep = (name, value) => write({ [name]: value });
