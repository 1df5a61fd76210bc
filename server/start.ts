import { join } from "node:path";
import { loadSeeds } from "../seeds/load-seeds.ts";
import {
  applyDemonstrationAccounts,
  disableDemonstrationAccounts,
} from "./accounts/demonstration-accounts.ts";
import { fullCode } from "./catalogue/catalogue.ts";
import { loadCatalogue } from "./catalogue/load-catalogue.ts";
import { assertNoUnfinishedRestore } from "./backup/restore-mark.ts";
import type { Config, Environment } from "./config.ts";
import { APPEND_ONLY } from "./parts.ts";
import { bundledProgram } from "./platform/bundle.ts";
import { superviseChild, type SupervisedChild } from "./platform/child-process.ts";
import { openClock, type Clock } from "./platform/clock.ts";
import { findKept, keep, openDataDir, secretFiles } from "./platform/data-dir.ts";
import { assertUnprivileged, openDatabase, type Database } from "./platform/database.ts";
import type { DatabaseAddresses } from "./platform/embedded-database.ts";
import { openLog, type Log } from "./platform/log.ts";
import { makeStubDatabase, migrate } from "./platform/migrate.ts";
import { isPortFree } from "./platform/ports.ts";
import { claimDataDir } from "./platform/running.ts";
import { openSecrets, type Secrets } from "./kept-secrets.ts";
import { StartRefused } from "./platform/start-refused.ts";
import { PRELOAD, PROCESSES, STUB, WEB, WORKER } from "./processes.ts";
import { keepDatabaseRunning } from "./start-database.ts";

export interface Program {
  stop(): Promise<void>;
}

/** How long the processes may take to end, in milliseconds; the database has what is left of the ten seconds. */
const PATIENCE = 5_500;

/**
 * Starts everything: database, migrations, catalogue, accounts, the portal's stub, web and worker; returns when all
 * work. `started` is told as soon as there is something to stop. Throws when something does not start.
 */
export async function startProgram(
  config: Config,
  env: Environment,
  say: (line: string) => void,
  started: (program: Program) => void,
): Promise<void> {
  const begun = performance.now();
  const children: SupervisedChild[] = [];
  const last: (() => Promise<void>)[] = [];
  started({
    async stop() {
      await Promise.all(children.map((child) => child.stop(PATIENCE)));
      for (const close of last.reverse()) await close();
    },
  });

  const log = openLog("main", config.logLevel);
  await openDataDir(config.dataDir);
  last.push(await claimDataDir(config.dataDir, runningOf(config)));
  await assertNoUnfinishedRestore(config.dataDir);
  await assertPortsFree(config);
  const secrets = await openSecrets(config);
  const bundling = bundledProgram(PROCESSES, PRELOAD);
  bundling.catch(() => undefined); // awaited below; the database has its say first

  const database = await keepDatabaseRunning(config, say, log);
  last.push(() => database.stop());
  const clock = openClock(config.clock);
  await prepareDatabase(database, config, secrets, clock, log, say);

  const programOf = await bundling;
  const base = childEnvironment(config, env, database.url);
  if (config.portal.stubPort !== undefined) {
    say("starting the national portal's stub");
    const stubEnv = await stubEnvironment(config, secrets, database, clockEnvironment(config));
    const isReady = answersAt(`http://localhost:${config.portal.stubPort}/_summary`);
    children.push(
      superviseChild({
        name: "portal-stub",
        program: programOf(STUB),
        env: stubEnv,
        isReady,
        log,
      }),
    );
  }
  say("starting web and worker");
  const isReady = answersAt(`http://localhost:${config.port}/health/ready`);
  children.push(superviseChild({ name: "web", program: programOf(WEB), env: base, isReady, log }));
  await Promise.all(children.map((child) => child.ready));
  // Last: no page waits for it, and the others start sooner with both cores to themselves.
  children.push(superviseChild({ name: "worker", program: programOf(WORKER), env: base, log }));
  await Promise.all(children.map((child) => child.ready));

  for (const line of welcome(config, secrets)) say(line);
  log.info({ seconds: Math.round(performance.now() - begun) / 1000 }, "started");
  say(`ready http://localhost:${config.port}`);
}

/** Everything that is done to the database before anybody uses it. */
async function prepareDatabase(
  { ownerUrl, url }: DatabaseAddresses,
  config: Config,
  secrets: Secrets,
  clock: Clock,
  log: Log,
  say: (line: string) => void,
): Promise<void> {
  const applied = await migrate(ownerUrl, url);
  if (applied.length > 0) say(`database brought up to date (${applied.length} migrations)`);
  const owner = openDatabase(ownerUrl, undefined, { max: 2, applicationName: "motcua-main" });
  const app = openDatabase(url, "app", { max: 2, applicationName: "motcua-main" });
  try {
    await assertUnprivileged(app, APPEND_ONLY);
    await loadSeeds(owner);
    const changed = await loadCatalogue(app, clock, log);
    if (changed || (await findKept(proceduresFile(config))) === undefined)
      say(`catalogue: ${await listProcedures(app, config)} procedures`);
    if (secrets.demoPassword !== undefined) await applyDemonstrationAccounts(owner, secrets.demoPassword);
    else if ((await disableDemonstrationAccounts(owner)) > 0) say("demonstration accounts disabled");
  } finally {
    await Promise.all([owner.destroy(), app.destroy()]);
  }
}

/** Writes what the stub takes for the national catalogue: code, name and field of each procedure in force. */
async function listProcedures(app: Database, config: Config): Promise<number> {
  const { rows } = await app.raw<{ rows: { code: string; name: string; fieldName: string }[] }>(
    `select distinct on (code) code, declaration->>'name' as name, declaration->>'field' as "fieldName"
       from procedure_versions order by code, version desc`,
  );
  const listed = rows.map((row) => ({ ...row, code: fullCode(row.code) }));
  await keep(proceduresFile(config), JSON.stringify(listed));
  return listed.length;
}

/** For our own processes: the settings as given, and what was found out here; never the owner's address. */
function childEnvironment(config: Config, env: Environment, url: string): NodeJS.ProcessEnv {
  return {
    ...env,
    DATABASE_OWNER_URL: undefined,
    DEMO_PASSWORD: undefined,
    DATABASE_URL: url,
    DATA_DIR: config.dataDir,
    ...clockEnvironment(config),
  };
}

/** All processes reckon from the same moment, also one that is started again later. */
function clockEnvironment({ clock }: Config): NodeJS.ProcessEnv {
  return clock === undefined ? {} : { CLOCK_START: clock.start, CLOCK_REFERENCE: String(clock.reference) };
}

/** For the stub: only what a stranger would know, and a database of its own. */
async function stubEnvironment(
  config: Config,
  secrets: Secrets,
  { ownerUrl }: DatabaseAddresses,
  clock: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  return {
    PATH: process.env.PATH,
    NODE_ENV: process.env.NODE_ENV,
    PORTAL_STUB_PORT: String(config.portal.stubPort),
    STUB_DATABASE_URL: await makeStubDatabase(ownerUrl, secrets.stubDatabasePassword),
    PORTAL_USERNAME: config.portal.username,
    PORTAL_PASSWORD: secrets.portalPassword,
    PORTAL_UNIT: config.portal.unit,
    PROGRAM_URL: `http://localhost:${config.port}`,
    PORTAL_INBOUND_TOKEN: secrets.portalInboundToken,
    STUB_PROCEDURES_FILE: proceduresFile(config),
    ...clock,
  };
}

const proceduresFile = (config: Config) => join(config.dataDir, "portal-stub-procedures.json");

function runningOf(config: Config) {
  const url = `http://localhost:${config.port}`;
  return { pid: process.pid, url, portalUrl: config.portal.url, clock: config.clock };
}

async function assertPortsFree({ port, portal }: Config): Promise<void> {
  const wanted =
    portal.stubPort === undefined
      ? [["PORT", port]]
      : [
          ["PORT", port],
          ["PORTAL_STUB_PORT", portal.stubPort],
        ];
  const taken: string[] = [];
  for (const [name, number] of wanted as [string, number][])
    if (!(await isPortFree(number))) taken.push(`port ${number} is taken by another program: set ${name}`);
  if (taken.length > 0) throw new StartRefused(taken.join("; "));
}

function answersAt(url: string): () => Promise<boolean> {
  return async () => {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  };
}

/** Where to log in, and as whom. */
function welcome(config: Config, secrets: Secrets): string[] {
  const portal =
    config.portal.stubPort === undefined
      ? `national portal: ${config.portal.url}`
      : `national portal: a stub at ${config.portal.url}`;
  if (secrets.demoPassword === undefined) return [portal, "production: no demonstration accounts"];
  return [
    portal,
    `log in at http://localhost:${config.port} or with POST /api/v1/sessions as admin, inspector, centre.frontdesk,`,
    "  or <unit>.<role>: unit stp, stnmt, syt … (a department's key), district, commune, chair;",
    "  role frontdesk, specialist, head, leader, clerk; for instance commune.frontdesk",
    config.demoPassword === undefined
      ? `  password of all of them: ${secrets.demoPassword} (kept in ${secretFiles(config.dataDir).demoPassword})`
      : `  password of all of them: as set in DEMO_PASSWORD (kept in ${secretFiles(config.dataDir).demoPassword})`,
  ];
}
