const KEY = "kz-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

const current = () => document.documentElement.dataset.kernTheme ?? (system.matches ? "dark" : "light");

/** Switches between light and dark; the choice stays on this device. */
export function switchTheme() {
  for (const button of document.querySelectorAll("[data-kz-theme]")) {
    const show = () => button.setAttribute("aria-pressed", String(current() === "dark"));
    button.addEventListener("click", () => {
      const next = current() === "dark" ? "light" : "dark";
      document.documentElement.dataset.kernTheme = next;
      localStorage.setItem(KEY, next);
      show();
      document.dispatchEvent(new CustomEvent("kz:theme"));
    });
    system.addEventListener("change", () => {
      show();
      document.dispatchEvent(new CustomEvent("kz:theme"));
    });
    show();
  }
}
