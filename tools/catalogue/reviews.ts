import type { Declaration, Tier } from "../../workflows/declaration.ts";
import type { Matter } from "./matter.ts";
import type { SourceRow } from "./source.ts";

// What a person should look at, and what the source leaves open. None of it changes a source fact.

/** Near-duplicates that may be an old and a new form of one procedure (quirk F2), for a person to read. */
const SUCCESSORS: Record<string, string> = {
  "1.003111": "1.013857",
  "1.003951": "1.013854",
  "1.000148": "2.000140",
  "1.010788": "1.010815",
};

export function possibleSuccessorOf(code: string): string | undefined {
  return SUCCESSORS[code];
}

/** Procedures that other provinces alone have: the name lists them. */
const OTHER_PROVINCES = "của các tỉnh: Thanh Hóa, Nghệ An";

/** Sea or land border, which the province has not (L4), or a body that is not the province's (L5). */
export function applicabilityOf(row: SourceRow): "no-local-case" | "check-competence" | undefined {
  if (row.notes?.includes("no-local-case") || row.name.includes(OTHER_PROVINCES)) return "no-local-case";
  if (row.notes?.includes("check-competence")) return "check-competence";
  // Whether radio frequency licences were handed down to the provinces is unclear (L5).
  if (row.field === "Tần số vô tuyến điện") return "check-competence";
  return undefined;
}

/** "cấp xã" in a name of 2026 (two tiers) and the district level of 2022 (quirk L1). */
export function levelConflictOf(row: SourceRow): Declaration["levelConflict"] {
  return row.notes?.includes("name-says-commune") ? "name-says-commune" : undefined;
}

/** Online level and channels that contradict each other (quirks O1, O2). */
export function channelConflictOf(row: SourceRow): Declaration["channelConflict"] {
  const online = row.channels.includes("online");
  if (row.onlineLevel > 2 && !online) return "level-without-online-channel";
  if (row.onlineLevel === 2 && online) return "level-2-with-online-channel";
  return undefined;
}

/** Land procedures of households that the province decides: branches of the land office receive them (L3). */
export function intakeAlsoOf({ row, name, levels }: Matter): Tier[] | undefined {
  const land = row.field === "Đất đai" && levels.length === 1 && levels[0] === "province";
  const household =
    /tách thửa|hợp thửa|cấp đổi|cấp lại|đính chính|hộ gia đình|cá nhân|vợ và chồng|biến động/u;
  return land && household.test(name) ? ["district", "commune"] : undefined;
}

/**
 * What the law says of limits that the rule "same day" filled in (quirk T1). From memory, to be checked by a
 * jurist: it may be shorter since 2025.
 */
export function legalHintOf({ row, name }: Matter): string | undefined {
  if (!row.notes?.includes("limit-doubtful")) return undefined;
  const check = "thời hạn do hệ thống điền theo quy tắc, cần rà soát";
  if (name.includes("đăng ký lại")) return `Luật có thể quy định 5 ngày làm việc; ${check}`;
  if (/giao dịch|di chúc/u.test(name)) return `Luật có thể quy định 2 ngày làm việc; ${check}`;
  return `Luật có thể quy định 3 ngày làm việc, thêm 5 ngày khi phải xác minh; ${check}`;
}

/** The district's division by field (quirk P2); the names are those of units.json `districtDivisions`. */
const DIVISIONS: [field: RegExp, division: string][] = [
  [/Hộ tịch|Chứng thực|Nuôi con nuôi|Bồi thường|Hòa giải|Quốc tịch/u, "Phòng Tư pháp"],
  [/Đất đai|Môi trường|Tài nguyên nước|Khoáng sản|khoáng sản/u, "Phòng Tài nguyên và Môi trường"],
  [/[Gg]iáo dục|Thi, tuyển sinh|Văn bằng/u, "Phòng Giáo dục và Đào tạo"],
  [/hội, quỹ|Công chức|Thi đua|Tín ngưỡng/u, "Phòng Nội vụ"],
  [/Văn hóa|văn hóa|Gia đình|Thể dục|Phát thanh|Xuất bản|Quảng cáo|Du lịch/u, "Phòng Văn hóa và Thông tin"],
  [/Người có công|Bảo trợ|Việc làm|Lao động|Trẻ em|Giảm nghèo/u, "Phòng Lao động - Thương binh và Xã hội"],
  [
    /Thủy|[Ll]âm|Chăn nuôi|Trồng trọt|Thú y|nông|Nông|Kinh tế hợp tác/u,
    "Phòng Nông nghiệp và Phát triển nông thôn",
  ],
  [/xây dựng|Nhà ở|Hạ tầng|Quy hoạch|chợ|Điện|Đường/u, "Phòng Kinh tế và Hạ tầng"],
  [/hợp tác xã|Tài chính|Quản lý|ngân sách|Đầu tư/u, "Phòng Tài chính - Kế hoạch"],
  [/[Yy] tế|bệnh|thực phẩm/u, "Phòng Y tế"],
];

export function districtDivisionOf(row: SourceRow): string | undefined {
  if (!row.levels.includes("district")) return undefined;
  return DIVISIONS.find(([field]) => field.test(row.field))?.[1] ?? "Văn phòng HĐND và UBND";
}
