import {
  PDFArray,
  PDFDict,
  PDFRef,
  PDFStream,
  type PDFDocument,
  type PDFObject,
  type PDFPage,
} from "@cantoo/pdf-lib";
import { MM, num } from "../forms/page.ts";
import { embedTypeface, printable, widthOf } from "../forms/typeface.ts";
import type { Drawn } from "./pades.ts";

/** Forms of an electronic copy (Decree 30/2020/NĐ-CP, article 25). */
export const COPY_FORMS = { "sao-y": "SAO Y", "sao-luc": "SAO LỤC", "trich-sao": "TRÍCH SAO" } as const;
export type CopyForm = keyof typeof COPY_FORMS;

const SIZE = 10;
const LEADING = 12;
const WIDEST = 75 * MM;
const MARGIN = 8 * MM;

/**
 * The stamp of an electronic copy, as a signature's look: top right of the first page as it shows, the form of copy,
 * the agency, and the time of signing with its zone; upright, black, 10 points, the widths of Times New Roman, no
 * picture (Decree 30/2020, annex I). Throws NotPrintable.
 */
export async function drawCopyStamp(
  document: PDFDocument,
  { form, agencyName, at }: { form: CopyForm; agencyName: string; at: Date },
): Promise<Drawn> {
  const { context } = document;
  const before = context.largestObjectNumber;
  const lines = [COPY_FORMS[form], ...wrapped(agencyName), `Thời gian ký: ${stampTime(at)}`];
  const width = Math.max(...lines.map((line) => widthOf(line, "regular", SIZE)));
  const height = lines.length * LEADING;
  const { regular } = await embedTypeface(document);
  const text = lines.map(
    (line, row) =>
      `1 0 0 1 0 ${num(height - (row + 1) * LEADING + 3)} Tm ${String(regular.encodeText(line))} Tj`,
  );
  await document.flush();
  const { place, matrix } = topRight(document.getPage(0), width, height);
  const look = context.register(
    context.flateStream(`BT 0 g /Stamp ${SIZE} Tf\n${text.join("\n")}\nET`, {
      Type: "XObject",
      Subtype: "Form",
      BBox: [0, 0, width, height],
      Matrix: matrix,
      Resources: { Font: { Stamp: regular.ref } },
    }),
  );
  // The three other faces of the family were not used: nothing is written of them.
  return { look, place: { page: 0, ...place }, objects: reachable(document, look, before) };
}

/** The name of a field that a copy's signature goes into, where the file has none of that name. */
export function copyFieldName(taken: readonly string[]): string {
  let name = "ban-sao";
  for (let number = 2; taken.includes(name); number++) name = `ban-sao-${number}`;
  return name;
}

/** "23/11/2026 08:15:30 +07:00": date, hour, minute, second, and the zone as ISO 8601 has it. */
function stampTime(at: Date): string {
  const local = new Date(at.getTime() + 7 * 3_600_000).toISOString();
  const [year, month, day] = local.slice(0, 10).split("-");
  return `${day ?? ""}/${month ?? ""}/${year ?? ""} ${local.slice(11, 19)} +07:00`;
}

function wrapped(name: string): string[] {
  const lines: string[] = [];
  for (const word of printable(name).split(/\s+/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && widthOf(longer, "regular", SIZE) <= WIDEST) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Where the upper right corner is as the page shows, and the matrix that keeps the text upright there. */
function topRight(page: PDFPage, width: number, height: number) {
  const { x, y, width: w, height: h } = page.getCropBox();
  const angle = ((page.getRotation().angle % 360) + 360) % 360;
  switch (angle) {
    case 90:
      return {
        place: { x: x + MARGIN, y: y + h - MARGIN - width, width: height, height: width },
        matrix: [0, 1, -1, 0, 0, 0],
      };
    case 180:
      return { place: { x: x + MARGIN, y: y + MARGIN, width, height }, matrix: [-1, 0, 0, -1, 0, 0] };
    case 270:
      return {
        place: { x: x + w - MARGIN - height, y: y + MARGIN, width: height, height: width },
        matrix: [0, -1, 1, 0, 0, 0],
      };
    default:
      return {
        place: { x: x + w - MARGIN - width, y: y + h - MARGIN - height, width, height },
        matrix: [1, 0, 0, 1, 0, 0],
      };
  }
}

/** The new objects that one leads to, itself too. */
function reachable(document: PDFDocument, top: PDFObject, before: number): Set<PDFRef> {
  const found = new Set<PDFRef>();
  const waiting: PDFObject[] = [top];
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFRef) {
      if (object.objectNumber <= before || found.has(object)) continue;
      found.add(object);
      const target = document.context.lookup(object);
      if (target !== undefined) waiting.push(target);
    } else if (object instanceof PDFStream) waiting.push(object.dict);
    else if (object instanceof PDFArray) waiting.push(...object.asArray());
    else if (object instanceof PDFDict) waiting.push(...object.values());
  }
  return found;
}
