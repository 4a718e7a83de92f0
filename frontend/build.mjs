// Bundles src/ into dist/, which Django serves under /static/kz/. One file per job, no shared chunks:
// the manifest storage renames files, and an import between two of them would miss its new name.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const modules = ["src/main.js", "src/plan.js", "src/anchor.js", "src/statements.js", "src/altcha.js"];
const shared = {
  bundle: true,
  outdir: "dist",
  outbase: "src",
  minify: true,
  legalComments: "linked", // licence texts of what is bundled lie beside the bundle
  logLevel: "info",
  target: ["es2022", "chrome109", "firefox115", "safari16"],
};

await rm("dist", { recursive: true, force: true });
await Promise.all([
  build({ ...shared, entryPoints: modules, format: "esm" }),
  build({
    ...shared,
    entryPoints: ["src/theme.js", { in: "altcha/worker", out: "altcha-worker" }],
    format: "iife",
  }),
  build({
    ...shared,
    entryPoints: ["src/styles/app.css", "src/styles/map.css", { in: "src/icon.svg", out: "icon" }],
    outbase: "src/styles",
    conditions: ["import"], // altcha exports its style sheet under this name only
    loader: { ".woff2": "file", ".svg": "copy" },
    assetNames: "fonts/[name]",
  }),
]);
