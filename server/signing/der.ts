import * as asn1 from "asn1js";

/** A piece of ASN.1; its DER by `encoded`. */
export type Node = asn1.AsnType;

export const sequence = (...value: Node[]): Node => new asn1.Sequence({ value });
export const oid = (value: string): Node => new asn1.ObjectIdentifier({ value });
export const integer = (value: number): Node => new asn1.Integer({ value });
export const octets = (bytes: Uint8Array): Node => new asn1.OctetString({ valueHex: copy(bytes) });
export const bits = (bytes: Uint8Array, unusedBits = 0): Node =>
  new asn1.BitString({ valueHex: copy(bytes), unusedBits });
export const bool = (value: boolean): Node => new asn1.Boolean({ value });
export const nothing = (): Node => new asn1.Null();
export const utf8 = (value: string): Node => new asn1.Utf8String({ value: value.normalize("NFC") });
export const printableString = (value: string): Node => new asn1.PrintableString({ value });

/** A positive integer from its bytes. */
export function bigInteger(bytes: Uint8Array): Node {
  const positive = (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return new asn1.Integer({ valueHex: copy(positive) });
}

/** UTCTime, as RFC 5280 wants times until 2049. */
export const utcTime = (value: Date): Node => new asn1.UTCTime({ valueDate: value });

/** SET OF in DER: its members sorted by their bytes (X.690, 11.6). */
export function setOf(...members: Node[]): Node {
  const sorted = members.map((member) => encoded(member)).sort((a, b) => Buffer.compare(a, b));
  return new asn1.Set({ value: sorted.map(verbatim) });
}

/** A set of one, which needs no sorting: it may hold bytes taken over as they are. */
export const onlyMember = (member: Node): Node => new asn1.Set({ value: [member] });

/** [n] around the members: EXPLICIT, or an IMPLICIT sequence or set. */
export const tagged = (tagNumber: number, ...value: Node[]): Node =>
  new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
/** [n] IMPLICIT of a primitive. */
export const taggedBytes = (tagNumber: number, bytes: Uint8Array): Node =>
  new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: copy(bytes) });

export function encoded(node: Node): Buffer {
  return Buffer.from(node.toBER(false));
}

/** Reads one DER value as one of the library's. Throws when it is none. (What is read often: read-der.ts.) */
export function decoded(bytes: Uint8Array): Node {
  const { offset, result } = asn1.fromBER(copy(bytes));
  if (offset === -1) throw new Error(`not ASN.1: ${result.error}`);
  return result;
}

/** The members of a constructed value. Throws when it has none. */
export function members(node: Node | undefined): Node[] {
  const value: unknown = (node?.valueBlock as { value?: unknown } | undefined)?.value;
  if (!Array.isArray(value)) throw new Error("a constructed ASN.1 value is expected");
  return value as Node[];
}

function copy(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

export const enumerated = (value: number): Node => new asn1.Enumerated({ value });

/** GeneralizedTime in whole seconds, as RFC 5280 and RFC 3161 want it. */
export const generalizedTime = (value: Date): Node =>
  new asn1.GeneralizedTime({ valueDate: new Date(Math.floor(value.getTime() / 1000) * 1000) });

/**
 * Bytes that are DER already, taken over one for one inside another value: what is signed must not be written anew.
 * (The library's own RawData leaves nothing in the value around it.)
 */
export function verbatim(der: Uint8Array): Node {
  const toBER = (sizeOnly?: boolean, writer?: asn1.ViewWriter): ArrayBuffer => {
    if (sizeOnly === true) return new ArrayBuffer(der.byteLength);
    writer?.write(copy(der));
    return writer === undefined ? copy(der) : new ArrayBuffer(0);
  };
  return { toBER } as unknown as Node;
}
