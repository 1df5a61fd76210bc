import type { Request } from "express";
import { CENTRE, CHAIR, type Agencies } from "../../catalogue/units.ts";
import { NotAllowed, Unreadable } from "../../platform/errors.ts";
import { queryText } from "../../platform/http.ts";
import type { Desk } from "../../web/desk.ts";
import { TIER_NAMES, unitsUnder } from "../aggregates.ts";
import type { FigureFilter } from "../filter.ts";
import { reportingPeriodOf } from "../periods.ts";
import { monthStart, startOf } from "../vietnam-days.ts";

/** What a page of figures is asked for, as it stands in the address. */
export interface Asked {
  from: string;
  to: string;
  /** A unit with all under it; undefined: all that one may look at. */
  unit: string | undefined;
  tier: string | undefined;
  field: string | undefined;
  /** The unit without those under it. */
  alone?: boolean;
  /** Only the units that an aggregated form counts: departments, communes, districts with their communes. */
  group?: Group | undefined;
}

export type Group = "06b" | "06c" | "06d";

/** Of which units somebody may see figures. */
export interface Sight {
  /** All of the province. */
  all: boolean;
  /** In order of their codes. */
  units: string[];
  /** Who reports, where no unit is chosen. */
  name: string;
}

const SEE_ALL = ["inspector", "administrator"];
const SEE_OWN = ["leader", "head", "frontdesk"];
/** Nobody looks further back, and a mistyped year asks nothing of the database. */
const FIRST_DAY = "2000-01-01";
const LAST_DAY = "2100-12-31";

/**
 * The head of office and administrators see the province; leaders, heads and front desks their unit and all under it; the
 * provincial centre, which receives for them, the departments. Throws NotAllowed for everybody else.
 */
export function sightOf(desk: Desk, agencies: Agencies): Sight {
  const all = agencies.all.map(({ code }) => code);
  if (desk.roles.some((role) => SEE_ALL.includes(role)))
    return { all: true, units: all, name: agencies.name(CHAIR) };
  if (desk.agency === null || !desk.roles.some((role) => SEE_OWN.includes(role)))
    throw new NotAllowed(
      "not-allowed",
      "Trang thống kê dành cho lãnh đạo, trưởng phòng, Bộ phận Một cửa và người theo dõi toàn tỉnh.",
    );
  const units =
    desk.agency === CENTRE
      ? agencies.all.filter(({ level }) => level === "province").map(({ code }) => code)
      : unitsUnder(agencies, desk.agency).sort();
  return { all: units.length === all.length, units, name: agencies.name(desk.agency) };
}

/** Reads the filter of an address; `usual` is the period without one. Throws Unreadable, NotAllowed. */
export function askedOf(req: Request, sight: Sight, usual: { from: string; to: string }): Asked {
  const [chosenFrom, chosenTo] = (queryText(req, "ky") ?? "").split("_");
  const from = dayOr(queryText(req, "tu") ?? chosenFrom, usual.from);
  const to = dayOr(queryText(req, "den") ?? chosenTo, from > usual.to ? from : usual.to);
  if (to < from || from < FIRST_DAY || to > LAST_DAY)
    throw new Unreadable("bad-period", "Kỳ báo cáo kết thúc trước khi bắt đầu.");
  const unit = queryText(req, "donVi");
  if (unit !== undefined && !sight.units.includes(unit))
    throw new NotAllowed("not-allowed", "Tài khoản này không xem được số liệu của đơn vị đó.");
  const tier = queryText(req, "cap");
  if (tier !== undefined && TIER_NAMES[tier] === undefined)
    throw new Unreadable("bad-tier", "Tham số cap là province, district hoặc commune.");
  const group = queryText(req, "nhom");
  return {
    ...{ from, to, unit, tier, field: queryText(req, "linhVuc") },
    alone: unit !== undefined && queryText(req, "rieng") === "1",
    group: group === "06b" || group === "06c" || group === "06d" ? group : undefined,
  };
}

/** The reporting month in which a day lies. */
export function reportingMonth(day: string): { from: string; to: string } {
  return reportingPeriodOf("month", day);
}

/** The calendar month so far, with today. */
export function monthSoFar(today: string): { from: string; to: string } {
  return { from: monthStart(today), to: today };
}

/** Which dossiers that are. */
export function filterOf(asked: Asked, sight: Sight, agencies: Agencies): FigureFilter {
  const { from, to, tier, field, group } = asked;
  const seen = unitsOf(asked, sight, agencies);
  const units =
    group === undefined
      ? seen
      : (seen ?? sight.units).filter((code) => isOf(group, agencies.get(code)?.level ?? "province"));
  return {
    ...{ from, to },
    ...(units === undefined ? {} : { units }),
    ...(tier === undefined ? {} : { tiers: [tier] }),
    ...(field === undefined ? {} : { fields: [field] }),
  };
}

/** Undefined: all of the province. */
function unitsOf({ unit, alone }: Asked, sight: Sight, agencies: Agencies): string[] | undefined {
  if (unit !== undefined && alone === true) return [unit];
  if (unit === undefined || unit === CHAIR) return sight.all ? undefined : sight.units;
  return unitsUnder(agencies, unit).filter((code) => sight.units.includes(code));
}

/** What asks for a unit's own dossiers: said in the address only where there are others under it. */
export function ownOf(unit: string, agencies: Agencies): Pick<Asked, "unit" | "alone"> {
  return { unit, alone: agencies.all.some(({ parent }) => parent === unit) };
}

/**
 * What asks for the dossiers of a unit and those under it, of all that a page counts. Where the page counts only a part of
 * them (a commune that looks at its district's line), that part stays.
 */
export function withinOf(unit: string, asked: Asked, sight: Sight, agencies: Agencies): Asked {
  const seen = unitsOf(asked, sight, agencies);
  return seen === undefined || seen.includes(unit) ? { ...asked, unit } : asked;
}

function isOf(group: Group, level: string): boolean {
  return group === "06b"
    ? level === "province"
    : group === "06c"
      ? level === "commune"
      : level !== "province";
}

/** An address with this filter and more. */
export function addressOf(
  path: string,
  asked: Partial<Asked>,
  more: Record<string, string | undefined> = {},
): string {
  const { from, to, unit, tier, field, group } = asked;
  const rieng = asked.alone === true ? "1" : undefined;
  const query = { tu: from, den: to, donVi: unit, rieng, cap: tier, linhVuc: field, nhom: group, ...more };
  const said = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(said).toString();
  return text === "" ? path : `${path}?${text}`;
}

function dayOr(text: string | undefined, usual: string): string {
  if (text === undefined || text === "") return usual;
  try {
    startOf(text);
  } catch {
    throw new Unreadable("bad-period", "Ngày của kỳ báo cáo có dạng 2026-11-23.");
  }
  return text;
}
