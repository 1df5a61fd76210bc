import {
  PDFArray,
  PDFDict,
  PDFHexString,
  PDFName,
  type PDFDocument,
  type PDFPage,
  PDFRef,
} from "@cantoo/pdf-lib";

/** Where a signature shows: page from 0, and a rectangle in points from the page's lower left corner. */
export interface SignaturePlace {
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Names of the two signing places on a result. */
export const RESULT_FIELDS = { leader: "lanh-dao", agency: "co-quan" } as const;

export interface SignatureField {
  ref: PDFRef;
  dict: PDFDict;
  name: string;
  signed: boolean;
}

/** A new empty signature field whose widget is itself (ISO 32000-1, 12.7.4.5); printed, and locked once signed. */
export function addSignatureField(
  document: PDFDocument,
  page: PDFPage,
  name: string,
  place: SignaturePlace,
): SignatureField {
  const { context } = document;
  const dict = context.obj({
    Type: "Annot",
    Subtype: "Widget",
    FT: "Sig",
    T: PDFHexString.fromText(name),
    F: 132,
    Rect: [place.x, place.y, place.x + place.width, place.y + place.height],
    P: page.ref,
  });
  const ref = context.register(dict);
  // The library puts two new streams around the page's content on the way, which an incremental update would not hold.
  const found = page.node.get(PDFName.of("Contents"));
  const contents = found instanceof PDFArray ? found.clone(context) : found;
  page.node.addAnnot(ref);
  if (contents !== undefined) page.node.set(PDFName.of("Contents"), contents);
  formOf(document).lookup(PDFName.of("Fields"), PDFArray).push(ref);
  return { ref, dict, name, signed: false };
}

/** All signature fields of a document, in the order of its form. */
export function signatureFields(document: PDFDocument): SignatureField[] {
  const form = document.catalog.lookupMaybe(PDFName.of("AcroForm"), PDFDict);
  const fields = form?.lookupMaybe(PDFName.of("Fields"), PDFArray);
  return (fields?.asArray() ?? []).flatMap((ref) => {
    const dict = document.context.lookup(ref);
    if (
      !(ref instanceof PDFRef) ||
      !(dict instanceof PDFDict) ||
      dict.lookup(PDFName.of("FT")) !== PDFName.of("Sig")
    )
      return [];
    const name = dict.lookup(PDFName.of("T")) as PDFHexString | undefined;
    return [{ ref, dict, name: name?.decodeText() ?? "", signed: dict.has(PDFName.of("V")) }];
  });
}

/** The document's form, made when it has none. */
export function formOf(document: PDFDocument): PDFDict {
  const key = PDFName.of("AcroForm");
  const found = document.catalog.lookupMaybe(key, PDFDict);
  if (found) {
    if (!found.lookupMaybe(PDFName.of("Fields"), PDFArray))
      found.set(PDFName.of("Fields"), document.context.obj([]));
    return found;
  }
  const form = document.context.obj({ Fields: [], SigFlags: 0 });
  document.catalog.set(key, document.context.register(form));
  return form;
}
