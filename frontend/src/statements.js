import { showStatements } from "./map/statements-map.js";

for (const root of document.querySelectorAll("[data-kz-statements-map]")) showStatements(root);
