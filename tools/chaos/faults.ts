import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../server/platform/ports.ts";
import type { PortalFaults } from "../demo/portal-stub.ts";
import type { Chaos } from "./chaos.ts";
import type { Part } from "./system.ts";

/** What the fault did. */
export interface Injected {
  times: number;
  /** Until a new dossier was accepted and had arrived at the portal, each time. */
  seconds: number[];
  /** Messages that waited when the fault ended, where it was one that makes them wait. */
  waiting?: number;
}

/** One row of the table. */
export interface Fault {
  name: string;
  what: string;
  inject(chaos: Chaos): Promise<Injected>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function killing(part: Part, what: string, times = 5): Fault {
  return {
    name: `kill-${part}`,
    what: `\`kill -9\` of ${what}`,
    async inject(chaos) {
      const seconds: number[] = [];
      for (let n = 0; n < times; n += 1) {
        await pause(chaos.chance.below(4 * SECOND));
        const since = performance.now();
        await chaos.kill(part);
        seconds.push(await chaos.backToNormal(since));
      }
      return { times, seconds };
    },
  };
}

/** The clients come slower meanwhile, so that what piles up is a busy office's and not a bench's. */
async function slowly<T>(chaos: Chaos, work: () => Promise<T>): Promise<T> {
  chaos.rest(8 * SECOND);
  try {
    return await work();
  } finally {
    chaos.rest(0);
  }
}

const misbehaving = (name: string, what: string, faults: Partial<PortalFaults>, lasting: number): Fault => ({
  name,
  what,
  async inject(chaos) {
    await chaos.portal.setFaults(faults);
    await pause(lasting);
    const waiting = await chaos.waiting();
    await chaos.portal.setFaults({});
    return { times: 1, waiting, seconds: [await chaos.backToNormal(performance.now())] };
  },
});

const shortOutages: Fault = {
  name: "outage-1s",
  what: "portal away for 1 s (503)",
  async inject(chaos) {
    const seconds: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await pause(chaos.chance.below(3 * SECOND));
      await chaos.portal.setFaults({ down: true });
      await pause(SECOND);
      await chaos.portal.setFaults({});
      seconds.push(await chaos.backToNormal(performance.now()));
    }
    return { times: 5, seconds };
  },
};

/** The process is stopped, not ended: connections are taken by the system, and nobody ever answers. */
const frozen: Fault = {
  name: "outage-10min",
  what: "portal silent for 10 min, in real time (connections are taken, no answer comes)",
  inject: (chaos) =>
    slowly(chaos, async () => {
      const pid = await chaos.system.pidOf("stub", chaos.chance);
      process.kill(pid, "SIGSTOP");
      let waiting = 0;
      try {
        await pause(10 * MINUTE);
        waiting = await chaos.waiting();
      } finally {
        process.kill(pid, "SIGCONT");
      }
      return { times: 1, waiting, seconds: [await chaos.backToNormal(performance.now())] };
    }),
};

const twoHours: Fault = {
  name: "outage-2h",
  what: "portal away for 2 h of the program's clock (503, then nobody listens), restarted twice meanwhile",
  async inject(chaos) {
    await chaos.portal.setFaults({ down: true });
    await pause(20 * SECOND);
    // An hour later the whole program was restarted, and where the portal was nobody listens.
    await chaos.restart(HOUR, {
      PORTAL_URL: `http://127.0.0.1:${await freePort()}`,
      ...{ PORTAL_USERNAME: "motcua", PORTAL_UNIT: "000.00.00.H30", PORTAL_PASSWORD: "dang-mat-lien-lac" },
    });
    await pause(40 * SECOND);
    const waiting = await chaos.waiting();
    await chaos.restart(HOUR);
    return { times: 1, waiting, seconds: [await chaos.backToNormal(performance.now())] };
  },
};

const everything: Fault = {
  name: "everything",
  what: "all of this at random at the same time, for 2 min",
  async inject(chaos) {
    const parts: Part[] = ["web", "worker", "stub", "database", "backend"];
    const end = performance.now() + 2 * MINUTE;
    let times = 0;
    while (performance.now() < end) {
      await pause(3 * SECOND + chaos.chance.below(7 * SECOND));
      // Somebody else may have taken it down a moment ago.
      await chaos.kill(chaos.chance.pick(parts)).catch(() => undefined);
      times += 1;
      await chaos.portal.setFaults({
        dropAckRate: 0.1,
        garbageRate: 0.1,
        errorRate: 0.1,
      } as Partial<PortalFaults>);
    }
    await chaos.portal.setFaults({});
    const since = performance.now();
    return { times, waiting: await chaos.waiting(), seconds: [await chaos.backToNormal(since)] };
  },
};

const UNREADABLE = { garbageRate: 0.3, errorRate: 0.1, codeZeroFailureRate: 0.1 } as Partial<PortalFaults>;

/** In the order in which they are run. */
export const FAULTS: readonly Fault[] = [
  killing("web", "the web process"),
  killing("worker", "the worker"),
  killing("stub", "the portal's stub"),
  killing("database", "the database"),
  killing("backend", "one of the database's processes"),
  shortOutages,
  misbehaving("acks", "3 of 10 acknowledgements dropped, for 1 min", { dropAckRate: 0.3 }, MINUTE),
  misbehaving(
    "garbage",
    "half of the replies garbage, errors or “0” beside a failure, for 1 min",
    UNREADABLE,
    MINUTE,
  ),
  everything,
  twoHours,
  {
    ...misbehaving("outage-5min", "portal away for 5 min, in real time (503)", { down: true }, 5 * MINUTE),
    inject: (chaos) => slowly(chaos, () => misbehaving("", "", { down: true }, 5 * MINUTE).inject(chaos)),
  },
  frozen,
];
