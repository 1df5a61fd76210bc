import { PDFDict, PDFDocument, PDFName, PDFRawStream, PDFRef } from "@cantoo/pdf-lib";
import { appendUpdate, reserveNumbers, type ChangedObject } from "./append-update.ts";
import { readCms, type ReadCms } from "./read-cms.ts";
import { signatureFields } from "./signature-fields.ts";
import { readTimestamp } from "./timestamp-token.ts";
import type { ValidationData } from "./validation-data.ts";

/**
 * Puts validation data into a PDF as its document security store (PAdES B-LT; EN 319 142-1, 5.4.2), by an incremental
 * update: earlier signatures stay valid. Throws Invalid `pdf-not-signable` when the file's structure does not allow it.
 */
export async function addSecurityStore(pdf: Buffer, data: ValidationData): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  reserveNumbers(pdf, document);
  const { context } = document;
  const changed: ChangedObject[] = [];
  const stored = (bytes: Buffer): PDFRef => {
    const content = context.flateStream(bytes);
    const ref = context.register(content);
    changed.push({ ref, content });
    return ref;
  };
  const entries = {
    Certs: data.certificates.map(stored),
    CRLs: data.revocationLists.map(stored),
    OCSPs: data.ocspAnswers.map(stored),
  };
  const content = context.obj({
    Type: "DSS",
    ...Object.fromEntries(Object.entries(entries).filter(([, refs]) => refs.length > 0)),
  });
  const store = context.register(content);
  changed.push({ ref: store, content });
  document.catalog.set(PDFName.of("DSS"), store);
  const { Root } = context.trailerInfo;
  if (!(Root instanceof PDFRef)) throw new Error("a PDF without a catalogue");
  changed.push({ ref: Root, content: document.catalog });
  return appendUpdate(pdf, document, changed);
}

export interface SignatureInFile {
  field: string;
  cms: ReadCms;
}

/** Every signature of a PDF, taken apart, in the order of its form. */
export async function signaturesIn(pdf: Buffer): Promise<SignatureInFile[]> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  return signatureFields(document)
    .filter(({ signed }) => signed)
    .map(({ name, dict }) => {
      const contents = dict.lookup(PDFName.of("V"), PDFDict).lookup(PDFName.of("Contents"));
      const bytes = Buffer.from((contents as unknown as { asBytes(): Uint8Array }).asBytes());
      return { field: name, cms: readCms(withoutPadding(bytes)) };
    });
}

/** Certificates of the signers and of their timestamps, with all that stand beside them; DER. */
export function certificatesOf(signatures: readonly SignatureInFile[]): Buffer[] {
  return signatures.flatMap(({ cms }) => [
    ...cms.certificates.map((one) => one.der),
    ...(cms.timestamp === undefined ? [] : readTimestamp(cms.timestamp).certificates),
  ]);
}

/** What the security store of a PDF holds; nothing where there is none. */
export async function securityStoreOf(pdf: Buffer): Promise<ValidationData> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  const store = document.catalog.lookupMaybe(PDFName.of("DSS"), PDFDict);
  const { decodePDFRawStream, PDFArray } = await import("@cantoo/pdf-lib");
  const read = (name: string) =>
    (store?.lookupMaybe(PDFName.of(name), PDFArray)?.asArray() ?? []).flatMap((ref) => {
      const stream = document.context.lookup(ref);
      return stream instanceof PDFRawStream ? [Buffer.from(decodePDFRawStream(stream).decode())] : [];
    });
  return { certificates: read("Certs"), revocationLists: read("CRLs"), ocspAnswers: read("OCSPs") };
}

/** A DER value without the zeros that fill its place up. */
function withoutPadding(bytes: Buffer): Buffer {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return bytes.subarray(0, 2 + first);
  const count = first & 0x7f;
  return bytes.subarray(0, 2 + count + bytes.readUIntBE(2, count));
}
