import type { ExportTable } from "./exports/table.ts";
import type { IndexRow } from "./index-answer.ts";
import type { About } from "./pages/form-tables.ts";

/** What the index is called, and its columns, on the page and in what is handed out. */
export const INDEX_TITLE = "Chỉ số chất lượng phục vụ theo Quyết định 766/QĐ-TTg";
export const INDEX_COLUMNS: ExportTable["columns"] = [
  { name: "id", title: "Chỉ số", kind: "text", width: 8 },
  { name: "name", title: "Tên", kind: "text", width: 36 },
  { name: "group", title: "Nhóm", kind: "text", width: 20 },
  { name: "numerator", title: "Tử số", kind: "number" },
  { name: "denominator", title: "Mẫu số", kind: "number" },
  { name: "rate", title: "Tỷ lệ (%)", kind: "percent", width: 16 },
  { name: "target", title: "Mục tiêu (%)", kind: "percent" },
  { name: "most", title: "Điểm tối đa", kind: "number" },
  { name: "points", title: "Điểm", kind: "percent", width: 14 },
];

/** The index of decision 766 as a table that is handed out: what a caller of the interface gets, line by line. */
export function indexTable(
  { rows, points, most }: { rows: readonly IndexRow[]; points: number; most: number },
  { unitName, parentName, period, madeOn, from, to }: About & { from: string },
): ExportTable {
  return {
    ...{ unitName, parentName, period, madeOn, signed: true },
    fileName: `chi-so-766-${from}-${to}`,
    title: INDEX_TITLE,
    columns: [...INDEX_COLUMNS, { name: "source", title: "Ghi chú", kind: "text", width: 60 }],
    notes: [
      `Các chỉ số tính được ở đây có thang điểm: ${points.toFixed(2).replace(".", ",")} trên ${most} điểm. Các chỉ số không từ hệ thống này do Cổng Dịch vụ công quốc gia và các hệ thống khác tính.`,
      "Mẫu số bằng 0 thì không có tỷ lệ và không có điểm, không phải 0 điểm hay điểm tối đa. Số liệu theo trạng thái hồ sơ lúc này của các hồ sơ trong kỳ.",
    ],
    rows: rows.map((row) => ({
      cells: [
        ...[row.id, row.name, row.group],
        ...[row.numerator, row.denominator, row.rate, row.target, row.most, row.points],
        remarkOn(row),
      ],
    })),
  };
}

/** Why a number is not there, or what it counts where that is not plain. */
function remarkOn({ fromHere, source, of, denominator }: IndexRow): string {
  if (!fromHere) return `Không từ hệ thống này. Nguồn: ${source ?? "hệ thống khác"}.`;
  const days = of === "days" ? "Tổng số ngày (theo lịch) ÷ số hồ sơ; tỷ lệ là số ngày một hồ sơ." : "";
  return denominator === 0 ? `Không có mẫu số. ${days}`.trim() : days;
}
