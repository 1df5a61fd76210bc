import { noColumns } from "./columns.ts";
import { figuresFromEvents } from "./fresh-figures.ts";
import { figureRules, type StatisticsDeps } from "./roll-up-night.ts";
import { unitFigures, type UnitFigures } from "./unit-figures.ts";

/** A figure that a night reported and that the events do not give. */
export interface StatisticsFinding {
  day: string;
  unit: string;
  what: string;
  reported: string;
  afresh: string;
}

export interface Verified {
  nights: number;
  units: number;
  findings: StatisticsFinding[];
}

/**
 * Makes every unit's figures of a night (of all nights, without a day) afresh from the events alone, as known at that
 * night's run, and names what differs from what was reported. Slow: each unit's whole archive is read once a night.
 */
export async function verifyStatistics(
  deps: StatisticsDeps,
  which: { day?: string; units?: readonly string[] } = {},
): Promise<Verified> {
  const { db } = deps;
  const rules = await figureRules(deps);
  const { rows } = await db.raw<{
    rows: { day: string; unit: string; asOf: Date; figures: UnitFigures | null }[];
  }>(
    `select day, unit, as_of as "asOf", figures from nightly_units
      where state = 'done' and (:day::date is null or day = :day::date)
        and (:units::text[] is null or unit = any(:units::text[]))
      order by day, unit`,
    { day: which.day ?? null, units: which.units === undefined ? null : [...which.units] },
  );
  const findings: StatisticsFinding[] = [];
  for (const { day, unit, asOf, figures } of rows) {
    const afresh = await figuresFromEvents(db, rules, { unit, day, asOf: asOf.getTime() });
    const reported = figures ?? unitFigures([], noColumns());
    for (const [what, was, is] of differing(reported, afresh))
      findings.push({ day, unit, what, reported: was, afresh: is });
  }
  return { nights: new Set(rows.map(({ day }) => day)).size, units: rows.length, findings };
}

function differing(reported: unknown, afresh: unknown, path = ""): [string, string, string][] {
  if (typeof reported !== "object" || typeof afresh !== "object" || reported === null || afresh === null)
    return reported === afresh ? [] : [[path, String(reported), String(afresh)]];
  const [was, is] = [reported as Record<string, unknown>, afresh as Record<string, unknown>];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
    differing(was[name], is[name], path === "" ? name : `${path}.${name}`),
  );
}
