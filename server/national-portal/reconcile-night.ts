import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import { openPortal, type ClientDeps } from "./client.ts";
import { giveUp, mend, type Mending, type TellWhole } from "./mend.ts";
import { compareDossiers, type Difference } from "./reconcile.ts";

/** What a night compares: what changed, on one night a week all open ones, a seventh of the closed, what the last left. */
export interface NightlyComparison {
  day: string;
  /** The last clean night knew what was recorded before; undefined: there was none, so all open ones are compared. */
  since: Date | undefined;
  /** Makes what was never sent; without it that is named and left. */
  tellWhole?: TellWhole;
  /** Compared up to this dossier's row before the night was interrupted. */
  after: number;
  /** How long is waited for what is sent again, in milliseconds. */
  patienceMs?: number;
  /** Ends it between two pages; the night can go on there. */
  signal?: AbortSignal;
  /** Told after each page, so that an interrupted night goes on there. */
  reached(dossierId: number, compared: number): Promise<void>;
}

export interface NightlyOutcome {
  compared: number;
  /** Differences found, by dossier and field, before anything was sent again. */
  found: number;
  /** Still different at the end. */
  left: number;
}

const A_PAGE = 400;
/** An archive that was brought in is told over several nights: no night is to last until noon. */
const MOST_TOLD_WHOLE = 2_000;
const PATIENCE_MS = 60_000;
const SUNDAY = 0;

/**
 * Compares, sends again what differs, waits for it and compares that once more; keeps every difference with cause, before
 * and after in `reconciliation_differences`, and the sum in `reconciliations`. Throws PortalUnavailable; what was found by
 * then is kept, and the night can go on from `reached`.
 */
export async function reconcileNight(deps: ClientDeps, night: NightlyComparison): Promise<NightlyOutcome> {
  const { db } = deps;
  const { day } = night;
  const portal = openPortal(deps);
  const ids = (await chosenFor(db, night)).filter((id) => id > night.after);
  const again = new Map<string, Mending>();
  let compared = 0;
  let toldWhole = 0;
  for (let at = 0; at < ids.length; at += A_PAGE) {
    const page = ids.slice(at, at + A_PAGE);
    const { rows } = await db.query<{ code: string }>(
      "select code from dossiers where id = any ($1::bigint[]) order by id",
      [page],
    );
    const result = await compareDossiers(
      db,
      portal,
      rows.map(({ code }) => code),
    );
    compared += result.compared;
    for (const [code, differences] of byDossier(result.differences)) {
      const mending = await mend(
        db,
        code,
        differences,
        toldWhole < MOST_TOLD_WHOLE ? night.tellWhole : undefined,
      );
      if (mending.by === "told-whole") toldWhole++;
      again.set(code, mending);
      await keepFound(deps, day, differences, mending);
    }
    await night.reached(page.at(-1) ?? 0, result.compared);
    night.signal?.throwIfAborted();
  }
  const left = await compareAgain(deps, night, again);
  const { rows } = await db.query<{ found: number }>(
    "select count(*)::int as found from reconciliation_differences where day = $1",
    [day],
  );
  await db.query(
    `insert into reconciliations (run_at, scope, compared, differences, detail) values ($1, $2, $3, $4, $5)`,
    [deps.clock.now(), `night ${day}`, compared, left.length, JSON.stringify(left)],
  );
  return { compared, found: rows[0]?.found ?? 0, left: left.length };
}

/** The rows' ids in order. */
async function chosenFor(db: Pool, { day, since }: NightlyComparison): Promise<number[]> {
  const date = new Date(`${day}T00:00:00Z`);
  const weekly = since === undefined || date.getUTCDay() === SUNDAY;
  const seventh = Math.floor(date.getTime() / 86_400_000) % 7;
  const { rows } = await db.query<{ id: string }>(
    `select dossier_id::text as id from events where recorded_at >= $1
     union select id::text from dossiers where closed_at is null and $2
     union select id::text from dossiers where closed_at is not null and id % 7 = $3
     union select d.id::text from reconciliation_differences r join dossiers d on d.code = r.dossier_code
            where not r.settled and r.day = (
              select max(day) from nightly_runs where day < $4 and reconciled_at is not null)`,
    [since ?? new Date(date.getTime() - 7 * 3_600_000), weekly, seventh, day],
  );
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
}

function byDossier(differences: readonly Difference[]): Map<string, Difference[]> {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const group = groups.get(difference.dossierCode);
    if (group === undefined) groups.set(difference.dossierCode, [difference]);
    else group.push(difference);
  }
  return groups;
}

async function keepFound(
  { db, clock }: ClientDeps,
  day: string,
  differences: readonly Difference[],
  { cause, by }: Mending,
): Promise<void> {
  for (const { dossierCode, what, ours, theirs } of differences)
    await db.query(
      `insert into reconciliation_differences (day, dossier_code, what, ours, theirs, cause, mended_by, found_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (day, dossier_code, what) do update set cause = excluded.cause, mended_by = excluded.mended_by,
         settled = false`,
      [day, dossierCode, what, ours, theirs, cause, by, clock.now()],
    );
}

/** Waits for what was sent again, then compares every dossier of the night that is not settled; answers what is left. */
async function compareAgain(
  deps: ClientDeps,
  { day, patienceMs = PATIENCE_MS, signal }: NightlyComparison,
  again: ReadonlyMap<string, Mending>,
): Promise<Difference[]> {
  const { db } = deps;
  const { rows } = await db.query<{ code: string }>(
    `select distinct dossier_code as code from reconciliation_differences where day = $1 and not settled`,
    [day],
  );
  const codes = rows.map(({ code }) => code);
  if (codes.length === 0) return [];
  const moving = codes.filter((code) => again.get(code)?.by !== "none");
  await untilDelivered(db, moving, patienceMs, signal);
  await giveUp(
    db,
    [...again.values()].flatMap(({ messages }) => messages),
  );
  const { differences } = await compareDossiers(db, openPortal(deps), codes);
  const left = byDossier(differences);
  for (const code of codes) {
    const still = left.get(code) ?? [];
    await db.query(
      `update reconciliation_differences r
          set settled = not exists (select from jsonb_to_recordset($3::jsonb) as s (what text) where s.what = r.what),
              ours_after = coalesce((select s.ours from jsonb_to_recordset($3::jsonb) as s (what text, ours text)
                                      where s.what = r.what), r.ours),
              theirs_after = coalesce((select s.theirs from jsonb_to_recordset($3::jsonb) as s (what text, theirs text)
                                        where s.what = r.what), r.ours)
        where day = $1 and dossier_code = $2 and not settled`,
      [day, code, JSON.stringify(still)],
    );
    // Something else differs now than at first: that is a finding of its own.
    for (const { what, ours, theirs } of still)
      await db.query(
        `insert into reconciliation_differences (day, dossier_code, what, ours, theirs, cause, mended_by, ours_after,
           theirs_after, found_at) values ($1, $2, $3, $4, $5, $6, 'none', $4, $5, $7) on conflict do nothing`,
        [day, code, what, ours, theirs, again.get(code)?.cause ?? "differs", deps.clock.now()],
      );
  }
  return differences;
}

/** Until nothing of these dossiers is on its way, or patience ends; what failed does not move by itself. */
async function untilDelivered(
  db: Pool,
  codes: readonly string[],
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const { rows } = await db.query<{ waiting: boolean }>(
      `select exists (
         select from dossiers d join outbox o on o.dossier_id = d.id and o.state = 'pending'
          where d.code = any ($1) and not exists (
            select from outbox f where f.dossier_id = d.id and f.state = 'failed' and f.id < o.id)) as waiting`,
      [codes],
    );
    if (rows[0]?.waiting !== true) return;
    signal?.throwIfAborted();
    await pause(200);
  }
}

/** A difference as a night kept it, for the administrator's list. */
export interface KeptDifference {
  day: string;
  dossierCode: string;
  what: string;
  ours: string;
  theirs: string;
  cause: string;
  mendedBy: string;
  oursAfter: string | null;
  theirsAfter: string | null;
  settled: boolean;
}

/** The differences of the last night that compared, those not settled first; at most `limit`. */
export async function lastNightsDifferences(db: Pick<Pool, "query">, limit = 200): Promise<KeptDifference[]> {
  const { rows } = await db.query<KeptDifference>(
    `select day::text, dossier_code as "dossierCode", what, ours, theirs, cause, mended_by as "mendedBy",
            ours_after as "oursAfter", theirs_after as "theirsAfter", settled
       from reconciliation_differences
      where day = (select max(day) from nightly_runs where reconciled_at is not null)
      order by settled, dossier_code, what limit ${limit}`,
  );
  return rows;
}
