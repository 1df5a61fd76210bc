import { compareCatalogues, compareTrailers } from "./compare-catalogues.ts";
import { compareFields, type Fields } from "./compare-fields.ts";
import { keysThatDiffer, lacksSome, openComparison, type Addition, type Comparison } from "./comparison.ts";
import { finding, type Finding } from "./findings.ts";
import { pagesOf, type PdfPage } from "./form-fields.ts";
import { canonical, nameText, PdfDict, PdfRef, PdfStream, refsIn, type PdfValue } from "./pdf-object.ts";
import type { PdfState } from "./pdf-state.ts";
import { classifier } from "./what-objects-are.ts";

/**
 * Says what is wrong with the changes of one revision that was added after a signature, and what it honestly added:
 * only signature fields with their widgets, document timestamps and validation data (DSS) may come, and of the
 * existing objects only those may change to which these are tied. Everything else is a finding. New objects that
 * nothing of the document leads to are answered apart (`unused`): some programs leave them behind when they sign, and
 * whether that is what happened is known from the signature over them. Throws NotJudged where a state cannot be read.
 */
export function compareRevisions(
  before: PdfState,
  after: PdfState,
): { findings: Finding[]; added: Addition[]; unused: Finding[] } {
  const comparison = openComparison(before, after);
  const pages = pagesOf(before);
  compareTrailers(comparison);
  compareCatalogues(comparison);
  const fields = compareFields(comparison, pages);
  for (const page of pages) comparePage(comparison, page, fields);

  const { changed, added, explained, reached, say, findings, additions } = comparison;
  const what = classifier(before);
  for (const number of changed)
    if (!explained.has(number)) say(what.changed(number), `object ${number} was changed`);
  const strangers = [...added].filter((number) => !reached.has(number));
  const used = strangers.length === 0 ? new Set<number>() : inUse(after);
  const unused: Finding[] = [];
  for (const number of strangers) {
    const value = after.object(number);
    const found = finding(what.appended(value), `object ${number} was added`);
    (used.has(number) || isPartOfTheFrame(value) ? findings : unused).push(found);
  }
  return { findings, added: additions, unused };
}

/** The objects to which the trailer leads, over whatever way. */
function inUse(state: PdfState): Set<number> {
  const used = new Set<number>();
  const waiting = refsIn(state.trailer);
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (used.has(ref.number)) continue;
    used.add(ref.number);
    waiting.push(...refsIn(state.readable(ref.number)));
  }
  return used;
}

/** What a program that repairs or searches a file might take for the document itself, though nothing names it. */
const FRAME = ["Catalog", "Pages", "Page", "Annot", "ObjStm", "XRef", "Sig", "DocTimeStamp"];
function isPartOfTheFrame(value: PdfValue | undefined): boolean {
  const dict = value instanceof PdfStream ? value.dict : value;
  if (!(dict instanceof PdfDict)) return false;
  return (
    FRAME.includes(nameText(dict.get("Type")) ?? "") || dict.entries.has("Rect") || dict.entries.has("Kids")
  );
}

/** A page may take the widgets of signatures among its annotations, and nothing else. */
function comparePage(comparison: Comparison, { number, dict }: PdfPage, { placeable }: Fields): void {
  const { before, after, changed, explained, say } = comparison;
  const now = after.dictAt(number);
  const old = dict.get("Annots");
  const isTouched = changed.has(number) || (old instanceof PdfRef && changed.has(old.number));
  if (!isTouched || now === undefined) return;
  explained.add(number);
  const other = keysThatDiffer(dict, now).filter(
    (key) => key !== "Annots" && key !== "Tabs" && !(key === "Resources" && sameResources(dict, now)),
  );
  if (other.length > 0) say("page-changed", `${other.join(", ")} of page object ${number}`);
  const value = now.get("Annots");
  comparison.take(value);
  const list = before.array(old) ?? [];
  const listNow = after.array(value) ?? [];
  if (lacksSome(list, listNow)) say("content-hidden", `an annotation is gone from page object ${number}`);
  const had = new Set(list.map(canonical));
  for (const one of listNow)
    if (!had.has(canonical(one)) && !(one instanceof PdfRef && placeable.has(one.number)))
      say("annotation-added", `${canonical(one).slice(0, 40)} on page object ${number}`);
}

/** Some programs write empty lists of fonts and pictures into a page that they touch: they change nothing. */
function sameResources(page: PdfDict, now: PdfDict): boolean {
  const isEmpty = (value: PdfValue | undefined) => value instanceof PdfDict && value.entries.size === 0;
  // Where the page inherits them, lists of its own would take the inherited ones away.
  const [then, later] = [page.get("Resources"), now.get("Resources")];
  if (!(then instanceof PdfDict) || !(later instanceof PdfDict)) return false;
  return keysThatDiffer(then, later).every((key) => !then.entries.has(key) && isEmpty(later.get(key)));
}
