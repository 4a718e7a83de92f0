import { pickAnchor } from "./map/anchor-picker.js";

for (const root of document.querySelectorAll("[data-kz-anchor]")) pickAnchor(root);
