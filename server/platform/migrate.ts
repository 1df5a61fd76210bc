import { readdir } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Knex } from "knex";
import pg from "pg";
import { openDatabase, type Database } from "./database.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

/** The roles that the running program takes on, one a process (SET ROLE). */
const ROLES = ["app", "worker", "tracking", "statistics"] as const;

/** Where the migrations are: knex's own loader guesses between require and import, this one does not have to. */
export const migrationSource: Knex.MigrationSource<string> = {
  async getMigrations() {
    return (await readdir(MIGRATIONS)).filter((name) => /^\d{4}_[a-z0-9_]+\.ts$/.test(name)).sort();
  },
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    // The bundle, from which the program runs, has no loader for TypeScript; most starts have nothing to migrate.
    const { tsImport } = await import("tsx/esm/api");
    return (await tsImport(pathToFileURL(join(MIGRATIONS, name)).href, import.meta.url)) as Knex.Migration;
  },
};

/**
 * Brings an existing database up to date as its owner: the running program's login and its roles, then the
 * migrations. Harmless when repeated. `url` is the program's address, whose login is made when missing.
 * `only`: these migrations and no others, for a database that is to be filled as it once was.
 * Throws with what the owner lacks. Answers the names of the migrations that it ran.
 */
export async function migrate(ownerUrl: string, url: string, only?: readonly string[]): Promise<string[]> {
  const owner = openDatabase(ownerUrl, undefined, {
    max: 2,
    applicationName: "motcua-migrate",
    statementTimeout: 0,
  });
  try {
    await assertServerVersion(owner);
    await makeRoles(owner, url);
    const source: Knex.MigrationSource<string> =
      only === undefined
        ? migrationSource
        : { ...migrationSource, getMigrations: () => Promise.resolve([...only].sort()) };
    const done = (await owner.migrate.latest({ migrationSource: source })) as [number, string[]];
    return done[1];
  } finally {
    await owner.destroy();
  }
}

async function assertServerVersion(owner: Database): Promise<void> {
  const { rows } = await owner.raw<{ rows: { version: number }[] }>(
    "select current_setting('server_version_num')::int as version",
  );
  const version = rows[0]?.version ?? 0;
  if (version < 150_000) throw new Error(`PostgreSQL 15 or later is needed, this is ${version / 10_000}`);
}

/** Roles belong to the whole server, so another database may have made them already. */
async function makeRoles(owner: Database, url: string): Promise<void> {
  const login = decodeURIComponent(new URL(url).username);
  const password = decodeURIComponent(new URL(url).password);
  if (login === "") throw new Error("DATABASE_URL names no user");
  await owner.transaction(async (trx) => {
    // One at a time on the whole server: two starts, or two test runs, would race for the same names.
    await trx.raw("select pg_advisory_xact_lock(hashtext('motcua roles'))");
    for (const role of ROLES)
      if (!(await findRole(trx, role))) await trx.raw(`create role ${role} nologin noinherit`);
    if (!(await findRole(trx, login)))
      await trx.raw(
        `create role ${pg.escapeIdentifier(login)} login noinherit password ${pg.escapeLiteral(password)}`,
      );
    for (const role of ROLES) await grantRole(trx, role, login);
    await trx.raw(`grant connect on database ${await currentDatabase(trx)} to ${pg.escapeIdentifier(login)}`);
    await trx.raw(`revoke connect on database ${await currentDatabase(trx)} from public`);
  });
}

async function findRole(trx: Knex, name: string): Promise<boolean> {
  return (await trx.select("rolname").from("pg_roles").where("rolname", name).first<unknown>()) !== undefined;
}

async function currentDatabase(trx: Knex): Promise<string> {
  const { rows } = await trx.raw<{ rows: { name: string }[] }>("select current_database() as name");
  return pg.escapeIdentifier(rows[0]?.name ?? "");
}

/** Without inheritance: the login has a role's rights only after SET ROLE. PostgreSQL 15 knows that per login only. */
async function grantRole(trx: Knex, role: string, login: string): Promise<void> {
  // Since PostgreSQL 16 not every member may SET ROLE: whoever made a role may only pass it on.
  const { rows } = await trx.raw<{ rows: { member: boolean; inherits: boolean; version: number }[] }>(
    `select pg_has_role(?, ?, case when current_setting('server_version_num')::int >= 160000
                                   then 'SET' else 'MEMBER' end) as member, pg_has_role(?, ?, 'USAGE') as inherits,
            current_setting('server_version_num')::int as version`,
    [login, role, login, role],
  );
  const found = rows[0];
  if (found?.member && !found.inherits) return;
  if (found && found.version >= 160_000)
    await trx.raw(`grant ${role} to ${pg.escapeIdentifier(login)} with inherit false, set true`);
  else {
    await trx.raw(`alter role ${pg.escapeIdentifier(login)} noinherit`);
    await trx.raw(`grant ${role} to ${pg.escapeIdentifier(login)}`);
  }
}

/**
 * Makes the database of the portal's stub beside the program's, `<name>_portal_stub`, with a login of the same name
 * that owns it and may connect to nothing else. Harmless when repeated. Answers its address.
 */
export async function makeStubDatabase(ownerUrl: string, password: string): Promise<string> {
  const name = `${new URL(ownerUrl).pathname.slice(1)}_portal_stub`;
  const owner = openDatabase(ownerUrl, undefined, { max: 1, applicationName: "motcua-migrate" });
  const quoted = pg.escapeIdentifier(name);
  try {
    if (!(await findRole(owner, name)))
      await owner.raw(`create role ${quoted} login password ${pg.escapeLiteral(password)}`);
    else await owner.raw(`alter role ${quoted} password ${pg.escapeLiteral(password)}`);
    const databases = await owner.select("datname").from("pg_database").where("datname", name);
    if (databases.length === 0) {
      // Only a member may give a new database to a role; the membership is not needed afterwards.
      await owner.raw(`grant ${quoted} to current_user`);
      await owner.raw(`create database ${quoted} owner ${quoted}`);
      await owner.raw(`revoke connect on database ${quoted} from public`);
    }
  } finally {
    await owner.destroy();
  }
  return databaseUrl(ownerUrl, { user: name, password, database: name });
}

/** The same server's address with another login and database. */
export function databaseUrl(
  url: string,
  { user, password, database }: { user?: string; password?: string; database?: string },
): string {
  const changed = new URL(url);
  if (user !== undefined) changed.username = encodeURIComponent(user);
  if (password !== undefined) changed.password = encodeURIComponent(password);
  if (database !== undefined) changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}
