import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PORT = 3900;
const STUB_PORT = 4900;
export const PASSWORD = "mat-khau-do-luong";

/** The whole program as `npm start` runs it, in a folder of its own. */
export interface System {
  url: string;
  stubUrl: string;
  dataDir: string;
  /** Seconds from the command to `ready`. */
  startSeconds: number;
  pidOf(file: string): Promise<number>;
  stop(): Promise<void>;
  /** Stops it and starts it again on the same data; answers the new one. */
  restart(): Promise<System>;
  remove(): Promise<void>;
}

const MONDAY_MORNING = "2026-11-23T07:30:00+07:00";

export async function startSystem(dataDir?: string, clock = MONDAY_MORNING): Promise<System> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "motcua-bench-")));
  const begun = performance.now();
  const main = spawn(process.execPath, ["server/main.js"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: String(PORT),
      PORTAL_STUB_PORT: String(STUB_PORT),
      DEMO_PASSWORD: PASSWORD,
      RATE_LIMITS: "off",
      CLOCK_START: clock,
      LOG_LEVEL: "warn",
    },
  });
  await ready(main);
  const startSeconds = (performance.now() - begun) / 1000;
  const stop = async () => {
    const ended = once(main, "exit");
    main.kill("SIGTERM");
    await ended;
  };
  return {
    url: `http://127.0.0.1:${PORT}`,
    stubUrl: `http://127.0.0.1:${STUB_PORT}`,
    dataDir: folder,
    startSeconds,
    pidOf: (file) => childRunning(main.pid ?? 0, file),
    stop,
    async restart() {
      await stop();
      return startSystem(folder, clock);
    },
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(main: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    main.stdout?.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      if (/^ready /m.test(said)) resolve();
    });
    main.once("exit", () => reject(new Error(`the program did not start:\n${said}`)));
  });
}

/** The process among main's children that runs this file. */
async function childRunning(parent: number, file: string): Promise<number> {
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    const status = await readFile(`/proc/${name}/status`, "utf8").catch(() => "");
    if (command.includes(file) && Number(/PPid:\s+(\d+)/.exec(status)?.[1]) === parent) return Number(name);
  }
  throw new Error(`no process runs ${file}`);
}

/** Resident memory of a process in MB. */
export async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
