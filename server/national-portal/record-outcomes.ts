import type { Pool } from "pg";
import { prepared } from "../platform/prepared.ts";
import { backOffMs } from "./back-off.ts";
import type { Message } from "./claim-messages.ts";
import type { Outcome } from "./send-batch.ts";

/**
 * Writes what became of messages claimed by `worker`, and gives the claims back. A message whose claim is no
 * longer ours is left as it is: whoever took it up will say. Answers how long until the first of them is due
 * again, undefined when none is.
 */
export async function recordOutcomes(
  db: Pool,
  worker: number,
  messages: readonly Message[],
  outcomes: ReadonlyMap<string, Outcome>,
  now: Date,
): Promise<number | undefined> {
  const delays: number[] = [];
  const rows = messages.map(({ id, attempts }) => {
    const outcome = outcomes.get(id) ?? { kind: "held" };
    const state =
      outcome.kind === "delivered" || outcome.kind === "failed" ? outcome.kind : ("pending" as const);
    const counted = outcome.kind === "retry" ? outcome.counted : outcome.kind !== "held";
    const delay = outcome.kind === "retry" && outcome.counted ? backOffMs(attempts + 1) : 0;
    if (state === "pending") delays.push(delay);
    return {
      id,
      state,
      attempts: counted ? 1 : 0,
      error: outcome.kind === "failed" || outcome.kind === "retry" ? outcome.reason : null,
      next_at: new Date(now.getTime() + delay),
    };
  });
  await db.query(
    prepared(
      `update outbox o
        set state = r.state, attempts = o.attempts + r.attempts, last_error = coalesce(r.error, o.last_error),
            next_attempt_at = r.next_at, delivered_at = case r.state when 'delivered' then $3::timestamptz end,
            claimed_by = null, claimed_at = null
       from jsonb_to_recordset($1::jsonb) as r (id bigint, state text, attempts int, error text, next_at timestamptz)
      where o.id = r.id and o.claimed_by = $2 and o.state = 'pending'`,
      [JSON.stringify(rows), worker, now],
    ),
  );
  return delays.length === 0 ? undefined : Math.min(...delays);
}
