import type { ExportTable, TableRow } from "../../../server/statistics/exports/table.ts";

/** A table like the list of dossiers behind a number, of so many rows. */
export function madeUpTable(rows: number): ExportTable {
  return {
    fileName: "ho-so",
    title: "Danh sách hồ sơ",
    unitName: "UBND Xã Thử",
    period: "Từ ngày 01/11/2026 đến ngày 30/11/2026",
    columns: [
      { name: "number", title: "STT", kind: "number" },
      { name: "code", title: "Mã hồ sơ", kind: "text" },
      { name: "procedure", title: "Thủ tục", kind: "text" },
      { name: "unit", title: "Đơn vị", kind: "text" },
      { name: "channel", title: "Hình thức nộp", kind: "text" },
      { name: "receivedAt", title: "Tiếp nhận", kind: "moment" },
      { name: "dueAt", title: "Hẹn trả", kind: "moment" },
      { name: "endedAt", title: "Kết thúc", kind: "moment" },
      { name: "outcome", title: "Kết quả", kind: "text" },
      { name: "cause", title: "Nguyên nhân quá hạn", kind: "text" },
    ],
    rows: made(rows),
  };
}

function* made(rows: number): Generator<TableRow> {
  const start = Date.parse("2026-11-01T08:00:00+07:00");
  for (let at = 1; at <= rows; at++) {
    const day = new Date(start + (at % 30) * 86_400_000);
    yield {
      cells: [
        at,
        `000.15.32.H30-261101-${String(at).padStart(6, "0")}`,
        `Đăng ký khai sinh (${at % 1851})`,
        "UBND Xã Thử, huyện Mẫu",
        at % 3 === 0 ? "Trực tuyến" : "Trực tiếp",
        day,
        new Date(day.getTime() + 5 * 86_400_000),
        at % 4 === 0 ? null : new Date(day.getTime() + 3 * 86_400_000),
        at % 4 === 0 ? "Đang giải quyết" : "Trước hạn",
        at % 50 === 0 ? "Đang trình lãnh đạo duyệt, ký" : "",
      ],
    };
  }
}
