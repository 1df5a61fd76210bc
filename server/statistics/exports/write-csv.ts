import type { Cell, ExportTable, TableColumn } from "./table.ts";
import { cellText } from "./cell-text.ts";

const LINES_AT_ONCE = 500;

/**
 * A table as CSV by RFC 4180 (CRLF, quotes doubled), in UTF-8 with a byte order mark so that Excel reads Vietnamese, in
 * pieces of some hundred lines. A text that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export async function* csvPieces({ columns, rows }: ExportTable): AsyncGenerator<string> {
  let piece = `\ufeff${columns.map(({ title }) => quoted(harmless(title))).join(",")}\r\n`;
  let lines = 0;
  for await (const { cells } of rows) {
    piece += `${columns.map((column, at) => csvCell(cells[at] ?? null, column)).join(",")}\r\n`;
    if (++lines % LINES_AT_ONCE === 0) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function csvCell(cell: Cell, column: TableColumn): string {
  if (typeof cell === "number") return String(cell);
  const text = cellText(cell, column);
  return quoted(typeof cell === "string" ? harmless(text) : text);
}

/** Spreadsheets run what begins so, also after a blank or a line break (OWASP, CSV injection). */
export function harmless(text: string): string {
  return /^[\s\u200b\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u.test(text) || /^[\t\r\n]/.test(text)
    ? `'${text}`
    : text;
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
