import { openChance } from "../demo/chance.ts";
import type { Chance } from "../demo/chance.ts";

export type { Chance };

/** A source of chance of its own for each name, so that what one draws does not depend on the others. */
export function chanceFor(seed: number, ...names: (string | number)[]): Chance {
  return openChance(hash(`${seed} ${names.join(" ")}`));
}

/** A number from 0 up to, but without, 1 that belongs to a name for good. */
export function luckOf(...names: (string | number)[]): number {
  return hash(names.join(" ")) / 2 ** 32;
}

/** FNV-1a, stirred once more: neighbours such as unit codes must not lie beside each other. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  return (state ^ (state >>> 16)) >>> 0;
}

/** From 0 up to, but without, 1. */
export function fraction(chance: Chance): number {
  return chance.below(2 ** 24) / 2 ** 24;
}

/** A waiting time whose mean is `mean`, mostly shorter, now and then much longer. */
export function wait(chance: Chance, mean: number): number {
  return -Math.log(1 - fraction(chance)) * mean;
}

/** A list to draw from by weight, quickly: sums of the weights, searched by halves. */
export interface Urn<T> {
  readonly total: number;
  draw(chance: Chance): T;
}

/** Throws when nothing has any weight. */
export function urnOf<T>(items: readonly T[], weightOf: (item: T) => number): Urn<T> {
  const sums: number[] = [];
  const kept: T[] = [];
  let total = 0;
  for (const item of items) {
    const weight = weightOf(item);
    if (weight <= 0) continue;
    total += weight;
    sums.push(total);
    kept.push(item);
  }
  if (kept.length === 0) throw new Error("nothing to draw from");
  return {
    total,
    draw(chance) {
      const wanted = fraction(chance) * total;
      let [low, high] = [0, kept.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] ?? 0) > wanted) high = middle;
        else low = middle + 1;
      }
      return kept[low] as T;
    },
  };
}
