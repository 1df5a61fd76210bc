import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { findKept, keep, openDataDir } from "../platform/data-dir.ts";
import { StartRefused } from "../platform/start-refused.ts";

/** Lies in DATA_DIR from before a restore changes anything until all of it is done. */
const fileOf = (dataDir: string) => join(dataDir, "restore-unfinished.json");

/** The backup file of a restore that was begun on this DATA_DIR and not finished. */
export async function findUnfinishedRestore(dataDir: string): Promise<string | undefined> {
  const kept = await findKept(fileOf(dataDir));
  return kept === undefined ? undefined : (JSON.parse(kept.toString("utf8")) as { file: string }).file;
}

/** Throws StartRefused when a restore was begun here and not finished: half of its data is no data. */
export async function assertNoUnfinishedRestore(dataDir: string): Promise<void> {
  const file = await findUnfinishedRestore(dataDir);
  if (file !== undefined)
    throw new StartRefused(
      `a restore of ${file} into ${dataDir} was not finished: run it again (npm run restore -- ${file})`,
    );
}

export async function markUnfinished(dataDir: string, file: string): Promise<void> {
  await openDataDir(dataDir);
  await keep(fileOf(dataDir), JSON.stringify({ file }));
}

export async function clearMark(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true });
}

/** What was restored when, a line of JSON each; it goes along in later backups. */
export async function recordRestore(dataDir: string, restore: Record<string, unknown>): Promise<void> {
  await appendFile(join(dataDir, "restores.jsonl"), `${JSON.stringify(restore)}\n`, { mode: 0o600 });
}
