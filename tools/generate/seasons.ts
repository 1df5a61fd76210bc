import { SECONDS_A_DAY, dayOf, weekdayOf, yearOf } from "../../workflows/vietnam-time.ts";
import type { Day, Moment } from "../../workflows/vietnam-time.ts";
import { works } from "../../workflows/working-time.ts";
import type { WorkingTime } from "../../workflows/working-time.ts";
import { fraction, urnOf } from "./chance.ts";
import type { Chance } from "./chance.ts";

/** Sunday to Saturday, on a worked day: Mondays are full, Fridays thin out. */
const WEEKDAYS = [0.4, 1.3, 1.08, 1, 0.97, 0.85, 0.4];
/** January to December: school papers in August, settlements in December. */
const MONTHS = [0.95, 0.85, 1.1, 1.05, 1, 1, 1.02, 1.15, 1.05, 1, 1, 1.1];
/** Of a worked day's filings: what still comes online while offices are closed. */
const CLOSED = 0.11;
const GROWTH_A_YEAR = 0.07;
const TET = "Tết Nguyên đán";

/** How much is filed on a day, as a weight beside other days. */
export function weightOfDay(day: Day, time: WorkingTime): number {
  const date = new Date(day * SECONDS_A_DAY * 1000);
  const growth = 1 + GROWTH_A_YEAR * (yearOf(day) - 2021 + date.getUTCMonth() / 12);
  const season = (MONTHS[date.getUTCMonth()] ?? 1) * aroundTet(day, time) * growth;
  return season * (works(time, day) ? (WEEKDAYS[weekdayOf(day)] ?? 1) : CLOSED);
}

/** Hardly anybody comes in the week before Tết; what was put off comes in the two after. */
function aroundTet(day: Day, { days }: WorkingTime): number {
  const isTet = (at: Day) => days.holidays.get(at)?.includes(TET) === true;
  for (let off = 0; off <= 10; off += 1) {
    if (off <= 7 && isTet(day + off)) return off === 0 ? 0.4 : 0.55;
    if (isTet(day - off)) return 1.25;
  }
  return 1;
}

/** Half hours at the counter from 07:00: the rush is over by ten, the afternoon is calm. */
const COUNTER = [6, 11, 12, 11, 9, 7, 5, 3, 1, 0, 0, 0, 0, 5, 7, 6, 5, 3, 2, 0.5];
const MONDAY = [12, 19, 18, 14, 10, 7, 5, 3, 1, 0, 0, 0, 0, 5, 6, 5, 4, 3, 2, 0.5];
/** Hours of the day online. */
const ONLINE = [2, 1, 0.5, 0.3, 0.3, 1, 3, 7, 12, 12, 11, 8, 5, 7, 10, 11, 9, 6, 5, 7, 9, 8, 6, 4];

const slots = (weights: readonly number[]) => urnOf([...weights.keys()], (slot) => weights[slot] ?? 0);
const [counter, monday, online] = [slots(COUNTER), slots(MONDAY), slots(ONLINE)];

/** When on a worked day somebody comes to the counter. */
export function counterMoment(day: Day, chance: Chance): Moment {
  const slot = (weekdayOf(day) === 1 ? monday : counter).draw(chance);
  return day * SECONDS_A_DAY + 7 * 3600 + slot * 1800 + chance.below(1800);
}

/** When on any day somebody files online. */
export function onlineMoment(day: Day, chance: Chance): Moment {
  return day * SECONDS_A_DAY + online.draw(chance) * 3600 + chance.below(3600);
}

/** The same hour online on the day of a moment, later than it. */
export function onlineAfter(moment: Moment, chance: Chance): Moment {
  const drawn = onlineMoment(dayOf(moment), chance);
  return drawn > moment ? drawn : moment + 60 + Math.floor(fraction(chance) * 7200);
}
