import pg from "pg";

const TABLES = `
  create table if not exists procedures (
    code text primary key, name text not null, field_code text not null, field_name text not null);
  create table if not exists sessions (session text primary key, username text not null, expires_at timestamptz not null);
  create table if not exists dossiers (
    code text primary key, status int not null, record jsonb not null, latest_progress text not null default '',
    messages int not null default 1, first_at timestamptz not null, updated_at timestamptz not null);
  create table if not exists progress (
    id bigint generated always as identity primary key, code text not null references dossiers (code),
    key text not null unique, record jsonb not null, received_at timestamptz not null);
  create index if not exists progress_of_dossier on progress (code, id);
  create table if not exists irregular (
    id bigint generated always as identity primary key, kind text not null check (kind in ('duplicate', 'out-of-order')),
    code text not null, record jsonb not null, received_at timestamptz not null);
  create table if not exists filings (
    code text primary key, local_code text unique, filed_at timestamptz not null);
  create table if not exists filing_numbers (day text primary key, last int not null);
  create table if not exists statistics (
    year text not null, month text not null, unit text not null, kind text not null, record jsonb not null,
    received_at timestamptz not null, primary key (year, month, unit, kind));`;

/** Opens the portal's own database and makes its tables where they are missing. */
export async function openStubDatabase(connectionString: string): Promise<pg.Pool> {
  const db = new pg.Pool({ connectionString, max: 8, application_name: "portal-stub" });
  // A connection that breaks (the database restarts), idle or between two queries of a transaction, is replaced by the
  // pool; it must not end the process.
  db.on("error", () => undefined);
  db.on("connect", (client) => client.on("error", () => undefined));
  try {
    await withTransaction(db, async (trx) => {
      // Two stubs starting at once would race on CREATE TABLE IF NOT EXISTS.
      await trx.query("select pg_advisory_xact_lock(hashtext('portal-stub tables'))");
      await trx.query(TABLES);
    });
  } catch (error) {
    await db.end();
    throw error;
  }
  return db;
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function withTransaction<T>(db: pg.Pool, work: (trx: pg.PoolClient) => Promise<T>): Promise<T> {
  const trx = await db.connect();
  let broken = false;
  try {
    await trx.query("begin");
    const result = await work(trx);
    await trx.query("commit");
    return result;
  } catch (error) {
    await trx.query("rollback").catch(() => (broken = true));
    throw error;
  } finally {
    trx.release(broken);
  }
}

/** Makes requests about the same dossiers wait for each other until their transactions end. */
export async function lockCodes(trx: pg.PoolClient, codes: readonly string[]): Promise<void> {
  await trx.query(
    `select pg_advisory_xact_lock(h) from (select distinct hashtext(c) h from unnest($1::text[]) c order by 1) s`,
    [codes],
  );
}
