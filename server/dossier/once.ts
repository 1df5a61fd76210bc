import { createHash } from "node:crypto";
import type { Knex } from "knex";
import { Problem, Refused } from "../platform/errors.ts";
import type { Database } from "../platform/database.ts";
import type { Answer } from "../platform/http.ts";
import { inTransaction, sendAlong } from "../platform/transaction.ts";
import { canonical } from "./history.ts";
import type { Deps } from "./deps.ts";

/** One request's Idempotency-Key, with who sent it where and what its body was. */
export interface OnceKey {
  caller: string;
  method: string;
  path: string;
  key: string;
  bodyHash: Buffer;
}

/** Hash of a request's body; files count by their own hash. */
export function bodyHash(body: unknown): Buffer {
  return createHash("sha256").update(canonical(body)).digest();
}

/** Thrown out of the transaction when the key has been answered already. */
class Answered extends Error {
  constructor(readonly answer: Answer) {
    super("answered already");
  }
}

/**
 * Runs one write in one transaction and answers what it gave. With a key, the answer is kept in the same commit:
 * the same key and body answers the first result again, another body is refused with 409, a second request waits
 * for the first. Refusals are not kept. Without a key it is a plain transaction.
 */
export async function writeOnce(
  deps: Pick<Deps, "db" | "clock" | "secrets">,
  once: OnceKey | undefined,
  write: (trx: Knex.Transaction) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await inTransaction(deps.db, async (trx) => {
      if (once !== undefined) await guard(trx, deps, once);
      const answer = await write(trx);
      if (once !== undefined) await keep(trx, deps, once, answer);
      return answer;
    });
  } catch (error) {
    if (error instanceof Answered) return error.answer;
    throw error;
  }
}

/**
 * The kept answer of a key, asked for before any costly work and before any other refusal; else what `work` answers.
 * Where `work` looks at the dossier before its own transaction, a request of the same key may move it in between: the
 * refusal that follows from that is no answer, the first one's is.
 */
export async function answerOnce(
  deps: Pick<Deps, "db" | "clock" | "secrets">,
  once: OnceKey | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (once === undefined) return work();
  const earlier = await find(deps.db, deps, once);
  if (earlier !== undefined) return earlier;
  try {
    return await work();
  } catch (error) {
    const quicker = error instanceof Problem ? await find(deps.db, deps, once) : undefined;
    if (quicker === undefined) throw error;
    return quicker;
  }
}

async function guard(
  trx: Knex.Transaction,
  deps: Pick<Deps, "clock" | "secrets">,
  once: OnceKey,
): Promise<void> {
  const lock = createHash("sha256")
    .update(canonical([once.caller, once.method, once.path, once.key]))
    .digest();
  await trx.raw("select pg_advisory_xact_lock(?)", [lock.readBigInt64BE(0).toString()]);
  const answer = await find(trx, deps, once);
  if (answer !== undefined) throw new Answered(answer);
}

async function find(
  db: Database,
  deps: Pick<Deps, "clock" | "secrets">,
  once: OnceKey,
): Promise<Answer | undefined> {
  const row = await db
    .first<{ body_hash: Buffer; status: number; response: Buffer } | undefined>(
      "body_hash",
      "status",
      "response",
    )
    .from("idempotency_keys")
    .where({ caller: once.caller, method: once.method, path: once.path, key: once.key })
    .where("created_at", ">", new Date(deps.clock.now().getTime() - 24 * 3600_000));
  if (row === undefined) return undefined;
  if (!row.body_hash.equals(once.bodyHash))
    throw new Refused(
      "idempotency-key-reused",
      "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác nội dung.",
    );
  return JSON.parse(deps.secrets.decrypt(row.response)) as Answer;
}

async function keep(
  trx: Knex.Transaction,
  deps: Pick<Deps, "clock" | "secrets">,
  once: OnceKey,
  answer: Answer,
): Promise<void> {
  const place = { caller: once.caller, method: once.method, path: once.path, key: once.key };
  // One that had expired is replaced; a living one was answered by the guard.
  await sendAlong(trx, trx("idempotency_keys").where(place).delete());
  await sendAlong(
    trx,
    trx("idempotency_keys").insert({
      ...place,
      body_hash: once.bodyHash,
      status: answer.status,
      response: deps.secrets.encrypt(JSON.stringify(answer)),
      created_at: deps.clock.now(),
    }),
  );
}
