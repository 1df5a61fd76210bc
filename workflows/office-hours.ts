/** The office hours of one working day, in seconds since midnight. */
import type { OfficeHours } from "./calendar.ts";
import { SECONDS_A_DAY } from "./vietnam-time.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DayHours {
  readonly spans: readonly Span[];
  readonly opening: number;
  readonly closing: number;
  /** Office seconds of the day: 28,800 with the usual hours. */
  readonly seconds: number;
  /** Office seconds before a second of the day. */
  secondsBefore(second: number): number;
  /** The second of the day at which so many office seconds, 1 to `seconds`, have run. */
  secondAt(officeSeconds: number): number;
}

/** Reads the hours. Throws RangeError when there are none, or one is wrong or not after the one before. */
export function indexHours(officeHours: readonly OfficeHours[]): DayHours {
  const spans = readSpans(officeHours);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) throw new RangeError("the calendar has no office hours");
  return {
    spans,
    opening: first.from,
    closing: last.to,
    seconds: spans.reduce((sum, { from, to }) => sum + to - from, 0),
    secondsBefore: (second) =>
      spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(second, to) - from), 0),
    secondAt: (officeSeconds) => {
      let left = officeSeconds;
      for (const { from, to } of spans) {
        if (left <= to - from) return from + left;
        left -= to - from;
      }
      return last.to;
    },
  };
}

/** The hours as seconds of the day, in order. Throws RangeError when one is wrong or overlaps another. */
export function readSpans(officeHours: readonly OfficeHours[]): Span[] {
  let end = 0;
  return officeHours.map((hours) => {
    const span = { from: secondOf(hours.from), to: secondOf(hours.to) };
    if (span.to <= span.from || span.from < end) {
      throw new RangeError(`office hours ${hours.from}–${hours.to} are out of order`);
    }
    end = span.to;
    return span;
  });
}

function secondOf(text: string): number {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const second = Number(hour) * 3600 + Number(minute) * 60;
  if (Number(minute) > 59 || !(second <= SECONDS_A_DAY)) {
    throw new RangeError(`${JSON.stringify(text)} is no time of day`);
  }
  return second;
}
