/** A value in a table that is handed out. Days are `2026-11-23`. */
export type Cell = string | number | Date | null;

export interface TableColumn {
  /** In JSON. */
  name: string;
  /** In the head line of CSV, and of XLSX where the table has no form of its own. */
  title: string;
  kind: "text" | "number" | "percent" | "moment" | "day";
  /** In characters, for XLSX. */
  width?: number;
}

/** A cell of a printed form's head: it may stand over several columns and lines. Columns count from 1. */
export interface HeadCell {
  text: string;
  column: number;
  columns?: number;
  line: number;
  lines?: number;
}

/** A line of a table; `strong` for sums and headings within it. */
export interface TableRow {
  cells: readonly Cell[];
  strong?: boolean;
}

/** A table as it is handed out: what stands over, in and under it. The rows may come one by one. */
export interface ExportTable {
  /** Without ending; plain letters. */
  fileName: string;
  title: string;
  /** "Biểu số II.06a/VPCP/KSTT", where the table is such a form. */
  formNumber?: string;
  /** The law the form comes from. */
  issuedBy?: string;
  /** Who reports, and the one over it. */
  unitName: string;
  parentName?: string | undefined;
  /** "Kỳ báo cáo: …", in words. */
  period: string;
  /** "Đơn vị tính: Số hồ sơ TTHC". */
  measure?: string;
  /** What a reader must know of the figures; under the table. */
  notes?: readonly string[];
  columns: readonly TableColumn[];
  /** The head of the printed form; without it the columns' titles in one line. */
  head?: readonly HeadCell[];
  /** Whether somebody signs under it. */
  signed?: boolean;
  /** The day on which it was made, in words, for the signature block. */
  madeOn?: string;
  rows: Iterable<TableRow> | AsyncIterable<TableRow>;
}
