import { openCaller } from "./demo/caller.ts";
import { readCatalogue } from "./demo/catalogue.ts";
import { openChance } from "./demo/chance.ts";
import { compareAll } from "./demo/compare.ts";
import { playDay } from "./demo/day.ts";
import { readDirectory } from "./demo/directory.ts";
import { openMeasures } from "./demo/measures.ts";
import { drained, readDeliveries, readSync } from "./demo/outbox.ts";
import { planDay } from "./demo/plan.ts";
import { openPortalStub } from "./demo/portal-stub.ts";
import { tellDay } from "./demo/report.ts";
import { makeScans } from "./demo/scans.ts";
import { readSettings, USAGE, WrongUsage, type Settings } from "./demo/settings.ts";
import { findOrStartSystem, type System } from "./demo/system.ts";
import { startWeather, type Weather } from "./demo/weather.ts";

/**
 * `npm run demo`: a working day over HTTP, as the demonstration accounts. Exit code 1 when an answer was unexpected
 * or the portal does not hold what we hold.
 */
const begun = performance.now();
const say = (line: string) =>
  console.log(`${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s  ${line}`);

let system: System | undefined;
let weather: Weather | undefined;
let leaving: Promise<void> | undefined;

/** Leaves everything as it was found. */
function leave(): Promise<void> {
  leaving ??= (async () => {
    await weather
      ?.clear()
      .catch((cause: unknown) => say(`the portal's faults could not be put back: ${String(cause)}`));
    await system?.stop();
  })();
  return leaving;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void leave().then(() => process.exit(130)));

try {
  const settings = readSettings(process.argv.slice(2));
  system = await findOrStartSystem(process.env, say);
  const isGood = await play(system, settings);
  await leave();
  process.exit(isGood ? 0 : 1);
} catch (cause) {
  if (cause instanceof WrongUsage) console.error(`${cause.message}\n\n${USAGE}`);
  else console.error(cause);
  await leave();
  process.exit(cause instanceof WrongUsage ? 2 : 1);
}

async function play(on: System, settings: Settings): Promise<boolean> {
  const { dossiers, seed, atOnce } = settings;
  const measures = openMeasures();
  const caller = openCaller(on.url, on.password, measures);
  const portal = openPortalStub(on.portalUrl, measures);
  const [directory, catalogue, scans] = await Promise.all([
    readDirectory(caller),
    readCatalogue(caller),
    makeScans(),
  ]);
  say(`${catalogue.all.length} procedures; drawing ${dossiers} dossiers with --seed ${seed}`);
  const errands = await planDay({ catalogue, directory }, dossiers, openChance(seed));

  const portalBefore = await portal.summary();
  const sky = await startWeather(portal);
  weather = sky;
  let done = 0;
  const tell = async () => {
    const { pending } = await readSync(caller);
    const requests = measures.tally("requests");
    say(
      `${done} of ${dossiers} dossiers, ${requests} requests; portal: ${sky.now()}, ${pending} messages waiting`,
    );
  };
  const progress = setInterval(() => void tell().catch((cause: unknown) => say(String(cause))), 5_000);
  const started = performance.now();
  const made = await playDay(
    {
      ...{ caller, directory, measures, portal, scans },
      progress: (count) => {
        done = count;
        sky.reached(count / dossiers);
      },
    },
    errands,
    atOnce,
  ).finally(() => clearInterval(progress));
  const seconds = (performance.now() - started) / 1_000;
  say(`${done} of ${dossiers} dossiers played; waiting until the portal has heard of everything`);

  await sky.clear();
  const ended = performance.now();
  const left = await drained(caller, (count) => say(`${count} messages waiting`));
  const drainedAfter = (performance.now() - ended) / 1_000;
  if (left.pending > 0) say(`${left.pending} messages still wait, and none moves; ${left.failed} failed`);
  const differences = await compareAll({ caller, portal }, made);
  const deliveries = await readDeliveries(
    await on.databaseUrl(),
    made.map(({ code }) => code),
  );
  const portalAfter = await portal.summary();
  console.log(
    tellDay({
      ...{
        planned: dossiers,
        made,
        seconds,
        measures,
        deliveries,
        portalBefore,
        portalAfter,
        drainedAfter,
        differences,
      },
    }),
  );
  return differences.length === 0 && measures.faults.length === 0 && made.length === dossiers;
}
