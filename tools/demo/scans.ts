import { crc32, deflateSync } from "node:zlib";
import { PDFDocument, StandardFonts } from "@cantoo/pdf-lib";
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
    ...[320, 480].map((side) => scan(`IMG_${side}.jpg`, "image/jpeg", makeJpeg(side, side))),
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

/**
 * A picture of one grey, the plainest JPEG there is: each block of eight by eight says "as the one before" and "no
 * more", one bit each, by two Huffman tables of a single word.
 */
function makeJpeg(width: number, height: number): Buffer {
  const segment = (marker: number, ...data: number[]) =>
    Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data]);
  const bits = Math.ceil(width / 8) * Math.ceil(height / 8) * 2;
  const oneWord = [1, ...Array.from({ length: 15 }, () => 0), 0];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, 0, ...Array.from({ length: 64 }, () => 1)),
    segment(0xc0, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0),
    segment(0xc4, 0x00, ...oneWord),
    segment(0xc4, 0x10, ...oneWord),
    segment(0xda, 1, 1, 0x00, 0, 63, 0),
    Buffer.alloc(Math.ceil(bits / 8)),
    Buffer.from([0xff, 0xd9]),
  ]);
}
