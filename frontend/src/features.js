import { showFeatures } from "./map/features-map.js";

for (const root of document.querySelectorAll("[data-kz-features-map]")) showFeatures(root);
