/** Writes PDFs and their updates by hand, so that a test can make what no library would. */

export interface Written {
  number: number;
  body: string | Buffer;
}

/** A whole file of these objects; object 1 is the catalogue. */
export function wholePdf(objects: Written[], trailer = ""): Buffer {
  return update(Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"), objects, { trailer, isFirst: true });
}

export interface UpdateOptions {
  /** Objects that are said to be free. */
  free?: number[];
  /** Entries that point where nothing was written now. */
  pointed?: { number: number; offset: number }[];
  /** More of the trailer. */
  trailer?: string;
  /** Another catalogue. */
  root?: number;
  isFirst?: boolean;
  /** What startxref says instead of the truth. */
  startxref?: number;
}

/** The file with a revision after it: a cross-reference table, whatever stood before. */
export function update(pdf: Buffer, objects: Written[], options: UpdateOptions = {}): Buffer {
  const parts: Buffer[] = [pdf];
  let length = pdf.length;
  const write = (text: string | Buffer) => {
    const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
    parts.push(bytes);
    length += bytes.length;
  };
  if (pdf.at(-1) !== 0x0a) write("\n");
  const entries = new Map<number, string>();
  for (const { number, body } of objects) {
    entries.set(number, `${String(length).padStart(10, "0")} 00000 n \n`);
    write(`${number} 0 obj\n`);
    write(body);
    write("\nendobj\n");
  }
  for (const number of options.free ?? []) entries.set(number, "0000000000 00001 f \n");
  for (const { number, offset } of options.pointed ?? [])
    entries.set(number, `${String(offset).padStart(10, "0")} 00000 n \n`);
  const start = length;
  write("xref\n");
  if (options.isFirst === true) write("0 1\n0000000000 65535 f \n");
  for (const [number, entry] of [...entries].sort(([a], [b]) => a - b)) write(`${number} 1\n${entry}`);
  const old = options.isFirst === true ? undefined : oldTrailer(pdf);
  const size = Math.max(...entries.keys(), (old?.size ?? 1) - 1) + 1;
  const root = options.root ?? old?.root ?? 1;
  const previous = old === undefined ? "" : `/Prev ${old.startxref} ${old.kept}`;
  write(`trailer\n<< /Size ${size} /Root ${root} 0 R ${previous} ${options.trailer ?? ""} >>\n`);
  write(`startxref\n${options.startxref ?? start}\n%%EOF\n`);
  return Buffer.concat(parts);
}

function oldTrailer(pdf: Buffer) {
  const text = pdf.toString("latin1");
  const number = (pattern: RegExp) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? Number.NaN);
  const kept = ["Info", "ID"].flatMap((key) => {
    const found = [...text.matchAll(new RegExp(`/${key} ?(\\d+ 0 R|\\[[^\\]]*\\])`, "g"))].at(-1)?.[1];
    return found === undefined ? [] : [`/${key} ${found}`];
  });
  return {
    startxref: number(/startxref\s+(\d+)/g),
    size: number(/\/Size (\d+)/g),
    root: number(/\/Root (\d+) 0 R/g),
    kept: kept.join(" "),
  };
}

/** A stream as an object's body. */
export function stream(content: string | Buffer, dict = ""): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  return Buffer.concat([
    Buffer.from(`<< /Length ${bytes.length} ${dict} >>\nstream\n`, "latin1"),
    bytes,
    Buffer.from("\nendstream", "latin1"),
  ]);
}
