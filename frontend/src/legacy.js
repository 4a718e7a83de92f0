import { georeference } from "./map/georeference.js";
import { traceOutline } from "./map/outline.js";

for (const form of document.querySelectorAll("[data-kz-georeference]")) georeference(form);
for (const root of document.querySelectorAll("[data-kz-outline]")) traceOutline(root);
