import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, open, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { findKept, keepOnce, randomWord } from "./data-dir.ts";
import { endOrphans } from "./orphans.ts";
import { freePort, isPortFree } from "./ports.ts";
import { makeFolderFor, openPostgresHome, type PostgresHome } from "./postgres-home.ts";

const run = promisify(execFile);

export interface EmbeddedPostgres {
  port: number;
  pid: number;
  /** Where its cluster lies, which for root may be outside the folder that was asked for. */
  directory: string;
  /** False when it was running already: another process of the same folder started it. */
  startedHere: boolean;
  /** An address as the superuser, for making the owner and the databases. */
  superuserUrl(database: string): string;
  isRunning(): boolean;
  /** Shuts it down cleanly; after `patience` milliseconds at once (it then recovers from its log at the next start). */
  stop(patience?: number): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Where it lies or is pointed to from; made when missing. */
  directory: string;
  /** Told in plain words what is being done. */
  say?: (line: string) => void;
  /** Further settings, over those below. */
  settings?: Record<string, string>;
  /** The port it had: whoever uses it looks for it there. Without it, the remembered one or any that is free. */
  port?: number;
}

/** Modest, for a machine of two cores that runs everything else as well. fsync stays on: a commit is a commit. */
const SETTINGS: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  effective_cache_size: "1GB",
  random_page_cost: "1.1",
  max_parallel_workers_per_gather: "0",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * Starts the PostgreSQL that came with npm in this folder, making its cluster the first time, and answers when it
 * takes connections. One that runs there already, also one that a killed process left behind, is taken over as it is.
 * It listens on 127.0.0.1 only, on a free port that is remembered, and asks for a password.
 * Throws with the last lines of its log when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, say = () => undefined, settings = {} } = options;
  const home = await openPostgresHome(directory, say);
  const password = (await keepOnce(join(directory, "superuser-password"), () => `${randomWord(32)}\n`))
    .toString("utf8")
    .trim();
  const cluster = join(home.directory, "cluster");
  if ((await findPid(cluster)) === undefined && !(await isCluster(cluster))) {
    say("making the database cluster");
    await makeCluster(home, cluster, password);
  }

  const running = await adopt(cluster, password);
  if (running) return running;
  const log = join(directory, "log");
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await rememberedOrFreePort(join(directory, "port"), attempt));
    const failure = await launch(home, cluster, port, password, log, { ...SETTINGS, ...settings });
    // Somebody else may have started it in the same moment.
    const started = (await adopt(cluster, password)) ?? undefined;
    if (started) return { ...started, startedHere: failure === undefined };
    if (attempt === 3)
      throw new Error(`PostgreSQL does not start (${failure ?? "no reason given"}); see ${log}`);
    // A killed server's processes hold its memory as long as they work on; another port would not help.
    if ((await endOrphans(cluster)) > 0 || options.port !== undefined) await sleep(250);
  }
}

/** The PostgreSQL that runs on this cluster, once it takes connections; undefined when none does. */
async function adopt(cluster: string, password: string): Promise<EmbeddedPostgres | undefined> {
  const pid = await findPid(cluster);
  if (pid === undefined) return undefined;
  // Recovery after a crash can take a while; as long as the process lives it is waited for.
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && isAlive(pid)) {
    await sleep(20);
    const port = Number((await findKept(join(cluster, "postmaster.pid")))?.toString("utf8").split("\n")[3]);
    if (!port || !(await takesConnections(port, password))) continue;
    return {
      port,
      pid,
      directory: dirname(cluster),
      startedHere: false,
      superuserUrl: (database) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
      isRunning: () => isAlive(pid),
      stop: (patience = 5_000) => stop(pid, patience),
    };
  }
  return undefined;
}

async function isCluster(cluster: string): Promise<boolean> {
  return stat(join(cluster, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

/** Made beside and renamed when whole, so that an interrupted first start leaves no half cluster. */
async function makeCluster(home: PostgresHome, cluster: string, password: string): Promise<void> {
  const unfinished = `${cluster}.${randomBytes(6).toString("hex")}`;
  const passwordFile = `${unfinished}.password`;
  await makeFolderFor(home, unfinished);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (home.user) await chown(passwordFile, home.user.uid, home.user.gid);
  try {
    await initdb(home, unfinished, passwordFile);
    await rename(unfinished, cluster).catch(async (cause: unknown) => {
      if (!(await isCluster(cluster))) throw cause;
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * PostgreSQL's own C.UTF-8 sorts the same on every machine. Trigram search still asks the system what a letter is, so
 * the system's UTF-8 is used for that, under whichever name it has.
 */
async function initdb(home: PostgresHome, directory: string, passwordFile: string): Promise<void> {
  const failures: string[] = [];
  for (const letters of ["C.UTF-8", "en_US.UTF-8", "C"]) {
    const args = [
      ...[`--pgdata=${directory}`, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
      ...[`--lc-ctype=${letters}`, "--no-instructions"],
    ];
    try {
      await run(join(home.bin, "initdb"), args, { cwd: "/", env: environment(), ...home.user });
      return;
    } catch (cause) {
      failures.push((cause as { stderr?: string }).stderr ?? String(cause));
    }
  }
  throw new Error(`the database cluster could not be made: ${failures.join("; ")}`);
}

/** Starts the server and waits until it takes connections; answers why not when it ends before. */
async function launch(
  home: PostgresHome,
  cluster: string,
  port: number,
  password: string,
  log: string,
  settings: Record<string, string>,
): Promise<string | undefined> {
  const found = await stat(log).catch(() => undefined);
  if (found && found.size > 10_000_000) await truncate(log);
  const output = await open(log, "a", 0o600);
  const args = ["-D", cluster, "-p", String(port)];
  for (const [name, value] of Object.entries(settings)) args.push("-c", `${name}=${value}`);
  // A group of its own: Ctrl-C in the terminal must reach us alone, so that the database is stopped last.
  const child = spawn(join(home.bin, "postgres"), args, {
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
    cwd: "/",
    env: environment(),
    ...home.user,
  });
  let ended: string | undefined;
  child.once("exit", (code, signal) => (ended = `it ended with ${code ?? signal ?? "nothing"}`));
  child.once("error", (cause) => (ended = cause.message));
  child.unref();
  await output.close();
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline && ended === undefined) {
    if (await takesConnections(port, password)) return undefined;
    await sleep(25);
  }
  const lines = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-3).join(" | ");
  return `${ended ?? "it takes no connections"}: ${lines}`;
}

async function takesConnections(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", password, database: "postgres" },
    connectionTimeoutMillis: 2_000,
  });
  // It may go away again between the connection and our good-bye.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The living server of this cluster. A pid file that a crash left behind, also one reused by another program, is none. */
async function findPid(cluster: string): Promise<number | undefined> {
  const pid = Number((await findKept(join(cluster, "postmaster.pid")))?.toString("utf8").split("\n")[0]);
  if (!pid || !isAlive(pid)) return undefined;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "postgres");
  return name.trim() === "postgres" ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function stop(pid: number, patience: number): Promise<void> {
  for (const [signal, wait] of [
    ["SIGINT", patience],
    ["SIGQUIT", 2_000],
  ] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + wait;
    while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  }
}

async function rememberedOrFreePort(file: string, attempt: number): Promise<number> {
  const remembered = Number((await findKept(file))?.toString("utf8"));
  if (attempt === 1 && remembered && (await isPortFree(remembered, "127.0.0.1"))) return remembered;
  const port = await freePort();
  await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}

/** Nothing of ours: a PGDATA, PGPORT or password in the environment must not steer the server. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_MESSAGES: "C", TZ: "UTC" };
}
