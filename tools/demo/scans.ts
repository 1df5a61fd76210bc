import { crc32, deflateSync } from "node:zlib";
import { PDFDocument, StandardFonts } from "@cantoo/pdf-lib";
import sharp from "sharp";
import type { Chance } from "./chance.ts";

/** A file as a scanner or a telephone would give it. */
export interface Scan {
  fileName: string;
  mediaType: "application/pdf" | "image/png" | "image/jpeg";
  bytes: Buffer;
}

export interface Scans {
  /** A paper that was scanned; many are the same bytes, as copies of one form would be. */
  paper(chance: Chance): Scan;
  /** A result or minutes that somebody wrote elsewhere, always a PDF. */
  draft(chance: Chance): Scan;
}

/** Makes a drawer of small, real files, once. */
export async function makeScans(): Promise<Scans> {
  const pdfs = await Promise.all(
    [1, 2, 1, 3, 1, 1].map((pages, at) => makePdf(`Ban quet thu nghiem so ${at + 1}`, pages)),
  );
  const drafts = await Promise.all(
    [1, 2].map((pages, at) => makePdf(`Du thao thu nghiem so ${at + 1}`, pages)),
  );
  const papers: Scan[] = [
    ...pdfs.map((bytes, at) => scan(`ban-quet-${at + 1}.pdf`, "application/pdf", bytes)),
    ...[200, 215, 230].map((grey) => scan(`ảnh-chụp-${grey}.png`, "image/png", makePng(420, 594, grey))),
    ...(await Promise.all(
      [320, 480].map(async (side) => scan(`IMG_${side}.jpg`, "image/jpeg", await makeJpeg(side))),
    )),
  ];
  return {
    paper: (chance) => chance.pick(papers),
    draft: (chance) => scan("du-thao.pdf", "application/pdf", chance.pick(drafts)),
  };
}

function scan(fileName: string, mediaType: Scan["mediaType"], bytes: Buffer): Scan {
  return { fileName, mediaType, bytes };
}

async function makePdf(title: string, pages: number): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (let page = 1; page <= pages; page += 1)
    document.addPage([595, 842]).drawText(`${title}, trang ${page}`, { x: 72, y: 760, size: 14, font });
  return Buffer.from(await document.save());
}

/** A sheet of one shade of grey with a darker line every twenty rows. */
function makePng(width: number, height: number, grey: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits a pixel, grey
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.of(0), Buffer.alloc(width, row % 20 === 0 ? 90 : grey)]),
  );
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), framed.length - 4);
    return framed;
  };
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The same as a telephone would take it. */
function makeJpeg(side: number): Promise<Buffer> {
  const raw = { width: side, height: side, channels: 1 as const };
  const bytes = Buffer.concat(
    Array.from({ length: side }, (_, row) => Buffer.alloc(side, row % 20 < 3 ? 70 : 205)),
  );
  return sharp(bytes, { raw }).jpeg().toBuffer();
}
