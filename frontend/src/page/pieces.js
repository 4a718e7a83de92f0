// Sends a large file in pieces (tus 1.0.0 core with creation): where the network breaks it goes on where the server stands.
const TUS = { "Tus-Resumable": "1.0.0" };
const WAITS = [500, 2000, 5000, 15_000, 30_000]; // milliseconds between attempts when the network is away
const KEY = "kz-upload:"; // of what was begun, for this file

const pause = (time) => new Promise((done) => setTimeout(done, time));
const encoded = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

/** What names a file here: the same one chosen again after the page was closed goes on. */
export const nameOf = (file) => `${KEY}${file.name}:${file.size}:${file.lastModified}`;

/** The answer, or undefined where the network or the server is away. Other answers than those raise with the server's sentence. */
async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { ...options, headers: { ...TUS, ...options.headers } });
  } catch {
    return undefined;
  }
  if (answer.status >= 500) return undefined;
  if (!answer.ok && answer.status !== 409) throw new Error((await answer.text()) || String(answer.status));
  return answer;
}

async function insist(url, options) {
  for (const wait of [0, ...WAITS]) {
    await pause(wait);
    const answer = await ask(url, options());
    if (answer) return answer;
  }
  throw new Error("");
}

async function begin(file, { url, csrf }) {
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${encoded(file.name)}`, "X-CSRFToken": csrf };
  const answer = await insist(url, () => ({ method: "POST", headers }));
  return answer.headers.get("Location");
}

async function offsetOf(address) {
  const answer = await insist(address, () => ({ method: "HEAD" }));
  return Number(answer.headers.get("Upload-Offset"));
}

/** Sends a file and gives the address of its page. tell: called with the share sent. */
export async function send(file, { url, csrf, piece, tell, memory = localStorage }) {
  const key = nameOf(file);
  let address = memory.getItem(key);
  let offset = 0;
  try {
    if (address) offset = await offsetOf(address);
  } catch {
    address = null; // finished or gone meanwhile
  }
  address ??= await begin(file, { url, csrf });
  memory.setItem(key, address);
  let page = null;
  while (!page) {
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream", "X-CSRFToken": csrf };
    let answer;
    try {
      answer = await ask(address, { method: "PATCH", headers, body: file.slice(offset, offset + piece) });
    } catch (error) {
      memory.removeItem(key);
      throw error;
    }
    page = answer?.headers.get("Content-Location");
    if (answer?.ok) offset = Number(answer.headers.get("Upload-Offset"));
    else offset = await offsetOf(address);
    tell(offset / file.size);
  }
  memory.removeItem(key);
  return page;
}

/** A form with data-kz-tus sends its file in pieces and then goes to the page of the upload; without script it is an ordinary form. */
export function sendInPieces() {
  for (const form of document.querySelectorAll("form[data-kz-tus]")) {
    form.addEventListener("submit", async (event) => {
      const file = form.querySelector("input[type=file]").files[0];
      if (!file) return;
      event.preventDefault();
      const box = form.querySelector("[data-kz-sending]");
      const bar = box.querySelector("progress");
      const failed = form.querySelector("[data-kz-failed]");
      const button = form.querySelector("button");
      const say = (text) => {
        failed.querySelector(".kern-title").textContent = text;
        failed.hidden = false;
        box.hidden = true;
        button.disabled = false;
      };
      failed.hidden = true;
      if (file.size > Number(form.dataset.kzMost)) {
        say(form.dataset.kzTooLarge);
        return;
      }
      box.hidden = false;
      button.disabled = true;
      try {
        const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
        const tell = (share) => (bar.value = Math.round(share * 100));
        const page = await send(file, { url: form.dataset.kzTus, csrf, piece: Number(form.dataset.kzPiece), tell });
        location.assign(page + location.search); // which dataset it is for
      } catch (error) {
        say(error.message || form.dataset.kzBroken);
      }
    });
  }
}
