/** One value of BER or DER as it stands in the bytes. */
export interface Asn {
  /** The first byte, as in "0x30 is a SEQUENCE". */
  tag: number;
  /** Header and content. */
  whole: Buffer;
  content: Buffer;
  /** Empty for a primitive value. */
  members: Asn[];
}

const MAX_DEPTH = 64;
/** A revocation list of a whole country has some hundred thousand entries, each of five values. */
const MAX_VALUES = 3_000_000;

/** Reads one value and answers it with how many bytes it takes. Throws when the bytes are none. */
export function readAsn(bytes: Buffer): { value: Asn; length: number } {
  const budget = { left: MAX_VALUES };
  const { value, end } = read(bytes, 0, 0, budget);
  return { value, length: end };
}

/** Reads bytes that are one value and nothing else. Throws when they are not. */
export function asn(bytes: Buffer): Asn {
  const { value, length } = readAsn(bytes);
  if (length !== bytes.length) throw new Error("bytes after an ASN.1 value");
  return value;
}

function read(
  bytes: Buffer,
  at: number,
  depth: number,
  budget: { left: number },
): { value: Asn; end: number } {
  if (depth > MAX_DEPTH || budget.left-- <= 0) throw new Error("ASN.1 is nested too deep or too long");
  const tag = byteAt(bytes, at);
  if ((tag & 0x1f) === 0x1f) throw new Error("an ASN.1 tag of several bytes");
  const first = byteAt(bytes, at + 1);
  let start = at + 2;
  let size = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new Error("an ASN.1 length is too large");
    size = 0;
    for (let i = 0; i < count; i++) size = size * 256 + byteAt(bytes, start++);
  }
  const constructed = (tag & 0x20) !== 0;
  const members: Asn[] = [];
  if (first === 0x80) {
    if (!constructed) throw new Error("a primitive ASN.1 value of indefinite length");
    let next = start;
    while (byteAt(bytes, next) !== 0 || byteAt(bytes, next + 1) !== 0) {
      const member = read(bytes, next, depth + 1, budget);
      members.push(member.value);
      next = member.end;
    }
    const content = bytes.subarray(start, next);
    return { value: { tag, whole: bytes.subarray(at, next + 2), content, members }, end: next + 2 };
  }
  const end = start + size;
  if (end > bytes.length) throw new Error("an ASN.1 value is longer than its bytes");
  if (constructed)
    for (let next = start; next < end;) {
      const member = read(bytes.subarray(0, end), next, depth + 1, budget);
      members.push(member.value);
      next = member.end;
    }
  const content = bytes.subarray(start, end);
  return { value: { tag, whole: bytes.subarray(at, end), content, members }, end };
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Error("ASN.1 ends too soon");
  return byte;
}

/** A member that has to be there, of this tag where one is named. */
export function member(value: Asn | undefined, at: number, tag?: number): Asn {
  const found = value?.members[at];
  if (found === undefined || (tag !== undefined && found.tag !== tag))
    throw new Error(`no ASN.1 member ${at}${tag === undefined ? "" : ` of tag ${tag}`}`);
  return found;
}

/** The first member of this tag. */
export function tagged(value: Asn, tag: number): Asn | undefined {
  return value.members.find((one) => one.tag === tag);
}

/** "1.2.840.113549.1.7.2" */
export function oidOf(value: Asn | undefined): string {
  if (value?.tag !== 0x06) throw new Error("an object identifier is expected");
  const parts: number[] = [];
  let part = 0;
  for (const byte of value.content) {
    part = part * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    parts.push(part);
    part = 0;
  }
  const [first = 0, ...rest] = parts;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join(".");
}

/** The octets of an OCTET STRING, also of one in pieces. */
export function octetsOf(value: Asn | undefined): Buffer {
  if (value?.tag === 0x04) return value.content;
  if (value?.tag === 0x24) return Buffer.concat(value.members.map(octetsOf));
  throw new Error("an octet string is expected");
}

export function numberOf(value: Asn | undefined): number {
  if (value?.tag !== 0x02 && value?.tag !== 0x0a) throw new Error("a number is expected");
  if (value.content.length > 6) throw new Error("the number is too large");
  return value.content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A positive INTEGER as hex without leading zeros. */
export function serialOf(value: Asn | undefined): string {
  if (value?.tag !== 0x02) throw new Error("a serial number is expected");
  return value.content
    .toString("hex")
    .replace(/^(00)+(?=..)/, "")
    .toUpperCase();
}

/** UTCTime or GeneralizedTime, in UTC. Throws when it is none. */
export function timeOf(value: Asn | undefined): Date {
  const text = value?.content.toString("latin1") ?? "";
  const short = /^(\d{2})(\d{10})Z$/.exec(text);
  const full =
    value?.tag === 0x17 && short
      ? `${Number(short[1]) < 50 ? "20" : "19"}${short[1] ?? ""}${short[2] ?? ""}`
      : /^(\d{14})(\.\d+)?Z$/.exec(text)?.[1];
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(full ?? "");
  if (parts === null || (value?.tag !== 0x17 && value?.tag !== 0x18)) throw new Error("a time is expected");
  const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new Error("there is no such time");
  return time;
}

/** A text of a name, whichever of the string types it is. */
export function textOf(value: Asn | undefined): string {
  if (value === undefined) return "";
  switch (value.tag) {
    case 0x1e: // BMPString
      return Buffer.from(value.content.subarray(0, value.content.length & ~1))
        .swap16()
        .toString("utf16le");
    case 0x0c: // UTF8String
      return value.content.toString("utf8").normalize("NFC");
    default:
      return value.content.toString("latin1");
  }
}
