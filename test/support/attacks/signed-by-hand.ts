import { createHash } from "node:crypto";
import type { SigningKey } from "../../../server/signing/signing-key.ts";
import { handCms } from "./hand-cms.ts";
import { pdfMoment, SIGNED_AT } from "./moments.ts";
import { stream, update, wholePdf, type Written } from "./pdf-writer.ts";

export interface HandSigning {
  key: SigningKey;
  /** The objects of the paper; object 1 is the catalogue and names the field, object 6 is the signature. */
  paper?: Written[];
  subFilter?: string;
  type?: "Sig" | "DocTimeStamp";
  /** Text of /M; none when empty. */
  time?: string;
  /** More of the signature's dictionary; stands before /Contents. */
  before?: string;
  after?: string;
  /** Makes the CMS of the covered bytes; by itself as our program does. */
  cms?: (covered: Buffer) => Buffer | Promise<Buffer>;
  /** Another range than the true one. */
  range?: (from: number, to: number, length: number) => number[];
  /** Zeros written between the string of /Contents and what follows it. */
  reserved?: number;
}

/** A paper of one page with one field, made without any library. */
export function handPaper(text = "Quyet dinh so 12", more: Written[] = [], form = ""): Written[] {
  const field =
    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (nguoi-ky) /F 132 /Rect [0 0 0 0] /P 3 0 R /V 6 0 R >>";
  return [
    {
      number: 1,
      body: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R ${form}] /SigFlags 3 >> >>`,
    },
    { number: 2, body: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>" },
    {
      number: 3,
      body: "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R] /Resources << /Font << /F 7 0 R >> >> >>",
    },
    { number: 4, body: stream(`BT /F 24 Tf 72 720 Td (${text}) Tj ET`) },
    { number: 5, body: field },
    { number: 7, body: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>" },
    ...more,
  ];
}

/** A signed PDF made by hand, honestly unless told otherwise. */
export async function signedByHand(signing: HandSigning): Promise<Buffer> {
  const { paper = handPaper(), reserved = 12_000 } = signing;
  return sign(wholePdf([...paper, { number: 6, body: dictionary(signing, reserved) }]), signing, reserved);
}

/** Another signature by an update: objects of the update, among them the one that names `number` as its value. */
export async function signedUpdate(
  pdf: Buffer,
  number: number,
  objects: Written[],
  signing: HandSigning,
): Promise<Buffer> {
  const { reserved = 12_000 } = signing;
  return sign(update(pdf, [...objects, { number, body: dictionary(signing, reserved) }]), signing, reserved);
}

const EMPTY = `[0 ${"0".repeat(10)} ${"0".repeat(10)} ${"0".repeat(10)}]`;

function dictionary(signing: HandSigning, reserved: number): string {
  const { subFilter = "ETSI.CAdES.detached", type = "Sig", time = pdfMoment(SIGNED_AT) } = signing;
  return (
    `<< /Type /${type} /Filter /Adobe.PPKLite /SubFilter /${subFilter} ${time === "" ? "" : `/M (${time})`}\n` +
    `/ByteRange ${EMPTY} ${signing.before ?? ""} /Contents <${"0".repeat(2 * reserved)}> ${signing.after ?? ""} >>`
  );
}

async function sign(pdf: Buffer, signing: HandSigning, reserved: number): Promise<Buffer> {
  const file = Buffer.from(pdf);
  const at = file.lastIndexOf(`/ByteRange ${EMPTY}`, undefined, "latin1") + "/ByteRange ".length;
  const from = file.indexOf("/Contents <0000", at, "latin1") + "/Contents ".length;
  const to = from + 2 * reserved + 2;
  const range = signing.range?.(from, to, file.length) ?? [0, from, to, file.length - to];
  file.write(`[${range.join(" ")}]`.padEnd(EMPTY.length), at, "latin1");
  const [start = 0, first = 0, second = 0, rest = 0] = range;
  const covered = Buffer.concat([file.subarray(start, start + first), file.subarray(second, second + rest)]);
  const digest = createHash("sha256").update(covered).digest();
  const cms = await (signing.cms?.(covered) ?? handCms(digest, signing.key));
  if (cms.length > reserved) throw new Error(`the signature takes ${cms.length} bytes`);
  file.write(cms.toString("hex"), from + 1, "latin1");
  return file;
}

/** Where the first signature of a file stands: its bytes in CMS, and what it covers. */
export function signatureParts(
  pdf: Buffer,
  which = 0,
): { cms: Buffer; covered: Buffer; from: number; to: number } {
  const found = [...pdf.toString("latin1").matchAll(/\/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]/g)][which];
  if (found === undefined) throw new Error("no such signature");
  const [from = 0, to = 0, rest = 0] = found.slice(1).map(Number);
  const padded = Buffer.from(pdf.subarray(from + 1, to - 1).toString("latin1"), "hex");
  const cms = padded.subarray(0, 4 + padded.readUInt16BE(2));
  return { cms, covered: Buffer.concat([pdf.subarray(0, from), pdf.subarray(to, to + rest)]), from, to };
}

/** The same file with another CMS in the place of a signature. */
export function withCms(pdf: Buffer, cms: Buffer, which = 0): Buffer {
  const { from, to } = signatureParts(pdf, which);
  const file = Buffer.from(pdf);
  file.write("0".repeat(to - from - 2), from + 1, "latin1");
  file.write(cms.toString("hex"), from + 1, "latin1");
  return file;
}
