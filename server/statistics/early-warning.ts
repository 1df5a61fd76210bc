import {
  addOfficeMinutes,
  closingOf,
  nextWorkingDay,
  officeMinutesBetween,
  previousWorkingDay,
  toVietnamIso,
  type Calendar,
} from "../../workflows/calendar.ts";

/** Office minutes that a step takes: half of them at most, and nine in ten at most. */
export interface StepTime {
  median: number;
  p90: number;
}

export interface Standing {
  dueAt: Date;
  /** Since when the dossier is in its step, without a pause. */
  since: Date;
  /** Its step first, then those that follow until the work is done. */
  steps: readonly StepTime[];
}

/** When a dossier will be late; moments, null for never (as far as such steps tell). */
export interface LateRisk {
  /** From when it will be late if every step takes as long as nine in ten do. */
  possibleFrom: Date | null;
  /** The same as half of them do. */
  likelyFrom: Date | null;
  /** When officer and leader are told: from the start of the second working day before the due day. */
  toldFrom: Date;
  /** When the apology is prepared: from the start of the working day before. */
  prepareFrom: Date;
  /** A day to promise instead: the closing of that on which nine in ten would be done, the next working day at least. */
  suggestedDue: Date;
}

/**
 * Whether a dossier is likely to be late, from how long such steps take, counted in office hours only: weekends, Tết and
 * lunch pass no time. While it lies in its step the moment comes at which what follows no longer fits before the due
 * moment; where the step alone will not be done in time, that moment is now. Throws CalendarMissing. Pure.
 */
export function lateRisk({ dueAt, since, steps }: Standing, calendar: Calendar): LateRisk {
  const due = toVietnamIso(dueAt.getTime());
  const before = previousWorkingDay(due, calendar);
  const twoBefore = previousWorkingDay(before, calendar);
  const whole = steps.reduce((sum, { p90 }) => sum + p90, 0);
  const expected = addOfficeMinutes(toVietnamIso(since.getTime()), Math.ceil(whole), calendar);
  const next = nextWorkingDay(due, calendar);
  const day = expected.slice(0, 10) > next ? expected.slice(0, 10) : next;
  return {
    possibleFrom: lateFrom({ dueAt, since }, minutesOf(steps, "p90"), calendar),
    likelyFrom: lateFrom({ dueAt, since }, minutesOf(steps, "median"), calendar),
    toldFrom: startOf(twoBefore),
    prepareFrom: startOf(before),
    suggestedDue: new Date(closingOf(day, calendar)),
  };
}

function minutesOf(steps: readonly StepTime[], which: keyof StepTime): { now: number; then: number } {
  const [first, ...rest] = steps;
  return { now: first?.[which] ?? 0, then: rest.reduce((sum, step) => sum + step[which], 0) };
}

function lateFrom(
  { dueAt, since }: Pick<Standing, "dueAt" | "since">,
  { now, then }: { now: number; then: number },
  calendar: Calendar,
): Date | null {
  const due = toVietnamIso(dueAt.getTime());
  const left = (from: number) => officeMinutesBetween(toVietnamIso(from), due, calendar);
  const start = since.getTime();
  if (start >= dueAt.getTime() || left(start) < now + then) return since;
  if (then <= 0) return null;
  // The last minute at which what follows still fits: time left only falls.
  let [fits, late] = [start, dueAt.getTime()];
  while (late - fits > 60_000) {
    const middle = Math.floor((fits + late) / 2);
    if (left(middle) >= then) fits = middle;
    else late = middle;
  }
  return new Date(late);
}

function startOf(day: string): Date {
  return new Date(`${day}T00:00:00+07:00`);
}
