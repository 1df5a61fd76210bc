import { spawn, type ChildProcess } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareEmbeddedDatabase } from "../../server/platform/embedded-database.ts";
import { startEmbeddedPostgres } from "../../server/platform/embedded-postgres.ts";
import type { Chance } from "../demo/chance.ts";
import { processesBelow } from "./process-tree.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PASSWORD = "mat-khau-thu-do-ben";

export interface SystemSettings {
  /** Made when missing; everything of the system lies in it, its log too. */
  dataDir: string;
  port: number;
  stubPort: number;
}

/** What may die. `backend` is one of the database's processes, which takes the others down with it. */
export type Part = "web" | "worker" | "stub" | "database" | "backend";

/** The whole program as `npm start` runs it, in processes of its own. */
export interface RunningSystem extends SystemSettings {
  url: string;
  portalUrl: string;
  password: string;
  databaseUrl: string;
  pidOf(part: Part, chance: Chance): Promise<number>;
  /** SIGTERM to main, and waits until it has ended. */
  stop(): Promise<void>;
}

const COMMANDS: Record<Part, RegExp> = {
  web: /server\/web-process\.(ts|mjs)/,
  worker: /server\/worker\.(ts|mjs)/,
  stub: /server\/national-portal-stub\/main\.(ts|mjs)/,
  database: /postgres.* -D /,
  backend: /^postgres: motcua motcua /,
};

/** Starts main and waits until it says that it is ready. `env` goes over what is set here. Throws when it ends before. */
export async function startSystem(
  settings: SystemSettings,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningSystem> {
  const { dataDir, port, stubPort } = settings;
  const log = openSync(`${dataDir}.log`, "a", 0o600);
  const main = spawn(process.execPath, ["server/main.js"], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...{ DATABASE_URL: undefined, DATABASE_OWNER_URL: undefined, NODE_ENV: undefined },
      ...{ PORT: String(port), PORTAL_STUB_PORT: String(stubPort), DATA_DIR: dataDir },
      ...{ DEMO_PASSWORD: PASSWORD, RATE_LIMITS: "off", LOG_LEVEL: "warn" },
      ...env,
    },
    stdio: ["ignore", "pipe", log],
  });
  await ready(main, `ready http://localhost:${port}`, dataDir);
  // It runs: it is only asked where.
  const directory = join(dataDir, "postgres");
  const { url: databaseUrl } = await prepareEmbeddedDatabase(
    await startEmbeddedPostgres({ directory }),
    directory,
  );
  return {
    ...settings,
    url: `http://localhost:${port}`,
    portalUrl: `http://localhost:${stubPort}`,
    password: PASSWORD,
    databaseUrl,
    async pidOf(part, chance) {
      const found = (await processesBelow(main.pid ?? 0)).filter(({ command }) =>
        COMMANDS[part].test(command),
      );
      return chance.pick(found).pid;
    },
    async stop() {
      if (main.exitCode !== null || main.signalCode !== null) return;
      const ended = new Promise((resolve) => main.once("exit", resolve));
      main.kill("SIGTERM");
      await ended;
    },
  };
}

function ready(main: ChildProcess, line: string, dataDir: string): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    main.stdout?.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes(`${line}\n`)) resolve();
    });
    main.once("exit", () => reject(new Error(`it ended before it was ready; see ${dataDir}.log\n${said}`)));
  });
}
