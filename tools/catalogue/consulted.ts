import type { ConsultedDeclaration } from "../../workflows/declaration.ts";
import { matterOf } from "./matter.ts";
import type { Matter } from "./matter.ts";
import type { SourceRow } from "./source.ts";

const MOST_DAYS = 15;

/** Departments by their code and name, for the keys below (units.json). */
const DEPARTMENTS: Record<string, [code: string, name: string]> = {
  VPUBND: ["000.00.01.H30", "Văn phòng Ủy ban nhân dân tỉnh"],
  SNV: ["000.00.02.H30", "Sở Nội vụ"],
  STP: ["000.00.03.H30", "Sở Tư pháp"],
  SKHDT: ["000.00.04.H30", "Sở Kế hoạch và Đầu tư"],
  STC: ["000.00.05.H30", "Sở Tài chính"],
  SCT: ["000.00.06.H30", "Sở Công Thương"],
  SNNPTNT: ["000.00.07.H30", "Sở Nông nghiệp và Phát triển nông thôn"],
  SGTVT: ["000.00.08.H30", "Sở Giao thông vận tải"],
  SXD: ["000.00.09.H30", "Sở Xây dựng"],
  STNMT: ["000.00.10.H30", "Sở Tài nguyên và Môi trường"],
  STTTT: ["000.00.11.H30", "Sở Thông tin và Truyền thông"],
  SLDTBXH: ["000.00.12.H30", "Sở Lao động - Thương binh và Xã hội"],
  SVHTTDL: ["000.00.13.H30", "Sở Văn hóa, Thể thao và Du lịch"],
  SKHCN: ["000.00.14.H30", "Sở Khoa học và Công nghệ"],
  SGDDT: ["000.00.15.H30", "Sở Giáo dục và Đào tạo"],
  SYT: ["000.00.16.H30", "Sở Y tế"],
  BQLKCN: ["000.00.19.H30", "Ban Quản lý các khu công nghiệp"],
};

/** Whom to ask, by matter; the first that fits. Assigned by rule: the source names no consulted agency. */
const BY_MATTER: [matter: (m: Matter) => boolean, keys: string][] = [
  [({ name }) => /giấy phép (xây dựng (mới|sửa)|di dời)|cây xanh/u.test(name), "SXD STNMT SGTVT"],
  [({ name }) => /tượng đài|di sản|di tích|di vật|cổ vật|khảo cổ/u.test(name), "SVHTTDL SXD STNMT STC"],
  [({ name }) => /dự án bất động sản|nhà ở/u.test(name), "STNMT SKHDT STC STP"],
  [
    ({ name, field }) => /khoáng sản|đóng cửa mỏ/u.test(name) || /khoáng sản/iu.test(field),
    "SXD SNNPTNT SGTVT STC",
  ],
  [({ name }) => /nước dưới đất|khai thác nước|nước mặt|tài nguyên nước/u.test(name), "SNNPTNT SXD SYT"],
  [({ name }) => /giấy phép môi trường|tác động môi trường/u.test(name), "SNNPTNT SXD SCT SYT"],
  [({ field }) => field.includes("Biển và hải đảo"), "SNNPTNT SGTVT SVHTTDL"],
  [({ name }) => /nguồn gen|nguy cấp|đa dạng sinh học/u.test(name), "SNNPTNT SKHCN STNMT"],
  [({ name }) => /công trình thủy lợi|đê điều|đập/u.test(name), "SNNPTNT STNMT SXD"],
  [({ name }) => /điện mặt trời|điện lực/u.test(name), "SXD STNMT BQLKCN"],
  [({ name }) => /vật liệu nổ|hóa chất/u.test(name), "SKHCN STNMT SLDTBXH"],
  [
    ({ name }) => /khu công nghiệp|cụm công nghiệp|khu kinh tế|chủ trương đầu tư|nhà đầu tư/u.test(name),
    "SKHDT SXD STNMT STC",
  ],
  [({ name }) => /triển lãm|trưng bày|văn hóa|nghệ thuật|lữ hành/u.test(name), "VPUBND STTTT SVHTTDL"],
  [({ name }) => /người lao động nước ngoài|giấy phép lao động/u.test(name), "SKHDT STP BQLKCN"],
  [({ name }) => name.includes("nuôi con nuôi"), "SLDTBXH SYT VPUBND"],
  [({ name }) => /khám bệnh|chữa bệnh|y khoa/u.test(name), "VPUBND SNV SLDTBXH"],
  [({ name }) => /thương nhân|bán lẻ|phân phối|thương mại|kinh doanh/u.test(name), "SKHDT STC STP"],
  [({ field }) => /Báo chí|Xuất bản|Phát thanh|Viễn thông|Thông tin/iu.test(field), "VPUBND SVHTTDL STP"],
  [() => true, "STP SKHDT STC"],
];

/** Where all of a rule's departments but one decide themselves, these complete the number of two. */
const ALWAYS = "STP STC SKHDT";

/**
 * Two to four provincial departments to consult, never the deciding one, each with fewer working days than
 * the limit: a third of it for the first, a quarter for the others, at most 15.
 */
export function consultedFor(row: SourceRow, limitDays: number | null): ConsultedDeclaration[] {
  const matter = matterOf(row);
  const keys = BY_MATTER.find(([fits]) => fits(matter))?.[1] ?? ALWAYS;
  const chosen = [...new Set(`${keys} ${ALWAYS}`.split(" "))].filter((key) => key !== row.department);
  const count = Math.max(2, keys.split(" ").filter((key) => key !== row.department).length);
  return chosen.slice(0, count).map((key, index) => {
    const [agency, name] = DEPARTMENTS[key] ?? [];
    if (agency === undefined || name === undefined) throw new Error(`Unknown department ${key}`);
    return { agency, name, workingDays: daysToAnswer(limitDays ?? 20, index === 0 ? 3 : 4) };
  });
}

function daysToAnswer(limitDays: number, part: number): number {
  return Math.min(MOST_DAYS, Math.max(1, Math.ceil(limitDays / part)), Math.max(1, limitDays - 1));
}
