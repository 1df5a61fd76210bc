import type { Pool } from "pg";
import type { Difference } from "./reconcile.ts";

/** A message that was given up, with the portal's reason. */
export interface FailedMessage {
  id: number;
  dossierCode: string;
  kind: "dossier" | "progress";
  attempts: number;
  reason: string;
  createdAt: Date;
}

const MOST_SHOWN = 200;

/** The messages that failed, the oldest first, at most 200. */
export async function failedMessages(db: Pick<Pool, "query">): Promise<FailedMessage[]> {
  const { rows } = await db.query<FailedMessage>(
    `select id, dossier_code as "dossierCode", kind, attempts, coalesce(last_error, '') as reason,
            created_at as "createdAt"
       from outbox where state = 'failed' order by id limit ${MOST_SHOWN}`,
  );
  return rows;
}

/** The differences that the last reconciliation found; empty before the first. */
export async function lastDifferences(db: Pick<Pool, "query">): Promise<Difference[]> {
  const { rows } = await db.query<{ detail: Difference[] }>(
    "select detail from reconciliations order by id desc limit 1",
  );
  return rows[0]?.detail ?? [];
}
