import type { ProcedureVersion } from "../../server/catalogue/catalogue.ts";
import { chartTiers } from "../../workflows/declaration.ts";
import type { Declaration, ProcessName, Tier } from "../../workflows/declaration.ts";
import { luckOf } from "./chance.ts";

/** A procedure as one tier decides it, and how often people come with it beside the others of the tier. */
export interface Matter {
  version: ProcedureVersion;
  tier: Tier;
  process: ProcessName;
  weight: number;
  /** Whether the rules take it online. */
  online: boolean;
  /** Taken online and nowhere else. */
  onlyOnline: boolean;
}

/** What people mostly come for, by field, a tier's other fields sharing what is left. */
const FIELDS: Record<Tier, Record<string, number>> = {
  commune: {
    "Chứng thực": 38,
    "Hộ tịch": 30,
    "Bảo trợ xã hội": 10,
    "Người có công": 3,
    "Trẻ em": 2.5,
    "Nuôi con nuôi": 0.6,
    "Giảm nghèo": 2,
    "Việc làm": 1.5,
  },
  district: {
    "Đất đai": 40,
    "Chứng thực": 11,
    "Hộ tịch": 8,
    "Hoạt động xây dựng": 9,
    "Thành lập và hoạt động của tổ hợp tác, hợp tác xã, liên hiệp hợp tác xã": 6,
    "Quản lý nhà nước về hội, quỹ": 2,
    "Tài chính đất đai": 3,
    "Giáo dục trung học": 3,
  },
  province: {
    "Đất đai": 24,
    "Đường bộ": 15,
    "Người có công": 7,
    "Việc làm": 5,
    "Xuất nhập khẩu": 4,
    "Khám bệnh, chữa bệnh": 5,
    "Dược phẩm": 4,
    "Hoạt động xây dựng": 4,
    "An toàn thực phẩm": 3,
    "Đầu tư tại Việt Nam": 3,
    "Đăng ký biện pháp bảo đảm": 4,
    "Thi, tuyển sinh": 2,
  },
};
/** Of a tier's filings, what its fields that are not named share. */
const OTHER_FIELDS: Record<Tier, number> = { commune: 8, district: 14, province: 26 };

/** Within a field: what everybody comes for at some time, beside the field's first with 1. */
const COMMON: [RegExp, number][] = [
  [/bản sao từ bản chính/i, 12],
  [/chứng thực chữ ký trong/i, 5],
  [/giao dịch liên quan đến tài sản/i, 3],
  [/cấp bản sao từ sổ gốc/i, 2],
  [/đăng ký khai sinh$/i, 6],
  [/tình trạng hôn nhân/i, 5],
  [/trích lục hộ tịch/i, 6],
  [/đăng ký kết hôn$/i, 3],
  [/đăng ký khai tử$/i, 2.5],
  [/trợ cấp xã hội|hưu trí xã hội/i, 3],
  [/cấp Giấy chứng nhận quyền sử dụng đất|biến động|chuyển nhượng/i, 3],
  [/phù hiệu|giấy phép lái xe|kinh doanh vận tải/i, 3],
];
/** What hardly anybody comes for in this province. */
const SELDOM = /lưu động|biên giới|yếu tố nước ngoài|lấn biển/i;
/** However seldom, each process is seen: so much of its tier at least. */
const LEAST: Record<Tier, Partial<Record<ProcessName, number>>> = {
  commune: { f: 0.012, g: 0.002, h: 0.012, j: 0.004 },
  district: { h: 0.03, e: 0.01 },
  province: { a: 0.02, e: 0.06, f: 0.06, g: 0.06, h: 0.08, i: 0.07, j: 0.05 },
};
/** Where it can be filed online it mostly is, and such procedures are the ones people know. */
const ONLINE_BOOST = 2.2;

/** Everything that is asked for at a tier, with its weight; procedures that do not arise in the province have none. */
export function mattersOf(versions: readonly ProcedureVersion[], tier: Tier): Matter[] {
  const matters = versions
    .filter(({ declaration }) => isAsked(declaration, tier))
    .map((version): Matter => {
      const { declaration } = version;
      const online = declaration.channels.includes("online") && declaration.onlineLevel > 2;
      return {
        version,
        tier,
        process: declaration.charts[tier]?.process ?? "b",
        weight: (online ? ONLINE_BOOST : 1) * popularity(declaration, versions, tier),
        online,
        onlyOnline: online && !declaration.channels.includes("counter"),
      };
    });
  return lifted(scaled(matters, tier), tier);
}

function isAsked(declaration: Declaration, tier: Tier): boolean {
  if (declaration.applicability === "no-local-case" || !chartTiers(declaration).includes(tier)) return false;
  if (tier === "province" && declaration.department === null) return false;
  // Process f of a department begins at a lower tier: without one nobody may receive it.
  const chain = declaration.charts[tier]?.chain;
  return chain?.[0] !== "intake" || declaration.levels.some((level) => level !== "province");
}

/** Within its field: the first of all is asked for twice as often as the second, three times as often as the third. */
function popularity(declaration: Declaration, versions: readonly ProcedureVersion[], tier: Tier): number {
  const name = declaration.shortName ?? declaration.displayName ?? declaration.name;
  if (SELDOM.test(name)) return 0.01;
  const common = COMMON.find(([words]) => words.test(name));
  if (common !== undefined) return common[1];
  const luck = luckOf("popularity", declaration.code);
  const ahead = versions.filter(
    (other) =>
      other.declaration.field === declaration.field &&
      other.declaration.charts[tier] !== undefined &&
      luckOf("popularity", other.code) < luck,
  ).length;
  return 1 / (ahead + 1) ** 1.05;
}

/** Weights such that each field has its share of the tier. */
function scaled(matters: Matter[], tier: Tier): Matter[] {
  const byField = new Map<string, Matter[]>();
  for (const matter of matters) {
    const { field } = matter.version.declaration;
    byField.set(field, [...(byField.get(field) ?? []), matter]);
  }
  const named = FIELDS[tier];
  const others = [...byField.keys()].filter((field) => named[field] === undefined);
  const lots = new Map(others.map((field) => [field, 1 / (0.05 + luckOf("field", field))]));
  const allLots = [...lots.values()].reduce((sum, lot) => sum + lot, 0);
  return [...byField].flatMap(([field, all]) => {
    const share = named[field] ?? (OTHER_FIELDS[tier] * (lots.get(field) ?? 0)) / allLots;
    const sum = all.reduce((total, { weight }) => total + weight, 0);
    return all.map((matter) => ({ ...matter, weight: (matter.weight * share) / sum }));
  });
}

/** Processes that would hardly be seen get their least share. */
function lifted(matters: Matter[], tier: Tier): Matter[] {
  const total = matters.reduce((sum, { weight }) => sum + weight, 0);
  return matters.map((matter) => {
    const least = LEAST[tier][matter.process] ?? 0;
    const has = matters.reduce(
      (sum, { process, weight }) => sum + (process === matter.process ? weight : 0),
      0,
    );
    return has / total >= least ? matter : { ...matter, weight: (matter.weight * least * total) / has };
  });
}
