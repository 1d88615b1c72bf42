// Bundles the simulator's pages into ../static/build, each file named by its content, with a manifest
// that says which is which. Nothing is loaded from elsewhere: what is built here is all a page needs.
import { build } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static/build");
const shared = { bundle: true, minify: true, metafile: true, target: "es2022", legalComments: "none", absWorkingDir: here, outdir: out, entryNames: "[name]-[hash]" };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const pages = await build({ ...shared, format: "esm", entryPoints: ["src/phone_page.js", "src/desk_page.js", "src/phone.css", "src/desk.css", "src/index.css"] });
// The shim runs in somebody else's page, before the softphone: a classic script that leaves no names behind.
const shim = await build({ ...shared, format: "iife", entryPoints: ["src/shim.js"] });

const manifest = {};
for (const [file, { entryPoint }] of [pages, shim].flatMap((built) => Object.entries(built.metafile.outputs))) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(file);
}
await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
