import type { Knex } from "knex";
import type { Database } from "./database.ts";

/** What was sent in a transaction and not yet answered, by the transactions that wait for it at their end. */
const underWay = new WeakMap<Knex.Transaction, Promise<unknown>[]>();

/**
 * Runs `work` in one transaction and answers what it gave, once everything sent along is known to be stored. Where one
 * of those statements fails, the server has already turned the commit into a rollback, and its error is thrown.
 */
export async function inTransaction<T>(
  db: Database,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  const sent: Promise<unknown>[] = [];
  try {
    const answer = await db.transaction(async (trx) => {
      underWay.set(trx, sent);
      return work(trx);
    });
    await Promise.all(sent);
    return answer;
  } catch (error) {
    // The first failure is the cause; whatever came after it only met a transaction that was lost already.
    await Promise.all(sent);
    throw error;
  }
}

/**
 * Sends a statement whose result nobody needs before the commit: the journey to the server is made while the answer is
 * put together. Outside `inTransaction` it is waited for at once.
 */
export async function sendAlong(trx: Knex.Transaction, statement: PromiseLike<unknown>): Promise<void> {
  const sent = underWay.get(trx);
  // Sent by being waited for.
  const answered = Promise.resolve(statement);
  if (sent === undefined) {
    await answered;
    return;
  }
  answered.catch(() => undefined);
  sent.push(answered);
}
