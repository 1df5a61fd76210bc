import { readdir, readFile, readlink, realpath } from "node:fs/promises";

/**
 * Ends what a killed PostgreSQL left of itself on this cluster: its processes notice the death of their server only
 * when they next wait for something, and while one of them works on, the cluster cannot be started. They can commit
 * nothing any more. Where there is no /proc nothing is done. Answers how many were told to end.
 */
export async function endOrphans(cluster: string): Promise<number> {
  const folder = await realpath(cluster);
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const orphans = await Promise.all(pids.map((pid) => isOrphan(Number(pid), folder)));
  const ended = pids.filter((_, at) => orphans[at]);
  for (const pid of ended) {
    try {
      process.kill(Number(pid), "SIGQUIT");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
    }
  }
  return ended.length;
}

/** A server process of this cluster ("postgres: …", where the server itself shows its path) without its server. */
async function isOrphan(pid: number, folder: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return false;
    if (!(await readFile(`/proc/${pid}/cmdline`, "utf8")).startsWith("postgres: ")) return false;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    return (await readFile(`/proc/${parent}/comm`, "utf8").catch(() => "")).trim() !== "postgres";
  } catch {
    // It has ended meanwhile, or is not ours to look at.
    return false;
  }
}
