import { join } from "node:path";
import type pg from "pg";
import type { Clock } from "../platform/clock.ts";
import { openArchive, type Archive } from "./archive.ts";
import {
  BackupRefused,
  count,
  fileName,
  FORMAT,
  INTRODUCTION,
  keptName,
  MANIFEST,
  megabytes,
  partName,
  PROGRAM,
  type FileFault,
  type Introduction,
  type Manifest,
} from "./format.ts";
import { listKeptFiles, openForCopy, storedFiles, storedPath } from "./kept-files.ts";
import { connectOwner, copyOut, readMigrations, readSequences, readTables } from "./tables.ts";

export interface BackupWish {
  /** The database's address as its owner. */
  ownerUrl: string;
  /** Absolute. */
  dataDir: string;
  /** Absolute; must not be there yet. */
  file: string;
  clock: Clock;
  /** Of the program. */
  version: string;
  /** Told in Vietnamese what is being done. */
  say: (line: string) => void;
  /** Ends it early; nothing is left behind. */
  signal?: AbortSignal;
}

export interface BackupResult {
  introduction: Introduction;
  manifest: Manifest;
  /** Of the file, in bytes. */
  size: number;
  /** Links under DATA_DIR that were not followed. */
  strange: string[];
}

const SAY_EVERY_MS = 10_000;

/**
 * Writes the whole system into one file, while it runs or not: the database as it was at one moment, then the files that
 * it names (they are stored before a row names them, so all are there), then what else DATA_DIR holds. Memory does not
 * grow with the system. Files at fault do not stop it; they are in the manifest. Throws BackupRefused with words for people.
 */
export async function writeBackup(wish: BackupWish): Promise<BackupResult> {
  const { ownerUrl, dataDir, file, clock, version, say, signal } = wish;
  const client = await connectOwner(ownerUrl, "motcua-backup");
  let archive: Archive | undefined;
  try {
    await client.query("begin isolation level repeatable read read only");
    const takenAt = clock.now();
    const migrations = await readMigrations(client);
    if (migrations === undefined) throw new BackupRefused("Cơ sở dữ liệu này chưa có gì của chương trình.");
    archive = await openArchive(file, takenAt);
    const tell = every(SAY_EVERY_MS, say);
    const introduction = {
      format: FORMAT,
      program: PROGRAM,
      version,
      takenAt: takenAt.toISOString(),
      migrations,
    };
    await archive.add(INTRODUCTION, json(introduction));
    const tables = await writeTables(client, archive, tell, signal);
    const sequences = await readSequences(client);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    say(`Cơ sở dữ liệu: ${count(tables.length)} bảng, ${count(rows)} dòng.`);
    const { files, faults } = await writeStoredFiles(client, archive, dataDir, tell, signal);
    say(`Tệp hồ sơ: ${count(files.count)} tệp, ${megabytes(files.bytes)}.`);
    const { kept, strange } = await writeKeptFiles(archive, dataDir);
    say(`Khóa và thiết lập: ${count(kept.length)} tệp.`);
    const manifest = { tables, sequences, files, faults, kept, digest: archive.digest() };
    await archive.add(MANIFEST, json(manifest));
    signal?.throwIfAborted();
    const size = await archive.finish();
    archive = undefined;
    return { introduction, manifest, size, strange };
  } finally {
    await archive?.abandon();
    await client.end();
  }
}

async function writeTables(
  client: pg.Client,
  archive: Archive,
  tell: (line: () => string) => void,
  signal: AbortSignal | undefined,
): Promise<Manifest["tables"]> {
  const tables: Manifest["tables"] = [];
  for (const shape of await readTables(client)) {
    const parts: string[] = [];
    let bytes = 0;
    const rows = await copyOut(client, shape, async (part) => {
      signal?.throwIfAborted();
      parts.push(await archive.add(partName(shape.name, parts.length), part));
      bytes += part.length;
      tell(() => `  bảng ${shape.name}: ${megabytes(bytes)} …`);
    });
    tables.push({ ...shape, rows, bytes, parts });
  }
  return tables;
}

/**
 * Everything in the store, in the order of the names: papers that a dossier has, and a result that is signed and waits
 * for its seal, which only the facts name. What a row of the snapshot names and is not there is a fault.
 */
async function writeStoredFiles(
  client: pg.Client,
  archive: Archive,
  dataDir: string,
  tell: (line: () => string) => void,
  signal: AbortSignal | undefined,
): Promise<Pick<Manifest, "files" | "faults">> {
  const files = { count: 0, bytes: 0 };
  const faults: FileFault[] = [];
  const take = async (sha256: string, isNamed: boolean) => {
    signal?.throwIfAborted();
    const opened = await openForCopy(storedPath(dataDir, sha256));
    if (opened === undefined) {
      if (isNamed) faults.push({ sha256, what: "missing", kept: null });
      return;
    }
    try {
      const kept = await archive.addStream(fileName(sha256), opened.size, opened.bytes);
      if (opened.fault()) faults.push({ sha256, what: "unreadable", kept });
      else if (kept !== sha256) faults.push({ sha256, what: "changed", kept });
    } finally {
      await opened.close();
    }
    files.count++;
    files.bytes += opened.size;
    tell(() => `  ${count(files.count)} tệp hồ sơ, ${megabytes(files.bytes)} …`);
  };

  // Two lists in the same order, read side by side: neither need fit into memory.
  const stored = storedFiles(dataDir);
  let lying = await stored.next();
  for await (const named of namedFiles(client)) {
    for (; lying.done !== true && lying.value < named; lying = await stored.next())
      await take(lying.value, false);
    if (lying.done !== true && lying.value === named) lying = await stored.next();
    await take(named, true);
  }
  for (; lying.done !== true; lying = await stored.next()) await take(lying.value, false);
  return { files, faults };
}

const A_PAGE = 1_000;

/** The files that the snapshot's rows need, in the order of their names. */
async function* namedFiles(client: pg.Client): AsyncGenerator<string> {
  await client.query(
    `declare named no scroll cursor for
     select sha256 collate "C" as sha256 from files
     union
     select facts #>> '{result,signed}' from dossiers
      where facts #>> '{result,signed}' is not null and facts #>> '{result,sealed}' is null
     order by 1`,
  );
  for (;;) {
    const { rows } = await client.query<{ sha256: string }>(`fetch ${A_PAGE} from named`);
    if (rows.length === 0) return;
    for (const { sha256 } of rows) yield sha256;
  }
}

async function writeKeptFiles(
  archive: Archive,
  dataDir: string,
): Promise<{ kept: Manifest["kept"]; strange: string[] }> {
  const { paths, strange } = await listKeptFiles(dataDir);
  const kept: Manifest["kept"] = [];
  for (const path of paths) {
    const opened = await openForCopy(join(dataDir, path));
    // Gone since it was listed.
    if (opened === undefined) continue;
    try {
      const sha256 = await archive.addStream(keptName(path), opened.size, opened.bytes);
      // A key is worth nothing in parts.
      const fault = opened.fault();
      if (fault) throw new BackupRefused(`Không đọc được ${join(dataDir, path)}: ${fault.message}`);
      kept.push({ path, size: opened.size, sha256 });
    } finally {
      await opened.close();
    }
  }
  return { kept, strange };
}

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`, "utf8");

/** Says a line at most once in so many milliseconds. */
export function every(milliseconds: number, say: (line: string) => void): (line: () => string) => void {
  let last = performance.now();
  return (line) => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    say(line());
  };
}
