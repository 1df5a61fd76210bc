import { daysLater } from "./vietnam-days.ts";

/** A stretch of whole days, both ends included. */
export interface Period {
  from: string;
  to: string;
}

export type PeriodKind = "month" | "quarter" | "half-year" | "year";

const MONTHS: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, "half-year": 6, year: 12 };

/**
 * The reporting period of Decree 09/2019 (domain-facts 4.1, from memory): from the 15th of the month before to the 14th of
 * the last month; a year from 15 December to 14 December. `number` counts from 1 within the year (a month's own number).
 * Throws RangeError when the year has no such period.
 */
export function reportingPeriod(kind: PeriodKind, year: number, number = 1): Period {
  const last = lastMonth(kind, number);
  const first = last - MONTHS[kind];
  return { from: dateOf(year, first, 15), to: dateOf(year, last, 14) };
}

/** The same by the calendar: whole months. Throws RangeError when the year has no such period. */
export function calendarPeriod(kind: PeriodKind, year: number, number = 1): Period {
  const last = lastMonth(kind, number);
  return {
    from: dateOf(year, last - MONTHS[kind] + 1, 1),
    to: daysLater(dateOf(year, last + 1, 1), -1),
  };
}

/** The reporting period of this kind in which a day lies. */
export function reportingPeriodOf(kind: PeriodKind, day: string): Period {
  const year = Number(day.slice(0, 4));
  for (const one of [year, year + 1])
    for (let number = 1; number <= 12 / MONTHS[kind]; number++) {
      const period = reportingPeriod(kind, one, number);
      if (period.from <= day && day <= period.to) return period;
    }
  throw new RangeError(`no period has ${day}`);
}

function lastMonth(kind: PeriodKind, number: number): number {
  const months = MONTHS[kind];
  if (!Number.isInteger(number) || number < 1 || number > 12 / months)
    throw new RangeError(`a year has no ${kind} number ${number}`);
  return number * months;
}

/** Month 0 is December of the year before, 13 January of the next. */
function dateOf(year: number, month: number, date: number): string {
  return new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
}
