import { Router } from "express";
import type { Request } from "express";
import { staff } from "../dossier/request.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Agencies } from "../catalogue/units.ts";
import { CHAIR } from "../catalogue/units.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { Invalid, Unreadable } from "../platform/errors.ts";
import { answering, queryText } from "../platform/http.ts";
import { aggregateForm, unitsUnder } from "./aggregates.ts";
import type { FormColumns } from "./columns.ts";
import type { FigureFilter } from "./filter.ts";
import { formA } from "./form-06a.ts";
import { indexAnswer } from "./index-answer.ts";
import { nightsStanding } from "./nights.ts";
import { overdueCauses } from "./overdue-causes.ts";
import { dayOf, monthStart, startOf } from "./vietnam-days.ts";

export interface StatisticsRouteDeps {
  db: Database;
  agencies: Agencies;
  catalogue: Pick<Catalogue, "all">;
  clock: Clock;
}

const AGGREGATES = { "II.06b": "06b", "II.06c": "06c", "II.06d": "06d", "II.06đ": "06đ" } as const;
const FORMS = ["II.06a", ...Object.keys(AGGREGATES), "II.07a", "766"];

/** `GET /statistics`: the forms and the index of decision 766 over any period, for the monitoring centre and any member of staff; it names no dossier. */
export function statisticsRoutes(deps: StatisticsRouteDeps): Router {
  const router = Router();
  router.get(
    "/statistics",
    answering(async (req) => {
      staff(req);
      const form = queryText(req, "form") ?? "II.06a";
      if (!FORMS.includes(form)) throw new Unreadable("bad-form", `Tham số form là ${FORMS.join(", ")}.`);
      const filter = filterOf(req, deps);
      const { ok, missing, lastClosed, lastClean, leftOver } = await nightsStanding(
        deps.db,
        deps.clock.now(),
      );
      const nights = { complete: ok, lastClosed, lastClean, leftOver, missing };
      return { status: 200, body: { form, ...(await figuresFor(deps, form, filter)), nights } };
    }),
  );
  return router;
}

async function figuresFor(deps: StatisticsRouteDeps, form: string, filter: FigureFilter) {
  const { db, agencies } = deps;
  const { from, to } = filter;
  if (form === "766") return { from, to, ...(await indexAnswer(deps, filter)) };
  if (form === "II.07a") return { from, to, rows: await overdueCauses(db, filter) };
  const aggregate = AGGREGATES[form as keyof typeof AGGREGATES] as (typeof AGGREGATES)["II.06b"] | undefined;
  if (aggregate !== undefined) {
    const { rows, total } = await aggregateForm(db, agencies, aggregate, filter);
    const lines = rows.map((row) => ({ key: row.key, name: row.name, ...shown(row) }));
    return { from, to, rows: lines, total: shown(total) };
  }
  const { until, fields, total } = await formA(db, filter);
  return {
    ...{ from, to, until },
    rows: fields.map(({ field, ...columns }) => ({ field, ...shown(columns) })),
    total: shown(total),
  };
}

/** In the order of the form's columns. */
function shown({ c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, apart }: FormColumns) {
  return { c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, apart };
}

/** Without dates the month so far; a unit stands for itself and all under it. Throws Unreadable, Invalid. */
function filterOf(req: Request, { agencies, clock }: StatisticsRouteDeps): FigureFilter {
  const to = dayText(req, "to") ?? dayOf(clock.now().getTime());
  const from = dayText(req, "from") ?? monthStart(to);
  if (to < from) throw new Unreadable("bad-period", "Kỳ báo cáo kết thúc trước khi bắt đầu.");
  const field = queryText(req, "field");
  const agency = queryText(req, "agency");
  if (agency !== undefined && agencies.get(agency) === undefined)
    throw new Invalid([{ path: "agency", message: "Không có đơn vị này." }], undefined, "unknown-agency");
  return {
    ...{ from, to },
    ...(agency === undefined || agency === CHAIR ? {} : { units: unitsUnder(agencies, agency) }),
    ...(field === undefined ? {} : { fields: [field] }),
  };
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
