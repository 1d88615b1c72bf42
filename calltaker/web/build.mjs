// Bundles the staff pages into ../static/build, each file named by its content, with a manifest that says which is
// which and one file of the licences of everything bundled. Nothing is loaded from elsewhere at run time.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static/build");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/sheet.css", "src/desk.js", "src/menus.js", "src/menus.css", "src/protocols.js", "src/protocols.css", "src/staff.css"],
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  jsx: "automatic",
  target: "es2022",
  legalComments: "none",
  loader: { ".svg": "file", ".png": "file" },
});

await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest(metafile), null, 2)}\n`);
await writeFile(join(out, "LICENCES.txt"), await notices(metafile));

/** Which hashed file each source became: {"desk.js": "desk-ABC.js", ...}. */
function manifest({ outputs }) {
  const named = {};
  for (const [file, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint && !basename(file).endsWith(".map")) named[basename(entryPoint)] ??= basename(file);
  }
  const pictures = Object.entries(outputs).filter(([, { inputs }]) => Object.keys(inputs).length === 1);
  for (const [file, { inputs }] of pictures) {
    const [source] = Object.keys(inputs);
    if (source.endsWith(".svg") && file.endsWith(".svg")) named[basename(source)] = basename(file);
  }
  return named;
}

/** The licence of every package that went into a bundle, one after the other. */
async function notices({ inputs }) {
  const parts = Object.keys(inputs).filter((path) => path.includes("node_modules/"));
  const folders = [...new Set(parts.map(packageFolder))].sort();
  const texts = await Promise.all(folders.map(notice));
  return `Packages bundled into these files, and their licences.\n\n${texts.join("\n")}`;
}

function packageFolder(path) {
  const [, root, name] = path.match(/^(.*node_modules\/)((?:@[^/]+\/)?[^/]+)/);
  return resolve(here, root + name);
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!file) throw new Error(`${name} ${version} has no licence file: it cannot be bundled`);
  const text = await readFile(join(folder, file), "utf8");
  return `${"=".repeat(72)}\n${name} ${version} (${license})\n${"=".repeat(72)}\n${text.trim()}\n`;
}
