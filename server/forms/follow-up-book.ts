import { drawHeading, drawTitle } from "./heading.ts";
import { legalForm, type LegalForm } from "./legal-forms.ts";
import { dateInWords, shortDate, shortMoment } from "./moments.ts";
import { LANDSCAPE, openPaper } from "./page.ts";
import { streamPaper, type Write } from "./stream-paper.ts";
import { openTable, type Column } from "./table.ts";
import { NotPrintable, printable } from "./typeface.ts";

/** One dossier in the book. */
export interface BookLine {
  code: string;
  procedureName: string;
  /** Sets of papers. */
  sets: number;
  applicantName: string;
  address: string;
  phone: string;
  /** Who decides. */
  agencyName: string;
  receivedAt: Date;
  dueAt: Date | null;
  returnedAt: Date | null;
  /** How the result came or is to come to him: "tại quầy". */
  returnMethod: string;
  /** Who took it, where it was handed over. */
  recipient: string | null;
  note: string;
}

export interface FollowUpBook {
  unitName: string;
  parentUnitName?: string | undefined;
  place: string;
  /** First and last day of the book. */
  from: Date;
  to: Date;
  printedAt: Date;
  lines: readonly BookLine[];
}

const COLUMNS: Column[] = [
  { title: "TT", share: 8, align: "center" },
  { title: "Mã hồ sơ", share: 17 },
  { title: "Tên thủ tục hành chính", share: 23 },
  { title: "Số lượng hồ sơ (bộ)", share: 8, align: "center" },
  { title: "Tên cá nhân, tổ chức", share: 18 },
  { title: "Địa chỉ, số điện thoại", share: 21 },
  { title: "Cơ quan chủ trì giải quyết", share: 16 },
  { title: "Nhận hồ sơ", share: 13, align: "center", group: "Ngày, tháng, năm" },
  { title: "Hẹn trả kết quả", share: 13, align: "center", group: "Ngày, tháng, năm" },
  { title: "Ngày, tháng, năm", share: 13, align: "center", group: "Trả kết quả" },
  { title: "Phương thức nhận kết quả", share: 13, align: "center", group: "Trả kết quả" },
  { title: "Ký nhận", share: 12, group: "Trả kết quả" },
  { title: "Ghi chú", share: 13 },
];
const SIZE = 9;

/** Thrown as NotPrintable is, with the dossier whose data cannot be printed. */
function assertPrintable(lines: readonly BookLine[]): void {
  for (const line of lines)
    try {
      for (const text of [
        line.applicantName,
        line.address,
        line.procedureName,
        line.recipient ?? "",
        line.note,
      ])
        printable(text);
    } catch (error) {
      if (error instanceof NotPrintable) throw new NotPrintable(error.character, `hồ sơ ${line.code}`);
      throw error;
    }
}

/**
 * The follow-up book (form 06 of Circular 01/2018, form 07 of Circular 03/2025) as A4 on its long side, written page by
 * page. A period in which the circular changed has a part for each, its dossiers by their day.
 * Throws FormNotInForce and, before anything is written, NotPrintable with the dossier.
 */
export async function writeFollowUpBook(book: FollowUpBook, write: Write): Promise<void> {
  assertPrintable(book.lines);
  const parts = partsOf(book);
  const paper = await openPaper({
    title: `Sổ theo dõi hồ sơ – ${book.unitName}`,
    date: book.printedAt,
    sheet: LANDSCAPE,
  });
  const out = streamPaper(paper, write);
  let number = 0;
  for (const [at, { form, lines }] of parts.entries()) {
    if (at > 0) paper.newPage();
    paper.y += 6;
    paper.paragraph(
      [
        { text: `Mẫu số ${form.number}`, style: "bold" },
        { text: ` (ban hành kèm theo ${form.circular})`, style: "italic" },
      ],
      { size: 10, align: "right", after: 4 },
    );
    drawHeading(paper, {
      parentAgencyName: book.parentUnitName,
      agencyName: book.unitName,
      placeAndDate: `${book.place}, ${dateInWords(book.printedAt)}`,
    });
    drawTitle(paper, form.title);
    const shown = { align: "center" as const, size: 12, leading: 1.2 };
    paper.paragraph(`Từ ${dateInWords(book.from)} đến ${dateInWords(book.to)}`, {
      ...shown,
      style: "italic",
    });
    const year = shortDate(book.to).slice(-4);
    paper.paragraph(`Quyển số: ${year} (sổ điện tử)`, { ...shown, style: "italic", after: 8 });
    const table = openTable(paper, COLUMNS, SIZE);
    for (const line of lines) {
      table.row(rowOf(line, ++number));
      if (number % 20 === 0) await out.pages();
    }
    if (lines.length === 0) table.row(COLUMNS.map((_, i) => (i === 2 ? "Không có hồ sơ nào." : "")));
  }
  await out.finish();
}

function rowOf(line: BookLine, number: number): string[] {
  return [
    String(number),
    line.code.replace("-", "-\n"),
    line.procedureName,
    String(line.sets).padStart(2, "0"),
    line.applicantName,
    [line.address, line.phone].filter((part) => part !== "").join("\n"),
    line.agencyName,
    shortMoment(line.receivedAt).replace(" ", "\n"),
    line.dueAt === null ? "" : shortMoment(line.dueAt).replace(" ", "\n"),
    line.returnedAt === null ? "" : shortMoment(line.returnedAt).replace(" ", "\n"),
    line.returnMethod,
    line.recipient ?? "",
    line.note,
  ];
}

function partsOf({ from, lines }: FollowUpBook): { form: LegalForm; lines: BookLine[] }[] {
  if (lines.length === 0) return [{ form: legalForm("book", from), lines: [] }];
  const parts: { form: LegalForm; lines: BookLine[] }[] = [];
  for (const line of lines) {
    const form = legalForm("book", line.receivedAt);
    const last = parts.at(-1);
    if (last?.form.circular === form.circular) last.lines.push(line);
    else parts.push({ form, lines: [line] });
  }
  return parts;
}
