import type { Pool, PoolClient } from "pg";
import type { DossierForPortal, ProgressForPortal } from "../dossier/portal-message.ts";
import { prepared } from "../platform/prepared.ts";
import { WORKERS } from "./lease.ts";

interface MessageRow {
  /** bigint, as text. */
  id: string;
  dossierId: string;
  dossierCode: string;
  /** Times that the portal may have read it without our hearing of success. */
  attempts: number;
  createdAt: Date;
}

export interface DossierMessage extends MessageRow {
  kind: "dossier";
  payload: DossierForPortal;
}

export interface ProgressMessage extends MessageRow {
  kind: "progress";
  payload: ProgressForPortal;
}

export type Message = DossierMessage | ProgressMessage;

/** What goes in one call: one kind, at most one dossier record of a dossier, progress of a dossier in order. */
export type Batch =
  { kind: "add" | "update"; messages: DossierMessage[] } | { kind: "progress"; messages: ProgressMessage[] };

const LARGEST = { add: 50, update: 50, progress: 10 } as const;

/** How old a message may be, in milliseconds, before there is more to deliver than comes in. */
const BEHIND_MS = 1_000;

/** Whether waiting for company would only hold things up: the call was full, or its messages have waited already. */
export function isPressing({ kind, messages }: Batch, now: Date): boolean {
  const oldest = Math.min(...messages.map(({ createdAt }) => createdAt.getTime()));
  return messages.length >= LARGEST[kind] || now.getTime() - oldest > BEHIND_MS;
}

type Head = Message & { known: boolean };

/**
 * Claims the next batch for `worker`, or answers undefined when nothing is due. Only the first undelivered
 * message of a dossier can be claimed, with progress that follows it directly; a failed one holds its dossier.
 * A message that has gone wrong goes in smaller batches each time, at last alone, so that one at fault is found.
 * A probe is one message, if there is one that was never tried, so that one at fault does not keep the portal shut.
 */
export async function claimMessages(
  db: Pool,
  worker: number,
  now: Date,
  probe = false,
): Promise<Batch | undefined> {
  return inTransaction(db, async (trx) => {
    let heads = await findHeads(trx, now, probe ? UNTRIED : ANY);
    if (probe && heads.length === 0) heads = await findHeads(trx, now, ANY);
    const first = heads[0];
    if (!first) return undefined;
    const kind = batchKind(first);
    const chosen = takeWhileSmall(
      heads.filter((head) => batchKind(head) === kind),
      probe ? 1 : LARGEST[kind],
    );
    if (kind !== "progress") {
      const won = new Set(await claim(trx, worker, now, chosen));
      const messages = chosen.filter(({ id }) => won.has(id)) as DossierMessage[];
      return messages.length === 0 ? undefined : { kind, messages };
    }
    const room = probe ? 0 : LARGEST.progress - chosen.length;
    const wanted = room > 0 ? [...chosen, ...(await findFollowers(trx, chosen, now, room))] : chosen;
    const messages = await claimUnbroken(trx, worker, now, wanted as ProgressMessage[]);
    return messages.length === 0 ? undefined : { kind, messages };
  });
}

function batchKind(head: Head): Batch["kind"] {
  if (head.kind === "progress") return "progress";
  return head.known ? "update" : "add";
}

function takeWhileSmall<M extends Message>(messages: readonly M[], atMost: number): M[] {
  const taken: M[] = [];
  let limit = atMost;
  for (const message of messages) {
    limit = Math.min(limit, Math.max(1, Math.floor(atMost / 2 ** message.attempts)));
    if (taken.length >= limit) break;
    taken.push(message);
  }
  return taken;
}

const COLUMNS = `o.id::text, o.dossier_id::text as "dossierId", o.dossier_code as "dossierCode", o.kind, o.payload, o.attempts,
  o.created_at as "createdAt"`;
const LIVING = `select objid::int8 from pg_locks where locktype = 'advisory' and classid::int8 = ${WORKERS} and objsubid = 2
  and database = (select oid from pg_database where datname = current_database())`;
const FREE = `(o.claimed_by is null or o.claimed_by not in (${LIVING}))`;
/** A message never tried is due, whatever the program's clock showed when it was written. */
const DUE = `o.state = 'pending' and (o.attempts = 0 or o.next_attempt_at <= $1)`;

const UNTRIED = "o.attempts = 0";
const ANY = "true";

/** The first undelivered messages of dossiers, oldest first, with whether the portal knows the dossier. */
async function findHeads(trx: PoolClient, now: Date, which: string): Promise<Head[]> {
  // "Everything before is delivered" stays true once it is, so it needs no lock.
  const { rows } = await trx.query<Head>(
    prepared(
      `select ${COLUMNS}, o.kind = 'dossier' and coalesce((
              select true from outbox d
               where d.dossier_id = o.dossier_id and d.kind = 'dossier' and d.state = 'delivered' limit 1), false) as known
       from outbox o
      where ${DUE} and ${which} and ${FREE}
        and not exists (select from outbox e where e.dossier_id = o.dossier_id and e.id < o.id and e.state <> 'delivered')
      order by o.id limit 50`,
      [now],
    ),
  );
  return rows;
}

/** Progress that directly follows the chosen heads, at most `room` in all, the oldest dossier's first. */
async function findFollowers(
  trx: PoolClient,
  heads: readonly Message[],
  now: Date,
  room: number,
): Promise<Message[]> {
  const fresh = heads.filter(({ attempts }) => attempts === 0);
  const { rows } = await trx.query<Message & { due: boolean }>(
    prepared(
      `select f.* from unnest($2::bigint[], $3::bigint[]) with ordinality as h (dossier_id, id, n)
      cross join lateral (
        select ${COLUMNS}, ${DUE} and o.attempts = 0 and o.claimed_by is null as due from outbox o
         where o.dossier_id = h.dossier_id and o.id > h.id and o.state <> 'delivered' order by o.id limit $4) f
      order by h.n, f.id::bigint`,
      [now, fresh.map(({ dossierId }) => dossierId), fresh.map(({ id }) => id), room],
    ),
  );
  const broken = new Set<string>();
  const followers = rows.filter(({ dossierId, kind, due }) => {
    if (kind !== "progress" || !due) broken.add(dossierId);
    return !broken.has(dossierId);
  });
  return followers.slice(0, room);
}

/** Claims what is still free; another worker may have been quicker. Answers the ids won. */
async function claim(
  trx: PoolClient,
  worker: number,
  now: Date,
  messages: readonly Message[],
): Promise<string[]> {
  const ids = messages.map(({ id }) => id);
  const locked = await trx.query<{ id: string }>(
    prepared(
      `select id::text from outbox where id = any ($1::bigint[]) and state = 'pending'
      order by id for update skip locked`,
      [ids],
    ),
  );
  // A new statement, over rows that nobody can change now, sees every claim and the locks of workers just born.
  const { rows } = await trx.query<{ id: string }>(
    prepared(
      `update outbox o set claimed_by = $3, claimed_at = $1
      where o.id = any ($2::bigint[]) and ${FREE} returning o.id::text`,
      [now, locked.rows.map(({ id }) => id), worker],
    ),
  );
  return rows.map(({ id }) => id);
}

/** Claims progress; of a dossier of which something was lost to another worker, what follows is given back. */
async function claimUnbroken(
  trx: PoolClient,
  worker: number,
  now: Date,
  wanted: readonly ProgressMessage[],
): Promise<ProgressMessage[]> {
  const won = new Set(await claim(trx, worker, now, wanted));
  const broken = new Set(wanted.filter(({ id }) => !won.has(id)).map(({ dossierId }) => dossierId));
  const lost = wanted.filter(({ id, dossierId }) => won.has(id) && broken.has(dossierId));
  if (lost.length > 0) {
    await trx.query(
      prepared(`update outbox set claimed_by = null, claimed_at = null where id = any ($1::bigint[])`, [
        lost.map(({ id }) => id),
      ]),
    );
  }
  return wanted.filter(({ dossierId }) => !broken.has(dossierId));
}

/**
 * The oldest are found by walking the index of what is pending. In a table that has just grown, before its
 * statistics follow, the planner would rather sort the whole backlog (30 ms instead of 1 at 8,000 messages).
 */
const BEGIN =
  "begin; set local enable_sort = off; set local enable_bitmapscan = off; set local enable_seqscan = off";

async function inTransaction<T>(db: Pool, work: (trx: PoolClient) => Promise<T>): Promise<T> {
  const trx = await db.connect();
  let broken = true;
  try {
    await trx.query(BEGIN);
    const result = await work(trx);
    await trx.query("commit");
    broken = false;
    return result;
  } finally {
    // A connection in doubt is closed, which rolls back.
    trx.release(broken);
  }
}
