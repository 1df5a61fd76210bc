import { createHash } from "node:crypto";
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRef, type PDFPage } from "@cantoo/pdf-lib";
import { MM, num } from "../forms/page.ts";
import { Refused } from "../platform/errors.ts";
import { appendUpdate, reserveNumbers, type ChangedObject } from "./append-update.ts";
import { signCms, type Timestamper } from "./cms.ts";
import { drawHandwriting } from "./handwriting.ts";
import { drawSeal } from "./seal.ts";
import {
  addSignatureField,
  formOf,
  signatureFields,
  type SignatureField,
  type SignaturePlace,
} from "./signature-fields.ts";
import { embedImage, type SignatureImage } from "./signature-images.ts";
import type { SigningKey } from "./signing-key.ts";

/** How a signature shows on the page (Decree 30/2020: a person's in blue, an agency's seal in red). */
export type Appearance =
  | { kind: "handwriting"; name: string; image?: SignatureImage | undefined }
  | {
      kind: "seal";
      agencyName: string;
      parentAgencyName?: string | undefined;
      image?: SignatureImage | undefined;
    }
  | { kind: "hidden" }
  /** Drawn by somebody else, with objects of its own (copy-stamp.ts). */
  | { kind: "drawn"; draw: (document: PDFDocument) => Promise<Drawn> };

export interface Drawn {
  look: PDFRef;
  place: SignaturePlace;
  /** New objects that the look needs. */
  objects: Iterable<PDFRef>;
}

export interface Signing {
  key: SigningKey;
  /** Opens the key for this signature; not needed for demonstration keys, never kept. */
  pin?: string | undefined;
  /** Its token over the signature goes into it: PAdES B-T. Without one, or where it gives none, B-B. */
  timestamp?: Timestamper | undefined;
  appearance: Appearance;
  reason: string;
  location: string;
  /** Who signs, as viewers show it. */
  name: string;
  /** By the program's clock. */
  signedAt: Date;
  /** An empty field of this name is signed; where there is none, one is made. */
  fieldName: string;
  /** Where a new field goes; without it, the place of signing of a Vietnamese paper. */
  place?: SignaturePlace | undefined;
}

/**
 * Signs a PDF (PAdES B-B, with a timestamp B-T: ETSI.CAdES.detached, SHA-256) by an incremental update: the old bytes are an exact prefix of
 * the new ones, so that earlier signatures stay valid. Throws Refused `signature-field-signed` when the field is signed
 * already, Invalid `pdf-not-signable` when the file's structure does not allow it, and whatever the key throws.
 */
export async function signPdf(pdf: Buffer, signing: Signing): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false });
  reserveNumbers(pdf, document);
  const { context } = document;
  const { appearance } = signing;
  const drawn = appearance.kind === "drawn" ? await appearance.draw(document) : undefined;
  const changed = new Set<PDFRef>(drawn?.objects);
  const place = drawn?.place ?? signing.place;
  // A form that is made now is named by the catalogue, which changes with it.
  if (!document.catalog.has(PDFName.of("AcroForm"))) changed.add(document.context.trailerInfo.Root as PDFRef);
  const field = findOrAddField(document, { ...signing, place }, changed);

  const value = context.nextRef();
  field.dict.set(PDFName.of("V"), value);
  const look = drawn?.look ?? (await appearanceOf(document, field, appearance, changed));
  if (look) {
    field.dict.set(PDFName.of("AP"), context.obj({ N: look }));
    changed.add(look);
  }
  changed.add(field.ref);
  const form = formOf(document);
  form.set(PDFName.of("SigFlags"), context.obj(3)); // signatures exist; append only (12.7.2)
  changed.add(homeOf(document, form));

  const room = 3_072 + (signing.timestamp ? TIMESTAMP_ROOM : 0);
  const reserved = signing.key.certificateChain.reduce((sum, der) => sum + der.length, room);
  const objects: ChangedObject[] = [...changed].flatMap((ref) => {
    const content = context.lookup(ref);
    return content ? [{ ref, content }] : [];
  });
  objects.push({ ref: value, content: signatureDictionary(signing, reserved) });
  return fillIn(appendUpdate(pdf, document, objects), pdf.length, signing, reserved);
}

/** A token carries the certificates of its authority; the longest seen take some 9 KB. */
const TIMESTAMP_ROOM = 14_336;

const BYTE_RANGE = `/ByteRange [0 ${"0".repeat(10)} ${"0".repeat(10)} ${"0".repeat(10)}]`;

function signatureDictionary({ reason, location, name, signedAt }: Signing, reserved: number): Buffer {
  const text = (value: string) => String(PDFHexString.fromText(value.normalize("NFC")));
  const local = new Date(signedAt.getTime() + 7 * 3_600_000).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return Buffer.from(
    `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n${BYTE_RANGE}\n` +
      `/Contents <${"0".repeat(2 * reserved)}>\n/M (D:${local}+07'00')\n` +
      `/Name ${text(name)} /Reason ${text(reason)} /Location ${text(location)} >>`,
    "latin1",
  );
}

/** Signs all bytes but the place of the signature, and writes it there. */
async function fillIn(
  file: Buffer,
  oldLength: number,
  { key, pin, timestamp }: Signing,
  reserved: number,
): Promise<Buffer> {
  // Searched in the update alone: what stood before may hold the same words.
  const range = file.indexOf(BYTE_RANGE, oldLength, "latin1");
  const from = file.indexOf("/Contents <", range, "latin1") + "/Contents ".length;
  const to = from + 2 * reserved + 2;
  const numbers = `/ByteRange [0 ${from} ${to} ${file.length - to}]`;
  file.write(numbers.padEnd(BYTE_RANGE.length), range, "latin1");
  const digest = createHash("sha256").update(file.subarray(0, from)).update(file.subarray(to)).digest();
  const cms = await signCms({ digest, key, pin, timestamp });
  if (cms.length > reserved)
    throw new Error(`the signature takes ${cms.length} bytes, ${reserved} are reserved`);
  file.write(cms.toString("hex"), from + 1, "latin1");
  return file;
}

function findOrAddField(document: PDFDocument, signing: Signing, changed: Set<PDFRef>): SignatureField {
  const fields = signatureFields(document);
  const found = fields.find(({ name }) => name === signing.fieldName);
  if (found?.signed) throw new Refused("signature-field-signed", "Vị trí ký này đã được ký số.");
  if (found) return found;
  const place = signing.place ?? usualPlace(document, signing.appearance, fields);
  const page = document.getPage(place.page);
  const field = addSignatureField(document, page, signing.fieldName, place);
  changed.add(page.ref);
  const annotations = page.node.get(PDFName.of("Annots"));
  if (annotations instanceof PDFRef) changed.add(annotations);
  const list = formOf(document).get(PDFName.of("Fields"));
  if (list instanceof PDFRef) changed.add(list);
  return field;
}

/** Whoever holds the form: the form itself when it is an object of its own, else the catalogue. */
function homeOf(document: PDFDocument, form: PDFDict): PDFRef {
  return document.context.getObjectRef(form) ?? (document.context.trailerInfo.Root as PDFRef);
}

const HAND = { width: 52 * MM, height: 25 * MM };
const SEAL = 36 * MM;

/** The lower right of the last page for a person; over one third of the last signature, on its left, for a seal. */
function usualPlace(document: PDFDocument, { kind }: Appearance, fields: SignatureField[]): SignaturePlace {
  const last = document.getPageCount() - 1;
  if (kind === "hidden" || kind === "drawn") return { page: 0, x: 0, y: 0, width: 0, height: 0 };
  const before = kind === "seal" ? fields.filter(({ signed }) => signed).at(-1) : undefined;
  const hand = before ? placeOf(document, before) : lowerRight(document.getPage(last), last);
  if (kind === "handwriting") return hand;
  const middle = hand.y + hand.height / 2;
  return {
    page: hand.page,
    x: hand.x + hand.width / 3 - SEAL,
    y: middle - SEAL / 2,
    width: SEAL,
    height: SEAL,
  };
}

function lowerRight(page: PDFPage, number: number): SignaturePlace {
  const { x, y, width } = page.getCropBox();
  return { page: number, x: x + width - 25 * MM - HAND.width, y: y + 35 * MM, ...HAND };
}

function placeOf(document: PDFDocument, { dict }: SignatureField): SignaturePlace {
  const rectangle = dict.lookup(PDFName.of("Rect"), PDFArray).asRectangle();
  const pages = document.getPages();
  const home = dict.get(PDFName.of("P"));
  const page = pages.findIndex(({ ref }) => ref === home);
  return { page: page < 0 ? pages.length - 1 : page, ...rectangle };
}

async function appearanceOf(
  document: PDFDocument,
  { dict }: SignatureField,
  appearance: Appearance,
  changed: Set<PDFRef>,
): Promise<PDFRef | undefined> {
  const { width, height } = dict.lookup(PDFName.of("Rect"), PDFArray).asRectangle();
  const { kind } = appearance;
  if (kind === "hidden" || kind === "drawn" || width === 0 || height === 0) return undefined;
  const { context } = document;
  // Ink does not hide what is under it.
  const ink = { Type: "ExtGState", BM: "Multiply", ca: 0.92, CA: 0.92 };
  if (appearance.image !== undefined) {
    const { image, objects } = await embedImage(document, appearance.image);
    for (const object of objects) changed.add(object);
    return context.register(
      context.flateStream(`q /Ink gs\n${fitted(appearance.image, width, height)} cm /Image Do\nQ`, {
        Type: "XObject",
        Subtype: "Form",
        BBox: [0, 0, width, height],
        Resources: { ExtGState: { Ink: { ...ink, ca: 1, CA: 1 } }, XObject: { Image: image } },
        Group: { S: "Transparency" },
      }),
    );
  }
  const content =
    kind === "handwriting"
      ? drawHandwriting(appearance.name, width, height)
      : drawSeal(appearance, Math.min(width, height));
  return context.register(
    context.flateStream(`q /Ink gs\n${content}\nQ`, {
      Type: "XObject",
      Subtype: "Form",
      BBox: [0, 0, width, height],
      Resources: { ExtGState: { Ink: ink } },
      Group: { S: "Transparency" },
    }),
  );
}

/** The matrix that puts an image into the middle of a box: of its own size, smaller where it would not fit. */
function fitted({ widthMm, heightMm }: SignatureImage, width: number, height: number): string {
  const scale = Math.min(1, width / (widthMm * MM), height / (heightMm * MM));
  const [w, h] = [widthMm * MM * scale, heightMm * MM * scale];
  return `${num(w)} 0 0 ${num(h)} ${num((width - w) / 2)} ${num((height - h) / 2)}`;
}
