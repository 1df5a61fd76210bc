import type { VNode } from "preact";
import type { Cell, ExportTable, HeadCell, TableColumn, TableRow } from "../exports/table.ts";
import { cellText } from "../exports/cell-text.ts";
import { count } from "./words.ts";

/** A number with the address of the dossiers that make it up. */
export interface Linked {
  value: Cell;
  href: string;
  /** What it opens, for those who do not see where it stands. */
  label?: string;
}

export interface ShownRow {
  cells: readonly (Cell | Linked)[];
  strong?: boolean;
}

/** A table as a page shows it and as it is handed out: the same rows, once with links and once without. */
export interface ShownTable extends Omit<ExportTable, "rows"> {
  rows: readonly ShownRow[];
}

/** The same table to be handed out. */
export function exported(table: ShownTable): ExportTable {
  const rows = table.rows.map(({ cells, strong = false }): TableRow => ({
    cells: cells.map((cell) => plain(cell)),
    strong,
  }));
  return { ...table, rows };
}

function plain(cell: Cell | Linked): Cell {
  return isLinked(cell) ? cell.value : cell;
}

function isLinked(cell: Cell | Linked): cell is Linked {
  return typeof cell === "object" && cell !== null && "href" in cell;
}

/** The table on a page; it scrolls in its own frame where the window is narrow. */
export function TableView({ table, caption }: { table: ShownTable; caption: string }): VNode {
  const { columns, rows } = table;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table class="govuk-table dense stat-table">
        <caption class="hidden-label">{caption}</caption>
        <thead>
          {headLines(table).map((line) => (
            <tr>
              {line.map(({ text, columns: wide = 1, lines: high = 1, column }) => (
                <th
                  scope={wide > 1 ? "colgroup" : "col"}
                  colSpan={wide}
                  rowSpan={high}
                  class={wide > 1 ? "middle" : isNumber(columns[column - 1]) ? "amount" : undefined}
                >
                  {text}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr class={row.strong === true ? "strong" : undefined}>
              {columns.map((column, at) => (
                <Value cell={row.cells[at] ?? null} column={column} first={at === firstText(columns)} />
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length}>Không có số liệu.</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** Never broken into two lines: it is read out and copied. */
const DOSSIER_CODE = /^[\d.]+\.H\d\d-\d{6}-\d+$/;

function Value({ cell, column, first }: { cell: Cell | Linked; column: TableColumn; first: boolean }): VNode {
  const value = plain(cell);
  const text = valueText(value, column);
  const inner =
    isLinked(cell) && value !== null ? (
      <a href={cell.href} {...(cell.label === undefined ? {} : { "aria-label": `${text}: ${cell.label}` })}>
        {text}
      </a>
    ) : (
      text
    );
  const isCode = column.name === "code" || DOSSIER_CODE.test(text) ? "stat-code" : undefined;
  if (first)
    return (
      <th scope="row" class={isCode}>
        {inner}
      </th>
    );
  return <td class={isNumber(column) ? "amount" : isCode}>{inner}</td>;
}

function valueText(value: Cell, column: TableColumn): string {
  if (column.kind === "percent")
    return typeof value === "number" ? value.toFixed(2).replace(".", ",") : (value ?? "").toString();
  if (typeof value === "number") return count(value);
  return cellText(value, column);
}

const isNumber = (column: TableColumn | undefined) => column?.kind === "number" || column?.kind === "percent";

const firstText = (columns: readonly TableColumn[]) =>
  columns.findIndex(({ kind, name }) => kind === "text" && name !== "stt" && name !== "id");

function headLines({ head, columns }: ShownTable): HeadCell[][] {
  const cells = head ?? columns.map(({ title }, at): HeadCell => ({ text: title, column: at + 1, line: 1 }));
  const lines: HeadCell[][] = [];
  for (const cell of cells) (lines[cell.line - 1] ??= []).push(cell);
  return lines.map((line) => line.sort((a, b) => a.column - b.column));
}
