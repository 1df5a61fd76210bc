import { NotJudged } from "./findings.ts";
import { sameEntry, type Entry, type Section } from "./cross-references.ts";
import { nameText, PdfDict, PdfRef, PdfStream, type PdfValue } from "./pdf-object.ts";
import { PdfParser, type IndirectObject } from "./pdf-parser.ts";
import { unpacked } from "./unpack.ts";

/** What all revisions of one file share: its bytes, and the objects read so far, by where they lie. */
export interface PdfFile {
  bytes: Buffer;
  plain: Map<number, IndirectObject>;
  packed: Map<number, { numbers: number[]; values: PdfValue[] }>;
}

export function openFile(bytes: Buffer): PdfFile {
  return { bytes, plain: new Map(), packed: new Map() };
}

/** A file as it was after one of its revisions: which object stands where, and what it says. */
export class PdfState {
  readonly entries = new Map<number, Entry>();

  constructor(
    readonly file: PdfFile,
    /** The newest first. */
    readonly sections: readonly Section[],
  ) {
    for (const section of [...sections].reverse())
      for (const [number, entry] of section.entries) this.entries.set(number, entry);
  }

  /** The trailer that counts: that of the newest section. */
  get trailer(): PdfDict {
    const [newest] = this.sections;
    if (newest === undefined) throw new NotJudged("structure-unclear", "no trailer");
    return newest.trailer;
  }

  isLive(number: number): boolean {
    const kind = this.entries.get(number)?.kind ?? "free";
    return kind !== "free";
  }

  /** An object's value; undefined where there is none of this number. Throws NotJudged where it is not as told. */
  object(number: number): PdfValue | undefined {
    const entry = this.entries.get(number);
    if (entry === undefined || entry.kind === "free") return undefined;
    if (entry.kind === "plain") return this.plainObject(number, entry).value;
    const { numbers, values } = this.container(entry.container);
    if (numbers[entry.index] !== number)
      throw new NotJudged("structure-unclear", `object ${number} is not where its stream says`);
    return values[entry.index];
  }

  /** The dictionary that an object is, or that its stream has. */
  dictAt(number: number): PdfDict | undefined {
    return this.dict(this.object(number));
  }

  /** An object's value; undefined also where it cannot be read, as of an object that nothing uses. */
  readable(number: number): PdfValue | undefined {
    try {
      return this.object(number);
    } catch (cause) {
      if (cause instanceof NotJudged) return undefined;
      throw cause;
    }
  }

  plainObject(number: number, entry: { offset: number; generation: number }): IndirectObject {
    const found = this.objectAt(entry.offset);
    if (found.number !== number || found.generation !== entry.generation)
      throw new NotJudged("structure-unclear", `object ${number} is not at byte ${entry.offset}`);
    return found;
  }

  /** Whatever object begins at a place. Throws NotJudged where none does. */
  objectAt(offset: number): IndirectObject {
    let found = this.file.plain.get(offset);
    if (found === undefined) {
      found = new PdfParser(this.file.bytes, offset).indirect((ref) => this.lengthOf(ref));
      this.file.plain.set(offset, found);
    }
    return found;
  }

  /** The value, or what it refers to. */
  resolve(value: PdfValue | undefined): PdfValue | undefined {
    for (let step = 0; value instanceof PdfRef; step++) {
      if (step > 20) throw new NotJudged("structure-unclear", "references go round in a circle");
      const entry = this.entries.get(value.number);
      if (entry?.kind === "plain" && entry.generation !== value.generation) return null;
      if (entry?.kind === "packed" && value.generation !== 0) return null;
      value = this.object(value.number) ?? null;
    }
    return value;
  }

  dict(value: PdfValue | undefined): PdfDict | undefined {
    const found = this.resolve(value);
    if (found instanceof PdfStream) return found.dict;
    return found instanceof PdfDict ? found : undefined;
  }

  array(value: PdfValue | undefined): PdfValue[] | undefined {
    const found = this.resolve(value);
    return Array.isArray(found) ? found : undefined;
  }

  /** Number of the object that is the catalogue, and the catalogue. Throws NotJudged where there is none. */
  catalogue(): { number: number; dict: PdfDict } {
    const root = this.trailer.get("Root");
    const dict = this.dict(root);
    if (!(root instanceof PdfRef) || dict === undefined || nameText(dict.get("Type")) !== "Catalog")
      throw new NotJudged("structure-unclear", "no catalogue");
    return { number: root.number, dict };
  }

  private lengthOf(ref: PdfRef): number | undefined {
    const entry = this.entries.get(ref.number);
    // Its own length must not lie in a stream that has to be measured first.
    if (entry?.kind !== "plain") return undefined;
    const parser = new PdfParser(this.file.bytes, entry.offset);
    const number = parser.takeWhole();
    const generation = parser.takeWhole();
    if (number !== ref.number || generation !== ref.generation || !parser.takeWord("obj")) return undefined;
    const length = parser.takeWhole();
    return parser.takeWord("endobj") ? length : undefined;
  }

  private container(number: number): { numbers: number[]; values: PdfValue[] } {
    const entry = this.entries.get(number);
    if (entry?.kind !== "plain") throw new NotJudged("structure-unclear", `no object stream ${number}`);
    const known = this.file.packed.get(entry.offset);
    if (known !== undefined) return known;
    const stream = this.plainObject(number, entry).value;
    if (!(stream instanceof PdfStream) || nameText(stream.dict.get("Type")) !== "ObjStm")
      throw new NotJudged("structure-unclear", `object ${number} is no object stream`);
    const first = stream.dict.get("First");
    const count = stream.dict.get("N");
    if (typeof first !== "number" || typeof count !== "number" || !(count >= 0 && count <= 1_000_000))
      throw new NotJudged("structure-unclear", `object stream ${number} is malformed`);
    const bytes = unpacked(stream);
    const head = new PdfParser(bytes);
    const places: [number: number, at: number][] = [];
    for (let i = 0; i < count; i++) {
      const inner = head.takeWhole();
      const at = head.takeWhole();
      if (inner === undefined || at === undefined || head.at > first)
        throw new NotJudged("structure-unclear", `object stream ${number} is malformed`);
      places.push([inner, first + at]);
    }
    if (new Set(places.map(([inner]) => inner)).size !== places.length)
      throw new NotJudged("duplicate-object", `object stream ${number} holds an object twice`);
    const values = places.map(([, at]) => new PdfParser(bytes, at).value());
    const read = { numbers: places.map(([inner]) => inner), values };
    this.file.packed.set(entry.offset, read);
    return read;
  }
}

/** The numbers whose place differs between two states. */
export function movedObjects(before: PdfState, after: PdfState): number[] {
  const numbers = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...numbers].filter((number) => !sameEntry(before.entries.get(number), after.entries.get(number)));
}
