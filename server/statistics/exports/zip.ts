import { Readable, pipeline } from "node:stream";
import { createDeflateRaw } from "node:zlib";

/** A file in an archive, its content in pieces of UTF-8 text. */
export interface ZipEntry {
  path: string;
  pieces: Iterable<string> | AsyncIterable<string>;
}

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Sizes follow the content; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
const VERSION = 20;
/** 1 January 1980: the same table makes the same bytes. */
const DATE = 0x0021;
const MOST = 0xffff_ffff;

/**
 * A ZIP archive of these files (APPNOTE 6.3, without ZIP64), piece by piece: nothing is asked of a file before what came
 * before it was taken, so memory does not grow with its length. Throws RangeError over 4 GiB.
 */
export async function* zipPieces(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, pieces } of entries) {
    const name = Buffer.from(path, "utf8");
    const local = header(30, LOCAL, (head) => {
      head.writeUInt16LE(VERSION, 4);
      head.writeUInt16LE(FLAGS, 6);
      head.writeUInt16LE(DEFLATED, 8);
      head.writeUInt16LE(DATE, 12);
      head.writeUInt16LE(name.length, 26);
    });
    yield local;
    yield name;
    const told = { crc: 0, size: 0, packed: 0 };
    for await (const chunk of deflated(pieces, told)) {
      told.packed += chunk.length;
      yield chunk;
    }
    if (told.size > MOST || offset > MOST) throw new RangeError("the archive would be over 4 GiB");
    const sizes = (to: Buffer, at: number) => {
      to.writeUInt32LE(told.crc, at);
      to.writeUInt32LE(told.packed, at + 4);
      to.writeUInt32LE(told.size, at + 8);
    };
    yield header(16, DESCRIPTOR, (head) => sizes(head, 4));
    const start = offset;
    offset += local.length + name.length + told.packed + 16;
    central.push(
      header(46, CENTRAL, (head) => {
        head.writeUInt16LE(VERSION, 4);
        head.writeUInt16LE(VERSION, 6);
        head.writeUInt16LE(FLAGS, 8);
        head.writeUInt16LE(DEFLATED, 10);
        head.writeUInt16LE(DATE, 14);
        sizes(head, 16);
        head.writeUInt16LE(name.length, 28);
        head.writeUInt32LE(start, 42);
      }),
      name,
    );
  }
  const directory = Buffer.concat(central);
  yield directory;
  yield header(22, END, (head) => {
    head.writeUInt16LE(central.length / 2, 8);
    head.writeUInt16LE(central.length / 2, 10);
    head.writeUInt32LE(directory.length, 12);
    head.writeUInt32LE(offset, 16);
  });
}

function header(length: number, signature: number, fill: (head: Buffer) => void): Buffer {
  const head = Buffer.alloc(length);
  head.writeUInt32LE(signature, 0);
  fill(head);
  return head;
}

/** Packs quickly rather than tightly, and notes checksum and length of what went in. */
async function* deflated(
  pieces: ZipEntry["pieces"],
  told: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ level: 1 });
  async function* noted(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      const bytes = Buffer.from(piece, "utf8");
      told.crc = crc32(bytes, told.crc);
      told.size += bytes.length;
      yield bytes;
    }
  }
  // What fails on the way in ends the way out, and the loop below throws it.
  pipeline(Readable.from(noted(), { objectMode: true, highWaterMark: 1 }), deflate, () => undefined);
  for await (const chunk of deflate) yield chunk as Buffer;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** CRC-32 of more bytes after those of `before` (node's own is not in version 20). */
function crc32(bytes: Buffer, before: number): number {
  let crc = ~before;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
