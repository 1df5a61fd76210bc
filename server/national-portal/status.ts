import type { Pool } from "pg";
import { toVietnamIso } from "../../workflows/vietnam-time.ts";

export interface PortalSync {
  /** Messages not delivered yet, without the failed ones. */
  pending: number;
  failed: number;
  oldestPendingAt: string | null;
  lastReconciledAt: string | null;
  /** Of the last reconciliation; null before the first. */
  differences: number | null;
}

/** How far the national portal is behind us, for `GET /portal-sync`. Moments are ISO 8601 in +07:00. */
export async function portalSync(db: Pick<Pool, "query">): Promise<PortalSync> {
  const { rows } = await db.query<{
    pending: number;
    failed: number;
    oldest: Date | null;
    run_at: Date | null;
    differences: number | null;
  }>(
    `select count(*) filter (where state = 'pending')::int as pending,
            count(*) filter (where state = 'failed')::int as failed,
            min(created_at) filter (where state = 'pending') as oldest,
            last.run_at, last.differences
       from (select 1) one
       left join outbox on state <> 'delivered'
       left join (select run_at, differences from reconciliations order by id desc limit 1) last on true
      group by last.run_at, last.differences`,
  );
  const row = rows[0];
  const iso = (moment: Date | null | undefined) => (moment ? toVietnamIso(moment.getTime()) : null);
  return {
    pending: row?.pending ?? 0,
    failed: row?.failed ?? 0,
    oldestPendingAt: iso(row?.oldest),
    lastReconciledAt: iso(row?.run_at),
    differences: row?.differences ?? null,
  };
}
