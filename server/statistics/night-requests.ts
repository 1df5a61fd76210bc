import type { Knex } from "knex";

/** A night, or one unit's part of it, that somebody asked to be repeated. */
export interface NightRequest {
  id: number;
  day: string;
  unit: string | null;
}

/** A request that a process took and did not end is taken again after so long. */
const ABANDONED_MS = 30 * 60_000;

/** Asks the worker to repeat a night; the same that waits already is not asked for twice. */
export async function askForNight(
  db: Knex,
  { day, unit, by, now }: { day: string; unit: string | null; by: string; now: Date },
): Promise<void> {
  await db.raw(
    `insert into nightly_requests (day, unit, asked_by, asked_at)
     select :day, :unit::text, :by, :now
      where not exists (select from nightly_requests
        where day = :day and unit is not distinct from :unit::text and taken_at is null)`,
    { day, unit, by, now },
  );
}

/** The oldest request that nobody works at, for this process; undefined where there is none. */
export async function takeRequest(db: Knex, now: Date): Promise<NightRequest | undefined> {
  const { rows } = await db.raw<{ rows: NightRequest[] }>(
    `update nightly_requests set taken_at = :now
      where id = (select id from nightly_requests
        where done_at is null and (taken_at is null or taken_at < :abandoned)
        order by id limit 1 for update skip locked)
     returning id, day, unit`,
    { now, abandoned: new Date(now.getTime() - ABANDONED_MS) },
  );
  return rows[0];
}

export async function endRequest(db: Knex, id: number, ok: boolean, now: Date): Promise<void> {
  await db.raw("update nightly_requests set done_at = :now, ok = :ok where id = :id", { id, ok, now });
}

/** Which nights and units are asked for and not yet done. */
export async function openRequests(db: Knex): Promise<{ day: string; unit: string | null }[]> {
  const { rows } = await db.raw<{ rows: { day: string; unit: string | null }[] }>(
    "select day, unit from nightly_requests where done_at is null",
  );
  return rows;
}
