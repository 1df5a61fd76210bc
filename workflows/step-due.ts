/** Rule 12: steps have their own shares of the limit, in order; each is due as a limit of its length would be. */
import type { Calendar } from "./calendar.ts";
import { setClock, type Clock, type ClockFacts } from "./clock.ts";
import { spend, type TimeBudget } from "./time-budget.ts";
import { formatMoment, parseMoment, type Moment } from "./vietnam-time.ts";
import { officeMomentAfter, officeSecondsBefore, workingTime, type WorkingTime } from "./working-time.ts";

export interface Share {
  numerator: number;
  denominator: number;
}

interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const NOTHING: Fraction = { over: 0n, under: 1n };

/**
 * The due moment of each step, ISO; the last one is the dossier's where the shares make one whole. All are
 * null without a limit; while a pause lasts, all that had not passed when the clock stopped. After an
 * extension the steps that were due before it keep their moment and the others share the new time in
 * proportion. Throws CalendarMissing.
 */
export function stepDueDates(
  facts: ClockFacts,
  shares: readonly Share[],
  calendar: Calendar,
): (string | null)[] {
  const { limit, extension, ...rest } = facts;
  if (!limit) return shares.map(() => null);
  const time = workingTime(calendar);
  const clock = setClock(facts, limit, time);
  const ends = sumUp(shares);

  let dues: Moment[] = [];
  if (extension) {
    const at = parseMoment(extension.at);
    const pauses = facts.pauses.filter(({ from }) => parseMoment(from) < at);
    const before = setClock({ ...rest, limit, pauses }, limit, time);
    dues = ends
      .filter((end) => end.over < end.under)
      .map((end) => partDue(before, end, time))
      .filter((due) => due <= at);
  }
  const passed = ends[dues.length - 1] ?? NOTHING;
  for (const end of ends.slice(dues.length)) dues.push(partDue(clock, shareOfRest(end, passed), time));

  const { openSince } = clock;
  return dues.map((due) => (openSince !== undefined && due > openSince ? null : formatMoment(due)));
}

function sumUp(shares: readonly Share[]): Fraction[] {
  let sum = NOTHING;
  return shares.map(({ numerator, denominator }) => {
    const [over, under] = [BigInt(numerator), BigInt(denominator)];
    sum = { over: sum.over * under + over * sum.under, under: sum.under * under };
    return sum;
  });
}

/** (end − passed) ÷ (1 − passed). */
function shareOfRest(end: Fraction, passed: Fraction): Fraction {
  return {
    over: end.over * passed.under - passed.over * end.under,
    under: (passed.under - passed.over) * end.under,
  };
}

function partDue({ budget, ended }: Clock, part: Fraction, time: WorkingTime): Moment {
  if (budget.kind !== "same-day") return spend(partOf(budget, part), ended, time).due;
  const { countsFrom, due } = spend(budget, ended, time);
  const seconds = officeSecondsBefore(time, due) - officeSecondsBefore(time, countsFrom);
  return officeMomentAfter(time, countsFrom, roundUp(seconds, part)) ?? due;
}

function partOf(budget: Exclude<TimeBudget, { kind: "same-day" }>, part: Fraction): TimeBudget {
  return budget.kind === "office"
    ? { ...budget, seconds: roundUp(budget.seconds, part) }
    : { ...budget, to: budget.from + roundUp(budget.to - budget.from, part) };
}

function roundUp(whole: number, { over, under }: Fraction): number {
  return Number((BigInt(whole) * over + under - 1n) / under);
}
