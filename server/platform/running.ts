import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findKept, keepOnce } from "./data-dir.ts";
import { StartRefused } from "./start-refused.ts";

/** What a running program says of itself in DATA_DIR/running.json, for commands that use it. */
export interface Running {
  pid: number;
  url: string;
  portalUrl: string;
  clock: { start: string; reference: number } | undefined;
}

const fileOf = (dataDir: string) => join(dataDir, "running.json");

/** The program that runs on this DATA_DIR now; one that was killed is none. */
export async function findRunning(dataDir: string): Promise<Running | undefined> {
  const kept = await findKept(fileOf(dataDir));
  if (kept === undefined) return undefined;
  const running = JSON.parse(kept.toString("utf8")) as Running;
  return (await isOurs(running.pid)) ? running : undefined;
}

/** Writes down that this process now runs on DATA_DIR. Throws when another one does. Answers how to take it back. */
export async function claimDataDir(dataDir: string, running: Running): Promise<() => Promise<void>> {
  const file = fileOf(dataDir);
  const other = await findRunning(dataDir);
  if (other && other.pid !== running.pid)
    throw new StartRefused(`the program runs already on ${dataDir} (process ${other.pid}, ${other.url})`);
  await rm(file, { force: true });
  const content = JSON.stringify(running);
  // Of two that start in the same moment only one gets the file.
  if ((await keepOnce(file, () => content)).toString("utf8") !== content)
    throw new StartRefused(`the program is just being started on ${dataDir} by another process`);
  return () => rm(file, { force: true });
}

/** The process lives and is this program, not another that got its number after a restart of the machine. */
async function isOurs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const command = await findKept(`/proc/${pid}/cmdline`).catch(() => undefined);
  // A command (tools/) that found no running program started it within its own process.
  return command === undefined || /main\.js|tools\/[a-z-]+\.ts/.test(command.toString("latin1"));
}
