import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { nameOf, send } from "../src/page/pieces.js";

const file = new File(["0123456789"], "bäume.gpkg", { lastModified: 1 });
const options = { url: "/tus/", csrf: "x", piece: 4, tell: () => {} };
let memory, server;

/** A server that breaks as `breaks` says: "lost" keeps a piece but its answer is lost, "away" is not reached. */
function serve(breaks = []) {
  const found = { data: "", asked: [], known: true };
  globalThis.fetch = async (url, { method, headers = {}, body }) => {
    found.asked.push(method);
    const answer = (status, fields = {}, text = "") => new Response(status === 204 ? null : text, { status, headers: fields });
    if (method === "POST") return answer(201, { Location: "/tus/1/" });
    if (!found.known) return answer(404);
    if (method === "HEAD") return answer(200, { "Upload-Offset": String(found.data.length) });
    const broken = breaks.shift();
    if (broken === "away") throw new TypeError("network");
    if (broken === "full") return answer(413, {}, "Der Speicherplatz reicht nicht.");
    if (Number(headers["Upload-Offset"]) !== found.data.length) return answer(409);
    found.data += await body.text();
    if (broken === "lost") throw new TypeError("network");
    return answer(204, { "Upload-Offset": String(found.data.length), ...(found.data.length === file.size ? { "Content-Location": "/page/" } : {}) });
  };
  return found;
}

beforeEach(() => {
  const kept = new Map();
  memory = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key), size: () => kept.size };
});

test("a file goes in pieces and nothing of it is remembered afterwards", async () => {
  server = serve();
  assert.equal(await send(file, { ...options, memory }), "/page/");
  assert.equal(server.data, "0123456789");
  assert.deepEqual(server.asked, ["POST", "PATCH", "PATCH", "PATCH"]);
  assert.equal(memory.size(), 0);
});

test("after a break it goes on where the server stands", async () => {
  server = serve([null, "lost", "away"]);
  assert.equal(await send(file, { ...options, memory }), "/page/");
  assert.equal(server.data, "0123456789");
});

test("the same file chosen again goes on", async () => {
  server = serve();
  server.data = "01234567";
  memory.setItem(nameOf(file), "/tus/1/");
  assert.equal(await send(file, { ...options, memory }), "/page/");
  assert.deepEqual(server.asked, ["HEAD", "PATCH"]);
});

test("the server's refusal is told as it is", async () => {
  serve(["full"]);
  await assert.rejects(send(file, { ...options, memory }), { message: "Der Speicherplatz reicht nicht." });
  assert.equal(memory.size(), 0);
});
