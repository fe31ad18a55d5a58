// Builds what browsers load: one style sheet, one script, htmx for the desk, the map that moves, and the icons in use.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const ui = "../satuklik/base/ui/";
const out = ui + "static/ui/";
await mkdir(out, { recursive: true });

async function save(path, text) {
  await writeFile(path, text);
  console.log(path.padEnd(56), `${(gzipSync(text).length / 1024).toFixed(1)} kB gz`);
}

const sheet = sass.compile("scss/satuklik.scss", { loadPaths: ["node_modules"], quietDeps: true });
const { code: css } = await esbuild.transform(sheet.css, { loader: "css", minify: true, target: "chrome80" });
await save(out + "satuklik.css", "/*! Satu Klik. Parts: GOV.UK Frontend, MIT, see govuk-frontend.LICENSE.txt */\n" + css);
const script = await readFile("js/satuklik.js", "utf8");
const { code: js } = await esbuild.transform(script, { minify: true, format: "iife", target: "es2020" });
await save(out + "satuklik.js", js);
await save(out + "htmx.js", await readFile("node_modules/htmx.org/dist/htmx.min.js", "utf8"));
// The map that moves: only pages with a map load it, and only when it comes into view.
const regions = "../satuklik/base/regions/static/regions/";
await mkdir(regions, { recursive: true });
const { code: loader } = await esbuild.transform(await readFile("js/maps-load.js", "utf8"), { minify: true, format: "iife", target: "es2017" });
await save(regions + "maps-load.js", loader);
const bundled = await esbuild.build({ entryPoints: ["js/maps.js"], bundle: true, minify: true, format: "iife", target: "es2020", write: false, legalComments: "none" });
await save(regions + "maps.js", "/*! Parts: Leaflet, BSD-2-Clause, see leaflet.LICENSE.txt */\n" + bundled.outputFiles[0].text);
// Leaflet's own pictures (a pin, a control of layers) are not used: their rules would name files that are not there.
const leaflet = (await readFile("node_modules/leaflet/dist/leaflet.css", "utf8")).replace(/^[^{}]*\{[^{}]*url\([^{}]*\}/gm, "");
const { code: skin } = await esbuild.transform(leaflet + (await readFile("js/maps.css", "utf8")), { loader: "css", minify: true, target: "chrome80" });
await save(regions + "maps.css", "/*! Parts: Leaflet, BSD-2-Clause, see leaflet.LICENSE.txt */\n" + skin);
await save(regions + "leaflet.LICENSE.txt", await readFile("node_modules/leaflet/LICENSE", "utf8"));

const icons = {};
for (const name of (await readFile("icons.txt", "utf8")).split("\n").filter(Boolean)) {
  const svg = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  icons[name] = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
}
await save(ui + "icons.json", JSON.stringify(icons, null, 0).replace(/","/g, '",\n"') + "\n");
await save(ui + "icons.LICENSE", await readFile("node_modules/lucide-static/LICENSE", "utf8"));
// The package of GOV.UK Frontend carries no licence file of its own: it is kept in licences/.
await save(out + "govuk-frontend.LICENSE.txt", await readFile("licences/govuk-frontend.txt", "utf8"));
await save(out + "htmx.LICENSE.txt", await readFile("node_modules/htmx.org/LICENSE", "utf8"));
