/** The days of a calendar, indexed so that a reckoning jumps to the N-th working day instead of walking there. */
import type { CalendarYear } from "./calendar.ts";
import { dayFrom, formatDay, parseDay, weekdayOf, type Day } from "./vietnam-time.ts";

export type DayState = "worked" | "free" | "unknown";

export interface DayTable {
  /** The day to which index 0 of `states` and `workedBefore` belongs. */
  readonly first: Day;
  /** `unknown`: of a year between the first and the last that the calendar lacks. */
  readonly states: readonly DayState[];
  /** How many days of the table before each day are worked. */
  readonly workedBefore: readonly number[];
  /** All worked days, in order. */
  readonly worked: readonly Day[];
  /** Each year of the table, with the last day before the next gap. */
  readonly reach: ReadonlyMap<number, Day>;
  readonly provisional: ReadonlySet<number>;
  /** The holiday's name for each weekday without work. */
  readonly holidays: ReadonlyMap<Day, string>;
}

/** Indexes the years. Throws RangeError when a year is no year or a date is none of its year. */
export function indexDays(years: Record<string, CalendarYear>): DayTable {
  const known = Object.keys(years)
    .map((key) => readYear(key))
    .sort((a, b) => a - b);
  const holidays = new Map<Day, string>();
  const swapped = new Set<Day>();
  for (const [year, { off, worked }] of Object.entries(years)) {
    for (const { date, name } of off) holidays.set(dayInYear(date, year), name);
    for (const date of worked) swapped.add(dayInYear(date, year));
  }

  const firstYear = known[0] ?? 1970;
  const lastYear = known.at(-1) ?? firstYear - 1;
  const first = dayFrom(firstYear, 1, 1);
  const states: DayState[] = [];
  const workedBefore: number[] = [];
  const worked: Day[] = [];
  for (let year = firstYear; year <= lastYear; year += 1) {
    const end = dayFrom(year + 1, 1, 1);
    for (let day = first + states.length; day < end; day += 1) {
      const state = stateOf(day, year in years, holidays, swapped);
      states.push(state);
      workedBefore.push(worked.length);
      if (state === "worked") worked.push(day);
    }
  }

  const reach = new Map<number, Day>();
  for (const year of known.toReversed()) {
    reach.set(year, reach.get(year + 1) ?? dayFrom(year, 12, 31));
  }
  const provisional = new Set(known.filter((year) => years[year]?.provisional === true));
  return { first, states, workedBefore, worked, reach, provisional, holidays };
}

/** A working day is Monday to Friday less the days off, plus the Saturdays worked. */
function stateOf(
  day: Day,
  known: boolean,
  off: ReadonlyMap<Day, string>,
  worked: ReadonlySet<Day>,
): DayState {
  if (!known) return "unknown";
  if (worked.has(day)) return "worked";
  const weekday = weekdayOf(day);
  return weekday >= 1 && weekday <= 5 && !off.has(day) ? "worked" : "free";
}

function readYear(key: string): number {
  if (!/^\d{4}$/.test(key)) throw new RangeError(`the calendar's year ${JSON.stringify(key)} is no year`);
  return Number(key);
}

function dayInYear(date: string, year: string): Day {
  const day = parseDay(date);
  if (formatDay(day) !== date || !date.startsWith(year)) {
    throw new RangeError(`${date} is no date of the calendar's year ${year}`);
  }
  return day;
}
