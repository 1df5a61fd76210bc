import { setTimeout as pause } from "node:timers/promises";
import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import type { Caller } from "./caller.ts";

export interface PortalSync {
  pending: number;
  failed: number;
}

/** How far the portal is behind, as the inspector sees it. */
export function readSync(caller: Caller): Promise<PortalSync> {
  const asking = { method: "GET", path: "/portal-sync", step: "look at the outbox" } as const;
  return caller.get<PortalSync>({ username: "inspector" }, asking);
}

/** The back-off grows to 20 s; if nothing has moved for longer than that, nothing will. */
const PATIENCE_MS = 45_000;

/** Waits until every message was delivered, or none has been for 45 s. `say` is told how many are left. */
export async function drained(caller: Caller, say: (left: number) => void): Promise<PortalSync> {
  let sync = await readSync(caller);
  let moved = performance.now();
  let said = performance.now();
  while (sync.pending > 0 && performance.now() - moved < PATIENCE_MS) {
    await pause(500);
    const next = await readSync(caller);
    if (next.pending !== sync.pending) moved = performance.now();
    if (performance.now() - said > 5_000) {
      said = performance.now();
      say(next.pending);
    }
    sync = next;
  }
  return sync;
}

export interface Deliveries {
  messages: number;
  delivered: number;
  failed: number;
  /** Messages that went more than once, and how often more. */
  repeated: number;
  repetitions: number;
}

/** What the outbox tells of the dossiers' messages. `url` is the program's own address of its database. */
export async function readDeliveries(url: string, codes: readonly string[]): Promise<Deliveries> {
  const pool = openPortalPool(url, "app");
  try {
    const { rows } = await pool.query<Deliveries>(
      `select count(*)::int as messages,
              count(*) filter (where state = 'delivered')::int as delivered,
              count(*) filter (where state = 'failed')::int as failed,
              count(*) filter (where attempts > 1)::int as repeated,
              coalesce(sum(greatest(attempts - 1, 0)), 0)::int as repetitions
         from outbox where dossier_code = any ($1)`,
      [codes],
    );
    return rows[0] ?? { messages: 0, delivered: 0, failed: 0, repeated: 0, repetitions: 0 };
  } finally {
    await pool.end();
  }
}
