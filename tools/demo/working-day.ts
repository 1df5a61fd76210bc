import { openCaller } from "./caller.ts";
import { readCatalogue } from "./catalogue.ts";
import { openChance } from "./chance.ts";
import { compareAll } from "./compare.ts";
import { playDay } from "./day.ts";
import { readDirectory } from "./directory.ts";
import { openMeasures } from "./measures.ts";
import { drained, readDeliveries, readSync } from "./outbox.ts";
import { planDay } from "./plan.ts";
import { openPortalStub } from "./portal-stub.ts";
import type { DayReport } from "./report.ts";
import { makeScans } from "./scans.ts";
import type { Settings } from "./settings.ts";
import type { System } from "./system.ts";
import { startWeather } from "./weather.ts";

/** How the one who started the day hears of it. */
export interface Watching {
  say: (line: string) => void;
  /** Is handed what must still be done when the day is broken off. */
  lastly: (undo: () => Promise<void>) => void;
}

const EVERY_MS = 5_000;

/**
 * Plays a working day on a running system: draws the dossiers, lets the demonstration accounts handle them while the
 * portal misbehaves, waits until the portal has heard of everything, and compares. Answers all that came of it.
 */
export async function playWorkingDay(
  on: System,
  { dossiers, seed, atOnce }: Settings,
  { say, lastly }: Watching,
): Promise<DayReport> {
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
  const weather = await startWeather(portal);
  lastly(() => weather.clear());
  let done = 0;
  const tell = async () => {
    const { pending } = await readSync(caller);
    const requests = measures.tally("requests");
    say(
      `${done} of ${dossiers} dossiers, ${requests} requests; portal: ${weather.now()}, ${pending} messages waiting`,
    );
  };
  const telling = setInterval(() => void tell().catch((cause: unknown) => say(String(cause))), EVERY_MS);
  const progress = (count: number) => {
    done = count;
    weather.reached(count / dossiers);
  };
  const started = performance.now();
  const made = await playDay(
    { caller, directory, measures, portal, scans, progress },
    errands,
    atOnce,
  ).finally(() => clearInterval(telling));
  const ended = performance.now();
  say(`${done} of ${dossiers} dossiers played; waiting until the portal has heard of everything`);

  await weather.clear();
  const left = await drained(caller, (count) => say(`${count} messages waiting`));
  const drainedAfter = (performance.now() - ended) / 1_000;
  if (left.pending > 0) say(`${left.pending} messages still wait and none moves; ${left.failed} failed`);
  return {
    planned: dossiers,
    made,
    seconds: (ended - started) / 1_000,
    measures,
    drainedAfter,
    portalBefore,
    differences: await compareAll({ caller, portal }, made),
    deliveries: await readDeliveries(
      await on.databaseUrl(),
      made.map(({ code }) => code),
    ),
    portalAfter: await portal.summary(),
  };
}
