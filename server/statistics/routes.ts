import { Router } from "express";
import { staff } from "../dossier/request.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Agencies } from "../catalogue/units.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { answering } from "../platform/http.ts";
import { aggregateForm } from "./aggregates.ts";
import { AGGREGATES, askedFigures, type AskedFigures } from "./asked-figures.ts";
import { causesByUnit } from "./causes-by-unit.ts";
import type { FormColumns } from "./columns.ts";
import { sendTable } from "./exports/send-table.ts";
import { figuresTable } from "./figures-table.ts";
import { formA } from "./form-06a.ts";
import { indexAnswer } from "./index-answer.ts";
import { nightsStanding } from "./nights.ts";
import { overdueCauses } from "./overdue-causes.ts";

export interface StatisticsRouteDeps {
  db: Database;
  agencies: Agencies;
  catalogue: Pick<Catalogue, "all">;
  clock: Clock;
}

/**
 * `GET /statistics`: the forms and the index of decision 766 over any period, for the monitoring centre and any member of
 * staff; it names no dossier. `/statistics.xlsx` and `/statistics.csv` hand out the same as a sheet.
 */
export function statisticsRoutes(deps: StatisticsRouteDeps): Router {
  const router = Router();
  router.get(
    "/statistics",
    answering(async (req) => {
      staff(req);
      const asked = askedFigures(req, deps);
      const { ok, missing, lastClosed, lastClean, leftOver } = await nightsStanding(
        deps.db,
        deps.clock.now(),
      );
      const nights = { complete: ok, lastClosed, lastClean, leftOver, missing };
      return { status: 200, body: { form: asked.form, ...(await figuresFor(deps, asked)), nights } };
    }),
  );
  for (const kind of ["xlsx", "csv"] as const)
    router.get(`/statistics.${kind}`, async (req, res) => {
      staff(req);
      await sendTable(res, kind, await figuresTable(deps, askedFigures(req, deps)));
    });
  return router;
}

async function figuresFor(deps: StatisticsRouteDeps, { form, filter }: AskedFigures) {
  const { db, agencies } = deps;
  const { from, to } = filter;
  if (form === "766") return { from, to, ...(await indexAnswer(deps, filter)) };
  if (form === "II.07a") return { from, to, rows: await overdueCauses(db, filter) };
  if (form === "II.07b") return { from, to, rows: await causesByUnit(db, agencies, filter) };
  const aggregate = AGGREGATES[form];
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
