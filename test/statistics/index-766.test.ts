import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  INDICATORS,
  NOT_FROM_HERE,
  scoreIndex,
  sumOfPoints,
  type Counted,
  type IndicatorId,
} from "../../server/statistics/index-766.ts";
import { serviceCounts, type CountedProcedure } from "../../server/statistics/index-counts.ts";

const NONE: Counted = { numerator: 0, denominator: 0 };

function scored(counts: Partial<Record<IndicatorId, [number, number]>>) {
  const all = Object.fromEntries(
    INDICATORS.map(({ id }) => {
      const given = counts[id];
      return [id, given === undefined ? NONE : { numerator: given[0], denominator: given[1] }];
    }),
  ) as Record<IndicatorId, Counted>;
  const found = new Map(scoreIndex(all).map((one) => [one.id, one]));
  return {
    all: [...found.values()],
    of: (id: IndicatorId) => [found.get(id)?.rate, found.get(id)?.points],
  };
}

describe("the index of decision 766", () => {
  it("gives the most at the target, and its share below (counted by hand)", () => {
    // 4.2: most 4, target 80 %.
    assert.deepEqual(scored({ "4.2": [80, 100] }).of("4.2"), [80, 4]);
    assert.deepEqual(scored({ "4.2": [100, 100] }).of("4.2"), [100, 4]);
    // 50 % of 80 %: 4 · 50/80 = 2.5.
    assert.deepEqual(scored({ "4.2": [50, 100] }).of("4.2"), [50, 2.5]);
    // 1/3: 33.33 %, 4 · 33.33…/80 = 1.666… = 1.67.
    assert.deepEqual(scored({ "4.2": [1, 3] }).of("4.2"), [33.33, 1.67]);
    // Just below the target is not the target: 799/1000 of 4·100/80 = 3.995 = 4.00 rounded, 79.9 %.
    assert.deepEqual(scored({ "4.2": [799, 1000] }).of("4.2"), [79.9, 4]);
  });

  it("gives the rate's share of the most where there is no target", () => {
    // 2.1: most 20: 19/20 = 95 % = 19 points; 2/3 = 66.67 % = 13.33.
    assert.deepEqual(scored({ "2.1": [19, 20] }).of("2.1"), [95, 19]);
    assert.deepEqual(scored({ "2.1": [2, 3] }).of("2.1"), [66.67, 13.33]);
    // 4.1: most 6: 1/8 = 12.5 % = 0.75.
    assert.deepEqual(scored({ "4.1": [1, 8] }).of("4.1"), [12.5, 0.75]);
  });

  it("multiplies what was filed online by what the portal has", () => {
    // 30/60 online · 3/4 synchronised = 37.5 %; its points are not known.
    assert.deepEqual(scored({ "3.3": [30, 60], "1.4": [45, 60] }).of("3.3"), [37.5, null]);
  });

  it("has neither rate nor points where there is nothing to divide by: not 0, and not the most", () => {
    const { all } = scored({});
    for (const { rate, points } of all) assert.deepEqual([rate, points], [null, null]);
    assert.deepEqual(sumOfPoints(all), { points: 0, most: 0 });
  });

  it("sums what has points over what could be had", () => {
    const { all } = scored({ "2.1": [19, 20], "4.2": [50, 100], "3.1": [1, 2] });
    // 19 + 2.5 of 20 + 4; 3.1 has no scale of its own.
    assert.deepEqual(sumOfPoints(all), { points: 21.5, most: 24 });
  });

  it("never gives more than the most, nor less than nothing, and more is never worth less", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.nat(2_000_000),
        fc.constantFrom(...INDICATORS.filter(({ most }) => most !== null)),
        (denominator, more, { id, most }) => {
          const numerator = more % (denominator + 1);
          const points = (n: number) => Number(scored({ [id]: [n, denominator] }).of(id)[1]);
          assert.ok(points(numerator) >= 0 && points(numerator) <= (most ?? 0));
          if (numerator < denominator) assert.ok(points(numerator + 1) >= points(numerator));
          assert.equal(points(denominator), most);
        },
      ),
    );
  });

  it("names every other indicator as not from here, once", () => {
    const ids = [...INDICATORS, ...NOT_FROM_HERE].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ["1.1", "1.2", "1.3", "3.5a", "4.4", "4.5a", "4.5b", "5.1", "5.2", "5.3", "5.4"])
      assert.ok(
        NOT_FROM_HERE.some((one) => one.id === id),
        id,
      );
  });

  it("counts services by hand: online, with an online dossier, with a fee paid online", () => {
    const procedure = (code: string, more: Partial<CountedProcedure>): CountedProcedure => ({
      ...{ code, name: code, online: false, hasFee: false, filedOnline: 0, paidOnline: 0, ...more },
    });
    const counts = serviceCounts([
      procedure("1", { online: true, filedOnline: 3, hasFee: true, paidOnline: 1 }),
      procedure("2", { online: true, hasFee: true }),
      procedure("3", { online: true }),
      procedure("4", { hasFee: true }),
      procedure("5", {}),
    ]);
    assert.deepEqual(counts, {
      "3.1": { numerator: 3, denominator: 5 },
      "3.2": { numerator: 1, denominator: 3 },
      "3.5b": { numerator: 1, denominator: 3 },
    });
  });
});
