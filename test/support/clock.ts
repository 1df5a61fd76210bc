import type { Clock } from "../../server/platform/clock.ts";

/** A clock that stands still until a test moves it. */
export interface MovableClock extends Clock {
  /** Puts the clock at an ISO moment, earlier or later. */
  moveTo(iso: string): void;
  /** Moves the clock on by milliseconds. */
  advance(milliseconds: number): void;
}

/** A clock for tests that shows `iso` until it is moved. Throws RangeError when that is no moment. */
export function movableClock(iso: string): MovableClock {
  let now = moment(iso);
  return {
    now: () => new Date(now),
    moveTo: (to) => {
      now = moment(to);
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

function moment(iso: string): number {
  const parsed = Date.parse(iso);
  if (Number.isNaN(parsed)) throw new RangeError(`"${iso}" is no ISO moment`);
  return parsed;
}
