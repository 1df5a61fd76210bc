import { isGood, tellDay } from "./demo/report.ts";
import { readSettings, USAGE, WrongUsage } from "./demo/settings.ts";
import { findOrStartSystem } from "./demo/system.ts";
import { playWorkingDay } from "./demo/working-day.ts";

/**
 * `npm run demo`: a working day over HTTP, as the demonstration accounts. Exit code 1 when an answer was unexpected
 * or the portal does not hold what we hold.
 */
const begun = performance.now();
const say = (line: string) => {
  const seconds = (performance.now() - begun) / 1_000;
  console.log(`${seconds.toFixed(0).padStart(4)} s  ${line}`);
};

/** What must be undone, the last first, however the day ends. */
const undoings: (() => Promise<void>)[] = [];
let leaving: Promise<void> | undefined;

function leave(): Promise<void> {
  leaving ??= (async () => {
    for (const undo of undoings.reverse())
      await undo().catch((cause: unknown) => say(`could not leave all as it was: ${String(cause)}`));
  })();
  return leaving;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void leave().then(() => process.exit(130)));

try {
  const settings = readSettings(process.argv.slice(2));
  const lastly = (undo: () => Promise<void>) => void undoings.push(undo);
  const system = await findOrStartSystem(process.env, say, lastly);
  const report = await playWorkingDay(system, settings, { say, lastly });
  console.log(tellDay(report));
  await leave();
  process.exit(isGood(report) ? 0 : 1);
} catch (cause) {
  if (cause instanceof WrongUsage) console.error(`${cause.message}\n\n${USAGE}`);
  // A signal stops what the day was played on: what then breaks is no news.
  else if (leaving === undefined) console.error(cause);
  await leave();
  process.exit(cause instanceof WrongUsage ? 2 : 1);
}
