import { setTimeout as pause } from "node:timers/promises";
import { openChance, type Chance } from "../demo/chance.ts";
import { playDay, type DayDeps } from "../demo/day.ts";
import { planDay, type Errand } from "../demo/plan.ts";
import type { Catalogue } from "../demo/catalogue.ts";

export interface Load {
  /** Milliseconds that each desk rests between two dossiers. */
  rest(milliseconds: number): void;
  /** Takes up no more errands; those under way go on until they end or the gate holds them. */
  stop(): void;
}

const DRAWN_AT_ONCE = 40;

/** Keeps so many desks busy with one dossier after the other, from every process and channel, until it is stopped. */
export function startLoad(
  deps: Omit<DayDeps, "progress"> & { catalogue: Catalogue },
  { seed, desks }: { seed: number; desks: number },
): Load {
  const chance: Chance = openChance(seed);
  const drawn: Errand[] = [];
  let drawing: Promise<void> | undefined;
  let stopping = false;
  let resting = 0;

  async function nextErrand(): Promise<Errand> {
    for (;;) {
      const errand = drawn.shift();
      if (errand !== undefined) return errand;
      drawing ??= planDay(deps, DRAWN_AT_ONCE, chance.branch())
        .then((errands) => void drawn.push(...errands))
        .finally(() => (drawing = undefined));
      await drawing;
    }
  }
  async function desk(): Promise<void> {
    while (!stopping) {
      try {
        await playDay({ ...deps, progress: () => undefined }, [await nextErrand()], 1);
      } catch (cause) {
        deps.measures.blame({ who: "the load", what: "drawing an errand", status: 0, said: String(cause) });
      }
      await pause(resting);
    }
  }
  for (let n = 0; n < desks; n += 1) void desk();
  return {
    rest: (milliseconds) => (resting = milliseconds),
    stop: () => (stopping = true),
  };
}
