import { readConfig, type Environment } from "../server/config.ts";
import { openPortalPool } from "../server/national-portal/open-pool.ts";
import { runNight } from "../server/nightly.ts";
import { nightDeps } from "../server/open-night.ts";
import { openDeps } from "../server/open-deps.ts";
import { openParts } from "../server/parts.ts";
import { freePort } from "../server/platform/ports.ts";
import { findRunning, type Running } from "../server/platform/running.ts";
import { openLog } from "../server/platform/log.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { startProgram } from "../server/start.ts";
import { dueNight } from "../server/statistics/nights.ts";
import { endWrongUsage, isDay, readCommandLine } from "./command-line.ts";

/**
 * `npm run nightly -- --date 2026-11-23 [--unit 000.15.32.H30 …] [--no-report]`: runs the night that closes a day; without
 * a date the one that is due now. Rolls up, reports the month so far to the national portal, compares with it; prints
 * what each step did; exits 1 when something failed, 2 when it was called wrongly, 3 when all was done and the portal
 * still holds something else. Run again it changes nothing. Uses the running system, and starts one for as long as it
 * takes when none runs.
 */
const USAGE = "npm run nightly -- --date 2026-11-23 [--unit CODE …] [--no-report]";

const { values } = readCommandLine(USAGE, {
  options: {
    date: { type: "string" },
    unit: { type: "string", multiple: true },
    "no-report": { type: "boolean", default: false },
  },
});
const { date, unit: units, "no-report": noReport } = values;
if (date !== undefined && !isDay(date)) endWrongUsage(USAGE, `"${date}" is no day`);
const say = (line: string) => console.log(line);

let stopProgram: () => Promise<void> = () => Promise.resolve();
const { dataDir } = readConfig(process.env, { withOwner: true });
const running = (await findRunning(dataDir)) ?? (await startOne());
const env = environmentOf(running);
const config = readConfig(env, { withOwner: true });
// It runs by now: it is only asked where.
const database = await keepDatabaseRunning(config, () => undefined, openLog("nightly", "silent"));
const parts = await openParts(
  { ...env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
  { name: "nightly", role: "worker", connections: 3 },
);
const pool = openPortalPool(database.url, "worker");
let code = 0;
try {
  const deps = await openDeps(parts);
  const unknown = units?.filter((unit) => deps.agencies.get(unit) === undefined) ?? [];
  if (unknown.length > 0) throw new RangeError(`no such unit: ${unknown.join(", ")}`);
  const { url, username, unit } = config.portal;
  const portal = { url, username, password: parts.secrets.portalPassword, unit };
  const result = await runNight(nightDeps(deps, pool, portal), {
    day: date ?? dueNight(parts.clock.now()),
    report: !noReport,
    say,
    ...(units === undefined ? {} : { units }),
  });
  code = !result.ok ? 1 : result.state === "differing" ? 3 : 0;
} catch (cause) {
  console.error(cause instanceof RangeError ? cause.message : cause);
  code = 1;
} finally {
  await pool.end();
  await parts.close();
  await stopProgram();
}
process.exit(code);

/** Database, worker and, where the portal is our own, its stub: what a night reports to and is compared with. */
async function startOne(): Promise<Running> {
  const own: Environment = {
    PORT: String(await freePort()),
    ...(process.env.PORTAL_URL === undefined ? { PORTAL_STUB_PORT: String(await freePort()) } : {}),
    // What the portal refuses is in the list of differences; the worker would tell it line by line.
    LOG_LEVEL: "fatal",
    ...process.env,
  };
  const started = readConfig(own, { withOwner: true });
  say(`no system runs on ${started.dataDir}: starting one`);
  await startProgram(
    started,
    own,
    () => undefined,
    (program) => (stopProgram = () => program.stop()),
  );
  const found = await findRunning(started.dataDir);
  if (found === undefined) throw new Error("the system that was started is not found");
  return found;
}

/** The settings under which the running system reckons time and talks to the portal. */
function environmentOf({ portalUrl, clock }: Running): Environment {
  const stub = /^http:\/\/(?:localhost|127\.0\.0\.1):(\d+)$/.exec(portalUrl)?.[1];
  return {
    ...process.env,
    PORTAL_URL: portalUrl,
    ...(stub === undefined ? {} : { PORTAL_STUB_PORT: stub }),
    ...(clock === undefined ? {} : { CLOCK_START: clock.start, CLOCK_REFERENCE: String(clock.reference) }),
  };
}
