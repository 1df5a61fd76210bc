import type { Agencies } from "../catalogue/units.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Database } from "../platform/database.ts";
import type { FigureRules } from "./figures-of.ts";
import { figuresFromEvents } from "./fresh-figures.ts";
import { readKnownCalendars } from "./known-calendars.ts";
import { keepProcedures, noteFailedUnit } from "./nights.ts";
import { touchedBetween } from "./read-dossiers.ts";
import { readWatermarks, rollUpUnit, type Watermark } from "./roll-up-unit.ts";
import { hashOfFigures } from "./unit-figures.ts";
import { dayOf, daysBetween, daysLater, endOf } from "./vietnam-days.ts";

export interface StatisticsDeps {
  /** In the role `worker`. */
  db: Database;
  agencies: Agencies;
  catalogue: Pick<Catalogue, "all" | "version">;
}

export interface RolledNight {
  /** Units that were rolled up now, that had nothing to do, and that failed. */
  rolled: number;
  quiet: number;
  dossiers: number;
  failed: { unit: string; error: string }[];
}

/** Units rolled up side by side: while one reckons, the database works for the other. */
const AT_ONCE = 2;

export interface RollUp {
  day: string;
  /** Only what was recorded before counts (epoch milliseconds). */
  asOf: number;
  now: Date;
  /** Of these units alone; otherwise of all. */
  units?: readonly string[];
  /** Ends the night between two units; it goes on there the next time. */
  signal?: AbortSignal;
}

/** What the figures are reckoned with at this moment. */
export async function figureRules({ db, agencies, catalogue }: StatisticsDeps): Promise<FigureRules> {
  return { catalogue, calendars: await readKnownCalendars(db, agencies) };
}

/**
 * Rolls the units up to the end of a day, each in a transaction of its own, so that one that fails leaves the others done;
 * it is named and taken up again from where it stands, night by night. Units without any event and without an open
 * dossier cost one statement together. A day before everything that is rolled up is counted afresh from the events,
 * as its night would have known it.
 */
export async function rollUpNight(deps: StatisticsDeps, night: RollUp): Promise<RolledNight> {
  const { db, agencies } = deps;
  const { day, asOf } = night;
  await keepProcedures(db, deps.catalogue.all);
  const rules = await figureRules(deps);
  const wanted = night.units ?? agencies.all.map(({ code }) => code);
  const marks = await readWatermarks(db);
  const since = Math.min(...wanted.map((unit) => marks.get(unit)?.knownUntil.getTime() ?? Infinity));
  const touched = since < asOf ? await touchedBetween(db, since, asOf) : new Map<string, never[]>();
  const busy = await busyUnits(deps, asOf);
  const result: RolledNight = { rolled: 0, quiet: 0, dossiers: 0, failed: [] };
  const quiet: string[] = [];
  const queue = wanted.values();
  // Each worker ends before the night does, also when another was told to stop.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  await markQuiet(deps, quiet, day, asOf);
  result.quiet = quiet.length;
  return result;

  async function work(): Promise<void> {
    for (const unit of queue) {
      night.signal?.throwIfAborted();
      await take(unit);
    }
  }

  async function take(unit: string): Promise<void> {
    const mark = marks.get(unit);
    const ofUnit = touched.get(unit) ?? [];
    if (mark !== undefined && mark.knownUntil.getTime() >= asOf) {
      await attempt(unit, () => keepAfresh(deps, rules, unit, day, asOf));
      return;
    }
    if (mark === undefined ? !busy.withDossiers.has(unit) : ofUnit.length === 0 && !busy.withOpen.has(unit)) {
      quiet.push(unit);
      return;
    }
    await attempt(unit, async () => {
      for (const one of nightsOf(mark, day, asOf)) {
        const { done, dossiers } = await rollUpUnit(db, rules, { unit, ...one, touched: ofUnit });
        if (done) result.rolled++;
        result.dossiers += dossiers;
      }
    });
  }

  async function attempt(unit: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      result.failed.push({ unit, error });
      await noteFailedUnit(db, { day, unit, error: error.slice(0, 1_000), asOf, now: night.now });
    }
  }
}

/** The nights a unit has to be rolled up through to reach `day`: those that it missed too, each as it would have known. */
function nightsOf(mark: Watermark | undefined, day: string, asOf: number): { day: string; asOf: number }[] {
  if (mark === undefined) return [{ day, asOf }];
  const over = mark.knownUntil.getTime() >= endOf(mark.rolledDay);
  const first = over ? daysLater(mark.rolledDay, 1) : mark.rolledDay;
  return daysBetween(first, day).map((one) => ({ day: one, asOf: Math.min(endOf(one), asOf) }));
}

/** A night of the past that nobody ran: its figures as it would have known them, from the events alone. */
async function keepAfresh(
  { db }: StatisticsDeps,
  rules: FigureRules,
  unit: string,
  day: string,
  asOf: number,
): Promise<void> {
  const { rows } = await db.raw<{ rows: { state: string }[] }>(
    "select state from nightly_units where day = ? and unit = ? and state = 'done'",
    [day, unit],
  );
  if (rows.length > 0) return;
  const figures = await figuresFromEvents(db, rules, { unit, day, asOf });
  await db.raw(
    `insert into nightly_units (day, unit, state, as_of, figures, figures_hash, finished_at)
     values (:day, :unit, 'done', :asOf, :figures::jsonb, :hash, now())
     on conflict (day, unit) do update set state = 'done', error = null, as_of = excluded.as_of,
       figures = excluded.figures, figures_hash = excluded.figures_hash, finished_at = excluded.finished_at`,
    {
      ...{ day, unit, asOf: new Date(asOf).toISOString() },
      ...{ figures: JSON.stringify(figures), hash: hashOfFigures(figures) },
    },
  );
}

/** Which units have dossiers at all, and which have open ones: the others' figures are those of their month so far. */
async function busyUnits({ db }: StatisticsDeps, asOf: number) {
  const { rows } = await db.raw<{ rows: { unit: string; has: boolean; open: boolean }[] }>(
    `select a.code as unit, exists (select from dossiers d where d.agency = a.code) as has,
            exists (select from statistic_spans s where s.unit = a.code and s.until_at = 'infinity')
              or exists (select from statistic_days t where t.unit = a.code and t.day >= :month) as open
       from agencies a`,
    { month: `${dayOf(asOf - 1).slice(0, 8)}01` },
  );
  return {
    withDossiers: new Set(rows.filter(({ has }) => has).map(({ unit }) => unit)),
    withOpen: new Set(rows.filter(({ open }) => open).map(({ unit }) => unit)),
  };
}

/** Units with nothing to count: marked together, those that were rolled up before go on. */
async function markQuiet(
  { db }: StatisticsDeps,
  units: readonly string[],
  day: string,
  asOf: number,
): Promise<void> {
  if (units.length === 0) return;
  const values = { units: [...units], day, asOf: new Date(asOf).toISOString() };
  await db.transaction(async (trx) => {
    await trx.raw(
      `insert into nightly_units (day, unit, state, as_of, finished_at)
       select :day, unit, 'done', :asOf, now() from unnest(:units::text[]) unit
       on conflict (day, unit) do update set state = 'done', error = null, as_of = excluded.as_of
         where nightly_units.state = 'failed'`,
      values,
    );
    await trx.raw(
      `update statistic_units set rolled_day = :day, known_until = :asOf
        where unit = any(:units) and known_until < :asOf`,
      values,
    );
  });
}
