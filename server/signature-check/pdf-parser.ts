import { NotJudged } from "./findings.ts";
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfValue } from "./pdf-object.ts";

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set(Buffer.from("()<>[]{}/%", "latin1"));
const MAX_DEPTH = 100;

export const isWhite = (byte: number | undefined): boolean => byte !== undefined && WHITE.has(byte);
const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && !WHITE.has(byte) && !DELIMITERS.has(byte);

/** An indirect object with where it stands. */
export interface IndirectObject {
  number: number;
  generation: number;
  value: PdfValue;
  start: number;
  /** After `endobj`. */
  end: number;
}

/**
 * Reads PDF syntax strictly and repairs nothing: where programs might read it differently it throws NotJudged
 * `structure-unclear`. `at` moves on with every value that is read.
 */
export class PdfParser {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  unclear(detail: string): NotJudged {
    return new NotJudged("structure-unclear", `${detail} at byte ${this.at}`);
  }

  skipWhite(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (isWhite(byte)) this.at++;
      else if (byte === 0x25) {
        while (this.at < this.bytes.length && ![10, 13].includes(this.bytes[this.at] ?? 0)) this.at++;
      } else return;
    }
  }

  /** Whether these letters come next; moves past them when they do and a delimiter follows. */
  takeWord(word: string): boolean {
    this.skipWhite();
    const end = this.at + word.length;
    if (this.bytes.toString("latin1", this.at, end) !== word || isRegular(this.bytes[end])) return false;
    this.at = end;
    return true;
  }

  /** A whole number without a sign. */
  takeWhole(): number | undefined {
    this.skipWhite();
    const digits = /^\d{1,15}/.exec(this.bytes.toString("latin1", this.at, this.at + 16))?.[0];
    if (digits === undefined || isRegular(this.bytes[this.at + digits.length])) return undefined;
    this.at += digits.length;
    return Number(digits);
  }

  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw new NotJudged("file-too-complex", "values are nested too deep");
    this.skipWhite();
    const byte = this.bytes[this.at];
    switch (byte) {
      case 0x2f:
        return this.name();
      case 0x28:
        return this.literal();
      case 0x5b:
        return this.array(depth);
      case 0x3c:
        return this.bytes[this.at + 1] === 0x3c ? this.dict(depth) : this.hex();
      default:
        return this.plain();
    }
  }

  private name(): PdfName {
    let text = "";
    for (this.at++; isRegular(this.bytes[this.at]); this.at++) {
      const byte = this.bytes[this.at] ?? 0;
      const escaped =
        byte === 0x23
          ? /^[0-9A-Fa-f]{2}$/.exec(this.bytes.toString("latin1", this.at + 1, this.at + 3))
          : null;
      if (escaped === null) text += String.fromCharCode(byte);
      else {
        text += String.fromCharCode(parseInt(escaped[0], 16));
        this.at += 2;
      }
    }
    return new PdfName(text);
  }

  private literal(): PdfString {
    const start = this.at;
    const out: number[] = [];
    let open = 1;
    for (this.at++; ; this.at++) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw this.unclear("a string does not end");
      if (byte === 0x5c) this.escape(out);
      else {
        if (byte === 0x28) open++;
        if (byte === 0x29 && --open === 0) break;
        out.push(byte);
      }
    }
    this.at++;
    return new PdfString(Buffer.from(out), false, start, this.at);
  }

  private escape(out: number[]): void {
    const next = this.bytes[++this.at] ?? 0;
    const octal = /^[0-7]{1,3}/.exec(this.bytes.toString("latin1", this.at, this.at + 3))?.[0];
    const known = "nrtbf".indexOf(String.fromCharCode(next));
    if (octal !== undefined) {
      out.push(parseInt(octal, 8) & 255);
      this.at += octal.length - 1;
    } else if (known >= 0) out.push([10, 13, 9, 8, 12][known] ?? 0);
    else if (next === 13) {
      if (this.bytes[this.at + 1] === 10) this.at++;
    } else if (next !== 10) out.push(next);
  }

  private hex(): PdfString {
    const start = this.at;
    const end = this.bytes.indexOf(0x3e, start);
    if (end < 0) throw this.unclear("a string does not end");
    const digits = this.bytes.toString("latin1", start + 1, end).replace(/[\0\t\n\f\r ]+/g, "");
    if (!/^[0-9A-Fa-f]*$/.test(digits)) throw this.unclear("a string holds what is no hex digit");
    this.at = end + 1;
    const even = digits.length % 2 === 1 ? `${digits}0` : digits;
    return new PdfString(Buffer.from(even, "hex"), true, start, this.at);
  }

  private array(depth: number): PdfValue[] {
    const values: PdfValue[] = [];
    this.at++;
    for (;;) {
      this.skipWhite();
      if (this.bytes[this.at] === 0x5d) break;
      values.push(this.value(depth + 1));
    }
    this.at++;
    return values;
  }

  private dict(depth: number): PdfDict {
    const dict = new PdfDict();
    this.at += 2;
    for (;;) {
      this.skipWhite();
      if (this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) break;
      if (this.bytes[this.at] !== 0x2f) throw this.unclear("a dictionary's key is no name");
      const { text } = this.name();
      const value = this.value(depth + 1);
      if (dict.entries.has(text)) dict.repeated.push(text);
      else dict.entries.set(text, value);
    }
    this.at += 2;
    return dict;
  }

  private plain(): PdfValue {
    const start = this.at;
    while (isRegular(this.bytes[this.at])) this.at++;
    const word = this.bytes.toString("latin1", start, Math.min(this.at, start + 64));
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) {
      this.at = start;
      throw this.unclear(`"${word.slice(0, 20)}" is no value`);
    }
    return this.reference(word) ?? Number(word);
  }

  /** After a whole number: "n R" makes a reference of it. */
  private reference(word: string): PdfRef | undefined {
    if (!/^\d{1,10}$/.test(word)) return undefined;
    const after = this.at;
    const generation = this.takeWhole();
    if (generation !== undefined && this.takeWord("R")) return new PdfRef(Number(word), generation);
    this.at = after;
    return undefined;
  }

  /**
   * The indirect object that begins here. `lengthOf` says what a stream's /Length is when that is a reference.
   * Throws NotJudged when there is none, or a stream is not as long as it says.
   */
  indirect(lengthOf: (ref: PdfRef) => number | undefined): IndirectObject {
    while (isWhite(this.bytes[this.at])) this.at++;
    const start = this.at;
    const number = this.takeWhole();
    const generation = this.takeWhole();
    if (number === undefined || generation === undefined || !this.takeWord("obj"))
      throw this.unclear("no object begins");
    let value = this.value();
    if (value instanceof PdfDict && this.takeWord("stream")) value = this.stream(value, lengthOf);
    if (!this.takeWord("endobj")) throw this.unclear(`object ${number} does not end`);
    return { number, generation, value, start, end: this.at };
  }

  private stream(dict: PdfDict, lengthOf: (ref: PdfRef) => number | undefined): PdfStream {
    if (this.bytes[this.at] === 13 && this.bytes[this.at + 1] === 10) this.at += 2;
    else if (this.bytes[this.at] === 10) this.at++;
    else throw this.unclear("a stream does not begin on a line of its own");
    const said = dict.get("Length");
    const length = said instanceof PdfRef ? lengthOf(said) : said;
    if (typeof length !== "number" || !Number.isInteger(length) || length < 0)
      throw this.unclear("a stream has no length");
    if (dict.entries.has("F")) throw new NotJudged("active-content", "a stream lies in another file");
    const from = this.at;
    this.at += length;
    const raw = this.bytes.subarray(from, this.at);
    if (this.bytes[this.at] === 13) this.at++;
    if (this.bytes[this.at] === 10) this.at++;
    if (this.bytes.toString("latin1", this.at, this.at + 9) !== "endstream")
      throw this.unclear("a stream is not as long as it says");
    this.at += 9;
    return new PdfStream(dict, raw);
  }
}
