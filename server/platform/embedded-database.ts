import { join } from "node:path";
import pg from "pg";
import { keepOnce, randomWord } from "./data-dir.ts";
import type { EmbeddedPostgres } from "./embedded-postgres.ts";
import { databaseUrl } from "./migrate.ts";

export interface DatabaseAddresses {
  /** For migrations only. */
  ownerUrl: string;
  /** For the running program: neither superuser nor owner. */
  url: string;
}

/**
 * Makes what an outside database brings along: an owner that is no superuser (CREATEROLE, CREATEDB) and the database
 * that it owns. Passwords are kept under `directory`. Harmless when repeated. The program's login is made by `migrate`.
 */
export async function prepareEmbeddedDatabase(
  postgres: EmbeddedPostgres,
  directory: string,
  name = "motcua",
): Promise<DatabaseAddresses> {
  const kept = async (file: string) =>
    (await keepOnce(join(directory, file), () => `${randomWord(32)}\n`)).toString("utf8").trim();
  const owner = { user: "motcua_owner", password: await kept("owner-password") };
  const program = { user: "motcua", password: await kept("program-password") };

  const superuserUrl = postgres.superuserUrl("postgres");
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const roles = await client.query("select from pg_roles where rolname = $1", [owner.user]);
    if (roles.rowCount === 0)
      await client.query(
        `create role ${owner.user} login createrole createdb password ${pg.escapeLiteral(owner.password)}`,
      );
    const databases = await client.query("select from pg_database where datname = $1", [name]);
    if (databases.rowCount === 0)
      await client.query(`create database ${pg.escapeIdentifier(name)} owner ${owner.user}`);
  } finally {
    await client.end();
  }
  return {
    ownerUrl: databaseUrl(superuserUrl, { ...owner, database: name }),
    url: databaseUrl(superuserUrl, { ...program, database: name }),
  };
}
