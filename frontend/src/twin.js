import { showTwin } from "./map/twin/map.js";

for (const root of document.querySelectorAll("[data-kz-twin-map]")) showTwin(root);
