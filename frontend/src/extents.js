import { showExtents } from "./map/extents-map.js";

for (const root of document.querySelectorAll("[data-kz-extents-map]")) showExtents(root);
