// Bundles src/ into dist/, which Django serves under /static/kz/. One file per job, no shared chunks:
// the manifest storage renames files, and an import between two of them would miss its new name.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const modules = ["src/main.js", "src/plan.js", "src/anchor.js", "src/statements.js", "src/findings.js", "src/edit.js", "src/extents.js", "src/features.js", "src/twin.js", "src/legacy.js", "src/altcha.js"];
const shared = {
  bundle: true,
  outdir: "dist",
  outbase: "src",
  minify: true,
  metafile: true,
  logLevel: "warning",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
};
const styles = ["src/styles/app.css", "src/styles/map.css", { in: "src/icon.svg", out: "icon" }];

/** The licence of every package whose files are in a bundle, as the licences ask for. */
async function licences(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const texts = await Promise.all([...packages].sort().map(async (name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? await readFile(`${folder}/${file}`, "utf8") : ""}`;
  }));
  const fonts = "Fira Sans: SIL Open Font License 1.1, https://openfontlicense.org; the notice is in the font files themselves.";
  await writeFile("dist/licences.txt", [...texts, fonts].join(`\n${"-".repeat(80)}\n`));
}

await rm("dist", { recursive: true, force: true });
const results = await Promise.all([
  build({ ...shared, entryPoints: modules, format: "esm" }),
  build({
    ...shared,
    entryPoints: ["src/theme.js", { in: "altcha/worker", out: "altcha-worker" }],
    format: "iife",
  }),
  build({
    ...shared,
    entryPoints: styles,
    outbase: "src/styles",
    conditions: ["import"], // altcha exports its style sheet under this name only
    loader: { ".woff2": "file", ".svg": "copy" },
    assetNames: "fonts/[name]",
  }),
]);
await licences(results);
