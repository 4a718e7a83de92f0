/** Fetches an HTML fragment of ours and shows it; scripts inside never run. Shows `failed` if it can't be had. */
export async function showFragment(box, url, failed) {
  let content;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html", "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    content = new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes;
  } catch {
    content = [failed];
  }
  box.replaceChildren(...content);
}

/** Fills {names} of a sentence that Django has translated. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Says something to people who listen; the same sentence twice is said twice. */
export function announcer(box) {
  return (sentence) => {
    box.textContent = "";
    setTimeout(() => (box.textContent = sentence), 50);
  };
}
