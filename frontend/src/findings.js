import { showFindings } from "./map/findings-map.js";

for (const root of document.querySelectorAll("[data-kz-findings-map]")) showFindings(root);
