// What every page may use. Each part looks for its data attribute and does nothing without it.
import { pickColours } from "./page/colours.js";
import { keepDrafts } from "./page/drafts.js";
import { dropFiles } from "./page/files.js";
import { submitOnChange } from "./page/filters.js";
import { focusErrors } from "./page/errors.js";
import { sendInPieces } from "./page/pieces.js";
import { openFromFragment } from "./page/fragment.js";
import { foldNavigation, closeMenus } from "./page/navigation.js";
import { followJobs } from "./page/progress.js";
import { wireShortcuts } from "./page/shortcuts.js";
import { switchTheme } from "./page/theme.js";

foldNavigation();
closeMenus();
switchTheme();
focusErrors();
dropFiles();
sendInPieces();
submitOnChange();
followJobs();
keepDrafts();
pickColours();
openFromFragment();
wireShortcuts();
for (const button of document.querySelectorAll("[data-kz-print]")) button.addEventListener("click", () => window.print());
for (const element of document.querySelectorAll("[data-kz-js-only]")) element.hidden = false;
