import { createPublicKey } from "node:crypto";
import { readHistory } from "../../../server/signature-check/revisions.ts";
import { openFile, type PdfState } from "../../../server/signature-check/pdf-state.ts";
import { formFields, pagesOf } from "../../../server/signature-check/form-fields.ts";
import {
  PdfRef,
  PdfStream,
  type PdfDict,
  type PdfValue,
} from "../../../server/signature-check/pdf-object.ts";
import { decoded, encoded, members, oid, sequence, setOf, tagged } from "../../../server/signing/der.ts";
import { makeCertificate } from "../../../server/signing/certificate.ts";
import type { TestAuthority, TestSigner } from "./certificates.ts";
import { stream, update } from "./pdf-writer.ts";
import { handPaper, signatureParts, signedByHand, signedUpdate, withCms } from "./signed-by-hand.ts";
import type { Grounds } from "./grounds.ts";

export const TSA = {
  subject: "/C=VN/O=Cơ quan thử nghiệm/CN=Dấu thời gian thử nghiệm",
  kind: "tsa",
} as const;
/** A field that shows nothing, and an object that nothing uses. */
export const HIDDEN_FIELD = "/Rect [0 0 0 0] /V 9002 0 R";
export const LITTER = { number: 9010, body: "<< /Loi (khac) >>" };
export const FORGED = "1 1 1 rg 0 0 600 850 re f 0 g BT /F 30 Tf 72 600 Td (Quyet dinh gia mao) Tj ET";
export const FORM = "/Type /XObject /Subtype /Form /BBox [0 0 500 400]";

function newest(pdf: Buffer): PdfState {
  const [state] = readHistory(openFile(pdf)).states;
  if (state === undefined) throw new Error("no state");
  return state;
}

export function contentOf(pdf: Buffer) {
  const state = newest(pdf);
  const [page] = pagesOf(state);
  const contents = page!.dict.get("Contents");
  const [first] = state.array(contents) ?? [contents];
  return { state, page: page!.number, dict: page!.dict, number: (first as PdfRef).number };
}

export function fieldOf(pdf: Buffer, which: number) {
  const state = newest(pdf);
  const field = formFields(state).filter(({ type }) => type === "Sig")[which];
  if (field === undefined) throw new Error("no such field");
  return { state, field };
}

/** A new signature field 9000 with a picture 9001, put on the first page and into the form. */
export function newField(pdf: Buffer, more: string) {
  const { page, dict, state } = contentOf(pdf);
  const annotations = (state.array(dict.get("Annots")) ?? []).map(written).join(" ");
  const root = state.catalogue();
  const form = state.dict(root.dict.get("AcroForm"))!;
  const fields = (state.array(form.get("Fields")) ?? []).map(written).join(" ");
  const formBody = rewritten(form, { Fields: `[${fields} 9000 0 R]`, SigFlags: "3" });
  const home = root.dict.get("AcroForm");
  return [
    home instanceof PdfRef
      ? { number: home.number, body: formBody }
      : { number: root.number, body: rewritten(root.dict, { AcroForm: formBody }) },
    { number: page, body: rewritten(dict, { Annots: `[${annotations} 9000 0 R]` }) },
    {
      number: 9000,
      body: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (them) /F 132 /P ${page} 0 R ${more} >>`,
    },
    ...(more.includes("9001") ? [{ number: 9001, body: stream(FORGED, FORM) }] : []),
  ];
}

/** A value as a file has it. */
export function written(value: PdfValue | undefined): string {
  if (value === undefined || value === null) return "null";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(" ")}]`;
  if (value instanceof PdfRef) return `${value.number} ${value.generation} R`;
  if (value instanceof PdfStream) throw new Error("a stream is written by itself");
  if ("text" in value) return `/${value.text}`;
  if ("bytes" in value) return `<${value.bytes.toString("hex")}>`;
  return rewritten(value, {});
}

export function rewritten(dict: PdfDict, changes: Record<string, string>): string {
  const kept = [...dict.entries]
    .filter(([key]) => !(key in changes))
    .map(([key, one]) => `/${key} ${written(one)}`);
  return `<< ${[...kept, ...Object.entries(changes).map(([key, text]) => `/${key} ${text}`)].join(" ")} >>`;
}

/** A paper whose true text lies under a white picture that an annotation shows. */
export function covered() {
  return handPaper("Tien phat 9999", [
    { number: 8, body: "<< /Type /Annot /Subtype /Stamp /Rect [60 700 400 760] /F 4 /AP << /N 9 0 R >> >>" },
    {
      number: 9,
      body: stream("1 1 1 rg 0 0 340 60 re f", "/Type /XObject /Subtype /Form /BBox [0 0 340 60]"),
    },
  ]).map((one) =>
    one.number === 3 ? { ...one, body: String(one.body).replace("[5 0 R]", "[5 0 R 8 0 R]") } : one,
  );
}

/** A paper with a second catalogue that nothing names yet. */
export function twofold() {
  return handPaper("Tien phat 12", [
    { number: 11, body: "<< /Type /Catalog /Pages 12 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>" },
    { number: 12, body: "<< /Type /Pages /Kids [13 0 R] /Count 1 >>" },
    {
      number: 13,
      body: "<< /Type /Page /Parent 12 0 R /MediaBox [0 0 595 842] /Contents 14 0 R /Annots [5 0 R] /Resources << /Font << /F 7 0 R >> >> >>",
    },
    { number: 14, body: stream("BT /F 24 Tf 72 720 Td (Tien phat 9999) Tj ET") },
  ]);
}

/** A paper in which a second object 4 lies before the one that the cross-reference names. */
export function hiding() {
  const hidden = stream("BT /F 24 Tf 72 720 Td (Tien phat 9999) Tj ET").toString("latin1");
  return handPaper("Tien phat 12").map((one) =>
    one.number === 3 ? { ...one, body: `${String(one.body)}\nendobj\n4 0 obj\n${hidden}` } : one,
  );
}

export function textField(value: string, look: string): string {
  return `<< /Type /Annot /Subtype /Widget /FT /Tx /T (so-tien) /V (${value}) /F 4 /Rect [72 600 272 620] /P 3 0 R /AP << /N ${look} >> >>`;
}

export function withTextField(value: string, shown: string) {
  return handPaper(
    "So tien:",
    [
      { number: 8, body: textField(value, "9 0 R") },
      { number: 9, body: stream(`BT /F 12 Tf 2 4 Td (${shown}) Tj ET`, FORM) },
    ],
    "8 0 R",
  ).map((one) =>
    one.number === 3 ? { ...one, body: String(one.body).replace("[5 0 R]", "[5 0 R 8 0 R]") } : one,
  );
}

const YEARS = { notBefore: new Date("2021-01-01T00:00:00Z"), notAfter: new Date("2040-01-01T00:00:00Z") };
const NAMES = { organisation: "Sở Tư pháp", title: "Giám đốc", commonName: "Trần Văn Mẫu" };

export function selfMade({ key }: TestSigner): Buffer {
  return makeCertificate({ subject: NAMES, publicKey: publicOf(key), issuerKey: key, ...YEARS });
}

export function issuedBy(person: TestSigner): Buffer {
  const issuer = { certificate: person.certificate };
  return makeCertificate({
    subject: NAMES,
    publicKey: publicOf(person.key),
    issuer,
    issuerKey: person.key,
    ...YEARS,
  });
}

/** A certificate of the same issuer, serial number and key for another title: what an exchange would put in. */
export function twinOf(leader: TestSigner, authority: TestAuthority): Buffer {
  return authority.twin(leader, "/C=VN/O=Sở Tư pháp/title=Bộ trưởng/CN=Trần Văn Mẫu");
}

/** The same CMS with another certificate in the place of the signer's. */
export function withCertificate(cms: Buffer, certificate: Buffer): Buffer {
  const [type, content] = members(decoded(cms));
  const [version, digests, inner, certificates, signers] = members(members(content)[0]);
  const rest = members(certificates).slice(1);
  return encoded(
    sequence(
      type!,
      tagged(0, sequence(version!, digests!, inner!, tagged(0, decoded(certificate), ...rest), signers!)),
    ),
  );
}

/** A CMS with a timestamp token among its unsigned attributes. */
export function withTimestamp(cms: Buffer, token: (signature: Buffer) => Buffer): Buffer {
  const [type, content] = members(decoded(cms));
  const [version, digests, inner, certificates, signers] = members(members(content)[0]);
  const parts = members(members(signers)[0]);
  const last = encoded(parts[5]!);
  const signature = last.subarray(4); // OCTET STRING of 256 bytes: tag, 82 01 00
  const attribute = sequence(oid("1.2.840.113549.1.9.16.2.14"), setOf(decoded(token(signature))));
  const signer = sequence(...parts.slice(0, 6), tagged(1, attribute));
  return encoded(
    sequence(type!, tagged(0, sequence(version!, digests!, inner!, certificates!, setOf(signer)))),
  );
}

/** A signature by hand with a timestamp; what is stamped and the token can be spoilt. */
export async function stamped(
  { authority, tsa, leader }: Pick<Grounds, "authority" | "tsa" | "leader">,
  what = (signature: Buffer) => signature,
  spoil = (token: Buffer) => token,
  more: { time?: string; reserved?: number } = {},
): Promise<Buffer> {
  const honest = await signedByHand({ key: leader, reserved: 16_000, ...more });
  const cms = withTimestamp(signatureParts(honest).cms, (signature) =>
    spoil(authority.timestamp(what(signature), tsa)),
  );
  return withCms(honest, cms);
}

/** A file with a timestamp of the whole document after it. */
export function withDocumentTimestamp(pdf: Buffer, token: (covered: Buffer) => Buffer): Promise<Buffer> {
  const field = newField(pdf, "/Rect [0 0 0 0] /V 9002 0 R");
  return signedUpdate(pdf, 9002, field, {
    key: { certificateChain: [], sign: () => Promise.reject(new Error("not asked")) },
    type: "DocTimeStamp",
    subFilter: "ETSI.RFC3161",
    time: "",
    cms: token,
  });
}

/** A file with validation data (DSS) after it. */
export function withValidationData(pdf: Buffer, data: { certificates: Buffer[]; crls: Buffer[] }): Buffer {
  const { number, dict } = newest(pdf).catalogue();
  const first = 9100;
  const streams = [...data.certificates, ...data.crls].map((der, at) => ({
    number: first + 1 + at,
    body: stream(der),
  }));
  const refs = (from: number, count: number) =>
    `[${Array.from({ length: count }, (_, at) => `${from + at} 0 R`).join(" ")}]`;
  const certificates = refs(first + 1, data.certificates.length);
  const crls = refs(first + 1 + data.certificates.length, data.crls.length);
  return update(pdf, [
    { number, body: rewritten(dict, { DSS: `${first} 0 R` }) },
    { number: first, body: `<< /Type /DSS /Certs ${certificates} /CRLs ${crls} >>` },
    ...streams,
  ]);
}

function publicOf(key: TestSigner["key"]) {
  return createPublicKey(key);
}

/** A file whose catalogue lies in an object stream that is a bomb. */
export function bombed(bomb: Buffer): Buffer {
  const head = Buffer.from("%PDF-1.7\n", "latin1");
  const container = Buffer.concat([
    Buffer.from("5 0 obj\n", "latin1"),
    stream(bomb, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"),
    Buffer.from("\nendobj\n", "latin1"),
  ]);
  const at = head.length + container.length;
  const entry = (type: number, second: number, third: number) =>
    Buffer.from([type, second >> 24, second >> 16, second >> 8, second, third]);
  const rows = Buffer.concat([entry(2, 5, 0), entry(1, head.length, 0), entry(1, at, 0)]);
  const references = Buffer.concat([
    Buffer.from("6 0 obj\n", "latin1"),
    stream(rows, "/Type /XRef /W [1 4 1] /Index [1 1 5 2] /Size 7 /Root 1 0 R"),
    Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`, "latin1"),
  ]);
  return Buffer.concat([head, container, references]);
}
