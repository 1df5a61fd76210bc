/** Rule 7: the time that does not count, because the dossier waits for somebody outside the office. */
import { officeMinutesBetween, type Calendar } from "./calendar.ts";
import { parseMoment, type Moment } from "./vietnam-time.ts";

/** Half-open `[from, to)`, ISO; `to: null` while it lasts. The reason is Vietnamese, for the ledger. */
export interface Pause {
  from: string;
  to: string | null;
  reason: string;
}

/** A pause in whole seconds; `to` is Infinity while it lasts. */
export interface Stillness {
  readonly from: Moment;
  readonly to: Moment;
}

export interface NamedStillness extends Stillness {
  readonly reason: string;
}

/** The pauses in order, clipped to what lies after `start`, empty ones dropped; overlaps are kept. */
export function clipPauses(pauses: readonly Pause[], start: Moment): NamedStillness[] {
  return pauses
    .map(({ from, to, reason }) => ({
      from: Math.max(parseMoment(from), start),
      to: to === null ? Infinity : parseMoment(to),
      reason,
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

/** Ordered pauses as separate stretches: those that overlap or touch are one. */
export function mergePauses(pauses: readonly Stillness[]): Stillness[] {
  const merged: Stillness[] = [];
  for (const pause of pauses) {
    const last = merged.at(-1);
    if (last && pause.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, pause.to) };
    } else {
      merged.push(pause);
    }
  }
  return merged;
}

/**
 * The ended pauses under 60 office minutes: each may have moved a due date by a whole day, so the inspector
 * gets to see them. Throws CalendarMissing.
 */
export function shortPauses(pauses: readonly Pause[], calendar: Calendar): Pause[] {
  return pauses.filter(({ from, to }) => to !== null && officeMinutesBetween(from, to, calendar) < 60);
}
