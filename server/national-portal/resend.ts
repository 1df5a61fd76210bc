import type { Pool } from "pg";

/**
 * Puts failed messages back, one (`outboxId`), all of a dossier (`dossierId`) or all there are, to be sent in their
 * order as if never tried. Answers how many there were.
 */
export async function resend(
  deps: { db: Pick<Pool, "query"> },
  which: { dossierId: number | string } | { outboxId: number | string } | "all",
): Promise<number> {
  const [column, id] =
    which === "all"
      ? ["state", "failed"]
      : "dossierId" in which
        ? ["dossier_id", which.dossierId]
        : ["id", which.outboxId];
  const { rowCount } = await deps.db.query(
    `with back as (
       update outbox set state = 'pending', attempts = 0, claimed_by = null, claimed_at = null
        where ${column} = $1 and state = 'failed' returning id)
     select pg_notify('outbox', '') from back`,
    [id],
  );
  return rowCount ?? 0;
}
