/** A source of chance that gives the same draws for the same seed. */
export interface Chance {
  /** A whole number from 0 up to, but without, `below`. */
  below(below: number): number;
  /** True in so many of a hundred draws. */
  percent(percent: number): boolean;
  /** Throws when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T;
  /** A key, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  shuffled<T>(items: readonly T[]): T[];
  /** A source of its own, so that what one dossier draws does not depend on the others. */
  branch(): Chance;
}

/** Opens a source of chance (mulberry32: 32 bits of state are plenty for a play). */
export function openChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new Error("nothing to pick from");
    return from[below(from.length)] as T;
  };
  return {
    below,
    pick,
    percent: (percent) => next() * 100 < percent,
    weighted(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const found = entries.find(([, weight]) => (left -= weight) < 0) ?? entries.at(-1);
      if (found === undefined) throw new Error("nothing to pick from");
      return found[0];
    },
    shuffled(items) {
      const result = [...items];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [result[last], result[other]] = [
          result[other] as (typeof result)[0],
          result[last] as (typeof result)[0],
        ];
      }
      return result;
    },
    branch: () => openChance(below(2 ** 32)),
  };
}
