import { balancedWidth, breakLines, type Line, type Setting } from "./lines.ts";
import { type Align, type Paper } from "./page.ts";
import { widthOf } from "./typeface.ts";

export interface Heading {
  /** The agency above the one that issues, when the law names it; printed above in plain letters. */
  parentAgencyName?: string | undefined;
  agencyName: string;
  /** Below the agency's line: "Số: 12/QĐ-STP". */
  number?: string | undefined;
  /** "Hậu Giang, ngày 20 tháng 9 năm 2022". */
  placeAndDate: string;
}

const LEADING = 1.18;

/**
 * The head of an official paper: the agency on the left, the national name and motto on the right, each with its line
 * (Decree 30/2020, annex I, II.1–4). Moves the cursor below both.
 */
export function drawHeading(paper: Paper, heading: Heading): void {
  const top = paper.y;
  const right = widthOf(COUNTRY, "bold", 12.5) + 4;
  const left = paper.width - right - 8;
  const leftEnd = column(paper, paper.left - 6, left + 6, top, (put, line) => {
    if (heading.parentAgencyName) put(heading.parentAgencyName.toLocaleUpperCase("vi"), "regular", 12);
    const widest = put(heading.agencyName.toLocaleUpperCase("vi"), "bold", 12);
    line(widest * 0.4);
    if (heading.number) put(heading.number, "regular", 13);
  });
  const rightEnd = column(paper, paper.left + paper.width - right, right, top, (put, line) => {
    put(COUNTRY, "bold", 12.5);
    line(put(MOTTO, "bold", 13.5));
    put(heading.placeAndDate, "italic", 13);
  });
  paper.y = Math.min(leftEnd, rightEnd);
}

const COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO = "Độc lập - Tự do - Hạnh phúc";

type Put = (text: string, style: "regular" | "bold" | "italic", size: number) => number;

function column(
  paper: Paper,
  x: number,
  width: number,
  top: number,
  fill: (put: Put, line: (length: number) => void) => void,
): number {
  let y = top;
  fill(
    (text, style, size) => {
      const lines = centred(text, { style, size }, width);
      y -= paper.lines(lines, { x, width, top: y, align: "center", leading: LEADING });
      return Math.max(...lines.map((line) => line.width));
    },
    (length) => {
      paper.rule(x + (width - length) / 2, y - 2.5, length, 0.7);
      y -= 7;
    },
  );
  return y;
}

/** Lines of about equal length for a centred text. */
export function centred(text: string, setting: Setting, width: number): Line[] {
  return breakLines(text, setting, balancedWidth(text, setting, width));
}

/** The title of a paper in bold capitals, with what it is about below, and its short line. */
export function drawTitle(paper: Paper, title: string, about?: string): void {
  const options = { align: "center" as Align, style: "bold" as const };
  paper.paragraph(title.toLocaleUpperCase("vi"), { ...options, size: 14, before: 14, leading: 1.25 });
  if (about === undefined) return;
  paper.paragraph(about, { ...options, size: 14, left: 24, right: 24, leading: 1.2 });
  paper.rule(paper.left + paper.width / 2 - 45, paper.y - 3, 90, 0.7);
  paper.y -= 6;
}
