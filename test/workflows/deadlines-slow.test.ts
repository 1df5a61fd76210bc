/**
 * The fast reckoning against a slow one that walks through time tick by tick, over random calendars, office
 * hours, limits, pauses and extensions. SEED=… repeats a run.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { CalendarMissing, type Calendar, type OfficeHours } from "../../workflows/calendar.ts";
import type { ClockFacts, LimitUnit } from "../../workflows/clock.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { deadlineLedger, type LedgerLine } from "../../workflows/ledger.ts";
import { stepDueDates } from "../../workflows/step-due.ts";
import { NoSuchYear, SlowReckoning, iso, wall } from "./slow-reckoning.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_007);
const DAY = 86_400;

const officeHours = fc.constantFrom<OfficeHours[]>(
  [
    { from: "07:00", to: "11:30" },
    { from: "13:30", to: "17:00" },
  ],
  [
    { from: "08:00", to: "12:00" },
    { from: "13:00", to: "16:45" },
  ],
  [{ from: "07:15", to: "15:30" }],
  [
    { from: "06:30", to: "09:10" },
    { from: "09:20", to: "11:50" },
    { from: "14:00", to: "18:00" },
  ],
);

const saturdays: NonNullable<ClockFacts["reception"]> = { saturday: [{ from: "07:30", to: "11:00" }] };

function weekdays(year: number, wanted: (weekday: number) => boolean): string[] {
  const dates: string[] = [];
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY * 1000) {
    if (wanted(new Date(at).getUTCDay())) dates.push(new Date(at).toISOString().slice(0, 10));
  }
  return dates;
}

const years = [2023, 2024, 2025].map((year) =>
  fc.record({
    year: fc.constant(String(year)),
    there: fc.integer({ min: 0, max: 9 }).map((chance) => year === 2024 || chance > 0),
    declared: fc.record({
      source: fc.constant("thử"),
      provisional: fc.boolean(),
      off: fc
        .subarray(
          weekdays(year, (day) => day > 0 && day < 6),
          { minLength: 0, maxLength: 60 },
        )
        .map((dates) => dates.map((date) => ({ date, name: "Ngày lễ thử" }))),
      worked: fc.subarray(
        weekdays(year, (day) => day === 6),
        { minLength: 0, maxLength: 15 },
      ),
    }),
  }),
);

const calendars: fc.Arbitrary<Calendar> = fc.record({
  officeHours,
  years: fc
    .tuple(...years)
    .map((all) =>
      Object.fromEntries(all.filter(({ there }) => there).map(({ year, declared }) => [year, declared])),
    ),
});

interface Shape {
  tick: number;
  /** The longest limit of each unit. */
  most: Partial<Record<LimitUnit, number>>;
  /** Ticks over which pauses may lie after acceptance, and how long a long one may be. */
  spread: number;
  longest: number;
  extended: boolean;
}

function dossiers({ tick, most, spread, longest, extended }: Shape): fc.Arbitrary<ClockFacts> {
  const units = Object.keys(most) as LimitUnit[];
  const limits = fc
    .constantFrom(...units)
    .chain((unit) => fc.integer({ min: 1, max: most[unit] ?? 1 }).map((value) => ({ unit, value })));
  const length = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: longest }));
  const pause = fc.tuple(fc.integer({ min: -300, max: spread }), length, fc.integer({ min: 0, max: 12 }));
  return fc
    .record({
      accepted: fc.integer({ min: 0, max: (700 * DAY) / tick }),
      limit: limits,
      pauses: fc.array(pause, { maxLength: 4 }),
      extension: extended
        ? fc.option(fc.tuple(fc.integer({ min: 1, max: spread }), fc.integer({ min: 1, max: 20 })), {
            freq: 3,
          })
        : fc.constant(null),
      reception: fc.option(fc.constant(saturdays), { freq: 3 }),
    })
    .map(({ accepted, limit, pauses, extension, reception }) => {
      const at = wall("2023-03-01T00:00:00+07:00") + accepted * tick;
      const extendedAt = extension ? at + extension[0] * tick : undefined;
      return {
        acceptedAt: iso(at),
        limit,
        pauses: pauses.map(([from, ticks, open], index) => ({
          from: iso(at + from * tick),
          // one in thirteen lasts, and never over an EXTEND, which a pause refuses
          to: open === 0 && !extension ? null : iso(at + (from + ticks) * tick),
          reason: `lý do ${index}`,
        })),
        ...(extension && extendedAt !== undefined
          ? { extension: { at: iso(extendedAt), dueAt: iso(extendedAt + extension[1] * DAY).slice(0, 10) } }
          : {}),
        ...(reception ? { reception } : {}),
      };
    });
}

function outcomeOf<T>(reckon: () => T): T | { missing: number } {
  try {
    return reckon();
  } catch (error) {
    if (error instanceof CalendarMissing || error instanceof NoSuchYear) return { missing: error.year };
    throw error;
  }
}

function compare(facts: ClockFacts, calendar: Calendar, tick: number): void {
  const slow = new SlowReckoning(facts, calendar, tick);
  const expected = outcomeOf(() => slow.reckon());
  const actual = outcomeOf(() => reckonDeadline(facts, calendar));
  if ("missing" in expected || "missing" in actual) {
    assert.deepEqual(actual, expected);
    return;
  }
  const running = expected.openSince === null;
  assert.deepEqual(
    { ...actual, remaining: null },
    {
      startAt: iso(expected.start),
      dueAt: running ? iso(expected.due) : null,
      lastDueAt: running ? null : iso(expected.due),
      provisional: expected.provisional,
      pausedSince: expected.openSince === null ? null : iso(expected.openSince),
      remaining: null,
      noLimit: false,
    },
  );
  checkLedger(deadlineLedger(facts, calendar), facts, expected, slow, actual.remaining?.officeMinutes);
}

function checkLedger(
  ledger: LedgerLine[],
  facts: ClockFacts,
  { due, openSince, budget, start }: ReturnType<SlowReckoning["reckon"]>,
  slow: SlowReckoning,
  minutesLeft: number | undefined,
): void {
  const lines = ledger.filter(({ from, to }) => from !== to);
  for (const [index, line] of lines.entries()) {
    assert.ok(line.from < line.to && line.reason !== "", JSON.stringify(line));
    assert.ok(line.counted || line.minutes === 0, JSON.stringify(line));
    const next = lines[index + 1];
    if (next) assert.equal(next.from, line.to, "the lines leave no gap");
  }
  const end = openSince ?? due;
  const last = ledger.at(-1);
  assert.equal(last?.to, iso(end), "the lines end with the due moment, or where the clock stopped");
  if (openSince !== null) assert.equal(last.from, last.to);
  if (facts.limit?.unit !== "day" && facts.limit?.unit !== "month") {
    if (lines[0]) assert.equal(wall(lines[0].from), wall(facts.acceptedAt));
    for (const { counted, from, to } of lines) {
      if (!counted) continue;
      for (let at = wall(from); at < wall(to); at += 60) {
        assert.ok(at >= start && slow.isOffice(at) && !slow.isPaused(at), `${iso(at)} does not count`);
      }
    }
  }
  const sum = ledger.reduce((total, { minutes }) => total + minutes, 0);
  if (budget !== null && openSince === null) assert.equal(sum, Math.floor(budget / 60));
  if (budget !== null && minutesLeft !== undefined) assert.equal(sum, Math.floor(budget / 60) - minutesLeft);
  if (facts.limit?.unit === "day" && !facts.extension && openSince === null) {
    assert.equal(sum, facts.limit.value * 1440);
  }
}

describe("the fast reckoning and the slow one agree", function () {
  this.timeout(30_000);
  const bounded = (limitMs: number) => ({
    seed,
    numRuns: 3000,
    interruptAfterTimeLimit: limitMs,
    markInterruptAsFailure: false,
  });

  it(`minute by minute (SEED=${seed})`, () => {
    const shape: Shape = {
      tick: 60,
      most: { "working-hour": 40, "working-day": 12, day: 40, month: 3, "same-day": 1 },
      spread: 20 * 1440,
      longest: 8 * 1440,
      extended: true,
    };
    fc.assert(
      fc.property(dossiers(shape), calendars, (facts, calendar) => compare(facts, calendar, 60)),
      bounded(5000),
    );
  });

  it(`second by second (SEED=${seed})`, () => {
    const shape: Shape = {
      tick: 1,
      most: { "working-hour": 5, "working-day": 1, day: 2, "same-day": 1 },
      spread: DAY,
      longest: DAY / 2,
      extended: false,
    };
    const seconds = fc.property(dossiers(shape), calendars, (facts, calendar) => {
      const slow = outcomeOf(() => new SlowReckoning(facts, calendar, 1).reckon());
      const fast = outcomeOf(() => reckonDeadline(facts, calendar));
      if ("missing" in slow || "missing" in fast) assert.deepEqual(fast, slow);
      else assert.equal(fast.dueAt ?? fast.lastDueAt, iso(slow.due));
    });
    fc.assert(seconds, bounded(2000));
  });

  it(`a step of m of N parts is due like a limit of m (SEED=${seed})`, () => {
    const shape: Shape = {
      tick: 60,
      most: { "working-hour": 40, "working-day": 20, day: 40 },
      spread: 20 * 1440,
      longest: 8 * 1440,
      extended: false,
    };
    const steps = fc.property(
      dossiers(shape),
      calendars,
      fc.integer({ min: 1, max: 39 }),
      (facts, calendar, part) => {
        const { limit } = facts;
        const plain = { ...facts, pauses: facts.pauses.filter(({ to }) => to !== null) };
        const whole = limit?.value ?? 1;
        const first = (part % whole) + 1;
        const shares = [
          { numerator: first, denominator: whole },
          { numerator: whole - first, denominator: whole },
        ];
        const expected = outcomeOf(() => [
          reckonDeadline({ ...plain, limit: { value: first, unit: limit?.unit ?? "day" } }, calendar).dueAt,
          reckonDeadline(plain, calendar).dueAt,
        ]);
        assert.deepEqual(
          outcomeOf(() => stepDueDates(plain, shares, calendar)),
          expected,
        );
      },
    );
    fc.assert(steps, bounded(2000));
  });

  it(`steps come in order and end with the dossier, extended or not (SEED=${seed})`, () => {
    const shape: Shape = {
      tick: 60,
      most: { "working-hour": 40, "working-day": 20, day: 40, month: 3, "same-day": 1 },
      spread: 20 * 1440,
      longest: 8 * 1440,
      extended: true,
    };
    const weights = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 6 });
    const steps = fc.property(dossiers(shape), calendars, weights, (facts, calendar, parts) => {
      const total = parts.reduce((sum, each) => sum + each, 0);
      if (total === 0) return;
      const shares = parts.map((numerator) => ({ numerator, denominator: total }));
      const deadline = outcomeOf(() => reckonDeadline(facts, calendar));
      const dues = outcomeOf(() => stepDueDates(facts, shares, calendar));
      if ("missing" in deadline || "missing" in dues) return;
      const known = dues.filter((due) => due !== null);
      assert.deepEqual(known, known.toSorted());
      if (deadline.dueAt !== null) assert.equal(dues.at(-1), deadline.dueAt);
    });
    fc.assert(steps, bounded(2000));
  });
});
