import { readConfig } from "../server/config.ts";
import { openDeps } from "../server/open-deps.ts";
import { openParts } from "../server/parts.ts";
import { openLog } from "../server/platform/log.ts";
import { findRunning } from "../server/platform/running.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { verifyStatistics } from "../server/statistics/verify.ts";
import { endWrongUsage, isDay, readCommandLine } from "./command-line.ts";

/**
 * `npm run verify:statistics [-- --date 2026-11-23] [--unit CODE …]`: makes the figures of a night (all of them without a
 * date) afresh from the events alone, as that night knew them, and compares them with what it reported. A line a
 * difference, then the counts; exits 1 when there is one, 2 when it was called wrongly.
 */
const USAGE = "npm run verify:statistics [-- --date 2026-11-23] [--unit CODE …]";

const { values } = readCommandLine(USAGE, {
  options: { date: { type: "string" }, unit: { type: "string", multiple: true } },
});
if (values.date !== undefined && !isDay(values.date)) endWrongUsage(USAGE, `"${values.date}" is no day`);
const say = (line: string) => console.log(line);
const config = readConfig(process.env, { withOwner: true });
const running = await findRunning(config.dataDir);
const database = await keepDatabaseRunning(config, () => undefined, openLog("verify", "silent"));
const parts = await openParts(
  { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
  { name: "verify-statistics", role: "app", connections: 2 },
);
let code = 0;
try {
  const begun = performance.now();
  const { nights, units, findings } = await verifyStatistics(await openDeps(parts), {
    ...(values.date === undefined ? {} : { day: values.date }),
    ...(values.unit === undefined ? {} : { units: values.unit }),
  });
  for (const { day, unit, what, reported, afresh } of findings)
    say(`${day} ${unit} ${what}: reported ${reported}, from the events ${afresh}`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`${nights} nights, ${units} figures of units checked in ${seconds} s: ${findings.length} differences`);
  code = findings.length === 0 ? 0 : 1;
} finally {
  await parts.close();
  if (running === undefined) await database.stop();
}
process.exit(code);
