import { randomInt } from "node:crypto";
import type { Pool } from "pg";

/** First key of the advisory locks that say which workers live; the second is the worker's number. */
export const WORKERS = 0x6f757462;

/**
 * The right to claim messages. It stands on a session advisory lock of one connection: when the worker is
 * killed, the connection and the lock go with it, and its claims are free at that moment.
 */
export interface Lease {
  /** Written as `claimed_by`. */
  worker: number;
  isLost(): boolean;
  /** Frees whatever is still claimed under this lease. */
  release(): void;
}

/**
 * Takes a lease and listens on the channel `outbox`; `onNews` is called when a commit has put messages there,
 * and when the lease is lost. Throws when the database cannot be reached.
 */
export async function takeLease(db: Pool, onNews: () => void): Promise<Lease> {
  const client = await db.connect();
  let over = false;
  const release = () => {
    if (over) return;
    over = true;
    client.removeAllListeners("notification");
    // Closed, not given back: the lock must go.
    client.release(true);
  };
  const lose = () => {
    release();
    onNews();
  };
  client.on("error", lose);
  client.on("end", lose);
  try {
    client.on("notification", onNews);
    await client.query("listen outbox");
    for (;;) {
      const worker = randomInt(1, 2 ** 31 - 1);
      const { rows } = await client.query<{ taken: boolean }>(
        `select pg_try_advisory_lock($1, $2) as taken`,
        [WORKERS, worker],
      );
      if (rows[0]?.taken) return { worker, isLost: () => over, release };
    }
  } catch (error) {
    release();
    throw error;
  }
}
