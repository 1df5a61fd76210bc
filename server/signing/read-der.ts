/**
 * Reading DER (X.690), a value at a time and only as deep as is asked: certificates and tokens are read at every
 * signature, and a general library takes milliseconds for each.
 */

/** One value: its tag, all its bytes exactly as they stand there, and its contents. */
export interface Der {
  tag: number;
  bytes: Buffer;
  contents: Buffer;
}

/** Reads the value that begins the bytes. Throws when it is none, or not whole. */
export function readDer(bytes: Buffer): Der {
  const tag = bytes[0];
  let length = bytes[1];
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) throw new Error("not DER");
  let start = 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    // No length at all is BER's; four bytes are more than any file that is taken.
    if (count === 0 || count > 4 || bytes.length < 2 + count) throw new Error("not DER");
    length = bytes.readUIntBE(2, count);
    start += count;
  }
  if (start + length > bytes.length) throw new Error("DER that is cut off");
  return { tag, bytes: bytes.subarray(0, start + length), contents: bytes.subarray(start, start + length) };
}

/** The members of a constructed value. Throws when it has none. */
export function members(value: Der | undefined): Der[] {
  if (value === undefined || (value.tag & 0x20) === 0) throw new Error("a constructed value is expected");
  const found: Der[] = [];
  for (let rest = value.contents; rest.length > 0;) {
    const member = readDer(rest);
    found.push(member);
    rest = rest.subarray(member.bytes.length);
  }
  return found;
}

/** An object identifier in dots; "" for anything else. */
export function oidOf(value: Der | undefined): string {
  if (value?.tag !== 0x06) return "";
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.contents) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join(".");
}

/** The contents of a primitive value: of an OCTET STRING, an INTEGER, a BIT STRING (without its count), a text. */
export function contentsOf(value: Der | undefined): Buffer {
  if (value === undefined || (value.tag & 0x20) !== 0) throw new Error("a primitive value is expected");
  return value.tag === 0x03 ? value.contents.subarray(1) : value.contents;
}

/** A moment in UTC. Throws when the value is none. */
export function timeOf(value: Der | undefined): Date {
  const text = value?.contents.toString("latin1") ?? "";
  const [, year, month, day, hour, minute, second, part = ""] =
    /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text) ?? [];
  if (!isTime(value) || year === undefined || (year.length === 4) !== (value?.tag === 0x18))
    throw new Error("a moment is expected");
  // RFC 5280, 4.1.2.5.1: two figures stand for 1950 to 2049.
  const full = year.length === 4 ? year : `${Number(year) < 50 ? "20" : "19"}${year}`;
  return new Date(`${full}-${month}-${day}T${hour}:${minute}:${second}${part.slice(0, 4)}Z`);
}

/** Whether the value is a UTCTime or a GeneralizedTime. */
export const isTime = (value: Der | undefined): boolean => value?.tag === 0x17 || value?.tag === 0x18;

/** Whether the value stands under [n]. */
export const isTagged = (value: Der | undefined, number: number): boolean =>
  value !== undefined && (value.tag & 0xc0) === 0x80 && (value.tag & 0x1f) === number;

/** A small whole number; NaN for anything else. */
export function numberOf(value: Der | undefined): number {
  const small =
    value !== undefined && (value.tag === 0x02 || value.tag === 0x0a) && value.contents.length <= 6;
  return small && value.contents.length > 0 ? value.contents.readIntBE(0, value.contents.length) : NaN;
}

export const isInteger = (value: Der | undefined): boolean => value?.tag === 0x02;
export const isTrue = (value: Der | undefined): boolean => value?.tag === 0x01 && value.contents[0] !== 0;
