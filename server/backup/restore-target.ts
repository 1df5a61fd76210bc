import { readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadBackup } from "./read-backup.ts";
import { BackupRefused, count, megabytes } from "./format.ts";
import { connectOwner, readMigrations } from "./tables.ts";

/** What stands where a backup is to be put, and would be lost. */
export interface Standing {
  /** Undefined: there is no database yet, or an empty one. */
  database: { dossiers: number; tables: number; ours: boolean } | undefined;
  /** Names in DATA_DIR that a restore removes. */
  names: string[];
}

/** Not ours to remove: the cluster that the database lies in, what says who runs here. */
const STAYS = ["postgres", "running.json", "restore-unfinished.json", "lost+found"];

/** Whether DATA_DIR holds an embedded database, so that there is something to look into. */
export async function hasEmbeddedDatabase(dataDir: string): Promise<boolean> {
  return stat(join(dataDir, "postgres")).then(
    () => true,
    () => false,
  );
}

/** Looks at the database (undefined: there is none) and at DATA_DIR; changes nothing. */
export async function lookAtTarget(dataDir: string, ownerUrl: string | undefined): Promise<Standing> {
  const names: string[] = [];
  for (const entry of await readdir(dataDir, { withFileTypes: true }).catch(() => [])) {
    if (STAYS.includes(entry.name)) continue;
    if (entry.name === "files" && (await holdsNoFile(join(dataDir, "files")))) continue;
    names.push(entry.name);
  }
  return { database: ownerUrl === undefined ? undefined : await lookAtDatabase(ownerUrl), names };
}

async function holdsNoFile(folder: string): Promise<boolean> {
  for (const name of await readdir(folder))
    if (name !== "lost+found" && (await readdir(join(folder, name)).catch(() => [name])).length > 0)
      return false;
  return true;
}

async function lookAtDatabase(ownerUrl: string): Promise<Standing["database"]> {
  const client = await connectOwner(ownerUrl, "motcua-restore");
  try {
    const ours = (await readMigrations(client)) !== undefined;
    const { rows } = await client.query<{ tables: number; dossiers: boolean }>(
      `select count(*)::int as tables, to_regclass('public.dossiers') is not null as dossiers
         from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
    );
    const { tables = 0, dossiers = false } = rows[0] ?? {};
    if (tables === 0) return undefined;
    if (!ours || !dossiers) return { dossiers: 0, tables, ours };
    const counted = await client.query<{ dossiers: number }>(
      "select count(*)::int as dossiers from dossiers",
    );
    return { dossiers: counted.rows[0]?.dossiers ?? 0, tables, ours };
  } finally {
    await client.end();
  }
}

/** What would be lost, a line each, in words for people; none where nothing would. */
export function lossesOf({ database, names }: Standing, dataDir: string): string[] {
  const losses: string[] = [];
  if (database && database.dossiers > 0)
    losses.push(
      `${count(database.dossiers)} hồ sơ đang có trong cơ sở dữ liệu, cùng toàn bộ lịch sử của chúng`,
    );
  if (database && !database.ours)
    losses.push(`${count(database.tables)} bảng không phải của chương trình này trong cơ sở dữ liệu`);
  if (names.length > 0)
    losses.push(
      `mọi tệp, khóa và thiết lập trong ${dataDir} (${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""})`,
    );
  return losses;
}

/** How much larger rows are in tables with their indexes than as text. */
const TABLES_GROW = 3;

/** Throws BackupRefused when the disk has no room for what comes; what is replaced is not counted. */
export async function assertRoom(
  dataDir: string,
  { manifest }: ReadBackup,
  embedded: boolean,
): Promise<void> {
  const rows = manifest.tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const needed = manifest.files.bytes + (embedded ? rows * TABLES_GROW : 0);
  const { bavail, bsize } = await statfs(dataDir);
  if (bavail * bsize < needed)
    throw new BackupRefused(
      `Đĩa không đủ chỗ: cần khoảng ${megabytes(needed)}, còn ${megabytes(bavail * bsize)}. Chưa có gì bị thay đổi.`,
    );
}

/** Removes what a restore replaces in DATA_DIR. The folder of stored files itself stays: it may be a disk of its own. */
export async function clearDataDir(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (STAYS.includes(name)) continue;
    const path = join(dataDir, name);
    if (name !== "files") {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    for (const below of await readdir(path))
      if (below !== "lost+found") await rm(join(path, below), { recursive: true, force: true });
  }
}

/** Ended connections are counted for a moment longer, in milliseconds. */
const LINGERING_MS = 5_000;

/** Throws BackupRefused when somebody else uses the database: it would be emptied under him. */
export async function assertAlone(ownerUrl: string): Promise<void> {
  const client = await connectOwner(ownerUrl, "motcua-restore");
  try {
    const begun = performance.now();
    for (;;) {
      // Of a stranger's connection the database only tells whose it is.
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null`,
      );
      const others = rows[0]?.others ?? 0;
      if (others === 0) return;
      if (performance.now() - begun > LINGERING_MS)
        throw new BackupRefused(
          `Có ${count(others)} kết nối khác đang dùng cơ sở dữ liệu. Hãy dừng chương trình trên mọi máy rồi làm lại.`,
        );
      await sleep(100);
    }
  } finally {
    await client.end();
  }
}

/** Empties the database of everything in its public schema, as its owner; what is made there next is as in a new one. */
export async function clearDatabase(ownerUrl: string): Promise<void> {
  const client = await connectOwner(ownerUrl, "motcua-restore");
  try {
    await client.query(
      `begin;
       drop schema public cascade;
       create schema public authorization pg_database_owner;
       grant usage on schema public to public;
       commit`,
    );
  } finally {
    await client.end();
  }
}
