/**
 * A limit as a budget of time and how pauses spend it. Three kinds, as the law counts:
 * office time (hours, working days), calendar days (days, months), and the same day.
 */
import {
  CalendarMissing,
  closingMoment,
  lastDayInReach,
  officeMomentAfter,
  officeMomentFrom,
  officeSecondsBefore,
  workingDayAfter,
  workingDayFrom,
  type WorkingTime,
} from "./working-time.ts";
import type { Stillness } from "./pauses.ts";
import { SECONDS_A_DAY, dayOf, secondOfDay, yearOf, type Day, type Moment } from "./vietnam-time.ts";

/** So many office seconds from a moment; due at that moment, or at the closing of that day. */
export interface OfficeBudget {
  readonly kind: "office";
  readonly from: Moment;
  readonly seconds: number;
  readonly due: "moment" | "closing";
}

/** From a day, not counted, to a date that is not yet moved off a day without work. */
export interface CalendarBudget {
  readonly kind: "calendar";
  readonly from: Day;
  readonly to: Day;
}

/** The closing of this working day, or of the next one after 15:00:00. */
export interface SameDayBudget {
  readonly kind: "same-day";
  readonly from: Moment;
}

export type TimeBudget = OfficeBudget | CalendarBudget | SameDayBudget;

export interface Spent {
  readonly due: Moment;
  /** Office time: when the sum reached the budget. Calendar: the closing of the date before it is moved. */
  readonly usedUp: Moment;
  /** Same day: the moment from which the rule was last applied. Else where the counting begins. */
  readonly countsFrom: Moment;
}

/**
 * Where the budget ends when these ended pauses (merged, in order) do not count. A pause that begins once
 * the due moment has passed moves nothing: what is used up is not given back. Throws CalendarMissing.
 */
export function spend(budget: TimeBudget, pauses: readonly Stillness[], time: WorkingTime): Spent {
  switch (budget.kind) {
    case "office":
      return spendOffice(budget, pauses, time);
    case "calendar":
      return spendCalendar(budget, pauses, time);
    case "same-day":
      return spendSameDay(budget, pauses, time);
  }
}

function spendOffice(budget: OfficeBudget, pauses: readonly Stillness[], time: WorkingTime): Spent {
  const run = runOffice(budget, pauses, time);
  const usedUp = run.usedUp ?? officeMomentAfter(time, run.cursor, run.left);
  if (usedUp === undefined) throw new CalendarMissing(yearOf(lastDayInReach(time, run.cursor)) + 1);
  if (budget.due === "moment") return { due: usedUp, usedUp, countsFrom: budget.from };
  // a budget of nothing (a step without a share) ends with the day before the first counted one
  const day = budget.seconds > 0 ? dayOf(usedUp) : workingDayFrom(time, dayOf(usedUp) - 1);
  return { due: closingMoment(time, day), usedUp, countsFrom: budget.from };
}

/** Office seconds of the budget that are left at a moment after these pauses. Throws CalendarMissing. */
export function officeSecondsLeft(
  budget: OfficeBudget,
  pauses: readonly Stillness[],
  at: Moment,
  time: WorkingTime,
): number {
  const run = runOffice(budget, [...pauses, { from: at, to: at }], time);
  return run.usedUp === undefined ? run.left : 0;
}

interface OfficeRun {
  readonly cursor: Moment;
  readonly left: number;
  /** Known when the budget ends before a pause begins. */
  readonly usedUp?: Moment;
}

/** Lets the clock run up to each pause and take up again after it, until the budget ends or no pause is left. */
function runOffice(budget: OfficeBudget, pauses: readonly Stillness[], time: WorkingTime): OfficeRun {
  let cursor = budget.from;
  let left = budget.seconds;
  for (const { from, to } of pauses) {
    if (to <= cursor) continue;
    const stop = Math.max(from, cursor);
    const usedUp = officeMomentAfter(time, cursor, left);
    if (usedUp !== undefined && usedUp <= stop) return { cursor, left, usedUp };
    left -= officeSecondsBefore(time, stop) - officeSecondsBefore(time, cursor);
    cursor = to;
  }
  return { cursor, left };
}

function spendCalendar(budget: CalendarBudget, pauses: readonly Stillness[], time: WorkingTime): Spent {
  let paused = 0;
  let date = budget.to;
  let due = closingMoment(time, workingDayFrom(time, date));
  for (const { from, to } of pauses) {
    if (from >= due) break;
    paused += to - from;
    // the whole paused time in days, rounded up once: two half days move the date by one
    date = budget.to + Math.ceil(paused / SECONDS_A_DAY);
    due = closingMoment(time, workingDayFrom(time, date));
  }
  return { due, usedUp: closingMoment(time, date), countsFrom: closingMoment(time, budget.from) };
}

function spendSameDay(budget: SameDayBudget, pauses: readonly Stillness[], time: WorkingTime): Spent {
  let countsFrom = budget.from;
  let due = sameDayDue(countsFrom, time);
  for (const { from, to } of pauses) {
    if (from >= due) break;
    countsFrom = officeMomentFrom(time, to);
    due = sameDayDue(countsFrom, time);
  }
  return { due, usedUp: due, countsFrom };
}

const SAME_DAY_UNTIL = 15 * 3600;

/** Rule 6: at or before 15:00:00 the closing of that day, later the closing of the next working day. */
function sameDayDue(from: Moment, time: WorkingTime): Moment {
  const day = dayOf(from);
  return closingMoment(time, secondOfDay(from) <= SAME_DAY_UNTIL ? day : workingDayAfter(time, day));
}
