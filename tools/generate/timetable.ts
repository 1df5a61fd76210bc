import type { Day } from "../../workflows/vietnam-time.ts";
import type { WorkingTime } from "../../workflows/working-time.ts";
import type { Part } from "./parts.ts";
import { weightOfDay } from "./seasons.ts";

/** What one part has to make of one day. */
export interface Portion {
  day: Day;
  count: number;
  /** Row of the day's first dossier in this part; the others follow. */
  firstId: number;
}

export interface Period {
  from: Day;
  to: Day;
  /** How much of the last day's business has passed by the end: 0 to 1. */
  lastDay: number;
  time: WorkingTime;
}

/**
 * Deals the dossiers out to days and parts, by season and share, so that exactly `dossiers` come together and later
 * days have higher rows. Answers each part's portions in the order of the days.
 */
export function timetable(
  parts: readonly Part[],
  period: Period,
  dossiers: number,
  firstId: number,
): Portion[][] {
  const days = Array.from({ length: period.to - period.from + 1 }, (_, at) => period.from + at);
  const weights = days.map((day) => weightOfDay(day, period.time) * (day === period.to ? period.lastDay : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const portions = parts.map((): Portion[] => []);
  let reached = 0;
  let dealt = 0;
  days.forEach((day, at) => {
    parts.forEach(({ share }, part) => {
      reached += ((weights[at] ?? 0) / total) * share;
      const isLast = at === days.length - 1 && part === parts.length - 1;
      const until = isLast ? dossiers : Math.min(dossiers, Math.round(reached * dossiers));
      portions[part]?.push({ day, count: until - dealt, firstId: firstId + dealt });
      dealt = until;
    });
  });
  return portions;
}
