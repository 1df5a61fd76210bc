/** A span of time cut into stretches that each have one name: office time, break, night, holiday, pause. */
import type { NamedStillness } from "./pauses.ts";
import { SECONDS_A_DAY, dayOf, type Day, type Moment } from "./vietnam-time.ts";
import { works, type WorkingTime } from "./working-time.ts";

export interface Stretch {
  readonly from: Moment;
  readonly to: Moment;
  readonly kind: "office" | "rest" | "paused";
  /** Vietnamese. */
  readonly reason: string;
}

const OFFICE_TIME = "giờ làm việc";
const NIGHT = "ngoài giờ làm việc";
const WEEKEND = "cuối tuần";
const LUNCH = "nghỉ trưa";
const NOON = SECONDS_A_DAY / 2;

/** What a pause is called in the ledger, by all the reasons that held at once. */
export function pausedBecause(reasons: Iterable<string>): string {
  return `tạm dừng: ${[...reasons].join("; ")}`;
}

/** From one moment to another, cut where a pause begins or ends; what lies between is called office time. */
export function splitByPauses(pauses: readonly NamedStillness[], from: Moment, to: Moment): Stretch[] {
  if (from >= to) return [];
  const inside = pauses.flatMap((pause) => [pause.from, pause.to]).filter((mark) => from < mark && mark < to);
  const marks = [...new Set([from, ...inside, to])].sort((a, b) => a - b);
  return marks.slice(1).map((end, index) => {
    const start = marks[index] ?? from;
    const reasons = pauses.filter((each) => each.from <= start && end <= each.to).map(({ reason }) => reason);
    return reasons.length > 0
      ? { from: start, to: end, kind: "paused", reason: pausedBecause(new Set(reasons)) }
      : { from: start, to: end, kind: "office", reason: OFFICE_TIME };
  });
}

/** From one moment to another, every stretch in order without a gap. Throws CalendarMissing. */
export function walkTime(
  time: WorkingTime,
  pauses: readonly NamedStillness[],
  from: Moment,
  to: Moment,
): Stretch[] {
  return splitByPauses(pauses, from, to).flatMap((part) => {
    if (part.kind === "paused") return [part];
    const stretches: Stretch[] = [];
    for (let day = dayOf(part.from); day * SECONDS_A_DAY < part.to; day += 1) {
      for (const { kind, reason, ...each } of stretchesOf(time, day)) {
        const start = Math.max(each.from, part.from);
        const end = Math.min(each.to, part.to);
        if (start < end) stretches.push({ from: start, to: end, kind, reason });
      }
    }
    return stretches;
  });
}

function stretchesOf(time: WorkingTime, day: Day): Stretch[] {
  const midnight = day * SECONDS_A_DAY;
  const rest = (from: number, to: number, reason: string): Stretch => {
    return { from: midnight + from, to: midnight + to, kind: "rest", reason };
  };
  if (!works(time, day)) return [rest(0, SECONDS_A_DAY, time.days.holidays.get(day) ?? WEEKEND)];

  const { spans, opening, closing } = time.hours;
  const stretches = [rest(0, opening, NIGHT)];
  let end = opening;
  for (const span of spans) {
    stretches.push(rest(end, span.from, end <= NOON && NOON <= span.from ? LUNCH : "nghỉ giữa giờ"));
    stretches.push({ ...rest(span.from, span.to, OFFICE_TIME), kind: "office" });
    end = span.to;
  }
  return [...stretches, rest(closing, SECONDS_A_DAY, NIGHT)];
}
