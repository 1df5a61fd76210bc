/**
 * The working calendar: which days the civil service works, and its office hours (deadlines.md).
 *
 * A calendar is a value and an argument. It is indexed once per object, so treat it as immutable; a unit
 * with hours of its own is `{ ...calendar, officeHours: itsHours }`, which shares the index of the days.
 */
import { dayOf, formatDay, formatMoment, parseDay, parseMoment, yearOf } from "./vietnam-time.ts";
import {
  CalendarMissing,
  closingMoment,
  lastDayInReach,
  officeMomentAfter,
  officeMomentFrom,
  officeSecondsBefore,
  passesProvisional,
  workingDayAfter,
  workingDayBefore,
  workingDayFrom,
  workingDaysBefore,
  workingTime,
  works,
} from "./working-time.ts";

export type { ClockFacts, Extension, Limit, LimitUnit, Pause } from "./clock.ts";
export { toVietnamIso } from "./vietnam-time.ts";
export { CalendarMissing } from "./working-time.ts";

/** From and to in +07:00, `"07:00"`; the end is not part of it. */
export interface OfficeHours {
  from: string;
  to: string;
}

export interface CalendarYear {
  /** The notice that declares the year. */
  source: string;
  /** No notice yet: days fixed by law and Tết as expected. */
  provisional?: boolean;
  /** Mondays to Fridays without work, by name. */
  off: { date: string; name: string }[];
  /** Saturdays worked in exchange. */
  worked: string[];
}

export interface Calendar {
  officeHours: OfficeHours[];
  years: Record<string, CalendarYear>;
}

/** Whether offices work on a date (`2026-08-22`, or a moment of it). Throws CalendarMissing. */
export function isWorkingDay(date: string, calendar: Calendar): boolean {
  return works(workingTime(calendar), parseDay(date));
}

/** The first working day after a date, as `YYYY-MM-DD`. Throws CalendarMissing. */
export function nextWorkingDay(date: string, calendar: Calendar): string {
  return formatDay(workingDayAfter(workingTime(calendar), parseDay(date)));
}

/** The last working day before a date, as `YYYY-MM-DD`. Throws CalendarMissing. */
export function previousWorkingDay(date: string, calendar: Calendar): string {
  return formatDay(workingDayBefore(workingTime(calendar), parseDay(date)));
}

/** The closing of offices on a date, ISO +07:00; it does not ask whether the date is worked. */
export function closingOf(date: string, calendar: Calendar): string {
  return formatMoment(closingMoment(workingTime(calendar), parseDay(date)));
}

/** The moment at which so many office minutes have run since `from`, ISO +07:00. Throws CalendarMissing. */
export function addOfficeMinutes(from: string, minutes: number, calendar: Calendar): string {
  const time = workingTime(calendar);
  const start = officeMomentFrom(time, parseMoment(from));
  const end = officeMomentAfter(time, start, minutes * 60);
  if (end === undefined) throw new CalendarMissing(yearOf(lastDayInReach(time, start)) + 1);
  return formatMoment(end);
}

/** Whole office minutes from one moment to another; 0 when the second is not later. Throws CalendarMissing. */
export function officeMinutesBetween(from: string, to: string, calendar: Calendar): number {
  const time = workingTime(calendar);
  const [start, end] = [parseMoment(from), parseMoment(to)];
  if (end <= start) return 0;
  passesProvisional(time, dayOf(start), dayOf(end));
  return Math.floor((officeSecondsBefore(time, end) - officeSecondsBefore(time, start)) / 60);
}

/**
 * Working days from one date to another, the first not counted, the last counted (Civil Code art. 147);
 * 0 when the second is not later. Throws CalendarMissing.
 */
export function workingDaysBetween(from: string, to: string, calendar: Calendar): number {
  const time = workingTime(calendar);
  const [start, end] = [parseDay(from), parseDay(to)];
  if (end <= start) return 0;
  passesProvisional(time, start, end);
  const counted = workingDaysBefore(time, end) - workingDaysBefore(time, start);
  return counted + (works(time, end) ? 1 : 0) - (works(time, start) ? 1 : 0);
}

const ANSWER_WITHIN_MINUTES = 8 * 60;

/**
 * Rule 0: the moment by which a dossier filed online is accepted, refused or sent back for a supplement:
 * 8 office hours from filing, or from the supplement handed in before acceptance. Throws CalendarMissing.
 */
export function answerBy(submittedAt: string, calendar: Calendar): string {
  return addOfficeMinutes(submittedAt, ANSWER_WITHIN_MINUTES, calendar);
}

/**
 * Rule 9: the due moment that a new date leads to: its closing, or that of the next working day where it has no work.
 * Throws CalendarMissing, also for a year between `from` and the date.
 */
export function dueByNewDate(from: string, date: string, calendar: Calendar): string {
  const time = workingTime(calendar);
  const day = workingDayFrom(time, parseDay(date));
  passesProvisional(time, parseDay(from), day);
  return formatMoment(closingMoment(time, day));
}

/** Rule 9: whether now is at the latest the working day before the due day. Throws CalendarMissing. */
export function mayExtend(now: string, dueAt: string, calendar: Calendar): boolean {
  return parseDay(now) <= workingDayBefore(workingTime(calendar), parseDay(dueAt));
}
