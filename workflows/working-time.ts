/**
 * The reckoning of working time in moments and days; calendar.ts is the same for callers who hold ISO text.
 */
import type { Calendar, OfficeHours } from "./calendar.ts";
import { indexDays, type DayTable } from "./day-table.ts";
import { indexHours, type DayHours } from "./office-hours.ts";
import { SECONDS_A_DAY, dayOf, secondOfDay, yearOf, type Day, type Moment } from "./vietnam-time.ts";

/** Thrown when a reckoning touches a day of a year that the calendar lacks. */
export class CalendarMissing extends Error {
  readonly code = "calendar-missing";
  readonly year: number;

  constructor(year: number) {
    super(`the working calendar has no year ${year}`);
    this.name = "CalendarMissing";
    this.year = year;
  }
}

/** A calendar made ready for reckoning; moments and days instead of text. */
export interface WorkingTime {
  readonly days: DayTable;
  readonly hours: DayHours;
}

const indexed = new WeakMap<Calendar, WorkingTime>();
const indexedDays = new WeakMap<Calendar["years"], DayTable>();
const indexedHours = new WeakMap<OfficeHours[], DayHours>();

/** The calendar, indexed once per object. Throws RangeError when a date or an hour in it is wrong. */
export function workingTime(calendar: Calendar): WorkingTime {
  let time = indexed.get(calendar);
  if (!time) {
    time = {
      days: remembered(indexedDays, calendar.years, indexDays),
      hours: remembered(indexedHours, calendar.officeHours, indexHours),
    };
    indexed.set(calendar, time);
  }
  return time;
}

function remembered<K extends object, V>(memory: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  let value = memory.get(key);
  if (value === undefined) memory.set(key, (value = make(key)));
  return value;
}

/** Whether the day is worked. Throws CalendarMissing. */
export function works({ days }: WorkingTime, day: Day): boolean {
  const state = days.states[day - days.first];
  if (state === undefined || state === "unknown") throw new CalendarMissing(yearOf(day));
  return state === "worked";
}

/** The first working day after this one. Throws CalendarMissing when the table ends before it. */
export function workingDayAfter(time: WorkingTime, day: Day): Day {
  let next = day + 1;
  while (!works(time, next)) next += 1;
  return next;
}

/** This day, or the next working day where it has no work (Civil Code art. 148). Throws CalendarMissing. */
export function workingDayFrom(time: WorkingTime, day: Day): Day {
  return works(time, day) ? day : workingDayAfter(time, day);
}

/** The last working day before this one. Throws CalendarMissing when the table begins after it. */
export function workingDayBefore(time: WorkingTime, day: Day): Day {
  let previous = day - 1;
  while (!works(time, previous)) previous -= 1;
  return previous;
}

/** The moment at which offices close on a day, whether it is worked or not. */
export function closingMoment({ hours }: WorkingTime, day: Day): Moment {
  return day * SECONDS_A_DAY + hours.closing;
}

/** Rule 1: the moment itself inside office hours, else the next opening. Throws CalendarMissing. */
export function officeMomentFrom(time: WorkingTime, moment: Moment): Moment {
  const day = dayOf(moment);
  if (works(time, day)) {
    const second = secondOfDay(moment);
    const span = time.hours.spans.find((each) => second < each.to);
    if (span) return Math.max(moment, day * SECONDS_A_DAY + span.from);
  }
  return workingDayAfter(time, day) * SECONDS_A_DAY + time.hours.opening;
}

/** Working days of the table before this day. Throws CalendarMissing when the day lies outside. */
export function workingDaysBefore({ days }: WorkingTime, day: Day): number {
  const state = days.states[day - days.first];
  const count = days.workedBefore[day - days.first];
  if (count === undefined || state === "unknown") throw new CalendarMissing(yearOf(day));
  return count;
}

/** Office seconds of the table before this moment: differences are what counts. Throws CalendarMissing. */
export function officeSecondsBefore(time: WorkingTime, moment: Moment): number {
  const day = dayOf(moment);
  const whole = workingDaysBefore(time, day) * time.hours.seconds;
  return works(time, day) ? whole + time.hours.secondsBefore(secondOfDay(moment)) : whole;
}

/**
 * The earliest moment at which so many office seconds have run since `from`; undefined when the years that
 * follow each other in the table end before that. Throws CalendarMissing when `from` lies outside.
 */
export function officeMomentAfter(time: WorkingTime, from: Moment, seconds: number): Moment | undefined {
  if (seconds <= 0) return from;
  const total = officeSecondsBefore(time, from) + seconds;
  const index = Math.ceil(total / time.hours.seconds) - 1;
  const day = time.days.worked[index];
  if (day === undefined || day > lastDayInReach(time, from)) return undefined;
  return day * SECONDS_A_DAY + time.hours.secondAt(total - index * time.hours.seconds);
}

/** The last day before the table's next gap. Throws CalendarMissing when the moment lies in a gap. */
export function lastDayInReach({ days }: WorkingTime, moment: Moment): Day {
  const year = yearOf(dayOf(moment));
  const last = days.reach.get(year);
  if (last === undefined) throw new CalendarMissing(year);
  return last;
}

/** Whether a year from the one day's to the other's is provisional. Throws CalendarMissing for a gap. */
export function passesProvisional({ days }: WorkingTime, from: Day, to: Day): boolean {
  let provisional = false;
  const last = yearOf(to);
  for (let year = yearOf(from); year <= last; year += 1) {
    if (!days.reach.has(year)) throw new CalendarMissing(year);
    provisional ||= days.provisional.has(year);
  }
  return provisional;
}
