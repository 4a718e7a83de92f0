const PREFIX = "kz-draft:";
const KEPT = "input:not([type=hidden]):not([type=password]):not([type=file]), select, textarea, [data-kz-draft-keep]";
const DAYS = 30; // a forgotten draft on a shared computer does not stay for ever

function fields(form) {
  return [...form.querySelectorAll(KEPT)].filter((field) => field.name && !field.closest("[data-kz-draft-skip]"));
}

function collect(form) {
  return fields(form).map((field) =>
    field.type === "checkbox" || field.type === "radio" ? [field.name, field.value, field.checked] : [field.name, field.value],
  );
}

function restore(form, entries) {
  let changed = false;
  for (const [name, value, checked] of entries) {
    const same = fields(form).filter((field) => field.name === name);
    const field = checked === undefined ? same[0] : same.find((one) => one.value === value);
    if (!field) continue;
    if (checked === undefined ? field.value === value : field.checked === checked) continue;
    if (checked === undefined) field.value = value;
    else field.checked = checked;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    changed = true;
  }
  return changed;
}

function load(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null");
    return draft && Date.now() - draft.at < DAYS * 86_400_000 ? draft.fields : null;
  } catch {
    return null;
  }
}

function keep(form) {
  const key = PREFIX + form.dataset.kzDraft;
  const fresh = JSON.stringify(collect(form));
  let waiting;
  const save = () => {
    clearTimeout(waiting);
    const now = JSON.stringify(collect(form));
    if (now === fresh) localStorage.removeItem(key);
    else localStorage.setItem(key, `{"at":${Date.now()},"fields":${now}}`);
  };
  const saved = load(key);
  const note = form.querySelector("[data-kz-draft-restored]");
  if (saved && restore(form, saved) && note) note.hidden = false;
  for (const type of ["input", "change"]) {
    form.addEventListener(type, () => {
      clearTimeout(waiting);
      waiting = setTimeout(save, 300);
    });
  }
  window.addEventListener("pagehide", save);
  form.addEventListener("submit", save);
  form.querySelector("[data-kz-draft-discard]")?.addEventListener("click", () => {
    form.reset();
    for (const field of form.querySelectorAll("[data-kz-draft-keep]")) field.value = "";
    localStorage.removeItem(key);
    if (note) note.hidden = true;
    form.dispatchEvent(new CustomEvent("kz:discard"));
  });
}

/**
 * A form with data-kz-draft=KEY survives a closed tab: its fields stay in this browser until the page that follows
 * success carries data-kz-draft-done=KEY. Hidden fields join with data-kz-draft-keep; data-kz-draft-skip leaves out.
 */
export function keepDrafts() {
  for (const done of document.querySelectorAll("[data-kz-draft-done]")) {
    localStorage.removeItem(PREFIX + done.dataset.kzDraftDone);
  }
  for (const form of document.querySelectorAll("form[data-kz-draft]")) keep(form);
}
