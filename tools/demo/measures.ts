/** How long each kind of step took, and what did not go as it should. */
export interface Measures {
  add(step: string, milliseconds: number): void;
  /** Steps in the order of their first use. */
  steps(): { step: string; count: number; median: number; p95: number }[];
  count(what: Tally): void;
  tally(what: Tally): number;
  /** An answer that nobody expected: the day has then failed. */
  blame(fault: Fault): void;
  faults: readonly Fault[];
}

/** Things that happen on a day and are no fault: counted and told. */
export type Tally =
  "requests" | "conflicts" | "slowed" | "connections lost" | "logins renewed" | "signings waited for";

export interface Fault {
  who: string;
  what: string;
  /** 0: no answer at all. */
  status: number;
  said: string;
}

export function openMeasures(): Measures {
  const times = new Map<string, number[]>();
  const tallies = new Map<Tally, number>();
  const faults: Fault[] = [];
  return {
    faults,
    add(step, milliseconds) {
      const taken = times.get(step);
      if (taken === undefined) times.set(step, [milliseconds]);
      else taken.push(milliseconds);
    },
    steps: () =>
      [...times].map(([step, taken]) => {
        const sorted = taken.toSorted((a, b) => a - b);
        const at = (share: number) =>
          sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
        return { step, count: sorted.length, median: at(0.5), p95: at(0.95) };
      }),
    count: (what) => void tallies.set(what, (tallies.get(what) ?? 0) + 1),
    tally: (what) => tallies.get(what) ?? 0,
    blame: (fault) => void faults.push(fault),
  };
}
