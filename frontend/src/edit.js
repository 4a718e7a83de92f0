import { editPlan } from "./map/edit-map.js";

for (const root of document.querySelectorAll("[data-kz-edit-map]")) editPlan(root);
