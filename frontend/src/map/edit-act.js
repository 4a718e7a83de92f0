// Sending an act of the drawing board to the server, and putting the answer onto the page. See docs/frontend.md.

/** POSTs one act; gives {ok, message}. */
export async function send({ act, csrf, textFailed }, body) {
  try {
    const answer = await fetch(act, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(body),
    });
    const { message } = await answer.json();
    return { ok: answer.ok, message };
  } catch {
    return { ok: false, message: textFailed };
  }
}

/** Puts the parts of another state of this page ([data-edit-part]) in place of those shown. */
export function takeParts(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of document.querySelectorAll("[data-edit-part]")) {
    const other = fresh.querySelector(`[data-edit-part="${CSS.escape(part.dataset.editPart)}"]`);
    if (other) part.replaceChildren(...other.childNodes);
  }
}

/** Asks for the page as it is now and shows its parts. */
export async function refreshParts() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.ok) takeParts(await answer.text());
}

const inField = (target) => target instanceof Element && Boolean(target.closest("input, textarea, select, [contenteditable]"));

/** Undo and redo without leaving the page, by button or by Ctrl+Z, Ctrl+Y, Ctrl+Shift+Z; `done` is called after each. */
export function wireSteps(done) {
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-edit-step]")) return;
    event.preventDefault();
    const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target) });
    if (answer.ok) takeParts(await answer.text());
    done();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || inField(event.target)) return;
    const key = event.key.toLowerCase();
    const wanted = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
    const form = wanted && document.querySelector(`[data-edit-step="${wanted}"]`);
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
