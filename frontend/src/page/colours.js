/** Beside a field for a colour in figures, the browser's own picker; each follows the other. */
export function pickColours() {
  for (const field of document.querySelectorAll("input[data-kz-colour]")) {
    const picker = document.createElement("input");
    picker.type = "color";
    picker.className = "kz-colour";
    picker.setAttribute("aria-label", field.dataset.kzColour);
    const follow = () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
    };
    follow();
    field.addEventListener("input", follow);
    picker.addEventListener("input", () => (field.value = picker.value));
    field.after(picker);
  }
}
