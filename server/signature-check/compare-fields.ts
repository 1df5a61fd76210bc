import { keysThatDiffer, lacksSome, type Comparison } from "./comparison.ts";
import { areaOf, formFields, isSigned, type FormField, type PdfPage } from "./form-fields.ts";
import { nameText, PdfRef, type PdfDict } from "./pdf-object.ts";

/** Keys that a widget of a signature may have: none that acts, and none that hides. */
const WIDGET_KEYS = new Set([
  ...[
    "Type",
    "Subtype",
    "FT",
    "T",
    "TU",
    "TM",
    "V",
    "P",
    "Rect",
    "F",
    "AP",
    "MK",
    "DA",
    "Kids",
    "Parent",
    "Ff",
  ],
  ...["Lock", "SV", "M", "NM", "Border", "BS", "H", "DR", "StructParent", "Q", "Contents", "AS"],
]);
/** What signing an empty field that was there may change of it. */
const SIGNING_KEYS = new Set(["V", "AP", "F", "M", "MK", "DA"]);
/** Share of a page that the signatures of one revision may cover; a seal of 36 mm covers two hundredths of A4. */
const MOST_COVERED = 0.25;

/** The objects by which signature fields show that may newly stand on a page. */
export interface Fields {
  placeable: ReadonlySet<number>;
}

/** Compares the forms of two states: signature fields may come, and empty ones be signed; nothing else may differ. */
export function compareFields(comparison: Comparison, pages: readonly PdfPage[]): Fields {
  const { before, after } = comparison;
  const old = formFields(before);
  const now = formFields(after);
  compareForms(comparison, old);
  const areas = new Map(pages.map(({ number, area }) => [number, area]));
  let covered = 0;
  const cover = (widget: PdfDict) => {
    const page = widget.get("P");
    const known = page instanceof PdfRef ? areas.get(page.number) : undefined;
    const area = known ?? Math.min(...areas.values());
    if (area > 0) covered += areaOf(after, widget.get("Rect")) / area;
  };
  const known = new Set(old.map(({ number }) => number));
  const fresh = now.filter(({ number }) => !known.has(number));
  for (const field of fresh) judgeNewField(comparison, field, old, cover);
  for (const field of old)
    if (field.type === "Sig")
      compareField(
        comparison,
        field,
        now.find(({ number }) => number === field.number),
        cover,
      );
  if (covered > MOST_COVERED)
    comparison.say("overlay-added", `${Math.round(covered * 100)} % of a page are covered`);
  // A field may have been made first, and put on its page when it is signed.
  const empty = old.filter((field) => field.type === "Sig" && !isSigned(field));
  const widgets = [...fresh, ...empty].flatMap((field) => field.widgets.map(({ number }) => number));
  return { placeable: new Set(widgets) };
}

function compareForms(comparison: Comparison, fields: readonly FormField[]): void {
  const { before, after, say } = comparison;
  const [then, now] = [before.catalogue().dict.get("AcroForm"), after.catalogue().dict.get("AcroForm")];
  if (then === undefined && now === undefined) return;
  const [form, formNow] = [before.dict(then), after.dict(now)];
  if (formNow === undefined) {
    say("signature-removed", "the form is gone");
    return;
  }
  comparison.take(now);
  comparison.take(formNow.get("Fields"));
  const onlySignatures = fields.every(({ type }) => type === "Sig");
  for (const key of keysThatDiffer(form, formNow)) {
    const value = formNow.get(key);
    if (key === "Fields" || (key === "SigFlags" && typeof value === "number")) continue;
    if ((key === "DR" || key === "DA") && onlySignatures) comparison.reach(value);
    else say("field-changed", `the form's ${key} was changed`);
  }
  if (lacksSome(before.array(form?.get("Fields")) ?? [], after.array(formNow.get("Fields")) ?? []))
    say("signature-removed", "a field is gone from the form, or stands elsewhere in it");
}

function judgeNewField(
  comparison: Comparison,
  field: FormField,
  old: readonly FormField[],
  cover: (widget: PdfDict) => void,
): void {
  const { after, added, reached, say } = comparison;
  const { number, dict, widgets, above, name } = field;
  const objects = [number, ...above, ...widgets.map((one) => one.number)];
  const odd = [dict, ...widgets.map((one) => one.dict)].flatMap((one) =>
    [...one.entries.keys()].filter((key) => !WIDGET_KEYS.has(key)),
  );
  if (objects.some((one) => !added.has(one)))
    say("field-changed", `field "${name}" was made of an object that was there`);
  else if (field.type !== "Sig") say("annotation-added", `field "${name}" is no signature's`);
  else if (old.some((one) => one.name === name))
    say("field-changed", `field "${name}" has the name of one that was there`);
  else if (odd.length > 0) say("annotation-added", `field "${name}" has ${odd.join(", ")}`);
  else {
    for (const one of objects) reached.add(one);
    for (const widget of widgets) {
      const shows = widget.dict.entries.has("AP") && areaOf(after, widget.dict.get("Rect")) > 0;
      if (shows && !isSigned(field))
        say("annotation-added", `field "${name}" is empty and yet shows something`);
      comparison.reach(widget.dict);
      cover(widget.dict);
    }
    comparison.reach(dict);
    tell(comparison, field);
  }
}

/** A signature field that was there: signed, it stays as it is; empty, it may be signed. */
function compareField(
  comparison: Comparison,
  field: FormField,
  now: FormField | undefined,
  cover: (widget: PdfDict) => void,
): void {
  const { after, changed, explained, say } = comparison;
  const objects = new Map<number, PdfDict>([
    [field.number, field.dict],
    ...field.widgets.map((one) => [one.number, one.dict] as const),
  ]);
  for (const [number, dict] of objects) {
    if (!changed.has(number) || now === undefined) continue;
    explained.add(number);
    const widget = after.dictAt(number);
    const other = keysThatDiffer(dict, widget);
    const detail = `${other.join(", ")} of field "${field.name}"`;
    if (isSigned(field)) say(other.includes("V") ? "signature-removed" : "widget-changed", detail);
    else if (!isSigned(now) || other.some((key) => !SIGNING_KEYS.has(key))) say("widget-changed", detail);
    else {
      comparison.reach(widget);
      if (widget?.entries.has("AP") === true) cover(widget);
    }
  }
  if (!isSigned(field) && now !== undefined && isSigned(now)) tell(comparison, now);
}

/** Notes what a new or newly signed field adds. */
function tell({ after, added, additions, say }: Comparison, field: FormField): void {
  const { name, value } = field;
  if (!isSigned(field)) {
    additions.push({ kind: "empty-field", field: name });
    return;
  }
  const type = nameText(after.dict(value)?.get("Type")) ?? "Sig";
  const isNew = value instanceof PdfRef && added.has(value.number);
  if (!isNew || (type !== "Sig" && type !== "DocTimeStamp"))
    say("field-changed", `field "${name}" is signed by an object that was there`);
  else additions.push({ kind: type === "Sig" ? "signature" : "timestamp", field: name });
}
