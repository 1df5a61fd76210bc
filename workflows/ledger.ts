/** Rule 11: the due date explained line by line, so that a citizen, an officer or an inspector can add it up. */
import type { Calendar } from "./calendar.ts";
import { setClock, type Clock, type ClockFacts } from "./clock.ts";
import { pausedBecause, splitByPauses, walkTime, type Stretch } from "./stretches.ts";
import { spend, type Spent } from "./time-budget.ts";
import { SECONDS_A_DAY, dayOf, formatMoment, type Moment } from "./vietnam-time.ts";
import { passesProvisional, workingTime, type WorkingTime } from "./working-time.ts";

export interface LedgerLine {
  /** ISO +07:00; each line begins where the one before ended. */
  from: string;
  to: string;
  counted: boolean;
  /**
   * Whole minutes counted, 0 where nothing counts. A minute that two lines share is given to the one that
   * completes it, so that the sum is exact. A calendar day counts as 1,440 minutes, from closing to closing.
   */
  minutes: number;
  /** Vietnamese, for people. */
  reason: string;
}

const START_DAY = "ngày tiếp nhận, không tính";
const EXTENSION_DAY = "ngày gia hạn, không tính";
const EXTENDED = "đã gia hạn: thời gian trước khi gia hạn không tính vào hạn mới";
const CALENDAR_DAY = "tính theo ngày lịch, kể cả ngày nghỉ";
const ROUNDED = "thời gian tạm dừng làm tròn lên trọn ngày";
const UNTIL_CLOSING = "đã đủ thời hạn, hạn trả là lúc hết giờ làm việc";
const STARTS_AFRESH = "trước khi tạm dừng, tính lại từ khi hết tạm dừng";
const AFTER_THREE = "sau 15 giờ, trả kết quả trong ngày làm việc kế tiếp";
const OVERDUE = "quá hạn";

/** A stretch of time and what it means for the budget. */
interface Entry {
  readonly from: Moment;
  readonly to: Moment;
  readonly counted: boolean;
  readonly reason: string;
}

/**
 * The lines from acceptance to the due moment; while a pause lasts, to its beginning, with the pause as a last
 * line of no length. Empty without a limit. The counted minutes add up to the limit (after an extension, to
 * the time that it gave). Throws CalendarMissing.
 */
export function deadlineLedger(facts: ClockFacts, calendar: Calendar): LedgerLine[] {
  if (!facts.limit) return [];
  const time = workingTime(calendar);
  const clock = setClock(facts, facts.limit, time);
  const spent = spend(clock.budget, clock.ended, time);
  passesProvisional(time, dayOf(clock.accepted), dayOf(spent.due));
  const extended = facts.extension !== undefined;
  const entries = [
    ...beforeCounting(clock, spent, time, extended),
    ...counting(clock, spent, time, extended ? EXTENSION_DAY : START_DAY),
  ];
  const { openSince, pauses } = clock;
  return addUp(openSince === undefined ? joined(entries) : stopped(entries, pauses, openSince, spent.due));
}

/** From acceptance to the start (or, extended, to EXTEND): nothing counts. */
function beforeCounting(clock: Clock, spent: Spent, time: WorkingTime, extended: boolean): Entry[] {
  const { accepted, start, since, budget } = clock;
  // calendar days run from closing to closing: an evening's EXTEND is given from that day's closing
  const until = budget.kind === "calendar" ? Math.min(since, spent.countsFrom) : since;
  const waiting = walkTime(time, [], accepted, Math.min(start, until)).map((each) => not(each));
  return extended ? [...waiting, { from: start, to: until, counted: false, reason: EXTENDED }] : waiting;
}

function counting(clock: Clock, spent: Spent, time: WorkingTime, firstDay: string): Entry[] {
  const { budget, since, pauses } = clock;
  if (budget.kind === "calendar") {
    return countCalendarDays((budget.to - budget.from) * SECONDS_A_DAY, clock, spent, time, firstDay);
  }
  const { countsFrom, usedUp, due } = spent;
  const sameDay = budget.kind === "same-day";
  return [
    ...walkTime(time, pauses, since, countsFrom).map((each) => not(each, sameDay ? STARTS_AFRESH : firstDay)),
    ...walkTime(time, pauses, countsFrom, usedUp).map((each) =>
      sameDay && dayOf(each.from) < dayOf(due) ? not(each, AFTER_THREE) : counts(each),
    ),
    ...walkTime(time, pauses, usedUp, due).map((each) => not(each, UNTIL_CLOSING)),
  ];
}

/** Days as the calendar has them, each from one closing to the next; then moved off a day without work. */
function countCalendarDays(
  seconds: number,
  { since, pauses }: Clock,
  { countsFrom, usedUp, due }: Spent,
  time: WorkingTime,
  firstDay: string,
): Entry[] {
  const entries = splitByPauses(pauses, Math.min(since, countsFrom), countsFrom).map((each) =>
    not(each, firstDay),
  );
  let left = seconds;
  for (const each of splitByPauses(pauses, countsFrom, usedUp)) {
    const end = each.kind === "paused" ? each.from : Math.min(each.to, each.from + left);
    left -= end - each.from;
    entries.push({ from: each.from, to: end, counted: true, reason: CALENDAR_DAY });
    entries.push(not({ ...each, from: end }, ROUNDED));
  }
  return [...entries, ...walkTime(time, pauses, usedUp, due).map((each) => not(each, UNTIL_CLOSING))];
}

/** A stretch that does not count: by its own reason, or by this one where the offices were open. */
function not({ from, to, kind, reason }: Stretch, whyNot = reason): Entry {
  return { from, to, counted: false, reason: kind === "office" ? whyNot : reason };
}

function counts({ from, to, kind, reason }: Stretch): Entry {
  return { from, to, counted: kind === "office", reason };
}

/** Without the empty ones, and neighbours of one meaning as one. */
function joined(entries: readonly Entry[]): Entry[] {
  const lines: Entry[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (entry.from >= entry.to) continue;
    if (last?.reason === entry.reason && last.counted === entry.counted) {
      lines[lines.length - 1] = { ...last, to: entry.to };
    } else {
      lines.push(entry);
    }
  }
  return lines;
}

/** The lines up to a pause that lasts, and that pause, which has no end yet. */
function stopped(entries: readonly Entry[], pauses: Clock["pauses"], since: Moment, due: Moment): Entry[] {
  const reasons = new Set(pauses.filter(({ to }) => to > since).map(({ reason }) => reason));
  return [
    ...joined([
      ...entries.map((entry) => ({ ...entry, to: Math.min(entry.to, since) })),
      { from: due, to: since, counted: false, reason: OVERDUE },
    ]),
    { from: since, to: since, counted: false, reason: pausedBecause(reasons) },
  ];
}

function addUp(entries: readonly Entry[]): LedgerLine[] {
  let seconds = 0;
  return entries.map(({ from, to, counted, reason }) => {
    const before = Math.floor(seconds / 60);
    if (counted) seconds += to - from;
    const minutes = Math.floor(seconds / 60) - before;
    return { from: formatMoment(from), to: formatMoment(to), counted, minutes, reason };
  });
}
