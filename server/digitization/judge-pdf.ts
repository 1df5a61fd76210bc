import {
  EncryptedPDFError,
  ParseSpeeds,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  type PDFObject,
  PDFStream,
} from "@cantoo/pdf-lib";
import { assertNotBlank } from "./blank-pdf.ts";
import { FileUnfit, type Judgement } from "./file-judgement.ts";

/** More pages than any dossier's paper; beyond it the page tree is a trap. */
const MAX_PAGES = 2_000;

/**
 * Names of what acts, or carries another file, in a PDF (ISO 32000-1, 7.11.4, 12.6.4, 12.7.8, 13). A scan needs none
 * of them, and a reader at another counter may run them.
 */
const ACTIVE: Record<string, "pdf-script" | "pdf-embedded-file" | "pdf-launch"> = {
  JS: "pdf-script",
  JavaScript: "pdf-script",
  XFA: "pdf-script",
  EmbeddedFile: "pdf-embedded-file",
  EmbeddedFiles: "pdf-embedded-file",
  EF: "pdf-embedded-file",
  FileAttachment: "pdf-embedded-file",
  RichMedia: "pdf-embedded-file",
  Launch: "pdf-launch",
  ImportData: "pdf-launch",
  GoToE: "pdf-launch",
};

/** Of those, the names so long that chance does not write them into a compressed stream. */
const TELLING = /\/(JavaScript|EmbeddedFiles?|Launch|RichMedia)(?![A-Za-z0-9])/;

/** An encrypted file can fail to parse before the parser sees that it is one. */
const ENCRYPTED = /\/Encrypt\s*(<<|\d+\s+\d+\s+R)/;

/**
 * Says how many pages a PDF has, or why it is not taken. `path` is where the bytes lie. Throws FileUnfit.
 * The whole file is parsed: run it where a hostile file may cost its time and memory (judge-file.ts).
 */
export async function judgePdf(bytes: Uint8Array, path: string): Promise<Judgement> {
  refuseTellingNames(bytes);
  let pages: number;
  let document: PDFDocument;
  try {
    document = await PDFDocument.load(bytes, {
      updateMetadata: false,
      throwOnInvalidObject: true,
      parseSpeed: ParseSpeeds.Fastest,
    });
    for (const [, object] of document.context.enumerateIndirectObjects()) refuseActive(object);
    pages = document.getPageCount();
    if (pages > 0 && pages <= MAX_PAGES) for (const page of document.getPages()) page.getSize();
  } catch (cause) {
    if (cause instanceof FileUnfit) throw cause;
    if (cause instanceof EncryptedPDFError || ENCRYPTED.test(latin1(bytes)))
      throw new FileUnfit("file-encrypted", { cause });
    throw new FileUnfit("file-broken", { cause });
  }
  if (pages === 0) throw new FileUnfit("pdf-without-pages");
  if (pages > MAX_PAGES) throw new FileUnfit("pdf-too-many-pages");
  await assertNotBlank(document, path);
  return { mediaType: "application/pdf", pages };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** A later object can hide an earlier one from the parser and not from every reader, so the plain text is read too. */
function refuseTellingNames(bytes: Uint8Array): void {
  const text = latin1(bytes);
  const plain = TELLING.exec(text)?.[1];
  if (plain) throw new FileUnfit(ACTIVE[plain] ?? "pdf-script");
  for (const [written] of text.matchAll(/\/[A-Za-z]{0,12}#[0-9A-Fa-f]{2}[A-Za-z#0-9]{0,40}/g)) {
    const name = written.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(parseInt(hex, 16)),
    );
    const disguised = TELLING.exec(name)?.[1];
    if (disguised) throw new FileUnfit(ACTIVE[disguised] ?? "pdf-script");
  }
}

function refuseActive(top: PDFObject): void {
  const waiting: PDFObject[] = [top];
  for (let object = waiting.pop(); object; object = waiting.pop()) {
    if (object instanceof PDFStream) waiting.push(object.dict);
    else if (object instanceof PDFArray) waiting.push(...object.asArray());
    else if (object instanceof PDFName) refuseName(object);
    else if (object instanceof PDFDict) for (const [key, value] of object.entries()) waiting.push(key, value);
  }
}

function refuseName(name: PDFName): void {
  const text = name.decodeText();
  if (Object.hasOwn(ACTIVE, text)) throw new FileUnfit(ACTIVE[text] ?? "pdf-script");
}
