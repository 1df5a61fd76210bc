import { CalendarMissing, answerBy, toVietnamIso } from "../../workflows/calendar.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import type { ClockFacts } from "../../workflows/calendar.ts";
import { stepDueDates } from "../../workflows/step-due.ts";
import type { Facts, MachineFacts } from "../../workflows/facts.ts";

/** What lists and searches need of a dossier's time; derived from the ledger, never the other way round. */
export interface TimeProjection {
  dueAt: string | null;
  lastDueAt: string | null;
  provisional: boolean;
  pausedSince: string | null;
  remaining: { officeMinutes?: number; days?: number } | null;
  stepDueAt: string | null;
  answerBy: string | null;
  calendarMissing: boolean;
}

const NONE: TimeProjection = {
  dueAt: null,
  lastDueAt: null,
  provisional: false,
  pausedSince: null,
  remaining: null,
  stepDueAt: null,
  answerBy: null,
  calendarMissing: false,
};

/** The clock's facts in the form the reckoning takes; undefined before acceptance. */
export function clockFacts(facts: Facts): ClockFacts | undefined {
  const { acceptedAt, limit, pauses, extension } = facts.clock;
  if (acceptedAt === null) return undefined;
  const told = pauses.map((pause) => ({ ...pause, reason: PAUSES[pause.reason] ?? pause.reason }));
  return { acceptedAt, limit, pauses: told, ...(extension === null ? {} : { extension }) };
}

/** What a pause waits for, as the ledger tells people. */
export const PAUSES: Record<string, string> = {
  supplement: "chờ bổ sung hồ sơ",
  withdrawal: "chờ quyết định việc rút hồ sơ",
  "financial-duty": "chờ thực hiện nghĩa vụ tài chính",
  consultation: "chờ ý kiến cơ quan phối hợp",
};

/**
 * Derives the projection afresh. A year that the calendar lacks leaves no due date and puts the dossier on the
 * watch list (deadlines.md, opening paragraph).
 */
export function projectTime(
  facts: Facts,
  machine: MachineFacts,
  workState: string,
  calendar: Calendar,
): TimeProjection {
  try {
    const clock = clockFacts(facts);
    if (clock === undefined)
      return {
        ...NONE,
        answerBy:
          facts.answerFrom === null || facts.supplement !== null
            ? null
            : answerBy(facts.answerFrom, calendar),
      };
    const deadline = reckonDeadline(clock, calendar);
    return {
      dueAt: deadline.dueAt,
      lastDueAt: deadline.lastDueAt,
      provisional: deadline.provisional,
      pausedSince: deadline.pausedSince,
      remaining: deadline.remaining,
      stepDueAt: deadline.dueAt === null ? null : stepDue(clock, machine, workState, calendar),
      answerBy: null,
      calendarMissing: false,
    };
  } catch (error) {
    if (!(error instanceof CalendarMissing)) throw error;
    return { ...NONE, calendarMissing: true };
  }
}

/** When each step is due, in the order of the procedure's steps (deadlines.md, 12). */
export function stepDueAts(clock: ClockFacts, machine: MachineFacts, calendar: Calendar): (string | null)[] {
  return stepDueDates(
    clock,
    machine.steps.map(({ share }) => fraction(share)),
    calendar,
  );
}

function stepDue(
  clock: ClockFacts,
  machine: MachineFacts,
  workState: string,
  calendar: Calendar,
): string | null {
  const at = machine.steps.findIndex(({ state }) => state === workState);
  return at < 0 ? null : (stepDueAts(clock, machine, calendar)[at] ?? null);
}

function fraction(share: string): { numerator: number; denominator: number } {
  const [numerator = 0, denominator = 1] = share.split("/").map(Number);
  return { numerator, denominator };
}

/** A moment as the API writes it: ISO 8601 in +07:00, whole seconds. */
export function iso(moment: Date | string): string {
  return toVietnamIso(typeof moment === "string" ? Date.parse(moment) : moment.getTime());
}

export function isoOrNull(moment: Date | string | null): string | null {
  return moment === null ? null : iso(moment);
}
