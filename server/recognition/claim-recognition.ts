import { randomUUID } from "node:crypto";
import type { Database } from "../platform/database.ts";

/** A stored file that waits to be read, claimed by one worker. */
export interface Claimed {
  sha256: string;
  mediaType: string;
  pages: number;
  attempts: number;
  claim: string;
}

/** After so many attempts a file is given up: it ends the reader, or the machine lacks something. */
export const MOST_ATTEMPTS = 3;

/**
 * Claims the file that has waited longest, for `leaseMs`; one whose worker has not been heard of for that long is free
 * again. Without `withText` only what needs no recogniser is claimed. Undefined where nothing waits. By the database's
 * own clock, which every worker shares and no test moves.
 */
export async function claimRecognition(
  db: Database,
  now: Date,
  { leaseMs, withText }: { leaseMs: number; withText: boolean },
): Promise<Claimed | undefined> {
  const claim = randomUUID();
  const { rows } = await db.raw<{ rows: Omit<Claimed, "claim">[] }>(
    `update recognitions r set state = 'running', claim = ?, started_at = ?, attempts = attempts + 1,
       claimed_until = now() + ? * interval '1 millisecond'
     from files f
     where f.sha256 = r.sha256 and r.sha256 = (
       select sha256 from recognitions
       where state in ('queued', 'running') and (claimed_until is null or claimed_until < now())
         and (? or not prepared)
       order by queued_at limit 1 for update skip locked)
     returning r.sha256, f.media_type as "mediaType", f.pages, r.attempts`,
    [claim, now, leaseMs, withText],
  );
  const [row] = rows;
  return row === undefined ? undefined : { ...row, claim };
}

/** Says that its worker still reads it. Answers false when another has taken it over. */
export async function keepClaim(db: Database, { sha256, claim }: Claimed, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    "update recognitions set claimed_until = now() + ? * interval '1 millisecond' where sha256 = ? and claim = ?",
    [leaseMs, sha256, claim],
  );
  return rowCount > 0;
}

/** Puts a file back as it was: its worker is asked to stop. */
export async function releaseClaim(db: Database, { sha256, claim }: Claimed): Promise<void> {
  await db("recognitions")
    .where({ sha256, claim })
    .update({
      state: "queued",
      claim: null,
      claimed_until: null,
      started_at: null,
      attempts: db.raw("attempts - 1"),
    });
}

/**
 * Notes that reading failed: it waits for another attempt, each a little later, or is given up with `reason` after the
 * third.
 */
export async function failClaim(
  db: Database,
  { sha256, claim, attempts }: Claimed,
  now: Date,
  reason: string,
): Promise<void> {
  const last = attempts >= MOST_ATTEMPTS;
  await db("recognitions")
    .where({ sha256, claim })
    .update({
      state: last ? "failed" : "queued",
      claim: null,
      // Others keep away for so long.
      claimed_until: last ? null : db.raw("now() + ? * interval '1 second'", [5 * attempts]),
      ended_at: last ? now : null,
      reason,
    });
}
