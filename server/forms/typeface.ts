import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PDFDocument, type PDFFont } from "@cantoo/pdf-lib";
import * as fontkit from "fontkit";
import { Invalid } from "../platform/errors.ts";

/** Tinos: the widths of Times New Roman, as Decree 30/2020 asks (tools/make-fonts.ts cut it down). */
export type Style = "regular" | "bold" | "italic" | "bold-italic";
export const STYLES: Style[] = ["regular", "bold", "italic", "bold-italic"];

interface Face {
  bytes: Buffer;
  font: fontkit.Font;
  /** Width of a word in thousandths of the size; measuring is the slow half of setting a page. */
  widths: Map<string, number>;
}

const faces = new Map<Style, Face>();
const REMEMBERED_WORDS = 20_000;

function face(style: Style): Face {
  let found = faces.get(style);
  if (!found) {
    const bytes = readFileSync(join(import.meta.dirname, `../platform/fonts/tinos-${style}.ttf`));
    const font = fontkit.create(bytes) as fontkit.Font;
    // fontkit keeps the first object made of a glyph. Made as a part of another ("e" of "ệ", while an earlier paper
    // was written), it would not know its character, and the letter would be missing from the text of later papers.
    for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
    found = { bytes, font, widths: new Map() };
    faces.set(style, found);
  }
  return found;
}

/** Thrown when a character cannot be printed: a gap in a name on an official paper would be a wrong name. */
export class NotPrintable extends Invalid {
  /** `where` says whose paper it is, where several are printed at once. */
  constructor(
    readonly character: string,
    where?: string,
  ) {
    const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const place = where === undefined ? "" : ` (${where})`;
    const message = `Ký tự “${character}” (${code}) không in được trên giấy tờ${place}. Hãy sửa lại nội dung.`;
    super([{ path: "", message }], message, "character-not-printable", { logText: `cannot print ${code}` });
  }
}

/** What nobody sees and no paper needs: zero-width marks, soft hyphens, direction marks. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;

/** Text as it is set: composed (NFC), without invisible marks, tabs as spaces. Throws NotPrintable. */
export function printable(text: string): string {
  const clean = text.normalize("NFC").replace(INVISIBLE, "").replace(/\t/g, " ").replace(/\r\n?/g, "\n");
  const { font } = face("regular");
  for (const character of clean) {
    if (character === "\n" || character === "☐" || character === "☑") continue; // a break; drawn as lines
    if (!font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) throw new NotPrintable(character);
  }
  return clean;
}

/** Width of printable text in points. */
export function widthOf(text: string, style: Style, size: number): number {
  const { font, widths } = face(style);
  let width = widths.get(text);
  if (width === undefined) {
    width = 0;
    for (const glyph of font.glyphsForString(text)) width += glyph.advanceWidth;
    width *= 1000 / font.unitsPerEm;
    if (widths.size >= REMEMBERED_WORDS) widths.clear();
    widths.set(text, width);
  }
  return (width * size) / 1000;
}

/** The outline of one line of text as PDF path operators, its baseline starting at the origin, `size` points high. */
export interface Outline {
  width: number;
  glyphs: { path: string; x: number; width: number }[];
}

/** Text as outlines, for what is a picture and not text (a seal). Throws NotPrintable. */
export function outlineOf(text: string, style: Style, size: number): Outline {
  const { font } = face(style);
  const scale = size / font.unitsPerEm;
  let x = 0;
  const glyphs = font.glyphsForString(printable(text)).map((glyph) => {
    const drawn = { path: pathOf(glyph, scale), x, width: glyph.advanceWidth * scale };
    x += drawn.width;
    return drawn;
  });
  return { width: x, glyphs };
}

function pathOf(glyph: fontkit.Glyph, scale: number): string {
  const n = (value: number | undefined) => ((value ?? 0) * scale).toFixed(2);
  let [px, py] = [0, 0];
  return glyph.path.commands
    .map(({ command, args: a }) => {
      const [x, y] = a.slice(-2) as [number, number];
      let operator = "h";
      if (command === "moveTo") operator = `${n(x)} ${n(y)} m`;
      else if (command === "lineTo") operator = `${n(x)} ${n(y)} l`;
      else if (command === "bezierCurveTo") operator = `${a.map(n).join(" ")} c`;
      else if (command === "quadraticCurveTo") {
        // PDF knows cubic curves alone: the same curve, one degree higher.
        const [cx = 0, cy = 0] = a;
        const third = (from: number, to: number) => from + (2 / 3) * (to - from);
        operator = `${n(third(px, cx))} ${n(third(py, cy))} ${n(third(x, cx))} ${n(third(y, cy))} ${n(x)} ${n(y)} c`;
      }
      if (command !== "closePath") [px, py] = [x, y];
      return operator;
    })
    .join("\n");
}

/** Puts the four faces into a document; only the letters used are written into the file. */
export async function embedTypeface(document: PDFDocument): Promise<Record<Style, PDFFont>> {
  const parsed = new Map(STYLES.map((style) => [face(style).bytes as Uint8Array, face(style).font]));
  document.registerFontkit({ create: (bytes: Uint8Array) => parsed.get(bytes) as never });
  const embed = (style: Style) =>
    document.embedFont(face(style).bytes, { subset: true, customName: nameOf(style) });
  return {
    regular: await embed("regular"),
    bold: await embed("bold"),
    italic: await embed("italic"),
    "bold-italic": await embed("bold-italic"),
  };
}

/** A subset's name begins with six letters and a plus (ISO 32000-1, 9.6.4). */
function nameOf(style: Style): string {
  return `MCDTUV+${face(style).font.postscriptName}`;
}
