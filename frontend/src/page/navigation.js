/** On a phone navigation, language and account fold behind a button; without script they stay open. */
export function foldNavigation() {
  for (const button of document.querySelectorAll(".kz-header__toggle")) {
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
    });
  }
}

/** A menu (details element) closes on Escape and when the focus or the pointer goes elsewhere. */
export function closeMenus() {
  const menus = document.querySelectorAll("details.kz-menu");
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}
