import type { Knex } from "knex";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Agencies } from "../catalogue/units.ts";
import type { FigureFilter } from "./filter.ts";
import { lastDay } from "./form-06a.ts";
import { INDICATORS, NOT_FROM_HERE, scoreIndex, sumOfPoints } from "./index-766.ts";
import { addUp, indexCounts, indexProcedures, serviceCounts, timeTaken } from "./index-counts.ts";

/** An indicator of decision 766 as the monitoring centre reads it. */
export interface IndexRow {
  id: string;
  group: string;
  name: string;
  /** Whether its inputs are in this system; where not, nothing of it is a number. */
  fromHere: boolean;
  /** What is counted; null where its inputs lie elsewhere. */
  of: "dossiers" | "procedures" | "days" | null;
  numerator: number | null;
  denominator: number | null;
  /** Percent (of 2.2: days a dossier); null where there is nothing to divide by, or the inputs lie elsewhere. */
  rate: number | null;
  target: number | null;
  most: number | null;
  points: number | null;
  /** Where the inputs are, of those not from here. */
  source: string | null;
}

/** The index of the units of a filter over a period: the same figures as the page of the index shows. */
export async function indexAnswer(
  deps: { db: Knex; agencies: Agencies; catalogue: Pick<Catalogue, "all"> },
  filter: FigureFilter,
): Promise<{ until: string | null; rows: IndexRow[]; points: number; most: number }> {
  const { db } = deps;
  const counts = {
    ...addUp(await indexCounts(db, filter)),
    ...serviceCounts(await indexProcedures(db, deps, filter)),
  };
  const scored = scoreIndex(counts);
  const { dossiers, days } = await timeTaken(db, filter);
  const rows: IndexRow[] = scored.map((score) => {
    const {
      group = "",
      name = "",
      of = null,
      target = null,
      most = null,
    } = INDICATORS.find(({ id }) => id === score.id) ?? {};
    return { ...NOTHING, ...score, group, name, fromHere: true, of, target, most };
  });
  rows.push({
    ...NOTHING,
    ...{ id: "2.2", group: "Tiến độ giải quyết", name: "Thời gian giải quyết trung bình", fromHere: true },
    ...{ of: "days", numerator: twoDecimals(days), denominator: dossiers },
    rate: dossiers === 0 ? null : twoDecimals(days / dossiers),
  });
  rows.push(
    ...NOT_FROM_HERE.map(({ id, group, name, most, where }) => ({
      ...NOTHING,
      ...{ id: id.replace("4.x", "4"), group, name, most, source: where },
    })),
  );
  return {
    until: await lastDay(db, filter.to),
    rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...sumOfPoints(scored),
  };
}

const NOTHING: IndexRow = {
  ...{ id: "", group: "", name: "", fromHere: false, of: null, numerator: null, denominator: null },
  ...{ rate: null, target: null, most: null, points: null, source: null },
};

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
