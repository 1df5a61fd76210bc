import { Gauge, type Registry } from "prom-client";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { openByTier, type TierNow } from "./live.ts";
import { nightsStanding, type NightsStanding } from "./nights.ts";
import { endOf } from "./vietnam-days.ts";

/** How long an answer serves again, in milliseconds: health and metrics are asked often, nights change once a day. */
const FRESH_MS = 10_000;
/** All that is open is walked through for it. */
const COUNTED_MS = 60_000;

export interface NightWatch {
  standing(): Promise<NightsStanding>;
  /** For `/health/ready`: a missing night is told, and keeps nobody from being served. */
  detail(): Promise<Record<string, unknown>>;
}

/**
 * Registers the monitoring centre's figures of the last clean night and of the nights themselves; answers the watch that
 * pages and health show. Nothing is asked of the database before somebody asks.
 */
export function watchNights(registry: Registry, { db, clock }: { db: Database; clock: Clock }): NightWatch {
  let kept: { at: number; standing: Promise<NightsStanding> } | undefined;
  const standing = (): Promise<NightsStanding> => {
    if (kept === undefined || performance.now() - kept.at > FRESH_MS) {
      const asked = nightsStanding(db, clock.now());
      asked.catch(() => (kept = undefined));
      kept = { at: performance.now(), standing: asked };
    }
    return kept.standing;
  };

  let counted: { at: number; tiers: Promise<TierNow[]> } | undefined;
  const now = (): Promise<TierNow[]> => {
    if (counted === undefined || performance.now() - counted.at > COUNTED_MS) {
      const asked = openByTier(db, clock.now());
      asked.catch(() => (counted = undefined));
      counted = { at: performance.now(), tiers: asked };
    }
    return counted.tiers;
  };

  const gauge = (name: string, help: string, labelNames: string[], read: (gauge: Gauge) => Promise<void>) =>
    new Gauge({
      ...{ name, help, labelNames },
      registers: [registry],
      async collect() {
        // A database that does not answer must not take the process' own figures with it.
        await read(this).catch(() => undefined);
      },
    });

  gauge(
    "nightly_last_clean_seconds",
    "End of the day of the last night that left no difference to the portal, Unix time",
    [],
    async (to) => {
      const { lastClean } = await standing();
      if (lastClean !== null) to.set(endOf(lastClean) / 1000);
    },
  );
  gauge(
    "nightly_missing",
    "Nights that are due and not done; above 0 last night's run is missing",
    [],
    async (to) => {
      to.set((await standing()).missing.length);
    },
  );
  gauge("nightly_failed_units", "Units whose night failed and is to be repeated", [], async (to) => {
    to.set((await standing()).failedUnits.length);
  });
  gauge(
    "portal_differences",
    "Differences to the national portal that the last night to compare left; the goal is 0",
    [],
    async (to) => {
      const { leftOver } = await standing();
      if (leftOver !== null) to.set(leftOver);
    },
  );
  const closedHelp =
    "Open dossiers at the end of the last day whose night is done, as form II.06a counts them";
  gauge("dossiers_open", closedHelp, ["tier", "state"], async (to) => {
    const { lastClosed } = await standing();
    if (lastClosed === null) return;
    const { rows } = await db.raw<{ rows: (Record<string, number> & { tier: string })[] }>(
      `select tier, sum(within)::int as within, sum(overdue)::int as overdue, sum(apart)::int as "no-limit"
         from statistic_open where day = ? group by tier`,
      [lastClosed],
    );
    for (const { tier, ...counts } of rows)
      for (const [state, count] of Object.entries(counts)) to.set({ tier, state }, count);
  });
  gauge(
    "dossiers_now",
    "Open dossiers of this minute: all, overdue, likely to be late",
    ["tier", "state"],
    async (to) => {
      for (const { tier, ...counts } of await now())
        for (const [state, count] of Object.entries(counts)) to.set({ tier, state }, count);
    },
  );
  gauge("dossiers_day", "What happened on the last day whose night is done", ["what"], async (to) => {
    const { lastClosed } = await standing();
    if (lastClosed === null) return;
    const { rows } = await db.raw<{ rows: Record<string, number>[] }>(
      `select coalesce(sum(received_online), 0)::int as "received-online",
              coalesce(sum(received_counter), 0)::int as "received-counter",
              coalesce(sum(received_postal), 0)::int as "received-postal",
              coalesce(sum(ended_before), 0)::int as "ended-before", coalesce(sum(ended_on_time), 0)::int as "ended-on-time",
              coalesce(sum(ended_late), 0)::int as "ended-late" from statistic_days where day = ?`,
      [lastClosed],
    );
    for (const [what, count] of Object.entries(rows[0] ?? {})) to.set({ what }, count);
  });

  return {
    standing,
    async detail() {
      try {
        const { ok, lastClosed, lastClean, leftOver, missing } = await standing();
        const state = !ok ? "missing" : (leftOver ?? 0) > 0 ? "differing" : "clean";
        return { nightly: { state, lastClosed, lastClean, leftOver, missing } };
      } catch {
        return { nightly: { state: "unknown" } };
      }
    },
  };
}
