/**
 * Single keys for a queue: data-kz-key on a button or link presses it, on a field goes there. They work only while the focus
 * is inside the element with data-kz-shortcuts and not in a field (WCAG 2.1.4: active on focus only), nor on a map, which has
 * keys of its own.
 */
export function wireShortcuts() {
  const area = document.querySelector("[data-kz-shortcuts]");
  if (!area) return;
  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [data-map-view]")) return;
    const target = area.querySelector(`[data-kz-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("button, a")) target.click();
    else target.focus();
  });
  area.focus();
}
