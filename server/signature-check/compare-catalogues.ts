import { keysThatDiffer, type Comparison } from "./comparison.ts";
import { sameMetadata } from "./metadata.ts";
import { canonical, nameText, PdfDict, PdfRef, PdfStream, type PdfValue } from "./pdf-object.ts";

/** What every program writes anew into the document's properties when it changes a file. */
const PROPERTIES_WRITTEN_ANEW = ["ModDate", "Producer"];

/** The trailer has to name the same catalogue, of the same document; its properties may say when it was changed. */
export function compareTrailers(comparison: Comparison): void {
  const { before, after, changed, added, say } = comparison;
  const [old, now] = [before.trailer, after.trailer];
  if (canonical(old.get("Root")) !== canonical(now.get("Root")))
    say("content-replaced", "the trailer names another catalogue");
  const [id] = before.array(old.get("ID")) ?? [];
  const [idNow] = after.array(now.get("ID")) ?? [];
  if (id !== undefined && idNow !== undefined && canonical(id) !== canonical(idNow))
    say("content-replaced", "the file has another identity");
  const ref = now.get("Info");
  if (!(ref instanceof PdfRef) || !(changed.has(ref.number) || added.has(ref.number))) return;
  const properties = after.dict(ref);
  const other = keysThatDiffer(before.dict(old.get("Info")), properties).filter(
    (key) => !PROPERTIES_WRITTEN_ANEW.includes(key),
  );
  if (other.length > 0) say("object-changed", `the document's ${other.join(", ")} was changed`);
  if (comparison.holders(ref.number) === 0 && comparison.take(ref)) {
    comparison.additions.push({ kind: "metadata" });
    comparison.reach(properties);
  }
}

/** Of the catalogue only its form, its store of validation data and its metadata may differ; each is compared by itself. */
export function compareCatalogues(comparison: Comparison): void {
  const { before, after, say, explained } = comparison;
  const { number, dict } = before.catalogue();
  const now = after.catalogue().dict;
  explained.add(number);
  for (const key of keysThatDiffer(dict, now)) {
    const value = now.get(key);
    if (key === "AcroForm" || ((key === "DSS" || key === "Extensions") && value !== undefined)) continue;
    if (key === "Version" && nameText(value) !== undefined) continue;
    if (key === "Metadata" && value instanceof PdfRef) continue;
    if (key === "Pages") say("content-replaced", "the catalogue names other pages");
    else say("object-changed", `the catalogue's ${key} was changed`);
  }
  const extensions = now.get("Extensions");
  comparison.take(extensions);
  comparison.reach(extensions);
  compareMetadata(comparison, dict.get("Metadata"), now.get("Metadata"));
  compareValidationData(comparison, dict.get("DSS"), now.get("DSS"));
}

function compareMetadata(
  comparison: Comparison,
  then: PdfValue | undefined,
  now: PdfValue | undefined,
): void {
  const [old, stream] = [comparison.before.resolve(then), comparison.after.resolve(now)];
  if (!(stream instanceof PdfStream)) return;
  if (!sameMetadata(old instanceof PdfStream ? old : undefined, stream)) return;
  if (comparison.take(now)) comparison.additions.push({ kind: "metadata" });
}

/** The document security store (EN 319 142-1, 5.4.2): certificates, revocation data, and which signature needs them. */
function compareValidationData(
  comparison: Comparison,
  then: PdfValue | undefined,
  now: PdfValue | undefined,
): void {
  const { after, additions } = comparison;
  let grew = canonical(then) !== canonical(now);
  const own = (value: PdfValue | undefined): PdfValue | undefined => {
    const found = after.resolve(value);
    // A stream that was there stays as it is: only lists grow.
    const isOldStream =
      found instanceof PdfStream && value instanceof PdfRef && !comparison.added.has(value.number);
    if (!isOldStream && comparison.take(value)) grew = true;
    return found;
  };
  const streams = (value: PdfValue | undefined) => {
    const list = own(value);
    if (!Array.isArray(list)) return;
    for (const one of list) if (after.resolve(one) instanceof PdfStream) own(one);
  };
  const store = own(now);
  if (!(store instanceof PdfDict)) return;
  for (const key of ["Certs", "CRLs", "OCSPs"]) streams(store.get(key));
  const bySignature = own(store.get("VRI"));
  if (bySignature instanceof PdfDict)
    for (const value of bySignature.entries.values()) {
      const one = own(value);
      if (!(one instanceof PdfDict)) continue;
      for (const key of ["Cert", "CRL", "OCSP"]) streams(one.get(key));
      if (after.resolve(one.get("TS")) instanceof PdfStream) own(one.get("TS"));
    }
  if (grew) additions.push({ kind: "validation-data" });
}
