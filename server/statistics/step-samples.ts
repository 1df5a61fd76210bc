import {
  CalendarMissing,
  officeMinutesBetween,
  toVietnamIso,
  type Calendar,
} from "../../workflows/calendar.ts";

/** What of an event tells how long a step took. */
export interface StepEvent {
  seq: number;
  at: Date;
  fromState: string;
  toState: string;
  status: number;
  actorAgency: string | null;
}

export interface StepSample {
  /** Of the event that left the step. */
  seq: number;
  state: string;
  unit: string;
  leftAt: Date;
  /** Office minutes in the step, without what was paused. */
  minutes: number;
}

/** What waits for the applicant or for a decision on withdrawal is no step's own time. */
const PAUSED = [5, 6, 7];

/**
 * Every step that a dossier has left, by its whole history in order. `unit` is whose officer left it; the deciding agency
 * where nobody's did. What lies in a year without a calendar is left out. Pure.
 */
export function stepSamples(
  events: readonly StepEvent[],
  unit: string,
  calendarOf: (unit: string) => Calendar,
): StepSample[] {
  const samples: StepSample[] = [];
  let stretches: { from: Date; to: Date | null }[] = [];
  for (const event of events) {
    const open = stretches.at(-1);
    if (open?.to === null) open.to = event.at;
    if (event.fromState !== event.toState) {
      const by = event.actorAgency ?? unit;
      const minutes = minutesIn(stretches, calendarOf(by));
      if (minutes !== undefined)
        samples.push({ seq: event.seq, state: event.fromState, unit: by, leftAt: event.at, minutes });
      stretches = [];
    }
    if (!PAUSED.includes(event.status)) stretches.push({ from: event.at, to: null });
  }
  return samples;
}

function minutesIn(
  stretches: readonly { from: Date; to: Date | null }[],
  calendar: Calendar,
): number | undefined {
  if (stretches.length === 0) return undefined;
  try {
    return stretches.reduce(
      (sum, { from, to }) =>
        to === null
          ? sum
          : sum + officeMinutesBetween(toVietnamIso(from.getTime()), toVietnamIso(to.getTime()), calendar),
      0,
    );
  } catch (error) {
    if (error instanceof CalendarMissing) return undefined;
    throw error;
  }
}
