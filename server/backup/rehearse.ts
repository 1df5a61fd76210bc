import pg from "pg";
import { databaseUrl, migrate } from "../platform/migrate.ts";
import { BadBackup, type Manifest } from "./format.ts";
import type { ReadBackup } from "./read-backup.ts";
import { connectOwner, readTables } from "./tables.ts";

/**
 * Makes the tables of the backup's migrations in a database of their own, beside the one that is to be replaced, and throws
 * BadBackup when the backup's are others: found out later, what stood there would be gone already.
 */
export async function rehearse(
  { ownerUrl, url }: { ownerUrl: string; url: string },
  { introduction, manifest }: ReadBackup,
): Promise<void> {
  const database = `motcua_rehearsal_${process.pid}`;
  const server = await connectOwner(ownerUrl, "motcua-restore");
  const there = (address: string) => databaseUrl(address, { database });
  try {
    await server.query(`drop database if exists ${pg.escapeIdentifier(database)}`);
    await server.query(`create database ${pg.escapeIdentifier(database)}`);
    try {
      await migrate(there(ownerUrl), there(url), introduction.migrations);
      const client = await connectOwner(there(ownerUrl), "motcua-restore");
      try {
        await assertSameTables(client, manifest);
      } finally {
        await client.end();
      }
    } finally {
      await server.query(`drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
    }
  } finally {
    await server.end();
  }
}

async function assertSameTables(client: pg.Client, manifest: Manifest): Promise<void> {
  const here = (await readTables(client)).map(
    ({ name, columns }) => `${name}: ${[...columns].sort().join(", ")}`,
  );
  const there = manifest.tables.map(({ name, columns }) => `${name}: ${[...columns].sort().join(", ")}`);
  const odd = [...here.filter((one) => !there.includes(one)), ...there.filter((one) => !here.includes(one))];
  if (odd.length > 0)
    throw new BadBackup(
      `Cấu trúc bảng trong bản sao lưu khác với cấu trúc của chương trình: ${odd.join("; ")}.`,
    );
}
