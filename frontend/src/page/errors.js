/** After a refused form: the summary takes the focus, its links take it on to the field's first control. */
export function focusErrors() {
  const summary = document.querySelector("[data-kz-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (control ?? target).focus();
    target.scrollIntoView({ block: "center" });
  });
}
