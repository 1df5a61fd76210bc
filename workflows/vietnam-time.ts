/**
 * Vietnam's clock: UTC+07:00 all year round, no summer time, so plain arithmetic is exact.
 *
 * A `Moment` is a whole number of seconds since 1970-01-01T00:00:00+07:00, a `Day` a whole number of days
 * since that date. Inside `workflows/` all reckoning is done in these two; ISO text stands only at the edges.
 */
export type Moment = number;
export type Day = number;

export const SECONDS_A_DAY = 86_400;
const OFFSET_SECONDS = 7 * 3600;

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * The moment that an ISO text names, in whole seconds (fractions are dropped); without a zone it is read as
 * +07:00, a bare date as its first second. Throws RangeError when the text is no date of the calendar.
 */
export function parseMoment(iso: string): Moment {
  const part = ISO.exec(iso);
  if (!part) throw new RangeError(`not an ISO date: ${JSON.stringify(iso)}`);
  const [hour, minute, second] = [Number(part[4] ?? 0), Number(part[5] ?? 0), Number(part[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) throw new RangeError(`not a time of day: ${iso}`);
  const day = dayFrom(Number(part[1]), Number(part[2]), Number(part[3]));
  return day * SECONDS_A_DAY + hour * 3600 + minute * 60 + second + OFFSET_SECONDS - zoneSeconds(part[7]);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined) return OFFSET_SECONDS;
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) throw new RangeError(`not a time zone: ${zone}`);
  const seconds = hours * 3600 + minutes * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}

const WHOLE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Whether a text from outside is a whole moment, date, time and zone, and one that exists: not 29 February 2026, which
 * Date.parse takes for 1 March, nor 24:00, which it takes for the next midnight.
 */
export function isMoment(text: string): boolean {
  return WHOLE.test(text) && isReal(text);
}

/** Whether a text is a bare date (`2026-11-25`) that exists; PostgreSQL, which keeps it, knows no year 0. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !text.startsWith("0000") && isReal(text);
}

/** Real, and in a year that has four digits in Vietnam's time as well: the last evening of 9999 elsewhere has not. */
function isReal(iso: string): boolean {
  try {
    const year = yearOf(parseDay(iso));
    return year >= 0 && year <= 9999;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The day that an ISO date, or the +07:00 date of an ISO moment, names. Throws RangeError when it is none. */
export function parseDay(iso: string): Day {
  return dayOf(parseMoment(iso));
}

/** `2026-11-25T17:00:00+07:00`. */
export function formatMoment(moment: Moment): string {
  return `${new Date(moment * 1000).toISOString().slice(0, 19)}+07:00`;
}

/** `2026-11-25`. */
export function formatDay(day: Day): string {
  return new Date(day * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);
}

/** The moment of an epoch time in milliseconds as `2026-11-25T17:00:00+07:00`, whole seconds. */
export function toVietnamIso(epochMs: number): string {
  return formatMoment(Math.floor(epochMs / 1000) + OFFSET_SECONDS);
}

/** The day in which a moment lies. */
export function dayOf(moment: Moment): Day {
  return Math.floor(moment / SECONDS_A_DAY);
}

/** Seconds since midnight. */
export function secondOfDay(moment: Moment): number {
  return moment - dayOf(moment) * SECONDS_A_DAY;
}

/** Sunday is 0, Saturday 6. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The calendar year of a day. */
export function yearOf(day: Day): number {
  return new Date(day * SECONDS_A_DAY * 1000).getUTCFullYear();
}

/** The day of year, month (1–12) and day of the month. Throws RangeError when the calendar has no such day. */
export function dayFrom(year: number, month: number, date: number): Day {
  const day = utc(year, month - 1, date).getTime() / (SECONDS_A_DAY * 1000);
  if (month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month - 1)) {
    throw new RangeError(`no such day: ${year}-${month}-${date}`);
  }
  return day;
}

/** The same day number so many months on, or that month's last day (Civil Code art. 148). */
export function monthsLater(day: Day, months: number): Day {
  const from = new Date(day * SECONDS_A_DAY * 1000);
  const count = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
  const [year, month] = [Math.floor(count / 12), count % 12];
  return dayFrom(year, month + 1, Math.min(from.getUTCDate(), daysInMonth(year, month)));
}

function daysInMonth(year: number, monthFromZero: number): number {
  return utc(year, monthFromZero + 1, 0).getUTCDate();
}

/** Date.UTC would take the years 0 to 99 for 1900 to 1999. */
function utc(year: number, monthFromZero: number, date: number): Date {
  const day = new Date(0);
  day.setUTCFullYear(year, monthFromZero, date);
  return day;
}
