import { NotJudged } from "./findings.ts";
import { nameText, PdfDict, PdfStream } from "./pdf-object.ts";
import { PdfParser } from "./pdf-parser.ts";
import { unpacked } from "./unpack.ts";

/** Where an object lies, as a cross-reference says (ISO 32000-1, 7.5.4 and 7.5.8). */
export type Entry =
  | { kind: "free" }
  | { kind: "plain"; offset: number; generation: number }
  | { kind: "packed"; container: number; index: number };

/** One cross-reference section: a table with its trailer, or a stream. */
export interface Section {
  offset: number;
  /** After its trailer, or after the stream's `endobj`. */
  end: number;
  entries: Map<number, Entry>;
  trailer: PdfDict;
  /** Number of the stream that this section is, and of one that a table names besides (a hybrid file). */
  own: number[];
  /** Spans in the bytes that the section takes: two in a hybrid file. */
  spans: [start: number, end: number][];
}

const MAX_SECTIONS = 500;
/** The format's own limit (Annex C), and ten times what the largest honest paper has. */
const MAX_OBJECTS = 1_000_000;

export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a?.kind !== b?.kind || a === undefined || b === undefined)
    return (a ?? FREE).kind === "free" && (b ?? FREE).kind === "free";
  if (a.kind === "plain" && b.kind === "plain") return a.offset === b.offset && a.generation === b.generation;
  if (a.kind === "packed" && b.kind === "packed") return a.container === b.container && a.index === b.index;
  return true;
}
const FREE: Entry = { kind: "free" };

/**
 * All sections of a file that ends at `end`, the newest first, from its `startxref` back along /Prev.
 * Throws NotJudged when one is not exactly where it should be: nothing is repaired.
 */
export function readSections(bytes: Buffer, end: number): Section[] {
  const tail = bytes.toString("latin1", Math.max(0, end - 80), end);
  const found = /startxref\s+(\d{1,15})\s+%%EOF\s{0,2}$/.exec(tail);
  if (found === null) throw new NotJudged("structure-unclear", "no startxref stands at the end");
  const sections: Section[] = [];
  const seen = new Set<number>();
  let offset: number | undefined = Number(found[1]);
  while (offset !== undefined) {
    if (seen.has(offset))
      throw new NotJudged("structure-unclear", "the cross-references go round in a circle");
    if (sections.length >= MAX_SECTIONS) throw new NotJudged("file-too-complex", "too many revisions");
    seen.add(offset);
    if (offset >= end) throw new NotJudged("structure-unclear", "a cross-reference lies behind the end");
    const section = readSection(bytes, offset, end);
    sections.push(section);
    const previous = section.trailer.get("Prev");
    if (previous !== undefined && typeof previous !== "number")
      throw new NotJudged("structure-unclear", "/Prev is no number");
    offset = previous;
  }
  return sections;
}

function readSection(bytes: Buffer, offset: number, end: number): Section {
  const parser = new PdfParser(bytes.subarray(0, end), offset);
  const section = parser.takeWord("xref") ? readTable(parser, offset) : readStream(parser, offset);
  const { trailer } = section;
  if (trailer.entries.has("Encrypt")) throw new NotJudged("file-encrypted");
  if (trailer.repeated.length > 0) throw new NotJudged("structure-unclear", "a trailer repeats a key");
  const hybrid = trailer.get("XRefStm");
  if (typeof hybrid === "number") {
    const more = readStream(new PdfParser(bytes.subarray(0, end), hybrid), hybrid);
    for (const [number, entry] of more.entries) {
      const known = section.entries.get(number) ?? FREE;
      if (known.kind !== "free" && !sameEntry(known, entry))
        throw new NotJudged("structure-unclear", `two places are named for object ${number}`);
      section.entries.set(number, entry);
    }
    section.own.push(...more.own);
    section.spans.push(...more.spans);
  }
  return section;
}

function readTable(parser: PdfParser, offset: number): Section {
  const entries = new Map<number, Entry>();
  while (!parser.takeWord("trailer")) {
    const first = parser.takeWhole();
    const count = parser.takeWhole();
    if (first === undefined || count === undefined) throw parser.unclear("a cross-reference is malformed");
    if (first + count > MAX_OBJECTS) throw new NotJudged("file-too-complex", "too many objects");
    for (let number = first; number < first + count; number++) {
      const place = parser.takeWhole();
      const generation = parser.takeWhole();
      if (place === undefined || generation === undefined)
        throw parser.unclear("a cross-reference is malformed");
      if (entries.has(number)) throw parser.unclear(`object ${number} stands twice in a cross-reference`);
      if (parser.takeWord("n")) entries.set(number, { kind: "plain", offset: place, generation });
      else if (parser.takeWord("f")) entries.set(number, { kind: "free" });
      else throw parser.unclear("a cross-reference is malformed");
    }
  }
  const trailer = parser.value();
  if (!(trailer instanceof PdfDict)) throw parser.unclear("no trailer follows a cross-reference");
  return { offset, end: parser.at, entries, trailer, own: [], spans: [[offset, parser.at]] };
}

function readStream(parser: PdfParser, offset: number): Section {
  const { number, value, end } = parser.indirect(() => undefined);
  if (!(value instanceof PdfStream) || nameText(value.dict.get("Type")) !== "XRef")
    throw new NotJudged("structure-unclear", `no cross-reference at byte ${offset}`);
  const { dict } = value;
  const size = dict.get("Size");
  const widths = dict.get("W");
  const index = dict.get("Index") ?? [0, size ?? 0];
  if (!isWholes(widths) || widths.length !== 3 || widths.some((one) => one > 8) || !isWholes(index))
    throw new NotJudged("structure-unclear", "a cross-reference stream is malformed");
  const bytes = unpacked(value);
  const entries = new Map<number, Entry>();
  const [w0 = 0, w1 = 0, w2 = 0] = widths;
  let at = 0;
  const field = (width: number, otherwise: number) => {
    let sum = width === 0 ? otherwise : 0;
    for (let i = 0; i < width; i++) sum = sum * 256 + (bytes[at++] ?? 0);
    return sum;
  };
  for (let i = 0; i + 1 < index.length; i += 2) {
    const first = index[i] ?? 0;
    const count = index[i + 1] ?? 0;
    if (first + count > MAX_OBJECTS) throw new NotJudged("file-too-complex", "too many objects");
    for (let n = first; n < first + count; n++) {
      if (at + w0 + w1 + w2 > bytes.length)
        throw new NotJudged("structure-unclear", "a cross-reference stream is too short");
      const type = field(w0, 1);
      const second = field(w1, 0);
      const third = field(w2, 0);
      if (entries.has(n)) throw new NotJudged("structure-unclear", `object ${n} stands twice`);
      if (type === 1) entries.set(n, { kind: "plain", offset: second, generation: third });
      else if (type === 2) entries.set(n, { kind: "packed", container: second, index: third });
      else entries.set(n, { kind: "free" });
    }
  }
  return { offset, end, entries, trailer: dict, own: [number], spans: [[offset, end]] };
}

function isWholes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isInteger(one) && (one as number) >= 0);
}
