import { PDFName, type PDFDocument, type PDFObject, type PDFRef } from "@cantoo/pdf-lib";
import { Invalid } from "../platform/errors.ts";

/** An object of the update: its number, and its text or the object to write. */
export interface ChangedObject {
  ref: PDFRef;
  content: PDFObject | Buffer;
}

/**
 * Writes the changed and new objects after the file, with a cross-reference of the kind that the file has: a true
 * incremental update (ISO 32000-1, 7.5.6), the old bytes an exact prefix of the new ones.
 * Throws Invalid `pdf-not-signable` when the file's own cross-reference cannot be found.
 */
export function appendUpdate(original: Buffer, document: PDFDocument, changed: ChangedObject[]): Buffer {
  const previous = lastCrossReference(original);
  const parts: Buffer[] = [original];
  let length = original.length;
  const write = (bytes: Buffer | string) => {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    parts.push(buffer);
    length += buffer.length;
  };
  if (original.at(-1) !== 0x0a) write("\n");

  const offsets = new Map<number, { generation: number; offset: number }>();
  const sorted = [...changed].sort((a, b) => a.ref.objectNumber - b.ref.objectNumber);
  for (const { ref, content } of sorted) {
    offsets.set(ref.objectNumber, { generation: ref.generationNumber, offset: length });
    write(`${ref.objectNumber} ${ref.generationNumber} obj\n`);
    write(Buffer.isBuffer(content) ? content : bytesOf(content));
    write("\nendobj\n");
  }

  const start = length;
  const size = document.context.largestObjectNumber + 1;
  if (previous.kind === "table") {
    write(`xref\n${sections(offsets, tableEntry)}trailer\n${trailer(document, size, previous.offset)}`);
  } else {
    const self = size;
    offsets.set(self, { generation: 0, offset: start });
    const entries = Buffer.concat([...offsets.values()].map(streamEntry));
    const index = [...offsets.keys()].map((number) => `${number} 1`).join(" ");
    write(`${self} 0 obj\n`);
    write(
      trailer(
        document,
        size + 1,
        previous.offset,
        `/Type /XRef /W [1 5 2] /Index [${index}] /Length ${entries.length} `,
      ),
    );
    write("stream\n");
    write(entries);
    write("\nendstream\nendobj");
  }
  write(`\nstartxref\n${start}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** The highest number that the file says to use, though it may not use it: a new object must not be taken for a freed one. */
export function reserveNumbers(original: Buffer, document: PDFDocument): void {
  const tail = original.subarray(lastCrossReference(original).offset).toString("latin1");
  for (const [, size] of tail.matchAll(/\/Size\s+(\d{1,7})/g))
    document.context.largestObjectNumber = Math.max(document.context.largestObjectNumber, Number(size) - 1);
}

function lastCrossReference(original: Buffer): { offset: number; kind: "table" | "stream" } {
  const tail = original.subarray(-2048).toString("latin1");
  const offset = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? NaN);
  const found = Number.isNaN(offset) ? "" : original.subarray(offset, offset + 30).toString("latin1");
  if (/^xref\s/.test(found)) return { offset, kind: "table" };
  if (/^\d+\s+\d+\s+obj/.test(found)) return { offset, kind: "stream" };
  const message = "Tệp PDF này không ký số được vì cấu trúc không chuẩn. Hãy xuất lại thành tệp PDF mới.";
  throw new Invalid([{ path: "file", message }], message, "pdf-not-signable");
}

function bytesOf(object: PDFObject): Buffer {
  const bytes = new Uint8Array(object.sizeInBytes());
  object.copyBytesInto(bytes, 0);
  return Buffer.from(bytes);
}

interface Entry {
  generation: number;
  offset: number;
}

function sections(offsets: Map<number, Entry>, line: (entry: Entry) => string): string {
  const numbers = [...offsets.keys()];
  let text = "";
  for (let i = 0; i < numbers.length;) {
    const first = numbers[i] ?? 0;
    let count = 1;
    while (numbers[i + count] === first + count) count++;
    text += `${first} ${count}\n`;
    for (const number of numbers.slice(i, i + count))
      text += line(offsets.get(number) ?? { generation: 0, offset: 0 });
    i += count;
  }
  return text;
}

function tableEntry({ generation, offset }: Entry): string {
  return `${String(offset).padStart(10, "0")} ${String(generation).padStart(5, "0")} n \n`;
}

function streamEntry({ generation, offset }: Entry): Buffer {
  const entry = Buffer.alloc(8);
  entry[0] = 1;
  entry.writeUIntBE(offset, 1, 5);
  entry.writeUInt16BE(generation, 6);
  return entry;
}

function trailer(document: PDFDocument, size: number, previous: number, more = ""): string {
  const { Root, Info, ID } = document.context.trailerInfo;
  const entry = (name: string, object: PDFObject | undefined) =>
    object ? `${String(PDFName.of(name))} ${bytesOf(object).toString("latin1")} ` : "";
  return `<< ${more}/Size ${size} ${entry("Root", Root)}${entry("Info", Info)}${entry("ID", ID)}/Prev ${previous} >>\n`;
}
