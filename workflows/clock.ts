/** What is known of a dossier's time, and the budget that follows from it (deadlines.md, rules 1 to 9). */
import type { OfficeHours } from "./calendar.ts";
import type { LimitUnit } from "./declaration.ts";
import { readSpans } from "./office-hours.ts";
import { clipPauses, mergePauses, type NamedStillness, type Pause, type Stillness } from "./pauses.ts";
import type { TimeBudget } from "./time-budget.ts";
import { SECONDS_A_DAY, dayOf, monthsLater, parseDay, parseMoment, secondOfDay } from "./vietnam-time.ts";
import { weekdayOf, type Moment } from "./vietnam-time.ts";
import {
  closingMoment,
  officeMomentFrom,
  officeSecondsBefore,
  workingDayFrom,
  workingDaysBefore,
  type WorkingTime,
} from "./working-time.ts";

export type { LimitUnit } from "./declaration.ts";
export type { Pause } from "./pauses.ts";

export interface Limit {
  /** A whole number from 1; without meaning for `same-day`. */
  value: number;
  unit: LimitUnit;
}

export interface Extension {
  /** The moment of EXTEND, ISO. */
  at: string;
  /** The new date, ISO; due at its closing. */
  dueAt: string;
}

/** The times of a dossier as its events tell them; where it lies is no part of them (rule 8). */
export interface ClockFacts {
  /** The moment of ACCEPT (NgayTiepNhan), ISO. */
  acceptedAt: string;
  limit: Limit | null;
  pauses: readonly Pause[];
  extension?: Extension;
  /** The Saturday hours in which the unit publishes that it receives dossiers; none by default (rule 1). */
  reception?: { saturday: OfficeHours[] };
}

export interface Clock {
  readonly accepted: Moment;
  readonly start: Moment;
  /** Where the budget in force begins: the start, or EXTEND. */
  readonly since: Moment;
  readonly budget: TimeBudget;
  /** Each pause after `since`. */
  readonly pauses: readonly NamedStillness[];
  /** The same merged, without the one that lasts. */
  readonly ended: readonly Stillness[];
  /** Since when the clock has stood still, when it does. */
  readonly openSince: Moment | undefined;
}

/**
 * The budget in force and the pauses that fall into it.
 * Throws CalendarMissing, and RangeError when the limit is no whole number from 1.
 */
export function setClock(facts: ClockFacts, limit: Limit, time: WorkingTime): Clock {
  if (!Number.isSafeInteger(limit.value) || limit.value < 1) {
    throw new RangeError(`a limit of ${limit.value} ${limit.unit} is no whole number from 1`);
  }
  const accepted = parseMoment(facts.acceptedAt);
  const start = startOf(accepted, limit.unit, facts.reception?.saturday ?? [], time);
  const { extension } = facts;
  const since = extension ? parseMoment(extension.at) : start;
  const budget = extension ? extendedBudget(limit, extension, time) : budgetOf(limit, start, time);
  const pauses = clipPauses(facts.pauses, since);
  const merged = mergePauses(pauses);
  const open = merged.find(({ to }) => to === Infinity);
  return {
    accepted,
    start,
    since,
    budget,
    pauses,
    ended: merged.filter((pause) => pause !== open),
    openSince: open?.from,
  };
}

/** Rule 1. A dossier accepted in published Saturday hours starts that day, except for hours of office time. */
function startOf(accepted: Moment, unit: LimitUnit, saturday: OfficeHours[], time: WorkingTime): Moment {
  const byDays = unit === "working-day" || unit === "day" || unit === "month";
  if (byDays && saturday.length > 0 && weekdayOf(dayOf(accepted)) === 6) {
    const second = secondOfDay(accepted);
    if (readSpans(saturday).some(({ from, to }) => from <= second && second < to)) return accepted;
  }
  return officeMomentFrom(time, accepted);
}

/** Rules 2 to 6. The day of the start does not count (Civil Code art. 147). */
function budgetOf({ value, unit }: Limit, start: Moment, time: WorkingTime): TimeBudget {
  const day = dayOf(start);
  switch (unit) {
    case "working-hour":
      return { kind: "office", from: start, seconds: value * 3600, due: "moment" };
    case "working-day":
      return {
        kind: "office",
        from: (day + 1) * SECONDS_A_DAY,
        seconds: value * time.hours.seconds,
        due: "closing",
      };
    case "day":
      return { kind: "calendar", from: day, to: day + value };
    case "month":
      return { kind: "calendar", from: day, to: monthsLater(day, value) };
    case "same-day":
      return { kind: "same-day", from: start };
  }
}

/**
 * Rule 9: working days (or days) from the day of EXTEND, not counted, to the new date; an hour limit keeps
 * the office minutes between. A same-day limit, once extended, is counted in working days.
 */
function extendedBudget({ unit }: Limit, extension: Extension, time: WorkingTime): TimeBudget {
  const at = parseMoment(extension.at);
  const day = dayOf(at);
  const date = parseDay(extension.dueAt);
  if (unit === "day" || unit === "month" || date <= day) {
    return { kind: "calendar", from: Math.min(day, date), to: date };
  }
  const last = workingDayFrom(time, date);
  if (unit === "working-hour") {
    const seconds = officeSecondsBefore(time, closingMoment(time, last)) - officeSecondsBefore(time, at);
    return { kind: "office", from: at, seconds, due: "moment" };
  }
  const days = workingDaysBefore(time, last) + 1 - workingDaysBefore(time, day + 1);
  return {
    kind: "office",
    from: (day + 1) * SECONDS_A_DAY,
    seconds: days * time.hours.seconds,
    due: "closing",
  };
}
