import { TIERS, chartTiers } from "../../workflows/declaration.ts";
import type {
  ChartDeclaration,
  Declaration,
  FeeDeclaration,
  LimitDeclaration,
  LimitUnit,
  Role,
  StepDeclaration,
  Tier,
  UnitRef,
} from "../../workflows/declaration.ts";
import { BY_THE_PROCEDURE, dong } from "../forms/moments.ts";
import { CENTRE } from "./units.ts";
import type { Agencies } from "./units.ts";

/** The declaration's terms in the words of people who have never heard them. */

export const ONLINE_LEVELS: Record<Declaration["onlineLevel"], string> = {
  4: "Toàn trình",
  3: "Một phần",
  2: "Không trực tuyến",
};

export const TIER_NAMES: Record<Tier, string> = {
  province: "Cấp tỉnh",
  district: "Cấp huyện",
  commune: "Cấp xã",
};

const ROLES: Record<Role, string> = {
  frontdesk: "Bộ phận Một cửa",
  specialist: "Chuyên viên",
  head: "Trưởng phòng",
  leader: "Lãnh đạo",
  clerk: "Văn thư",
};

const UNITS: Record<UnitRef, string> = {
  intake: "nơi tiếp nhận",
  processing: "đơn vị xử lý",
  deciding: "cơ quan quyết định",
  superior: "cấp trên trực tiếp",
  chair: "UBND tỉnh",
};

const LIMIT_UNITS: Record<Exclude<LimitUnit, "same-day">, string> = {
  "working-hour": "giờ làm việc",
  "working-day": "ngày làm việc",
  day: "ngày",
  month: "tháng",
};

/** "Tư pháp" of a list, "thủ tục" and all: the name as people read it. */
export function nameOf(declaration: Declaration): string {
  return declaration.displayName ?? declaration.name;
}

/** "20 ngày làm việc"; "trong ngày làm việc"; where no limit is known it says so. */
export function limitInWords(limit: LimitDeclaration | null | undefined): string {
  if (limit === null || limit === undefined) return BY_THE_PROCEDURE;
  return limit.unit === "same-day" ? "trong ngày làm việc" : `${limit.value} ${LIMIT_UNITS[limit.unit]}`;
}

/** Every limit of a procedure with the case and channel it is for; one line where there is but one. */
export function limitLines(declaration: Declaration): { limit: string; when: string }[] {
  const cases = new Map(declaration.cases.map(({ code, name }) => [code, name]));
  if (declaration.limits.length === 0) return [{ limit: BY_THE_PROCEDURE, when: "" }];
  return declaration.limits.map((limit) => ({
    limit: limitInWords(limit),
    when: [
      limit.case === undefined ? "" : (cases.get(limit.case) ?? ""),
      limit.channel === undefined ? "" : CHANNELS[limit.channel],
    ]
      .filter((part) => part !== "")
      .join(", "),
  }));
}

const CHANNELS = {
  counter: "nộp trực tiếp",
  online: "nộp trực tuyến",
  postal: "nộp qua bưu chính",
};

/** "Chuyên viên, đơn vị xử lý". */
export function whoDoes({ role, unit }: StepDeclaration): string {
  return role === "frontdesk" ? `${ROLES[role]} ${UNITS[unit]}` : `${ROLES[role]}, ${UNITS[unit]}`;
}

/** A step's share of the limit as a number from 0 to 1. */
export function shareOf({ share }: StepDeclaration): number {
  const [part = 0, whole = 1] = share.split("/").map(Number);
  return part / whole;
}

/** "3/7 thời hạn, khoảng 8,5 ngày làm việc"; "" for a step that takes none of it. */
export function shareInWords(step: StepDeclaration, limit: LimitDeclaration | null): string {
  const share = shareOf(step);
  if (share === 0) return "";
  const part = share === 1 ? "cả thời hạn" : `${step.share} thời hạn`;
  if (limit === null || limit.unit === "same-day" || limit.unit === "month") return part;
  const amount = Math.round(limit.value * share * 2) / 2;
  if (amount < 0.5) return part;
  return `${part}, khoảng ${String(amount).replace(".", ",")} ${LIMIT_UNITS[limit.unit]}`;
}

/** A fee as the public reads it; undefined for the line that only the cash desk needs. */
export function feeInWords({ kind, amount, examples = [], dueAt }: FeeDeclaration): string | undefined {
  switch (kind) {
    case "fixed":
      return `${dong(amount ?? 0)}, nộp khi ${FEE_DUE[dueAt]}`;
    case "varies":
      return examples.length === 0
        ? "Tùy trường hợp, theo thông báo của cơ quan giải quyết"
        : `Tùy trường hợp, ví dụ ${examples.map(dong).join("; ")}`;
    case "none-stated":
      return "Không có khoản phí, lệ phí nào được công bố";
    case "unknown":
      return "Mức thu theo thông báo của cơ quan giải quyết";
    case "other":
      return undefined;
  }
}

const FEE_DUE = { intake: "nộp hồ sơ", processing: "cơ quan yêu cầu", return: "nhận kết quả" };

/** Whether the procedure takes dossiers online: at level 2 it only offers forms, whatever its channels say. */
export function takesOnline({ channels, onlineLevel }: Declaration): boolean {
  return channels.includes("online") && onlineLevel > 2;
}

export interface Place {
  tier: Tier;
  /** Who decides. */
  decides: string;
  /** Where the dossier is handed in. */
  handIn: string;
}

/** Who decides at each tier, and where the dossier is handed in: the centre for departments (NĐ 118/2025). */
export function placesOf(declaration: Declaration, agencies: Agencies): Place[] {
  return chartTiers(declaration).map((tier) => {
    const decides = decidingAt(declaration, tier, agencies);
    return { tier, decides, handIn: handInAt(declaration, tier, agencies, decides) };
  });
}

function decidingAt(declaration: Declaration, tier: Tier, agencies: Agencies): string {
  if (tier === "district") {
    const division = declaration.districtDivision;
    return division === undefined ? "UBND cấp huyện" : `UBND cấp huyện (${division})`;
  }
  if (tier === "commune") return "UBND cấp xã";
  return (
    agencies.all.find(({ key }) => key !== null && key === declaration.department)?.name ?? "Sở quản lý ngành"
  );
}

function handInAt(declaration: Declaration, tier: Tier, agencies: Agencies, decides: string): string {
  const { chain = [] } = declaration.charts[tier] ?? ({} as Partial<ChartDeclaration>);
  if (chain[0] === "intake" && chain.length > 1)
    return declaration.levels.includes("commune")
      ? "Bộ phận Một cửa UBND xã, phường, thị trấn nơi cư trú"
      : "Bộ phận Một cửa UBND cấp huyện nơi cư trú";
  if (tier === "province") return agencies.get(CENTRE)?.name ?? decides;
  return tier === "district"
    ? "Bộ phận Một cửa UBND huyện, thị xã, thành phố"
    : "Bộ phận Một cửa UBND xã, phường, thị trấn";
}

/** The levels that may also receive it, beside the deciding one (branches of the land office). */
export function alsoReceived({ intakeAlso = [] }: Declaration): string[] {
  return TIERS.filter((tier) => intakeAlso.includes(tier)).map((tier) => TIER_NAMES[tier].toLowerCase());
}
