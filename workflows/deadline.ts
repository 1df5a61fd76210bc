/** The due date of a dossier (deadlines.md): no clock is read here, the moments and the calendar are arguments. */
import type { Calendar } from "./calendar.ts";
import { setClock, type Clock, type ClockFacts } from "./clock.ts";
import { clipPauses, mergePauses } from "./pauses.ts";
import { officeSecondsLeft, spend, type Spent } from "./time-budget.ts";
import { dayOf, formatMoment, parseMoment } from "./vietnam-time.ts";
import { passesProvisional, workingTime, type WorkingTime } from "./working-time.ts";

export interface Deadline {
  /** Rule 1: the moment from which the clock counts; the bare moment of acceptance where there is no limit. */
  startAt: string;
  /** null while a pause lasts, and where there is no known limit. */
  dueAt: string | null;
  /** While a pause lasts: the due moment as it stood when the clock stopped. Otherwise null. */
  lastDueAt: string | null;
  /** A year between acceptance and the due moment has no notice yet: shown as "dự kiến". */
  provisional: boolean;
  pausedSince: string | null;
  /**
   * What is left while a pause lasts: office minutes of an hour limit; days of a limit in working days (in
   * hundredths, rounded up), days or months. null for a same-day limit, whose rule applies afresh.
   */
  remaining: { officeMinutes?: number; days?: number } | null;
  /** Rule 13. */
  noLimit: boolean;
}

/** The due moment of a dossier, or since when and with what left its clock stands still. Throws CalendarMissing. */
export function reckonDeadline(facts: ClockFacts, calendar: Calendar): Deadline {
  if (!facts.limit) return withoutLimit(facts);
  const time = workingTime(calendar);
  const clock = setClock(facts, facts.limit, time);
  const spent = spend(clock.budget, clock.ended, time);
  const due = formatMoment(spent.due);
  const { openSince } = clock;
  return {
    startAt: formatMoment(clock.start),
    dueAt: openSince === undefined ? due : null,
    lastDueAt: openSince === undefined ? null : due,
    provisional: passesProvisional(time, dayOf(clock.accepted), dayOf(spent.due)),
    pausedSince: openSince === undefined ? null : formatMoment(openSince),
    remaining: openSince === undefined ? null : remainingAt(openSince, clock, spent, time),
    noLimit: false,
  };
}

/** Rule 13: no due date is invented, and no calendar is needed to say so. */
function withoutLimit(facts: ClockFacts): Deadline {
  const accepted = parseMoment(facts.acceptedAt);
  const open = mergePauses(clipPauses(facts.pauses, accepted)).find(({ to }) => to === Infinity);
  return {
    startAt: formatMoment(accepted),
    dueAt: null,
    lastDueAt: null,
    provisional: false,
    pausedSince: open ? formatMoment(open.from) : null,
    remaining: null,
    noLimit: true,
  };
}

function remainingAt(at: number, clock: Clock, spent: Spent, time: WorkingTime): Deadline["remaining"] {
  const { budget, ended } = clock;
  if (budget.kind === "same-day") return null;
  if (budget.kind === "calendar") {
    return { days: at >= spent.due ? 0 : Math.max(0, dayOf(spent.usedUp) - dayOf(at)) };
  }
  const seconds = officeSecondsLeft(budget, ended, at, time);
  if (budget.due === "moment") return { officeMinutes: Math.ceil(seconds / 60) };
  return { days: Math.ceil((seconds * 100) / time.hours.seconds) / 100 };
}
