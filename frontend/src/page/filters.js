/** A filter form with data-kz-autosubmit sends itself when a choice changes; text waits for Enter or the button. */
export function submitOnChange() {
  for (const form of document.querySelectorAll("form[data-kz-autosubmit]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
    });
  }
}
