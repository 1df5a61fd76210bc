import type { Deps } from "../dossier/deps.ts";

/** How far the national portal knows of a dossier. */
export interface PortalStanding {
  state: "none" | "delivered" | "pending" | "failed";
  /** When it last took a message. */
  deliveredAt: Date | null;
  /** Messages that wait. */
  waiting: number;
  /** What the portal said, in its own words, where it refused. */
  reason: string | null;
  attempts: number;
}

/** Reads it off the dossier's own messages. */
export async function portalStanding(deps: Deps, dossierId: number): Promise<PortalStanding> {
  const { rows } = await deps.db.raw<{
    rows: {
      total: number;
      waiting: number;
      failed: number;
      deliveredAt: Date | null;
      reason: string | null;
      attempts: number | null;
    }[];
  }>(
    `select count(*)::int as total, count(*) filter (where state = 'pending')::int as waiting,
        count(*) filter (where state = 'failed')::int as failed, max(delivered_at) as "deliveredAt",
        (array_agg(last_error order by id desc) filter (where state <> 'delivered' and last_error is not null))[1] as reason,
        max(attempts) filter (where state <> 'delivered') as attempts
       from outbox where dossier_id = ?`,
    [dossierId],
  );
  const row = rows[0];
  if (row === undefined || row.total === 0)
    return { state: "none", deliveredAt: null, waiting: 0, reason: null, attempts: 0 };
  const { waiting, failed, deliveredAt, reason, attempts } = row;
  const state = failed > 0 ? "failed" : waiting > 0 ? "pending" : "delivered";
  return { state, deliveredAt, waiting, reason, attempts: attempts ?? 0 };
}
