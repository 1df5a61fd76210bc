import pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** The migrations' own books: they are written by migrating. */
const BOOKS = ["knex_migrations", "knex_migrations_lock"];
/** Log-ins, ours and other people's: whoever was logged out since must not be let in by a restore. */
const LOGINS = ["sessions", "portal_sessions"];

export interface TableShape {
  name: string;
  /** Without those that the database makes itself. */
  columns: string[];
}

/** A connection as the owner that has no time limit and reads and writes values the same everywhere. */
export async function connectOwner(ownerUrl: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: name });
  await client.connect();
  // Where the connection breaks, the query under way says so.
  client.on("error", () => undefined);
  await client.query(
    `set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set client_encoding = 'UTF8';
     set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0`,
  );
  return client;
}

/** The program's tables by name, but those that are not carried over. */
export async function readTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> all ($1)
      group by c.relname order by c.relname collate "C"`,
    [[...BOOKS, ...LOGINS]],
  );
  return rows;
}

/** Where each sequence stands. Sequences know no transactions: read after the snapshot, they are not behind its rows. */
export async function readSequences(
  client: pg.Client,
): Promise<{ name: string; last: string; called: boolean }[]> {
  const { rows: found } = await client.query<{ name: string }>(
    `select s.relname::text as name from pg_class s
       join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       join pg_class t on t.oid = d.refobjid
      where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace and t.relname <> all ($1)
      order by s.relname collate "C"`,
    [BOOKS],
  );
  const sequences = [];
  for (const { name } of found) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from public.${pg.escapeIdentifier(name)}`,
    );
    if (rows[0]) sequences.push({ name, ...rows[0] });
  }
  return sequences;
}

/** The migrations that this database has seen, in order; undefined when it is none of ours. */
export async function readMigrations(client: pg.Client): Promise<string[] | undefined> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('public.knex_migrations') is not null as there",
  );
  if (rows[0]?.there !== true) return undefined;
  const seen = await client.query<{ name: string }>("select name from public.knex_migrations order by id");
  return seen.rows.map(({ name }) => name);
}

/** How much of a table is gathered before it becomes a member, in bytes: a member's size stands before its bytes. */
const PART = 4 * 1024 * 1024;

/** Reads a table as COPY writes it, in parts that are cut anywhere. Answers how many rows it has. */
export async function copyOut(
  client: pg.Client,
  { name, columns }: TableShape,
  takePart: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const stream = client.query(copyTo(`copy ${columnsOf(name, columns)} to stdout`));
  let gathered: Buffer[] = [];
  let size = 0;
  let rows = 0;
  const handOn = async () => {
    const part = Buffer.concat(gathered, size);
    gathered = [];
    size = 0;
    await takePart(part);
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    gathered.push(chunk);
    size += chunk.length;
    rows += linesIn(chunk);
    if (size >= PART) await handOn();
  }
  if (size > 0) await handOn();
  return rows;
}

const LINE_END = 0x0a;

/**
 * COPY ends each row with a line end and writes those within values in another way. The stream's own count comes only with
 * the server's next message, which may be later than the last row.
 */
function linesIn(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) lines++;
  return lines;
}

/** "public.table (column, column)", quoted. */
export function columnsOf(table: string, columns: readonly string[]): string {
  return `public.${pg.escapeIdentifier(table)} (${columns.map((column) => pg.escapeIdentifier(column)).join(", ")})`;
}
