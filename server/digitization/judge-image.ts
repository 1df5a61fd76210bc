import { crc32 } from "node:zlib";
import { FileUnfit } from "./file-judgement.ts";

/** In pixels. A3 at 600 dpi is 7,016 × 9,921 = 70 million; a picture beyond twice that is made to hurt. */
const MAX_SIDE = 30_000;
export const MAX_AREA = 150_000_000;
const MIN_SIDE = 50;

/** Reads a PNG's chunks to the end, without unpacking the picture. Throws FileUnfit. */
export function checkPng(bytes: Buffer): void {
  let at = 8;
  let size: { width: number; height: number } | undefined;
  let picture = false;
  for (;;) {
    if (at + 12 > bytes.length) throw new FileUnfit("file-broken");
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new FileUnfit("file-broken");
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) throw new FileUnfit("file-broken");
    if (type === "IHDR" && length >= 8)
      size ??= { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) };
    if (type === "IDAT") picture = true;
    if (type === "IEND") break;
    at = end + 4;
  }
  if (!size || !picture) throw new FileUnfit("file-broken");
  refuseAbsurdSize(size.width, size.height);
}

/** Reads a JPEG's segments up to the picture, and looks for its end. Throws FileUnfit. */
export function checkJpeg(bytes: Buffer): void {
  let at = 2;
  let size: { width: number; height: number } | undefined;
  for (;;) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) throw new FileUnfit("file-broken");
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) throw new FileUnfit("file-broken");
    // Start of frame, C0–CF but for C4 (Huffman tables), C8 (reserved) and CC (arithmetic coding).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker) && length >= 8)
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + length;
    if (marker === 0xda) break;
  }
  // Phones append a second picture or their own notes after the end, so the end is looked for, not expected last.
  if (!size || bytes.indexOf("ffd9", at, "hex") < 0) throw new FileUnfit("file-broken");
  refuseAbsurdSize(size.width, size.height);
}

/** Throws FileUnfit when a picture is absurdly large or small; sides in pixels. */
export function refuseAbsurdSize(width: number, height: number): void {
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_AREA)
    throw new FileUnfit("image-too-large");
  if (width < MIN_SIDE || height < MIN_SIDE) throw new FileUnfit("image-too-small");
}
