/** Days are named as in Vietnam, `2026-11-23`; moments are epoch milliseconds. No summer time, so this is arithmetic. */

const OFFSET = 7 * 3_600_000;
const A_DAY = 24 * 3_600_000;

/** The day in which a moment lies. */
export function dayOf(moment: number): string {
  return new Date(moment + OFFSET).toISOString().slice(0, 10);
}

/** The first moment of a day. Throws RangeError when it is none. */
export function startOf(day: string): number {
  const start = Date.parse(`${day}T00:00:00+07:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(start) || dayOf(start) !== day)
    throw new RangeError(`"${day}" is no day`);
  return start;
}

/** The first moment that no longer belongs to a day: a night knows what was recorded before it. */
export function endOf(day: string): number {
  return startOf(day) + A_DAY;
}

/** The day so many days later, or earlier. */
export function daysLater(day: string, days: number): string {
  return dayOf(startOf(day) + days * A_DAY);
}

/** Every day from one to another, both included; none when the second is earlier. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = daysLater(day, 1)) days.push(day);
  return days;
}

/** The first day of the calendar month of a day. */
export function monthStart(day: string): string {
  return `${day.slice(0, 8)}01`;
}
