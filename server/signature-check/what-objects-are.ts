import type { FindingCode } from "./findings.ts";
import { formFields, pagesOf } from "./form-fields.ts";
import { nameText, PdfDict, PdfStream, refsIn, type PdfValue } from "./pdf-object.ts";
import type { PdfState } from "./pdf-state.ts";

/** Says which finding a change of an object is, by the part that it had in the document before. */
export function classifier(before: PdfState) {
  let parts: Map<number, FindingCode> | undefined;
  return {
    changed: (number: number): FindingCode => (parts ??= partsOf(before)).get(number) ?? "object-changed",
    appended: (value: PdfValue | undefined): FindingCode => {
      const dict = value instanceof PdfStream ? value.dict : value;
      if (!(dict instanceof PdfDict)) return "object-appended";
      const type = nameText(dict.get("Type"));
      if (type === "Page" || type === "Pages") return "page-changed";
      if (type === "Annot" || dict.entries.has("Rect")) return "annotation-added";
      return "object-appended";
    },
  };
}

function partsOf(state: PdfState): Map<number, FindingCode> {
  const parts = new Map<number, FindingCode>();
  const spread = (code: FindingCode, numbers: number[], but: readonly string[]) => {
    const waiting = [...numbers];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (parts.has(number) || !state.isLive(number)) continue;
      parts.set(number, code);
      const value = state.object(number);
      const dict = value instanceof PdfStream ? value.dict : value;
      const members =
        dict instanceof PdfDict
          ? [...dict.entries].flatMap(([key, one]) => (but.includes(key) ? [] : [one]))
          : [value];
      for (const member of members) waiting.push(...refsIn(member).map((ref) => ref.number));
    }
  };
  for (const field of formFields(state)) {
    const code = field.type === "Sig" ? "widget-changed" : "field-changed";
    spread(
      code,
      [field.number, ...field.widgets.map((one) => one.number)],
      ["P", "Parent", "V", "Kids", "DR"],
    );
  }
  // The page's own before the rest, so that a font which a form shares with the page counts as the form's.
  const pages = pagesOf(state);
  spread(
    "page-changed",
    pages.map(({ number }) => number),
    ["Annots", "B", "AA"],
  );
  return parts;
}
