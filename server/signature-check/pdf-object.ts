/** The values of a PDF (ISO 32000-1, 7.3), with where they stand where that matters. */
export class PdfName {
  constructor(readonly text: string) {}
}
/** A string; `start` and `end` are where it stands in the bytes that were read, with its brackets. */
export class PdfString {
  constructor(
    readonly bytes: Buffer,
    readonly isHex: boolean,
    readonly start: number,
    readonly end: number,
  ) {}
}
export class PdfRef {
  constructor(
    readonly number: number,
    readonly generation: number,
  ) {}
}
export class PdfDict {
  readonly entries = new Map<string, PdfValue>();
  /** Keys that stand there more than once: readers differ in which of them counts. */
  readonly repeated: string[] = [];
  get(key: string): PdfValue | undefined {
    return this.entries.get(key);
  }
}
export class PdfStream {
  constructor(
    readonly dict: PdfDict,
    /** As it stands in the file, not unpacked. */
    readonly raw: Buffer,
  ) {}
}
export type PdfValue =
  null | boolean | number | PdfName | PdfString | PdfRef | PdfDict | PdfStream | PdfValue[];

export function nameText(value: PdfValue | undefined): string | undefined {
  return value instanceof PdfName ? value.text : undefined;
}

/** A text string for people: UTF-16 or UTF-8 with a mark, else Latin (7.9.2.2). */
export function stringText(value: PdfValue | undefined): string | undefined {
  if (!(value instanceof PdfString)) return undefined;
  const { bytes } = value;
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, 2 + ((bytes.length - 2) & ~1)))
      .swap16()
      .toString("utf16le")
      .normalize("NFC");
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return bytes.subarray(3).toString("utf8").normalize("NFC");
  return bytes.toString("latin1");
}

/**
 * The same text for the same value, and another for another: by it objects of two revisions are compared.
 * References are compared as references; what they lead to is compared by itself.
 */
export function canonical(value: PdfValue | undefined): string {
  if (value === undefined || value === null) return "null";
  // A program that copies a dictionary may write its numbers with fewer digits than ever show.
  if (typeof value === "number") return String(Number(value.toPrecision(9)));
  if (typeof value !== "object") return String(value);
  if (value instanceof PdfName) return `/${value.text}`;
  if (value instanceof PdfString) return `<${value.bytes.toString("hex")}>`;
  if (value instanceof PdfRef) return `${value.number} ${value.generation} R`;
  if (value instanceof PdfStream) return `${canonical(value.dict)}stream ${value.raw.toString("latin1")}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(" ")}]`;
  const keys = [...value.entries.keys()].sort();
  return `<<${keys.map((key) => `/${key} ${canonical(value.entries.get(key))}`).join("")}>>`;
}

/** All references in a value, itself included. */
export function refsIn(value: PdfValue | undefined): PdfRef[] {
  const found: PdfRef[] = [];
  const waiting: (PdfValue | undefined)[] = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (one instanceof PdfRef) found.push(one);
    else if (one instanceof PdfStream) waiting.push(one.dict);
    else if (one instanceof PdfDict) waiting.push(...one.entries.values());
    else if (Array.isArray(one)) waiting.push(...one);
  }
  return found;
}
