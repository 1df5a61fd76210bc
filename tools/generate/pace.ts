import { SECONDS_A_DAY, dayOf } from "../../workflows/vietnam-time.ts";
import type { Moment } from "../../workflows/vietnam-time.ts";
import {
  lastDayInReach,
  officeMomentAfter,
  officeMomentFrom,
  officeSecondsBefore,
  workingDayBefore,
  workingDayFrom,
} from "../../workflows/working-time.ts";
import type { WorkingTime } from "../../workflows/working-time.ts";
import { fraction, wait } from "./chance.ts";
import type { Chance } from "./chance.ts";
import type { Punctuality } from "./fate.ts";

/** Office seconds of a day with the usual hours. */
export const OFFICE_DAY = 8 * 3600;

/** So many office seconds later; the end of the calendar where it has no more years. */
export function officeLater(time: WorkingTime, from: Moment, seconds: number): Moment {
  const start = officeMomentFrom(time, from);
  return (
    officeMomentAfter(time, start, Math.max(1, Math.round(seconds))) ??
    lastDayInReach(time, start) * SECONDS_A_DAY
  );
}

/**
 * When the work on a dossier is to be done: before its due day, on it up to the due moment, or after. Where the due day
 * is today, nobody can be early any more, and is on time.
 */
export function aim(
  time: WorkingTime,
  now: Moment,
  dueAt: Moment | undefined,
  fate: { punctuality: Punctuality; tardiness: number },
  chance: Chance,
): Moment {
  if (dueAt === undefined) return officeLater(time, now, OFFICE_DAY * (0.5 + wait(chance, 5)));
  if (dueAt <= now || fate.punctuality === "late")
    return officeLater(
      time,
      Math.max(now, dueAt),
      OFFICE_DAY * (0.2 + wait(chance, 1.5 + 0.8 * fate.tardiness)),
    );
  const dueDay = dayOf(dueAt) * SECONDS_A_DAY;
  const [begin, morning, due] = [now, Math.max(now, dueDay), dueAt].map((at) =>
    officeSecondsBefore(time, at),
  );
  const before = (morning ?? 0) - (begin ?? 0);
  if (fate.punctuality === "early" && before > 1800)
    return officeLater(time, now, before * (0.25 + 0.72 * fraction(chance)));
  const left = (due ?? 0) - (morning ?? 0);
  return officeLater(time, Math.max(now, dueDay), left * (0.1 + 0.8 * fraction(chance)));
}

/** The next step on the way to the target, so many steps being left with it. */
export function nextStepAt(
  time: WorkingTime,
  now: Moment,
  target: Moment,
  stepsLeft: number,
  chance: Chance,
): Moment {
  const left = target > now ? officeSecondsBefore(time, target) - officeSecondsBefore(time, now) : 0;
  if (stepsLeft <= 1 && left > 0) return officeMomentFrom(time, target);
  const share = (left / Math.max(1, stepsLeft)) * (0.45 + fraction(chance));
  return officeLater(time, now, Math.max(45 + chance.below(240), Math.min(share, left)));
}

/** An office moment of the working day before a due day, after now; undefined where that day has passed. */
export function dayBeforeDue(
  time: WorkingTime,
  now: Moment,
  dueAt: Moment,
  chance: Chance,
): Moment | undefined {
  const eve =
    workingDayBefore(time, dayOf(dueAt)) * SECONDS_A_DAY + (8 + chance.below(3)) * 3600 + chance.below(3600);
  return eve > now ? eve : undefined;
}

/** The closing of the working day that so many office days from now end on, as a date to promise. */
export function promiseAfter(time: WorkingTime, from: Moment, officeDays: number): Moment {
  const day = workingDayFrom(time, dayOf(officeLater(time, from, officeDays * OFFICE_DAY)));
  return day * SECONDS_A_DAY + time.hours.closing;
}
