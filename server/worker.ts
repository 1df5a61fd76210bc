import { setTimeout as pause } from "node:timers/promises";
import { openDeps } from "./open-deps.ts";
import { openParts } from "./parts.ts";
import { keepNights } from "./nightly.ts";
import { nightDeps } from "./open-night.ts";
import { startDelivery } from "./national-portal/deliver.ts";
import { openPortalPool } from "./national-portal/open-pool.ts";
import { tellStarted } from "./platform/child-process.ts";
import { passLimits } from "./processing/pass-limits.ts";
import { applyCalendars } from "./processing/apply-calendars.ts";
import { fillStore } from "./person-store/fill-store.ts";
import { tidyUp } from "./processing/tidy-up.ts";
import { keepReading } from "./recognition/keep-reading.ts";
import { usedFacts } from "./recognition/used-facts.ts";
import { cancelAbandonedNumbers } from "./signing/register-number.ts";
import { endAbandonedSignings } from "./signing/signings.ts";

/** The worker's process: it tells the world what happened, passes limits, re-derives dates and keeps the nights; run several at will. */
const ROUND_MS = 5_000;

const parts = await openParts(process.env, { name: "worker", role: "worker", connections: 5 });
const { config, log, clock, secrets } = parts;
const deps = await openDeps(parts);
const pool = openPortalPool(config.databaseUrl ?? "", "worker");
const { url, username, unit } = config.portal;
const portal = { url, username, password: secrets.portalPassword, unit };
const delivery = startDelivery({
  db: pool,
  portal,
  clock,
  log,
  publicUrl: config.publicUrl,
});

let stopping = false;
const wake = new AbortController();
const rounds = (async () => {
  while (!isStopping()) {
    for (const round of [
      passLimits,
      applyCalendars,
      tidyUp,
      endAbandonedSignings,
      cancelAbandonedNumbers,
      fillPeopleStores,
    ])
      await round(deps).catch((error: unknown) =>
        log.error({ err: error, round: round.name }, "a round failed"),
      );
    await pause(ROUND_MS, undefined, { signal: wake.signal }).catch(() => undefined);
  }
})();
// Beside the rounds: a long night keeps no limit from passing.
const nights = keepNights(nightDeps(deps, pool, portal), log, wake.signal);
// One page a core, after everybody else: neither the counter nor the delivery waits for it.
const reading = keepReading(deps, wake.signal);
log.info("worker started");
tellStarted();

/** What was digitized and sealed since the last round. */
function fillPeopleStores(worker: typeof deps): Promise<number> {
  return fillStore(worker, usedFacts(worker));
}

function isStopping(): boolean {
  return stopping;
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  wake.abort();
  await Promise.all([delivery.stop(), rounds, nights, reading]);
  await pool.end();
  await parts.close();
}

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the worker did not stop cleanly");
        process.exit(1);
      },
    );
  });
