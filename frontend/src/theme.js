// Runs before the first paint, so that a chosen light or dark look does not flash.
document.documentElement.dataset.kzJs = "";
try {
  const theme = localStorage.getItem("kz-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.kernTheme = theme;
} catch {
  // Storage may be closed to us: then the system's preference holds.
}
