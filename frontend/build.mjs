// Builds the third-party bundles of the front end into static/build/.
// Our own CSS and JavaScript are served as they are written.
import { build } from "esbuild";
import { rm, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const out = path.join(root, "static", "build");
const budgetBytes = 1.3e6; // compressed, docs: UX, figures to keep

// Measurement labels set their style as an attribute, which the content security policy
// forbids; the same text through the style object is allowed.
const styleThroughObject = {
  name: "style-through-object",
  setup({ onLoad }) {
    onLoad({ filter: /drawingSvg[\\/]drawTextBox\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      const patched = source.replace(
        "textElement.setAttribute('style', combinedStyle)",
        "textElement.style.cssText = combinedStyle",
      );
      if (patched === source) throw new Error(`${file}: the line to patch is gone`);
      return { contents: patched, loader: "js" };
    });
  },
};

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: [path.join(root, "frontend", "cornerstone.js")],
  outdir: out,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: "es2022",
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  alias: { events: "events/", url: "url/", buffer: "buffer/" },
  external: ["fs", "path"],
  logLevel: "warning",
  plugins: [styleThroughObject],
});

const size = gzipSync(await readFile(path.join(out, "cornerstone.js"))).length;
process.stdout.write(`static/build/cornerstone.js: ${Math.round(size / 1000)} kB compressed\n`);
if (size > budgetBytes) {
  process.stderr.write(`error: the viewer bundle is over its budget of ${budgetBytes} bytes\n`);
  process.exit(1);
}
