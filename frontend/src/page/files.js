const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function size(bytes) {
  const step = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit", unit: UNITS[step], unitDisplay: "short", maximumFractionDigits: 1,
  });
  return format.format(bytes / 1000 ** step);
}

function list(box, files) {
  const items = [...files].map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} (${size(file.size)})`;
    return item;
  });
  box.querySelector("[data-kz-files]").replaceChildren(...items);
}

/** A file field takes files dropped anywhere on its box and names what was chosen. */
export function dropFiles() {
  for (const box of document.querySelectorAll("[data-kz-drop]")) {
    const input = box.querySelector("input[type=file]");
    input.addEventListener("change", () => list(box, input.files));
    for (const type of ["dragenter", "dragover"]) {
      box.addEventListener(type, (event) => {
        event.preventDefault();
        box.dataset.kzOver = "";
      });
    }
    box.addEventListener("dragleave", () => delete box.dataset.kzOver);
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      delete box.dataset.kzOver;
      const chosen = new DataTransfer();
      const dropped = [...event.dataTransfer.files];
      for (const file of input.multiple ? dropped : dropped.slice(0, 1)) chosen.items.add(file);
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
