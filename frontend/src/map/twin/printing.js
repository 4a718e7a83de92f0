const MILLIMETRES = 25.4 / 96; // of a CSS pixel
const AROUND = { across: 20, down: 60 }; // millimetres of the paper beside the map: margins; title, note and legend
const PATIENCE = 8000; // milliseconds for layers to come; then what is there is printed

/** Prints the map alone, in the size of the paper and true to scale, with title, scale, date and legend; then everything is as before. */
export function wirePrinting(root, { map }) {
  const form = root.querySelector("[data-print-form]"), target = map.getTargetElement();
  const note = root.querySelector("[data-print-note]"), title = root.querySelector("[data-print-title]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form), [width, height] = data.get("paper").split("x").map(Number), scale = Number(data.get("scale"));
    const view = map.getView(), before = view.getResolution(), centre = view.getCenter();
    const page = new CSSStyleSheet();
    page.replaceSync(`@page { size: ${width + AROUND.across}mm ${height + AROUND.down}mm; margin: 10mm; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
    document.body.classList.add("kz-printing");
    target.style.width = `${width}mm`;
    target.style.height = `${height}mm`;
    title.textContent = data.get("title");
    note.textContent = `1 : ${scale.toLocaleString("de")} · ETRS89/UTM 33N (EPSG:25833) · ${new Date().toLocaleDateString("de")} · ${location.href}`;
    map.updateSize();
    view.setResolution((scale * MILLIMETRES) / 1000);
    view.setCenter(centre);
    const restore = () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== page);
      document.body.classList.remove("kz-printing");
      target.style.width = target.style.height = "";
      note.textContent = title.textContent = "";
      map.updateSize();
      view.setResolution(before);
    };
    let printed = false;
    const go = () => {
      if (printed) return;
      printed = true;
      root.dataset.printed = `${width}x${height} 1:${scale}`;
      window.addEventListener("afterprint", restore, { once: true });
      window.print();
    };
    map.once("rendercomplete", go);
    setTimeout(go, PATIENCE);
    map.render();
  });
}
