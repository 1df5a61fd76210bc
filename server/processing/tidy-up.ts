import type { Deps } from "../dossier/deps.ts";

const DAY_MS = 24 * 3_600_000;

/** Forgets what is kept for a time only: answers of Idempotency-Keys after 24 hours, drafts after a week, sessions that have ended. */
export async function tidyUp({ db, clock }: Deps): Promise<void> {
  const now = clock.now();
  await db("idempotency_keys")
    .where("created_at", "<", new Date(now.getTime() - DAY_MS))
    .delete();
  await db("drafts")
    .where("updated_at", "<", new Date(now.getTime() - 7 * DAY_MS))
    .delete();
  await db("sessions").where("expires_at", "<=", now).delete();
}
