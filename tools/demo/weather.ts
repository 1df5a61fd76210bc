import type { PortalFaults, PortalStub } from "./portal-stub.ts";

/** A stretch of the day, from which share of its dossiers on, and how the portal behaves in it. */
interface Stretch {
  from: number;
  what: string;
  faults: Partial<PortalFaults>;
  /** Ends by itself after so many milliseconds: then the portal behaves as in the stretch before. */
  lasts?: number;
}

const USUAL: Partial<PortalFaults> = { errorRate: 0.04, dropAckRate: 0.04, latencyMs: 20 };
const BUSY: Partial<PortalFaults> = { errorRate: 0.08, dropAckRate: 0.08, latencyMs: 120 };

const DAY: Stretch[] = [
  { from: 0.05, what: "4 % of calls fail, 4 % of answers are lost", faults: USUAL },
  { from: 0.25, what: "all sessions expire", faults: { ...USUAL, expireSessions: true } },
  { from: 0.4, what: "down for four seconds", faults: { down: true }, lasts: 4_000 },
  { from: 0.6, what: "slow, 8 % of calls fail, 8 % of answers are lost", faults: BUSY },
  { from: 0.75, what: "all sessions expire", faults: { ...BUSY, expireSessions: true } },
  { from: 0.9, what: "all well", faults: {} },
];

export interface Weather {
  /** Told which share of the day's dossiers is done. */
  reached(share: number): void;
  /** How the portal behaves now, in words. */
  now(): string;
  /** Puts back whatever faults there were before the day. Harmless when repeated. */
  clear(): Promise<void>;
}

/** Lets the portal misbehave through the day as a portal does. */
export async function startWeather(portal: PortalStub): Promise<Weather> {
  const before = await portal.faults();
  let next = 0;
  let what = "all well";
  let last = Promise.resolve();
  let back: NodeJS.Timeout | undefined;
  let over = false;

  const set = (faults: Partial<PortalFaults>) => {
    last = last.then(() => (over ? undefined : portal.setFaults(faults))).catch(() => undefined);
  };
  return {
    now: () => what,
    reached(share) {
      let stretch = DAY[next];
      while (stretch !== undefined && share >= stretch.from) {
        clearTimeout(back);
        set(stretch.faults);
        what = stretch.what;
        if (stretch.lasts !== undefined)
          back = setTimeout(() => {
            set(USUAL);
            what = "up again";
          }, stretch.lasts);
        stretch = DAY[(next += 1)];
      }
    },
    async clear() {
      if (over) return;
      over = true;
      clearTimeout(back);
      await last;
      await portal.setFaults(before);
    },
  };
}
