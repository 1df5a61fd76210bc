import type { AggregateRow } from "../aggregates.ts";
import { TIER_NAMES } from "../aggregates.ts";
import { addColumns, noColumns, withSums, type FormColumns } from "../columns.ts";
import type { BehindColumn } from "../dossiers-behind.ts";
import type { HeadCell, TableColumn } from "../exports/table.ts";
import type { FormA } from "../form-06a.ts";
import type { CauseRow } from "../overdue-causes.ts";
import type { Linked, ShownRow, ShownTable } from "./shown-table.tsx";

/** The numbers of the form, in the order of its columns. */
const NUMBERS = [
  ...(["c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10"] as const),
  ...(["c11", "c12", "c13"] as const),
];

export const COLUMN_NAMES: Readonly<Record<BehindColumn, string>> = {
  c3: "Tiếp nhận: tổng số",
  c4: "Tiếp nhận trong kỳ: trực tuyến",
  c5: "Tiếp nhận trong kỳ: trực tiếp, dịch vụ bưu chính",
  c6: "Từ kỳ trước chuyển sang",
  c7: "Đã giải quyết: tổng số",
  c8: "Đã giải quyết trước hạn",
  c9: "Đã giải quyết đúng hạn",
  c10: "Đã giải quyết quá hạn",
  c11: "Đang giải quyết: tổng số",
  c12: "Đang giải quyết trong hạn",
  c13: "Đang giải quyết quá hạn",
  "apart-received": "Không có thời hạn: tiếp nhận trong kỳ",
  "apart-carried": "Không có thời hạn: từ kỳ trước chuyển sang",
  "apart-handled": "Không có thời hạn: đã giải quyết",
  "apart-open": "Không có thời hạn: đang giải quyết",
};

export const MEASURE = "Đơn vị tính: Số hồ sơ TTHC";
export const CIRCULAR = "Ban hành theo Thông tư số 01/2020/TT-VPCP ngày 21/10/2020";

/** The head of form II.06a over three lines, and the numbers of its columns (domain-facts 4.1). */
function headOf(second: string): HeadCell[] {
  return [
    { text: "STT", column: 1, line: 1, lines: 3 },
    { text: second, column: 2, line: 1, lines: 3 },
    { text: "Số lượng hồ sơ tiếp nhận", column: 3, line: 1, columns: 4 },
    { text: "Số lượng hồ sơ đã giải quyết", column: 7, line: 1, columns: 4 },
    { text: "Số lượng hồ sơ đang giải quyết", column: 11, line: 1, columns: 3 },
    { text: "Tổng số", column: 3, line: 2, lines: 2 },
    { text: "Trong kỳ", column: 4, line: 2, columns: 2 },
    { text: "Từ kỳ trước", column: 6, line: 2, lines: 2 },
    { text: "Tổng số", column: 7, line: 2, lines: 2 },
    { text: "Trước hạn", column: 8, line: 2, lines: 2 },
    { text: "Đúng hạn", column: 9, line: 2, lines: 2 },
    { text: "Quá hạn", column: 10, line: 2, lines: 2 },
    { text: "Tổng số", column: 11, line: 2, lines: 2 },
    { text: "Trong hạn", column: 12, line: 2, lines: 2 },
    { text: "Quá hạn", column: 13, line: 2, lines: 2 },
    { text: "Trực tuyến", column: 4, line: 3 },
    { text: "Trực tiếp, dịch vụ bưu chính", column: 5, line: 3 },
    ...Array.from({ length: 13 }, (_, at): HeadCell => ({ text: numbered(at + 1), column: at + 1, line: 4 })),
  ];
}

function numbered(column: number): string {
  const sums: Record<number, string> = { 3: "(3)=(4)+(5)+(6)", 7: "(7)=(8)+(9)+(10)", 11: "(11)=(12)+(13)" };
  return sums[column] ?? `(${column})`;
}

function columnsOf(second: string, names: readonly string[] = ["stt", "name"]): TableColumn[] {
  return [
    { name: names[0] ?? "stt", title: "STT", kind: "text", width: 6 },
    { name: names[1] ?? "name", title: second, kind: "text", width: 46 },
    ...NUMBERS.map((name): TableColumn => ({
      name,
      title: `(${name.slice(1)}) ${COLUMN_NAMES[name]}`,
      kind: "number",
      width: 10,
    })),
  ];
}

/** What a link of a line is restricted to, beside the page's own filter. */
export type LinkOf = (column: BehindColumn, more: Record<string, string | undefined>) => string;

function numbersOf(columns: FormColumns, link: LinkOf, more: Record<string, string | undefined>): Linked[] {
  return NUMBERS.map((name) => ({
    value: columns[name],
    href: link(name, more),
    label: COLUMN_NAMES[name],
  }));
}

/** What every form says over and under itself. */
export interface About {
  unitName: string;
  parentName?: string | undefined;
  period: string;
  madeOn: string;
  until: string | null;
  to: string;
}

export const NOTES = [
  "“Đúng hạn” gồm cả hồ sơ chờ bổ sung, trả lại và rút; “trong hạn” gồm cả hồ sơ đang tạm dừng tính thời hạn.",
];

/** Form II.06a: by tier, then by field; with `detailed` each procedure under its field. */
export function formATable(form: FormA, about: About, link: LinkOf, detailed: boolean): ShownTable {
  const rows: ShownRow[] = [];
  const tiers = [...new Set(form.rows.map(({ tier }) => tier))];
  rows.push({ cells: ["", "Tổng số", ...numbersOf(form.total, link, {})], strong: true });
  for (const [at, tier] of tiers.entries()) {
    const ofTier = form.rows.filter((row) => row.tier === tier);
    const letter = String.fromCharCode(65 + at);
    rows.push({
      cells: [
        letter,
        `TTHC ${(TIER_NAMES[tier] ?? tier).toLowerCase()}`,
        ...numbersOf(sumOf(ofTier), link, { cap: tier }),
      ],
      strong: true,
    });
    for (const [number, field] of [...new Set(ofTier.map((row) => row.field))].entries()) {
      const ofField = ofTier.filter((row) => row.field === field);
      const within = { cap: tier, linhVuc: field };
      rows.push({
        cells: [
          String(number + 1),
          field === "" ? "(Không rõ lĩnh vực)" : field,
          ...numbersOf(sumOf(ofField), link, within),
        ],
        strong: detailed,
      });
      if (!detailed) continue;
      for (const [line, row] of ofField.entries())
        rows.push({
          cells: [
            `${number + 1}.${line + 1}`,
            `${row.procedureCode} ${row.procedureName}`,
            ...numbersOf(row, link, { ...within, thuTuc: row.procedureCode }),
          ],
        });
    }
  }
  return {
    ...commonOf(about),
    fileName: `bieu-ii06a-${form.from}-${form.to}`,
    formNumber: "Biểu số II.06a/VPCP/KSTT",
    title:
      "Tình hình, kết quả giải quyết thủ tục hành chính tại cơ quan, đơn vị trực tiếp giải quyết thủ tục hành chính",
    columns: columnsOf("Lĩnh vực, công việc giải quyết theo cấp"),
    head: headOf("Lĩnh vực, công việc giải quyết theo cấp"),
    notes: [...NOTES, ...untilNote(about), ...apartNote(form.total)],
    rows,
  };
}

export const AGGREGATE_TITLES = {
  "06b": "Sở, ban, ngành",
  "06c": "UBND cấp xã, theo huyện",
  "06d": "UBND cấp huyện và các xã trực thuộc",
  "06đ": "Toàn tỉnh, theo cấp",
} as const;

/** One of the aggregated forms. */
export function aggregateTable(
  form: keyof typeof AGGREGATE_TITLES,
  { rows, total }: { rows: readonly AggregateRow[]; total: FormColumns },
  about: About & { from: string },
  links: { row: (column: BehindColumn, row: AggregateRow) => string; total: LinkOf },
): ShownTable {
  return {
    ...commonOf(about),
    fileName: `bieu-ii${form.replace("đ", "dd")}-${about.from}-${about.to}`,
    formNumber: `Biểu số II.${form}/VPCP/KSTT`,
    title: "Tổng hợp tình hình, kết quả giải quyết thủ tục hành chính",
    columns: columnsOf("Đơn vị"),
    head: headOf(AGGREGATE_TITLES[form]),
    notes: [...NOTES, ...untilNote(about), ...apartNote(total)],
    rows: [
      { cells: ["", "Tổng số", ...numbersOf(total, links.total, {})], strong: true },
      ...rows.map((row, at): ShownRow => ({
        cells: [
          String(at + 1),
          row.name,
          ...NUMBERS.map((name) => ({
            value: row[name],
            href: links.row(name, row),
            label: COLUMN_NAMES[name],
          })),
        ],
      })),
    ],
  };
}

/** Forms 07a and 07b: what the overdue ones waited for. */
export function causesTable(
  causes: readonly CauseRow[],
  about: About & { from: string },
  link: LinkOf,
): ShownTable {
  const sum = (name: "handled" | "open") => causes.reduce((total, row) => total + row[name], 0);
  const cells = (row: { handled: number; open: number }, cause: string | undefined): Linked[] => [
    { value: row.handled, href: link("c10", { nguyenNhan: cause }), label: COLUMN_NAMES.c10 },
    { value: row.open, href: link("c13", { nguyenNhan: cause }), label: COLUMN_NAMES.c13 },
  ];
  return {
    ...commonOf(about),
    fileName: `bieu-ii07-${about.from}-${about.to}`,
    formNumber: "Biểu số II.07a, II.07b/VPCP/KSTT",
    title: "Nguyên nhân quá hạn đối với các trường hợp tồn đọng trong giải quyết thủ tục hành chính",
    columns: [
      { name: "stt", title: "STT", kind: "text", width: 6 },
      { name: "cause", title: "Hồ sơ chờ gì khi quá hạn", kind: "text", width: 60 },
      { name: "handled", title: "Đã giải quyết quá hạn", kind: "number", width: 16 },
      { name: "open", title: "Đang giải quyết quá hạn", kind: "number", width: 16 },
    ],
    notes: [
      "Nguyên nhân lấy từ lịch sử xử lý: hồ sơ đang ở bước nào, chờ ai vào lúc quá hạn. Lý do cán bộ ghi trong phiếu xin lỗi là thông tin riêng của hồ sơ, không đọc ở đây.",
      ...untilNote(about),
    ],
    rows: [
      {
        cells: ["", "Tổng số", ...cells({ handled: sum("handled"), open: sum("open") }, undefined)],
        strong: true,
      },
      ...causes.map((row, at): ShownRow => ({ cells: [String(at + 1), row.name, ...cells(row, row.cause)] })),
    ],
  };
}

function commonOf({ unitName, parentName, period, madeOn }: About) {
  return { unitName, parentName, period, madeOn, measure: MEASURE, issuedBy: CIRCULAR, signed: true };
}

function sumOf(rows: readonly FormColumns[]): FormColumns {
  const sum = noColumns();
  for (const row of rows) addColumns(sum, row);
  return withSums(sum);
}

function untilNote({ until, to }: About): string[] {
  if (until === null) return ["Chưa có đêm nào được chốt: biểu chưa có số liệu."];
  return until < to ? [`Số liệu đến hết ngày ${until.split("-").reverse().join("/")}.`] : [];
}

function apartNote({ apart }: FormColumns): string[] {
  const { received, carried, handled, open } = apart;
  if (received + carried === 0) return [];
  return [
    `Ngoài biểu: ${received + carried} hồ sơ không có thời hạn và thủ tục không quy định thời hạn (tiếp nhận trong kỳ ${received}, từ kỳ trước ${carried}; đã giải quyết ${handled}, đang giải quyết ${open}).`,
  ];
}
