import type { Look, Styles } from "./sheet-styles.ts";
import type { Cell, ExportTable, HeadCell, TableColumn, TableRow } from "./table.ts";

/** What stands in a line before it is written: column (from 1), value, look, and how far it reaches. */
interface Placed {
  column: number;
  to?: number;
  value: Cell;
  look: Look;
}

const LINES_AT_ONCE = 200;

/** The head of a table that has no form of its own. */
function plainHead(columns: readonly TableColumn[]): HeadCell[] {
  return columns.map(({ title }, at) => ({ text: title, column: at + 1, line: 1 }));
}

/** How many lines stand over the first row: five for who, what and when, then the head. */
export function linesAbove({ columns, head = plainHead(columns) }: ExportTable): number {
  return 5 + Math.max(...head.map(({ line, lines = 1 }) => line + lines - 1));
}

/**
 * One sheet as SpreadsheetML, in pieces, A4 across. `rows` are its part of the table's; the last sheet has notes and
 * signatures. Every text is a text, whatever it begins with: nothing runs.
 */
export async function* sheetPieces(
  table: ExportTable,
  rows: AsyncIterable<TableRow>,
  styles: Styles,
  isLast: () => boolean,
): AsyncGenerator<string> {
  const { columns } = table;
  const merged: string[] = [];
  const widths = columns.map(
    ({ width, kind }, at) =>
      `<col min="${at + 1}" max="${at + 1}" width="${width ?? (kind === "text" ? 24 : 11)}" customWidth="1"/>`,
  );
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>${widths.join("")}</cols><sheetData>`;
  let number = 0;
  const line = (cells: Placed[], height?: number): string => {
    number++;
    for (const { column, to = column } of cells)
      if (to > column) merged.push(`${letters(column)}${number}:${letters(to)}${number}`);
    const inner = cells.map(({ column, value, look }) => cellXml(column, number, value, styles.of(look)));
    return `<row r="${number}"${height === undefined ? "" : ` ht="${height}" customHeight="1"`}>${inner.join("")}</row>`;
  };

  for (const [cells, height] of heading(table)) yield line(cells, height);
  for (const cells of headLines(table, merged)) yield line(cells);
  let piece = "";
  for await (const { cells, strong = false } of rows) {
    number++;
    piece += `<row r="${number}">`;
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at];
      if (column === undefined) continue;
      const look = rowLook(column.kind, strong);
      piece += cellXml(at + 1, number, valueOf(cells[at] ?? null, column), styles.of(look));
    }
    piece += "</row>";
    if (number % LINES_AT_ONCE === 0) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
  if (isLast()) for (const [cells, height] of foot(table)) yield line(cells, height);
  const merges = merged.map((range) => `<mergeCell ref="${range}"/>`);
  yield `</sheetData>${merges.length === 0 ? "" : `<mergeCells count="${merges.length}">${merges.join("")}</mergeCells>`}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;P/&amp;N</oddFooter></headerFooter></worksheet>`;
}

/** Number of the form and law at the left, who reports to whom at the right; title and period. */
function heading(table: ExportTable): [Placed[], number?][] {
  const { columns, formNumber, issuedBy = "", unitName, parentName, title, period, measure = "" } = table;
  const last = columns.length;
  const middle = Math.max(1, Math.floor(last / 2));
  const centred = { align: "center", size: 12 } as const;
  const both = (left: string, right: string, look: Look): Placed[] => [
    { column: 1, to: middle, value: left, look: { ...centred, ...look } },
    ...(last > middle ? [{ column: middle + 1, to: last, value: right, look: centred }] : []),
  ];
  const across = (value: string, look: Look): Placed[] => [
    { column: 1, to: last, value, look: { ...centred, ...look } },
  ];
  const receiver = parentName === undefined ? "" : `Đơn vị nhận báo cáo: ${parentName}`;
  return [
    [both(formNumber ?? "", `Đơn vị báo cáo: ${unitName}`, { bold: true }), 32],
    [both(issuedBy, receiver, { italic: true, size: 11 }), 32],
    [across(title.toLocaleUpperCase("vi"), { bold: true, size: 14 }), 40],
    [across(period, { italic: true })],
    [across(measure, { italic: true, size: 11, align: "right" })],
  ];
}

/** The head's lines; cells that reach over several lines are merged, each with its border. */
function headLines({ columns, head = plainHead(columns) }: ExportTable, merged: string[]): Placed[][] {
  const look: Look = { bold: true, size: 11, border: true, align: "center" };
  const lines: Map<number, Placed>[] = [];
  for (const { text, column, line, columns: wide = 1, lines: high = 1 } of head) {
    if (wide > 1 || high > 1)
      merged.push(`${letters(column)}${5 + line}:${letters(column + wide - 1)}${4 + line + high}`);
    for (let down = 0; down < high; down++)
      for (let right = 0; right < wide; right++) {
        const at = (lines[line + down - 1] ??= new Map<number, Placed>());
        at.set(column + right, { column: column + right, value: down + right === 0 ? text : null, look });
      }
  }
  return lines.map((line) => [...line.values()].sort((a, b) => a.column - b.column));
}

/** Notes, then who made it out at the left, day and head of the unit at the right, as the circular's forms end. */
function foot({ columns, notes = [], signed, madeOn }: ExportTable): [Placed[], number?][] {
  const last = columns.length;
  const middle = Math.max(1, Math.floor(last / 2));
  const lines: [Placed[], number?][] = notes.map((value): [Placed[], number] => [
    [{ column: 1, to: last, value, look: { italic: true, size: 11, align: "left" } }],
    16 * Math.ceil(value.length / 120),
  ]);
  if (signed !== true) return lines;
  const right = Math.min(last, middle + 1);
  const two = (left: string, other: string, look: Look): [Placed[]] => [
    [
      { column: 1, to: middle, value: left, look: { ...look, size: 12, align: "center" } },
      { column: right, to: last, value: other, look: { ...look, size: 12, align: "center" } },
    ],
  ];
  return [
    ...lines,
    [[]],
    two("", madeOn ?? "Ngày …… tháng …… năm ………", { italic: true }),
    two("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", { bold: true }),
    two("(Ký, ghi rõ họ tên)", "(Ký, đóng dấu, ghi rõ họ tên)", { italic: true }),
  ];
}

const ROW_LOOKS = new Map<string, Look>();

function rowLook(kind: TableColumn["kind"], strong: boolean): Look {
  const key = `${kind} ${strong}`;
  let look = ROW_LOOKS.get(key);
  if (look === undefined)
    ROW_LOOKS.set(key, (look = { bold: strong, size: 11, border: true, align: "top", format: kind }));
  return look;
}

/** Days are dates to a sheet, too. */
function valueOf(cell: Cell, { kind }: TableColumn): Cell {
  return kind === "day" && typeof cell === "string" ? new Date(`${cell}T00:00:00+07:00`) : cell;
}

function cellXml(column: number, line: number, value: Cell, look: number): string {
  const at = `r="${letters(column)}${line}" s="${look}"`;
  if (value === null || value === "") return `<c ${at}/>`;
  if (typeof value === "number") return `<c ${at}><v>${value}</v></c>`;
  if (value instanceof Date) return `<c ${at}><v>${serialOf(value)}</v></c>`;
  return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

/** Days since 30 December 1899 by the clock on the wall in Vietnam: a sheet knows no time zones. */
function serialOf(moment: Date): number {
  return Math.round(((moment.getTime() + 7 * 3_600_000) / 86_400_000 + 25_569) * 1e9) / 1e9;
}

function escaped(text: string): string {
  return (
    text
      // What XML 1.0 cannot hold.

      .replace(
        /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
        "\ufffd",
      )
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}

const LETTERS: string[] = [];

/** 1 → A, 27 → AA. */
function letters(column: number): string {
  let known = LETTERS[column];
  if (known === undefined) {
    known = "";
    for (let left = column; left > 0; left = Math.floor((left - 1) / 26))
      known = String.fromCharCode(65 + ((left - 1) % 26)) + known;
    LETTERS[column] = known;
  }
  return known;
}
