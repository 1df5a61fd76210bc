import type { Knex } from "knex";
import type { NightRun } from "./nights.ts";

export interface ToldNight extends NightRun {
  compared: number | null;
  reconciled: boolean;
  /** Units that failed in it; reports that the portal took, and that were made. */
  failed: number;
  accepted: number;
  reports: number;
}

/** The latest nights, the last first. */
export async function findNights(db: Knex, limit: number): Promise<ToldNight[]> {
  const { rows } = await db.raw<{ rows: ToldNight[] }>(
    `select r.day, r.state, r.as_of as "asOf", r.attempts, r.finished_at as "finishedAt", r.differences,
            r.left_over as "leftOver", r.error, r.compared, r.reconciled_at is not null as reconciled,
            (select count(*)::int from nightly_units u where u.day = r.day and u.state = 'failed') as failed,
            (select count(*)::int from statistic_reports s where s.day = r.day and s.accepted) as accepted,
            (select count(*)::int from statistic_reports s where s.day = r.day) as reports
       from nightly_runs r order by r.day desc limit ?`,
    [limit],
  );
  return rows;
}

export interface Difference {
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

/** What a night found different at the portal, those not settled first; of these units' dossiers, or of all. */
export async function findDifferences(
  db: Knex,
  day: string,
  units: readonly string[] | undefined,
): Promise<Difference[]> {
  const { rows } = await db.raw<{ rows: Difference[] }>(
    `select r.dossier_code as "dossierCode", r.what, r.ours, r.theirs, r.cause, r.mended_by as "mendedBy",
            r.ours_after as "oursAfter", r.theirs_after as "theirsAfter", r.settled
       from reconciliation_differences r
      where r.day = :day and (:units::text[] is null
        or exists (select from dossiers d where d.code = r.dossier_code and d.agency = any(:units::text[])))
      order by r.settled, r.dossier_code, r.what limit 20000`,
    { day, units: units === undefined ? null : [...units] },
  );
  return rows;
}

export interface Report {
  unit: string;
  record: Record<string, unknown>;
  sentAt: Date | null;
  accepted: boolean | null;
  answer: string | null;
}

/** What the portal was told of a night's month, and what it answered; the refused first. */
export async function findReports(
  db: Knex,
  day: string,
  units: readonly string[] | undefined,
): Promise<Report[]> {
  const { rows } = await db.raw<{ rows: Report[] }>(
    `select unit, record, sent_at as "sentAt", accepted, answer from statistic_reports
      where day = :day and (:units::text[] is null or unit = any(:units::text[])) order by accepted, unit`,
    { day, units: units === undefined ? null : [...units] },
  );
  return rows;
}
