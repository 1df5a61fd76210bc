// Cuts the printed papers' typeface down to what they can need, once, into server/platform/fonts/.
// Run after a change of the typeface or of the letters:  npx tsx tools/make-fonts.ts
//
// Tinos has the widths of Times New Roman, which Decree 30/2020 asks for, and every Vietnamese letter.
// Layout tables and hints go: without ligatures the text layer says what was written, and a page is set
// several times faster.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import subsetFont from "subset-font";

const SOURCE = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/tinos/package.json"));
const TARGET = join(import.meta.dirname, "../server/platform/fonts");

const FACES = {
  regular: "400Regular/Tinos_400Regular.ttf",
  bold: "700Bold/Tinos_700Bold.ttf",
  italic: "400Regular_Italic/Tinos_400Regular_Italic.ttf",
  "bold-italic": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
};

/** First and last code point of each block kept. */
const BLOCKS: [number, number][] = [
  [0x0020, 0x007e], // Basic Latin
  [0x00a0, 0x024f], // Latin-1, Latin Extended-A and -B: names from anywhere in the Latin world
  [0x02b0, 0x036f], // modifier letters, combining marks
  [0x0370, 0x052f], // Greek and Cyrillic: names in foreign papers
  [0x1e00, 0x1eff], // Latin Extended Additional: Vietnamese
  [0x2010, 0x205e], // punctuation
  [0x2070, 0x209f], // superscripts and subscripts (m², CO₂)
  [0x20a0, 0x20bf], // currencies (₫)
  [0x2100, 0x218f], // №, ™, number forms
  [0x2190, 0x2199], // arrows
  [0x2200, 0x22ff], // ≤ ≥ ≠ ≈ and the like
  [0x25a0, 0x25ff], // ● ■ ○
  [0x2c60, 0x2c7f], // Latin Extended-C
  [0xa720, 0xa7ff], // Latin Extended-D
];

const letters = BLOCKS.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)),
).join("");

await mkdir(TARGET, { recursive: true });
for (const [face, file] of Object.entries(FACES)) {
  const whole = await readFile(join(SOURCE, file));
  const cut = await subsetFont(whole, letters, {
    targetFormat: "truetype",
    noHinting: true,
    dropTables: ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "gasp", "meta"],
  });
  await writeFile(join(TARGET, `tinos-${face}.ttf`), cut);
  console.log(`tinos-${face}.ttf  ${whole.length} → ${cut.length} bytes`);
}
await copyFile(join(SOURCE, "LICENSE_FONT"), join(TARGET, "LICENSE.txt"));
