import { showPlan } from "./map/plan-map.js";

for (const root of document.querySelectorAll("[data-kz-plan-map]")) showPlan(root);
