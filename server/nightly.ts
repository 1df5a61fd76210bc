import { setTimeout as pause } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { tellWhole } from "./dossier/tell-whole.ts";
import type { ClientDeps } from "./national-portal/client.ts";
import { reconcileNight, type NightlyOutcome } from "./national-portal/reconcile-night.ts";
import { composeStatistics, sendStatistics } from "./national-portal/report-statistics.ts";
import type { PortalRow } from "./national-portal/judge-reply.ts";
import { addColumns, noColumns, type Columns } from "./statistics/columns.ts";
import { keepLateRisks } from "./statistics/keep-late-risks.ts";
import { keepStepDurations } from "./statistics/keep-step-durations.ts";
import { readKnownCalendars } from "./statistics/known-calendars.ts";
import { endRequest, takeRequest } from "./statistics/night-requests.ts";
import { beginNight, dueNight, endNight, missedNights } from "./statistics/nights.ts";
import { rollUpNight, type RolledNight, type StatisticsDeps } from "./statistics/roll-up-night.ts";
import { endOf, startOf } from "./statistics/vietnam-days.ts";

/** The night's work put together: the figures, their report to the portal, the comparison with it. */
export interface NightDeps extends StatisticsDeps {
  /** The portal as this process talks to it; its pool acts as `worker`. */
  client: ClientDeps;
  /** Whose code stands for the whole province in reports. */
  province: string;
  /** Base of the addresses under which the portal may fetch files. */
  publicUrl: string;
}

export interface NightWish {
  /** The day that the night closes. */
  day: string;
  /** Of these units alone: rolled up and reported, nothing is compared. */
  units?: readonly string[];
  /** Whether the portal is told and compared; otherwise only rolled up. */
  report: boolean;
  /** Whether the portal is compared, when it is told: the latest of several nights does that for all. */
  reconcile?: boolean;
  /** Gets a line for each step. */
  say?: (line: string) => void;
  /** How long is waited for what is sent again, in milliseconds. */
  patienceMs?: number;
  /** Ends it early; the night stays due and goes on where it was. */
  signal?: AbortSignal;
}

export interface NightResult {
  /** Everything that was asked for was done. */
  ok: boolean;
  state: "clean" | "differing" | "partial" | "failed";
  rolled: RolledNight;
  reported: { accepted: number; refused: number; unchanged: number } | undefined;
  reconciled: NightlyOutcome | undefined;
  errors: string[];
}

/** Of the session lock under which one night's work runs at a time. */
const NIGHT = 727_009;

/**
 * Runs a night: rolls up each unit, reports the month so far of each unit and the province, compares with the portal. Run
 * again, or twice at once, it changes nothing; killed in the middle it goes on where it was; what failed is repeated
 * alone. A day that is not over yet is counted up to now, and its night stays due. Throws RangeError for a day to come.
 */
export async function runNight(deps: NightDeps, wish: NightWish): Promise<NightResult> {
  return withNightLock(deps.client.db, () => runLocked(deps, wish));
}

async function runLocked(deps: NightDeps, wish: NightWish): Promise<NightResult> {
  const { db, client } = deps;
  const { day, units, report, say = () => undefined } = wish;
  const now = client.clock.now();
  if (startOf(day) > now.getTime()) throw new RangeError(`${day} has not begun yet`);
  const isOver = endOf(day) <= now.getTime();
  const asOf = Math.min(endOf(day), now.getTime());
  const errors: string[] = [];
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;

  await beginNight(db, day, asOf, now);
  const rolled = await rollUpNight(deps, {
    ...{ day, asOf, now },
    ...(units === undefined ? {} : { units }),
    ...(wish.signal === undefined ? {} : { signal: wish.signal }),
  });
  say(
    `${day} rolled up: ${rolled.rolled} units, ${rolled.dossiers} dossiers, ${rolled.quiet} units with nothing to do, ${rolled.failed.length} failed (${seconds()})`,
  );
  for (const { unit, error } of rolled.failed) {
    errors.push(`${unit}: ${error}`);
    say(`  FAILED ${unit}: ${error}`);
  }

  if (units === undefined)
    try {
      const { samples, risks } = await foresee(deps, day, now);
      say(`${day} step times: ${samples} samples, ${risks} open dossiers looked at (${seconds()})`);
    } catch (cause) {
      errors.push(`step times: ${messageOf(cause)}`);
      say(`${day} step times FAILED: ${messageOf(cause)}`);
    }

  let reported: NightResult["reported"];
  let reconciled: NightResult["reconciled"];
  if (report) {
    try {
      reported = await reportNight(deps, wish);
      const { accepted, refused, unchanged } = reported;
      say(`${day} reported: ${accepted} accepted, ${unchanged} unchanged, ${refused} refused (${seconds()})`);
      if (refused > 0) errors.push(`the portal refused ${refused} reports`);
    } catch (cause) {
      errors.push(`report: ${messageOf(cause)}`);
      say(`${day} report FAILED: ${messageOf(cause)}`);
    }
    if (units === undefined && wish.reconcile !== false) {
      try {
        reconciled = await reconcile(deps, wish);
        const { compared, found, left } = reconciled;
        say(`${day} compared: ${compared} dossiers, ${found} differences found, ${left} left (${seconds()})`);
      } catch (cause) {
        errors.push(`comparison: ${messageOf(cause)}`);
        say(`${day} comparison FAILED: ${messageOf(cause)}`);
      }
    }
  }
  const complete = report && isOver && errors.length === 0 && (await isComplete(deps, wish));
  const differs = complete && (await leftOver(deps, day)) > 0;
  const state = errors.length > 0 ? "failed" : differs ? "differing" : complete ? "clean" : "partial";
  await endNight(
    db,
    day,
    state,
    errors.length === 0 ? null : errors.join("; ").slice(0, 2_000),
    client.clock.now(),
  );
  say(`${day} ${state}${isOver ? "" : " (the day is not over)"} (${seconds()})`);
  return { ok: errors.length === 0, state, rolled, reported, reconciled, errors };
}

/** How long steps take by now, and which open dossiers are likely to be late by it. */
async function foresee({ db, agencies, catalogue }: NightDeps, day: string, now: Date) {
  const calendars = await readKnownCalendars(db, agencies);
  const calendarOf = (unit: string) => calendars.at(unit, now.getTime(), new Map());
  const samples = await keepStepDurations(db, calendarOf, day);
  return { samples, risks: await keepLateRisks({ db, catalogue, calendarOf }) };
}

/**
 * Runs the nights that are due and not done, in order; the last one compares with the portal for all. Answers whether
 * nothing is left to repeat. A night that fails keeps none of the later ones from their work.
 */
export async function runMissedNights(
  deps: NightDeps,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const now = deps.client.clock.now();
  const missed = await missedNights(deps.db, now);
  let ok = true;
  for (const day of missed) {
    const reconcileNow = day === missed.at(-1);
    const ending = signal === undefined ? {} : { signal };
    const result = await runNight(deps, { day, report: true, reconcile: reconcileNow, say, ...ending });
    ok &&= result.ok;
  }
  return ok;
}

interface KeptFigures {
  unit: string;
  figures: { month: Columns } | null;
  state: string;
}

/** The month so far of each unit that was rolled up, and of the province once all are; what was accepted so is not sent again. */
async function reportNight(
  { db, agencies, client, province }: NightDeps,
  { day, units }: NightWish,
): Promise<{ accepted: number; refused: number; unchanged: number }> {
  const { rows: kept } = await db.raw<{ rows: KeptFigures[] }>(
    "select unit, figures, state from nightly_units where day = ? order by unit",
    [day],
  );
  const figuresOf = new Map(kept.filter(({ state }) => state === "done").map((row) => [row.unit, row]));
  const records: PortalRow[] = [];
  const whole = noColumns();
  let missing = 0;
  for (const { code, name } of agencies.all) {
    const row = figuresOf.get(code);
    if (row === undefined) missing++;
    else addColumns(whole, row.figures?.month ?? noColumns());
    if (row === undefined || code === province || units?.includes(code) === false) continue;
    records.push(recordOf(code, name, day, row.figures?.month ?? noColumns()));
  }
  if (missing === 0) records.push(recordOf(province, agencies.name(province), day, whole));
  const { rows: sent } = await db.raw<{ rows: { unit: string; record: PortalRow }[] }>(
    "select unit, record from statistic_reports where day = ? and accepted",
    [day],
  );
  const known = new Map(sent.map(({ unit, record }) => [unit, record]));
  const due = records.filter((record) => !isSame(known.get(String(record.Madonvi)), record));
  const answers = due.length === 0 ? [] : await sendStatistics(client, due);
  await db.raw(
    `insert into statistic_reports (day, unit, record, sent_at, accepted, answer)
     select :day, unit, record, :now, accepted, answer
       from jsonb_to_recordset(:rows::jsonb) as r (unit text, record jsonb, accepted boolean, answer text)
     on conflict (day, unit) do update set record = excluded.record, sent_at = excluded.sent_at,
       accepted = excluded.accepted, answer = excluded.answer`,
    {
      day,
      now: client.clock.now(),
      rows: JSON.stringify(
        due.map((record, at) => ({
          unit: record.Madonvi,
          record,
          accepted: answers[at]?.accepted ?? false,
          answer: answers[at]?.text ?? "",
        })),
      ),
    },
  );
  const accepted = answers.filter((answer) => answer.accepted).length;
  return { accepted, refused: due.length - accepted, unchanged: records.length - due.length };
}

function recordOf(unit: string, unitName: string, day: string, month: Columns): PortalRow {
  return composeStatistics({
    ...{ unit, unitName, year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) },
    ...{ received: month.c4 + month.c5, carriedOver: month.c6, handledInTime: month.c8 + month.c9 },
    ...{ handledLate: month.c10, openInTime: month.c12, openOverdue: month.c13 },
    apart: month.apart.carried + month.apart.received,
  });
}

function isSame(before: PortalRow | undefined, after: PortalRow): boolean {
  return before !== undefined && Object.entries(after).every(([name, value]) => before[name] === value);
}

async function reconcile(
  { db, client, catalogue, agencies, publicUrl }: NightDeps,
  { day, patienceMs, signal }: NightWish,
): Promise<NightlyOutcome> {
  const { rows } = await db.raw<{
    rows: {
      after: number | null;
      compared: number | null;
      found: number | null;
      left: number | null;
      done: boolean;
      since: Date | null;
    }[];
  }>(
    `select reconciled_to as after, compared, differences as found, left_over as left, reconciled_at is not null as done,
            (select max(as_of) from nightly_runs where state = 'clean' and reconciled_at is not null and day < :day) as since
       from nightly_runs where day = :day`,
    { day },
  );
  const run = rows[0];
  // Done, and nothing was left: the same night has nothing more to find.
  if (run?.done === true && run.left === 0)
    return { compared: run.compared ?? 0, found: run.found ?? 0, left: 0 };
  const outcome = await reconcileNight(client, {
    day,
    since: run?.since ?? undefined,
    after: run?.done === true ? 0 : (run?.after ?? 0),
    tellWhole: (code, held, choose) =>
      tellWhole(db, { catalogue, agencies, publicUrl }, code, { now: client.clock.now(), held, choose }),
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(signal === undefined ? {} : { signal }),
    reached: async (dossierId, compared) => {
      await db.raw(
        "update nightly_runs set reconciled_to = ?, compared = coalesce(compared, 0) + ? where day = ?",
        [dossierId, compared, day],
      );
    },
  });
  await db.raw(
    `update nightly_runs set reconciled_at = ?, reconciled_to = null, differences = ?, left_over = ? where day = ?`,
    [client.clock.now(), outcome.found, outcome.left, day],
  );
  return outcome;
}

/** Differences to the portal that the night left over; 0 where it compared nothing. */
async function leftOver({ db }: NightDeps, day: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { left: number }[] }>(
    `select left_over as left from nightly_runs where day = ? and reconciled_at is not null`,
    [day],
  );
  return rows[0]?.left ?? 0;
}

/** Whether every unit is rolled up and every report accepted; a night run for some units alone may find the rest done. */
async function isComplete({ db, agencies }: NightDeps, { day, units }: NightWish): Promise<boolean> {
  const { rows } = await db.raw<{
    rows: { done: number; refused: number; reported: number; compared: boolean }[];
  }>(
    `select (select count(*)::int from nightly_units where day = :day and state = 'done') as done,
            (select count(*)::int from statistic_reports where day = :day and not accepted) as refused,
            (select count(*)::int from statistic_reports where day = :day and accepted) as reported,
            (select reconciled_at is not null from nightly_runs where day = :day) as compared`,
    { day },
  );
  const { done = 0, refused = 0, reported = 0, compared = false } = rows[0] ?? {};
  const all = agencies.all.length;
  return done >= all && refused === 0 && reported >= all && (units === undefined || compared);
}

/** One night at a time in all processes: whoever comes second waits, and then finds what the first has done. */
async function withNightLock<T>(pool: Pool, work: () => Promise<T>): Promise<T> {
  const holder: PoolClient = await pool.connect();
  let locked = false;
  try {
    while (!locked) {
      const { rows } = await holder.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [
        NIGHT,
      ]);
      locked = rows[0]?.locked === true;
      if (!locked) await pause(500);
    }
    return await work();
  } finally {
    // Closed, not given back: the lock goes with the connection, as it does when this process is killed.
    holder.release(true);
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/** How long after a failed night the next attempt is made, in milliseconds. */
const AGAIN_AFTER = 5 * 60_000;
const LOOK_EVERY = 20_000;

/**
 * Keeps the nights until `signal` ends it: by the program's clock, at half past midnight and whenever one is found
 * missing, which the database remembers and not this process. A night that fails is tried again every five minutes.
 */
export async function keepNights(
  deps: NightDeps,
  log: { info(line: string): void; error(what: object, line: string): void },
  signal: AbortSignal,
): Promise<void> {
  let notBefore = -Infinity;
  let settled = "";
  let foreseen: Date | undefined;
  const hasEnded = () => signal.aborted;
  while (!hasEnded()) {
    try {
      foreseen = await followRisks(deps, foreseen);
      await doRequest(deps, (line) => log.info(line), signal);
    } catch (error) {
      if (!hasEnded()) log.error({ err: error }, "late risks or a night's repetition failed");
    }
    const due = dueNight(deps.client.clock.now());
    if (due !== settled && performance.now() >= notBefore) {
      try {
        if (await runMissedNights(deps, (line) => log.info(line), signal)) settled = due;
        else notBefore = performance.now() + AGAIN_AFTER;
      } catch (error) {
        notBefore = performance.now() + AGAIN_AFTER;
        if (!hasEnded()) log.error({ err: error }, "a night failed");
      }
    }
    await pause(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
  }
}

/** Events that were recorded by another clock, or committed late, are looked at twice rather than never. */
const OVERLAP_MS = 60_000;

/** Looks at what has moved since the last time; after a start at all that is open. Answers from when the next time looks. */
async function followRisks(
  { db, agencies, catalogue, client }: NightDeps,
  since: Date | undefined,
): Promise<Date> {
  const now = client.clock.now();
  const calendars = await readKnownCalendars(db, agencies);
  const calendarOf = (unit: string) => calendars.at(unit, now.getTime(), new Map());
  await keepLateRisks({ db, catalogue, calendarOf }, since);
  return new Date(now.getTime() - OVERLAP_MS);
}

/** Repeats a night, or a unit's part of it, that an administrator asked for. */
async function doRequest(deps: NightDeps, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const request = await takeRequest(deps.db, deps.client.clock.now());
  if (request === undefined) return;
  const { id, day, unit } = request;
  let ok = false;
  try {
    const units = unit === null ? {} : { units: [unit] };
    ok = (await runNight(deps, { day, report: true, say, signal, ...units })).ok;
  } finally {
    await endRequest(deps.db, id, ok, deps.client.clock.now());
  }
}
