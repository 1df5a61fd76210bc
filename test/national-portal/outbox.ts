import pg from "pg";
import type { DossierForPortal, ProgressForPortal } from "../../server/dossier/portal-message.ts";

const TABLES = `
  create table dossiers (
    id bigint generated always as identity primary key, code text not null unique, portal_code text,
    status int not null, due_at timestamptz, last_due_at timestamptz);
  create table outbox (
    id bigint generated always as identity primary key, dossier_id bigint not null references dossiers (id),
    dossier_code text not null, portal_code text, seq int not null,
    kind text not null check (kind in ('dossier', 'progress')), payload jsonb not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    attempts int not null default 0, next_attempt_at timestamptz not null default now(),
    claimed_by int, claimed_at timestamptz, last_error text, delivered_at timestamptz,
    created_at timestamptz not null default now());
  create index outbox_open on outbox (dossier_id, id) where state <> 'delivered';
  create index outbox_due on outbox (id) where state = 'pending';
  create index outbox_dossier on outbox (dossier_id, id);
  create table portal_sessions (username text primary key, session text not null, obtained_at timestamptz not null);
  create table reconciliations (
    id bigint generated always as identity primary key, run_at timestamptz, scope text, compared int,
    differences int, detail jsonb);`;

export async function makeOutbox(db: pg.Pool): Promise<void> {
  await db.query(TABLES);
}

export interface Row {
  id: string;
  dossier_code: string;
  kind: string;
  state: string;
  attempts: number;
  claimed_by: number | null;
  last_error: string | null;
}

export async function readOutbox(db: pg.Pool, dossierCode?: string): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `select id::text, dossier_code, kind, state, attempts, claimed_by, last_error from outbox
      where $1::text is null or dossier_code = $1 order by id`,
    [dossierCode ?? null],
  );
  return rows;
}

export type Told = { dossier: DossierForPortal } | { progress: ProgressForPortal };

/** What one commit of the program does: the dossier's row and its messages, in order. */
export async function commit(
  db: pg.Pool,
  code: string,
  told: readonly Told[],
  portalCode: string | null = null,
): Promise<void> {
  const last = told.at(-1)!;
  const status = "dossier" in last ? last.dossier.status : last.progress.status;
  const trx = await db.connect();
  try {
    await trx.query("begin");
    const { rows } = await trx.query<{ id: string }>(
      `insert into dossiers (code, portal_code, status) values ($1, $2, $3)
       on conflict (code) do update set status = excluded.status returning id::text`,
      [code, portalCode, status],
    );
    for (const message of told) {
      const kind = "dossier" in message ? "dossier" : "progress";
      const payload = "dossier" in message ? message.dossier : message.progress;
      await trx.query(
        `insert into outbox (dossier_id, dossier_code, portal_code, seq, kind, payload) values ($1, $2, $3, 1, $4, $5)`,
        [rows[0]!.id, code, portalCode, kind, JSON.stringify(payload)],
      );
    }
    await trx.query("select pg_notify('outbox', '')");
    await trx.query("commit");
  } finally {
    trx.release();
  }
}

/** Waits until `is` answers true; throws with `what` after `ms`. */
export async function until(what: string, is: () => Promise<boolean>, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function untilDelivered(db: pg.Pool, ms?: number): Promise<void> {
  const isEmpty = async () => (await readOutbox(db)).every(({ state }) => state === "delivered");
  return until("everything delivered", isEmpty, ms);
}
