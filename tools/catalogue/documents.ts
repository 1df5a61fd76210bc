import type { CaseDeclaration, Correction, DocumentDeclaration } from "../../workflows/declaration.ts";
import type { SourceDocument, SourceRow } from "./source.ts";

/** Headings that the source's table shows where a case stands (quirk D3). */
const HEADING_CASE = /^(thành phần|lưu ý|hồ sơ (bao )?gồm)/iu;
const CASE_NUMBER = /^(\(\s*[\da-zđ](\.?\d+)*\s*\)|\d+(\.\d+)*\s*[).])\s*/u;
/** "(1) ", "2. ", "IV) " before a title; a number of copies ("01 bộ") has no such mark (quirk D4). */
const ENUMERATION = /^\s*(\(\s*(\d+|[a-zđ]|[ivx]+)\s*\)|\d+(\.\d+)*[.)]|[IVX]+[.)])\s+/u;
/** "02 bộ bản vẽ …", "03 bản …" (quirk D7). */
const NUMBER_IN_TITLE = /(?:^|\s|\()0?([2-9])\s*(?:\([^)]*\)\s*)?(bộ|bản)(?!\p{L})/iu;

export interface Papers {
  cases: CaseDeclaration[];
  documents: DocumentDeclaration[];
  corrections: Correction[];
}

/** Papers and cases of a row after the rules of the catalogue; each change is noted. */
export function declarePapers(row: SourceRow): Papers {
  const corrections: Correction[] = [];
  const cases: CaseDeclaration[] = [];
  const dropped = new Set<string>();

  for (const one of row.cases) {
    if (HEADING_CASE.test(one.name)) {
      dropped.add(one.code);
      corrections.push({ field: `cases/${one.code}`, rule: "D3", was: one.name });
      continue;
    }
    const name = one.name.replace(CASE_NUMBER, "");
    if (name !== one.name) corrections.push({ field: `cases/${one.code}/name`, rule: "D3", was: one.name });
    cases.push({ code: one.code, name });
  }

  const firstWithTitle = new Map<string, string>();
  const documents = row.documents.map((source) => {
    const title = source.title.replace(ENUMERATION, "");
    if (title !== source.title) {
      corrections.push({ field: `documents/${source.code}/title`, rule: "D4", was: source.title });
    }
    const document = declarePaper({ ...source, title }, row, dropped);
    // The same paper in several cases: what was received for one is known as received for the other.
    const key = title.toLowerCase();
    const first = firstWithTitle.get(key);
    if (document.truncated === undefined && document.kind === undefined) {
      if (first === undefined) firstWithTitle.set(key, source.code);
      else document.sameAs = first;
    }
    return document;
  });
  return { cases, documents, corrections };
}

function declarePaper(source: SourceDocument, row: SourceRow, dropped: Set<string>): DocumentDeclaration {
  const document: DocumentDeclaration = {
    code: source.code,
    title: source.title,
    originals: source.originals,
    copies: source.copies,
    required: source.required,
    handling: source.present ? "present" : "submit",
  };
  if (source.case !== undefined) {
    if (!dropped.has(source.case)) document.case = source.case;
    else document.condition = row.cases.find(({ code }) => code === source.case)?.name ?? "";
  }
  if (source.heading) document.kind = "heading";
  else if (source.originals === 0 && source.copies === 0) document.quantity = "unknown";
  if (source.onlineOnly) document.onlyChannel = "online";
  if (source.cut) document.truncated = true;
  const hint = NUMBER_IN_TITLE.exec(source.title)?.[1];
  if (hint !== undefined && source.originals === 1) document.quantityHint = Number(hint);
  return document;
}
