import type { Request } from "express";
import type { Agencies } from "../catalogue/units.ts";
import { CHAIR } from "../catalogue/units.ts";
import type { Clock } from "../platform/clock.ts";
import { Invalid, Unreadable } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { unitsUnder, type Aggregate } from "./aggregates.ts";
import type { FigureFilter } from "./filter.ts";
import { dayOf, monthStart, startOf } from "./vietnam-days.ts";

export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  ...{ "II.06b": "06b", "II.06c": "06c", "II.06d": "06d", "II.06đ": "06đ" },
};
const FORMS = ["II.06a", ...Object.keys(AGGREGATES), "II.07a", "II.07b", "766"];

/** Which form over what, as a caller of `GET /statistics` asked for it. */
export interface AskedFigures {
  form: string;
  filter: FigureFilter;
  /** Whose figures they are: the unit asked for, else the province. */
  agency: string;
}

/**
 * Reads form, period, unit and field of a request. Without dates it is the month so far; a unit stands for itself and all
 * under it. Throws Unreadable for what is no form or period, Invalid for a unit that is not there.
 */
export function askedFigures(
  req: Request,
  { agencies, clock }: { agencies: Agencies; clock: Clock },
): AskedFigures {
  const form = queryText(req, "form") ?? "II.06a";
  if (!FORMS.includes(form)) throw new Unreadable("bad-form", `Tham số form là ${FORMS.join(", ")}.`);
  const to = dayText(req, "to") ?? dayOf(clock.now().getTime());
  const from = dayText(req, "from") ?? monthStart(to);
  if (to < from) throw new Unreadable("bad-period", "Kỳ báo cáo kết thúc trước khi bắt đầu.");
  const field = queryText(req, "field");
  const agency = queryText(req, "agency");
  if (agency !== undefined && agencies.get(agency) === undefined)
    throw new Invalid([{ path: "agency", message: "Không có đơn vị này." }], undefined, "unknown-agency");
  const filter = {
    ...{ from, to },
    ...(agency === undefined || agency === CHAIR ? {} : { units: unitsUnder(agencies, agency) }),
    ...(field === undefined ? {} : { fields: [field] }),
  };
  return { form, filter, agency: agency ?? CHAIR };
}

function dayText(req: Request, name: string): string | undefined {
  const text = queryText(req, name);
  if (text === undefined) return undefined;
  try {
    startOf(text);
  } catch {
    throw new Unreadable("bad-period", `Tham số ${name} là một ngày, như 2026-11-23.`);
  }
  return text;
}
