import { NotJudged } from "./findings.ts";
import { nameText, PdfDict, PdfRef, stringText, type PdfValue } from "./pdf-object.ts";
import type { PdfState } from "./pdf-state.ts";

/** A field of a form at the end of its branch, with what it inherits (ISO 32000-1, 12.7.3). */
export interface FormField {
  /** Its object, and those above it in the tree. */
  number: number;
  above: number[];
  dict: PdfDict;
  /** "Sig", "Tx", "Btn", "Ch", or "" where none is said. */
  type: string;
  name: string;
  /** What /V says, inherited too. */
  value: PdfValue | undefined;
  /** The objects by which it shows on pages: itself, or its kids. */
  widgets: { number: number; dict: PdfDict }[];
}

const MAX_FIELDS = 20_000;

export function isSigned(field: FormField): boolean {
  return field.type === "Sig" && field.value !== undefined && field.value !== null;
}

/** The fields of a state's form, and signatures that only a page names; empty where there are none. Throws NotJudged where the tree is no tree. */
export function formFields(state: PdfState): FormField[] {
  const form = state.dict(state.catalogue().dict.get("AcroForm"));
  const fields: FormField[] = [];
  const seen = new Set<number>();
  const walk = (
    value: PdfValue,
    above: number[],
    inherited: { type: string; name: string; value?: PdfValue },
  ) => {
    if (!(value instanceof PdfRef))
      throw new NotJudged("structure-unclear", "a field is no object of its own");
    if (seen.has(value.number) || seen.size > MAX_FIELDS)
      throw new NotJudged("structure-unclear", `field ${value.number} stands twice in the form`);
    seen.add(value.number);
    const dict = state.dict(value);
    if (dict === undefined) return;
    const type = nameText(state.resolve(dict.get("FT"))) ?? inherited.type;
    const part = stringText(state.resolve(dict.get("T")));
    const name = [inherited.name, part].filter((one) => one !== undefined && one !== "").join(".");
    const own = dict.get("V") ?? inherited.value;
    const kids = state.array(dict.get("Kids")) ?? [];
    const inner = kids.filter((kid) => state.dict(kid)?.entries.has("T") === true);
    if (inner.length > 0) {
      const passed = { type, name, ...(own === undefined ? {} : { value: own }) };
      for (const kid of inner) walk(kid, [...above, value.number], passed);
    }
    const bare = kids.filter((kid) => state.dict(kid)?.entries.has("T") !== true);
    if (inner.length > 0 && bare.length === 0) return;
    const widgets = bare.flatMap((kid) => {
      const found = state.dict(kid);
      if (!(kid instanceof PdfRef) || found === undefined) return [];
      if (seen.has(kid.number))
        throw new NotJudged("structure-unclear", `widget ${kid.number} belongs to two fields`);
      seen.add(kid.number);
      return [{ number: kid.number, dict: found }];
    });
    const shown = nameText(dict.get("Subtype")) === "Widget" ? [{ number: value.number, dict }] : [];
    fields.push({
      number: value.number,
      above,
      dict,
      type,
      name,
      value: own,
      widgets: [...shown, ...widgets],
    });
  };
  for (const value of state.array(form?.get("Fields")) ?? []) walk(value, [], { type: "", name: "" });
  // Some programs put a signature on its page and forget to name it in the form.
  for (const { dict } of pagesOf(state))
    for (const value of state.array(dict.get("Annots")) ?? []) {
      const isForgotten = value instanceof PdfRef && !seen.has(value.number);
      if (isForgotten && nameText(state.dict(value)?.get("FT")) === "Sig")
        walk(value, [], { type: "", name: "" });
    }
  return fields;
}

export interface PdfPage {
  number: number;
  dict: PdfDict;
  /** Width times height of what is shown of it, in square points. */
  area: number;
}

const MAX_PAGES = 20_000;

/** The pages of a state, in order. Throws NotJudged where the tree is no tree. */
export function pagesOf(state: PdfState): PdfPage[] {
  const pages: PdfPage[] = [];
  const seen = new Set<number>();
  const walk = (value: PdfValue | undefined, box: number) => {
    if (!(value instanceof PdfRef))
      throw new NotJudged("structure-unclear", "a page is no object of its own");
    if (seen.has(value.number) || seen.size > MAX_PAGES)
      throw new NotJudged("structure-unclear", `page ${value.number} stands twice`);
    seen.add(value.number);
    const dict = state.dict(value);
    if (dict === undefined) throw new NotJudged("structure-unclear", `page ${value.number} is missing`);
    const own = areaOf(state, dict.get("CropBox")) || areaOf(state, dict.get("MediaBox")) || box;
    const kids = state.array(dict.get("Kids"));
    if (nameText(dict.get("Type")) === "Pages" || kids !== undefined)
      for (const kid of kids ?? []) walk(kid, own);
    else pages.push({ number: value.number, dict, area: own });
  };
  walk(state.catalogue().dict.get("Pages"), 0);
  return pages;
}

/** Square points of a rectangle; 0 where it is none. */
export function areaOf(state: PdfState, value: PdfValue | undefined): number {
  const corners = (state.array(value) ?? []).map((one) => state.resolve(one));
  const [a, b, c, d] = corners;
  if (typeof a !== "number" || typeof b !== "number" || typeof c !== "number" || typeof d !== "number")
    return 0;
  return Math.abs(c - a) * Math.abs(d - b);
}
