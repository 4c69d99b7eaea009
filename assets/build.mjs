// Makes the public files of Sulh: node assets/build.mjs OUT [STAMP]
// OUT receives sulh.css, sulh.rtl.css, sulh.js, the drawings and fonts/; STAMP is touched when all of it is there.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";
import rtlcss from "rtlcss";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const modules = dirname(dirname(require.resolve("bootstrap/package.json")));

// What a page may weigh: the budget for one style sheet as it travels. Past it the build fails.
const STYLE_LIMIT = 30 * 1024;

const FONTS = [
	{ family: "Noto Sans", pack: "noto-sans", subsets: ["latin", "latin-ext", "cyrillic"], weights: [400, 600, 700] },
	{ family: "Noto Nastaliq Urdu", pack: "noto-nastaliq-urdu", subsets: ["arabic"], weights: [400, 700] },
];

function fontFaces(out) {
	let css = "";

	mkdirSync(join(out, "fonts"), { recursive: true });
	for (const { family, pack, subsets, weights } of FONTS) {
		const home = join(modules, "@fontsource", pack);
		const ranges = JSON.parse(readFileSync(join(home, "unicode.json"), "utf8"));

		for (const subset of subsets) {
			for (const weight of weights) {
				const file = `${pack}-${subset}-${weight}-normal.woff2`;

				copyFileSync(join(home, "files", file), join(out, "fonts", file));
				css += `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:swap;` +
					`src:url(fonts/${file})format("woff2");unicode-range:${ranges[subset]}}`;
			}
		}
		// The licence travels with the fonts.
		copyFileSync(join(home, "LICENSE"), join(out, "fonts", `${pack}-LICENSE.txt`));
	}
	return css;
}

function styles() {
	const { css } = sass.compile(join(here, "sulh.scss"), {
		style: "compressed",
		charset: false,
		quietDeps: true,
		// Bootstrap 5.3 is written with @import; its own warnings are not about our sheets.
		silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
		loadPaths: [modules],
		importers: [{ findFileUrl: (url) => url.startsWith("bootstrap/") ? pathToFileURL(join(modules, url)) : null }],
	});

	return css.trim();
}

// Addresses carry the file's own tag, as the server counts it, so that browsers keep the file for good.
function withTags(out, css) {
	return css.replace(/url\(["']?([\w./-]+)["']?\)/g, (_, file) => {
		const tag = createHash("sha256").update(readFileSync(join(out, file))).digest("hex").slice(0, 32);

		return `url(${file}?v=${tag})`;
	});
}

function writeStyle(out, name, css) {
	const travels = gzipSync(css, { level: 9 }).length;

	if (travels > STYLE_LIMIT)
		throw new Error(`${name} is ${travels} bytes when compressed; the budget is ${STYLE_LIMIT}`);
	if (/url\(["']?data:/.test(css))
		throw new Error(`${name} has a data: address, which the content security policy refuses`);
	writeFileSync(join(out, name), css);
	return travels;
}

function build(out, stamp) {
	rmSync(out, { recursive: true, force: true });
	mkdirSync(out, { recursive: true });

	for (const name of readdirSync(here))
		if (name.endsWith(".svg") || name === "sulh.js")
			copyFileSync(join(here, name), join(out, name));

	const css = withTags(out, fontFaces(out) + styles());
	const ltr = writeStyle(out, "sulh.css", css);
	const rtl = writeStyle(out, "sulh.rtl.css", rtlcss.process(css));

	if (stamp)
		writeFileSync(stamp, `sulh.css ${ltr} sulh.rtl.css ${rtl}\n`);
	return { ltr, rtl };
}

const [out, stamp] = process.argv.slice(2);

if (!out) {
	console.error("usage: node assets/build.mjs OUT [STAMP]");
	process.exit(2);
}
const sizes = build(resolve(out), stamp);

if (!stamp)
	console.log(`sulh.css ${sizes.ltr} bytes, sulh.rtl.css ${sizes.rtl} bytes, compressed`);
