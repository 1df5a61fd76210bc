import type { Knex } from "knex";
import { dayOf, daysLater, endOf, startOf } from "./vietnam-days.ts";

/** Half an hour after midnight: a night is due, and closes the day before. */
const DUE_AFTER = 30 * 60_000;
/** Nobody repeats more of the past by itself; older nights are run by hand. */
const LONGEST_PAUSE = 400;

/** The day that the night now due closes: yesterday, until half past midnight the day before. */
export function dueNight(now: Date): string {
  return daysLater(dayOf(now.getTime() - DUE_AFTER), -1);
}

/** The next moment, after `now`, at which a night becomes due. */
export function nextDue(now: Date): Date {
  return new Date(startOf(daysLater(dueNight(now), 2)) + DUE_AFTER);
}

export interface NightRun {
  day: string;
  /** `differing`: all of it done, and differences to the portal left over. */
  state: "running" | "clean" | "differing" | "failed" | "partial";
  asOf: Date;
  attempts: number;
  finishedAt: Date | null;
  differences: number | null;
  leftOver: number | null;
  error: string | null;
}

const RUN = `day, state, as_of as "asOf", attempts, finished_at as "finishedAt", differences, left_over as "leftOver", error`;

export async function findNight(db: Knex, day: string): Promise<NightRun | undefined> {
  const { rows } = await db.raw<{ rows: NightRun[] }>(`select ${RUN} from nightly_runs where day = ?`, [day]);
  return rows[0];
}

/** All is rolled up and reported: the figures of its day stand, whatever the portal holds. */
const CLOSED = "('clean', 'differing')";

/**
 * The nights that are due and not closed, in order: from the first that was ever run, else only the last one, and that
 * only when anything was recorded before its day ended.
 */
export async function missedNights(db: Knex, now: Date): Promise<string[]> {
  const due = dueNight(now);
  const { rows } = await db.raw<{ rows: { first: string | null; begun: boolean }[] }>(
    `select (select min(day) from nightly_runs) as first,
            exists (select from events where recorded_at < ?) as begun`,
    [new Date(endOf(due))],
  );
  const { first = null, begun = false } = rows[0] ?? {};
  if (first === null) return begun ? [due] : [];
  const { rows: missed } = await db.raw<{ rows: { day: string }[] }>(
    `select g.day::date as day
       from generate_series(greatest(:first::date, :due::date - ${LONGEST_PAUSE})::timestamp, :due::date::timestamp,
              interval '1 day') g (day)
       left join nightly_runs r on r.day = g.day::date
      where r.state is null or r.state not in ${CLOSED} order by 1`,
    { first, due },
  );
  return missed.map(({ day }) => day);
}

/** How the nights stand, for pages, health and metrics. */
export interface NightsStanding {
  /** Whether every night that is due is closed: only then the figures are of this morning. */
  ok: boolean;
  /** The day up to which all figures stand: that of the last night that was done, whatever the portal held then. */
  lastClosed: string | null;
  /** The day of the last night that compared with the portal and left no difference. */
  lastClean: string | null;
  /** The night that should be there by now. */
  due: string;
  missing: string[];
  /** What people are told; "" when all is well. Vietnamese. */
  warning: string;
  failedUnits: { day: string; unit: string; error: string | null }[];
  /** Differences to the portal that the last night to compare left over. */
  leftOver: number | null;
}

/** The watchdog: says loudly when last night's run, or one before it, is missing or not done. */
export async function nightsStanding(db: Knex, now: Date): Promise<NightsStanding> {
  const missing = await missedNights(db, now);
  const { rows: last } = await db.raw<{
    rows: { closed: string | null; clean: string | null; leftOver: number | null }[];
  }>(
    `select (select max(day) from nightly_runs where state in ${CLOSED}) as closed,
            (select max(day) from nightly_runs where state = 'clean' and reconciled_at is not null) as clean,
            (select left_over from nightly_runs where reconciled_at is not null order by day desc limit 1) as "leftOver"`,
  );
  const { rows: failedUnits } = await db.raw<{ rows: NightsStanding["failedUnits"] }>(
    "select day, unit, error from nightly_units where state = 'failed' order by day, unit limit 50",
  );
  const vietnamese = missing.map((day) => day.split("-").reverse().join("/"));
  const warning =
    vietnamese.length === 0
      ? ""
      : `Số liệu chưa được chốt cho ${vietnamese.length > 3 ? `${vietnamese.length} ngày, từ ngày ${vietnamese[0] ?? ""}` : `ngày ${vietnamese.join(", ")}`}. Các con số bên dưới có thể chưa đầy đủ.`;
  return {
    ok: missing.length === 0,
    lastClosed: last[0]?.closed ?? null,
    lastClean: last[0]?.clean ?? null,
    due: dueNight(now),
    missing,
    warning,
    failedUnits,
    leftOver: last[0]?.leftOver ?? null,
  };
}

/** Begins a night or goes on with it: only what is recorded before `asOf` counts. */
export async function beginNight(db: Knex, day: string, asOf: number, now: Date): Promise<void> {
  await db.raw(
    `insert into nightly_runs as r (day, state, as_of, started_at) values (:day, 'running', :asOf, :now)
     on conflict (day) do update set state = 'running', as_of = excluded.as_of, attempts = r.attempts + 1, error = null,
       started_at = excluded.started_at, finished_at = null,
       reconciled_to = case when r.reconciled_at is null then r.reconciled_to end,
       compared = case when r.reconciled_at is null or r.as_of = excluded.as_of then r.compared end,
       reconciled_at = case when r.as_of = excluded.as_of then r.reconciled_at end`,
    { day, asOf: new Date(asOf), now },
  );
}

/** Ends a night: `clean` when every unit, the report and the comparison are done, and the portal holds the same. */
export async function endNight(
  db: Knex,
  day: string,
  state: "clean" | "differing" | "failed" | "partial",
  error: string | null,
  now: Date,
): Promise<void> {
  await db.raw("update nightly_runs set state = ?, error = ?, finished_at = ? where day = ?", [
    state,
    error,
    now,
    day,
  ]);
}

/** Notes that a unit's night failed, so that it is named and repeated alone. */
export async function noteFailedUnit(
  db: Knex,
  failed: { day: string; unit: string; error: string; asOf: number; now: Date },
): Promise<void> {
  await db.raw(
    `insert into nightly_units as n (day, unit, state, error, as_of, finished_at)
     values (:day, :unit, 'failed', :error, :asOf, :now)
     on conflict (day, unit) do update set state = 'failed', attempts = n.attempts + 1, error = excluded.error,
       as_of = excluded.as_of, finished_at = excluded.finished_at`,
    { ...failed, asOf: new Date(failed.asOf) },
  );
}

/** The procedures in force by name and field, as the forms list them. */
export async function keepProcedures(
  db: Knex,
  procedures: readonly { code: string; declaration: { name: string; field: string } }[],
): Promise<void> {
  await db.raw(
    `insert into statistic_procedures (code, name, field)
     select code, name, field from jsonb_to_recordset(?::jsonb) as p (code text, name text, field text)
     on conflict (code) do update set name = excluded.name, field = excluded.field
       where (statistic_procedures.name, statistic_procedures.field) is distinct from (excluded.name, excluded.field)`,
    [JSON.stringify(procedures.map(({ code, declaration: { name, field } }) => ({ code, name, field })))],
  );
}
