import { join } from "node:path";
import { readConfig, type Config, type Environment } from "../../server/config.ts";
import { prepareEmbeddedDatabase } from "../../server/platform/embedded-database.ts";
import { startEmbeddedPostgres } from "../../server/platform/embedded-postgres.ts";
import { findKept, secretFiles } from "../../server/platform/data-dir.ts";
import { freePort } from "../../server/platform/ports.ts";
import { findRunning } from "../../server/platform/running.ts";
import { startProgram } from "../../server/start.ts";

/** A system that the day is played on. */
export interface System {
  url: string;
  portalUrl: string;
  password: string;
  /** The program's own address of its database. */
  databaseUrl: () => Promise<string>;
}

/** A Monday, five minutes after offices open. */
const MORNING = "2026-11-23T07:05:00+07:00";

/**
 * The system that runs on DATA_DIR, or one that is started now, on free ports and with its clock at a working morning
 * unless the environment says otherwise; `lastly` is handed how to stop that one.
 * Throws when it does not start or its accounts' password is not known.
 */
export async function findOrStartSystem(
  env: Environment,
  say: (line: string) => void,
  lastly: (undo: () => Promise<void>) => void,
): Promise<System> {
  const given = readConfig(env);
  const running = await findRunning(given.dataDir);
  if (running !== undefined) {
    say(`using the system that runs on ${given.dataDir}: ${running.url}`);
    return systemOf(given, running);
  }
  const own: Environment = {
    CLOCK_START: MORNING,
    PORT: String(await freePort()),
    PORTAL_STUB_PORT: String(await freePort()),
    // The portal is made to fail, which the worker would tell of line by line.
    LOG_LEVEL: "error",
    RATE_LIMITS: "off",
    ...env,
  };
  const config = readConfig(own, { withOwner: true });
  say(`no system runs on ${config.dataDir}: starting one, its clock at ${config.clock?.start ?? "now"}`);
  await startProgram(
    config,
    own,
    (line) => say(`  ${line}`),
    (program) => lastly(() => program.stop()),
  );
  return systemOf(config, { url: `http://localhost:${config.port}`, portalUrl: config.portal.url });
}

async function systemOf(config: Config, at: { url: string; portalUrl: string }): Promise<System> {
  const { url, portalUrl } = at;
  return { url, portalUrl, password: await passwordOf(config), databaseUrl: () => databaseOf(config) };
}

async function passwordOf({ demoPassword, dataDir }: Config): Promise<string> {
  const { demoPassword: file } = secretFiles(dataDir);
  const password = demoPassword ?? (await findKept(file))?.toString("utf8").trim();
  if (password === undefined) throw new Error(`${file} is missing: set DEMO_PASSWORD`);
  return password;
}

/** The embedded database runs by now: it is only asked where. */
async function databaseOf({ databaseUrl, dataDir }: Config): Promise<string> {
  if (databaseUrl !== undefined) return databaseUrl;
  const directory = join(dataDir, "postgres");
  return (await prepareEmbeddedDatabase(await startEmbeddedPostgres({ directory }), directory)).url;
}
