import knex, { type Knex } from "knex";
import pg from "pg";
import { PipeliningClient } from "./pipelining-client.ts";

/**
 * A pool of connections. Writers take a `Knex.Transaction` instead, which a pool is not: a query on the pool inside
 * a transaction waits for a second connection and can stop the whole pool.
 */
export type Database = Knex;

// bigint: identities and counts, far below 2^53, so plain numbers are safe; what is not is an error, not a rounding.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} does not fit a number`);
  return number;
});
// date: a calendar day is no moment; as a Date it would shift with the machine's time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** A setting of pg's that knex hands on without knowing it. */
const PIPELINED: object = { pipeline: true };
/** A setting of our own client's. */
const PREPARING: object = { prepareReads: true };

/** What a process may do: each connection takes on exactly one of these with SET ROLE. */
export type DatabaseRole = "app" | "worker" | "tracking" | "statistics";

export interface DatabaseOptions {
  min?: number;
  max?: number;
  applicationName?: string;
  /** Milliseconds; 0 for none. */
  statementTimeout?: number;
  /** Prepares what is asked outside transactions too: for a pool that asks the same few questions over and over. */
  prepareReads?: boolean;
}

/**
 * Opens a pool whose every connection acts as `role` (undefined: as the login itself, for the owner). Nothing is
 * connected before the first query. Close it with `destroy()`.
 */
export function openDatabase(url: string, role?: DatabaseRole, options: DatabaseOptions = {}): Database {
  const {
    min = 0,
    max = 10,
    applicationName = "motcua",
    statementTimeout = 30_000,
    prepareReads = false,
  } = options;
  return knex({
    client: PipeliningClient,
    connection: {
      ...PIPELINED,
      connectionString: url,
      application_name: applicationName,
      statement_timeout: statementTimeout,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
    },
    pool: {
      min,
      max,
      afterCreate(connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void) {
        connection.query(newSession(role)).then(
          () => done(null, connection),
          (cause: unknown) => done(cause as Error, connection),
        );
      },
    },
    acquireConnectionTimeout: 10_000,
    ...(prepareReads ? PREPARING : {}),
    // Whoever asked gets the error; knex would also print it, past our log and its redaction.
    log: {
      warn: () => undefined,
      error: () => undefined,
      deprecate: () => undefined,
      debug: () => undefined,
    },
  });
}

/**
 * What each new connection says first. The keep-alive settings are the server's side: it finds a frozen client within
 * some ten seconds, and with it frees the client's locks.
 */
function newSession(role: DatabaseRole | undefined): string {
  const settings =
    "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set timezone = 'UTC'";
  return role === undefined ? settings : `set role "${role}"; ${settings}`;
}

/** Thrown when the program is about to run with more power over the database than it may have. */
export class TooPowerful extends Error {
  constructor(readonly reasons: string[]) {
    super(`the program must not run with this database login: ${reasons.join("; ")}`);
    this.name = "TooPowerful";
  }
}

/**
 * Makes sure that the login behind this pool is neither superuser nor owner and that neither it nor the pool's role
 * can change or delete a row of the append-only tables. Throws TooPowerful with every reason.
 */
export async function assertUnprivileged(db: Database, appendOnly: readonly string[]): Promise<void> {
  const { rows } = await db.raw<{ rows: Powers[] }>(
    `select rolsuper as superuser,
            pg_has_role(session_user, d.datdba, 'MEMBER') as owner,
            array(
              select c.relname::text from pg_class c
              where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                and pg_has_role(session_user, c.relowner, 'MEMBER')) as owned,
            array(
              select t.name || ' (' || r.rolname || ')'
              from unnest(?::text[]) t (name)
              join pg_roles r on pg_has_role(session_user, r.oid, 'MEMBER')
              where has_table_privilege(r.oid, t.name, 'UPDATE') or has_table_privilege(r.oid, t.name, 'DELETE')
                 or has_table_privilege(r.oid, t.name, 'TRUNCATE')) as changeable
       from pg_roles, pg_database d
      where rolname = session_user and d.datname = current_database()`,
    [[...appendOnly]],
  );
  const powers = rows[0];
  if (!powers) throw new Error("the database does not say who we are");
  const reasons: string[] = [];
  if (powers.superuser) reasons.push("it is a superuser");
  if (powers.owner) reasons.push("it owns the database");
  if (powers.owned.length > 0) reasons.push(`it owns tables (${powers.owned.slice(0, 3).join(", ")} …)`);
  if (powers.changeable.length > 0) reasons.push(`it can change history: ${powers.changeable.join(", ")}`);
  if (reasons.length > 0) throw new TooPowerful(reasons);
}

interface Powers {
  superuser: boolean;
  owner: boolean;
  owned: string[];
  changeable: string[];
}
