import { pickAnchor } from "./map/anchor-picker.js";
import { drawMeasures } from "./map/measure-map.js";

for (const root of document.querySelectorAll("[data-kz-anchor]")) pickAnchor(root);
for (const root of document.querySelectorAll("[data-kz-measures]")) drawMeasures(root);
