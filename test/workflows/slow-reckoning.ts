/**
 * Working time reckoned the slow way, for comparison: tick by tick over a list of what each tick is. It shares
 * nothing with workflows/ but the shape of its arguments, and it must stay too simple to be wrong.
 */
import type { Calendar } from "../../workflows/calendar.ts";
import type { ClockFacts } from "../../workflows/clock.ts";

export class NoSuchYear extends Error {
  readonly year: number;
  constructor(year: number) {
    super(`no year ${year}`);
    this.year = year;
  }
}

/** Seconds of Vietnam's wall clock since 1970. */
export const wall = (iso: string): number => Math.floor(Date.parse(iso) / 1000) + 7 * 3600;
export const iso = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19)}+07:00`;
const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 1000;
const nextDate = (date: string): string => dateOf(midnight(date) + 86_400);
const timeOf = (text: string): number => Number(text.slice(0, 2)) * 3600 + Number(text.slice(3)) * 60;

export interface SlowDeadline {
  start: number;
  due: number;
  openSince: number | null;
  provisional: boolean;
  /** Office seconds that the limit gives (hours, working days), for the ledger to add up to. */
  budget: number | null;
}

export class SlowReckoning {
  private readonly facts: ClockFacts;
  private readonly calendar: Calendar;
  /** All moments that are given are whole multiples of it. */
  private readonly tick: number;
  private readonly worked = new Map<string, boolean>();
  private readonly hours: [number, number][];

  constructor(facts: ClockFacts, calendar: Calendar, tick: number) {
    this.facts = facts;
    this.calendar = calendar;
    this.tick = tick;
    this.hours = calendar.officeHours.map(({ from, to }) => [timeOf(from), timeOf(to)]);
  }

  isWorked(date: string): boolean {
    const known = this.worked.get(date);
    if (known !== undefined) return known;
    const year = this.calendar.years[date.slice(0, 4)];
    if (!year) throw new NoSuchYear(Number(date.slice(0, 4)));
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
    const normal = weekday !== 0 && weekday !== 6 && !year.off.some((off) => off.date === date);
    const worked = normal || year.worked.includes(date);
    this.worked.set(date, worked);
    return worked;
  }

  isOffice(at: number): boolean {
    if (!this.isWorked(dateOf(at))) return false;
    const second = at % 86_400;
    return this.hours.some(([from, to]) => from <= second && second < to);
  }

  isPaused(at: number): boolean {
    return this.pauses.some(([from, to]) => from <= at && at < to);
  }

  closing(date: string): number {
    return midnight(date) + Math.max(...this.hours.map(([, to]) => to));
  }

  orNextWorked(date: string): string {
    let day = date;
    while (!this.isWorked(day)) day = nextDate(day);
    return day;
  }

  private firstOffice(at: number): number {
    let moment = at;
    while (!this.isOffice(moment)) moment += this.tick;
    return moment;
  }

  private pauses: [number, number][] = [];

  reckon(): SlowDeadline {
    const { facts } = this;
    const limit = facts.limit!;
    const accepted = wall(facts.acceptedAt);
    const start = this.start(accepted);
    const since = facts.extension ? wall(facts.extension.at) : start;
    this.pauses = facts.pauses
      .map(({ from, to }): [number, number] => [wall(from), to === null ? Infinity : wall(to)])
      .map(([from, to]): [number, number] => [Math.max(from, since), to]);

    const openSince = this.openSince();
    if (openSince !== null) this.pauses = this.pauses.filter(([from]) => from < openSince);
    let budget: number | null = null;
    let due: number;
    if (limit.unit === "day" || limit.unit === "month") {
      due = this.calendarDue(since, facts.extension?.dueAt ?? this.targetDate(start));
    } else if (limit.unit === "working-hour") {
      budget = facts.extension ? this.officeBetween(since, facts.extension.dueAt) : limit.value * 3600;
      due = this.hoursDue(since, budget);
    } else if (limit.unit === "same-day" && !facts.extension) {
      due = this.sameDayDue(start);
    } else {
      const days = facts.extension ? this.workedAfter(dateOf(since), facts.extension.dueAt) : limit.value;
      budget = days * this.hours.reduce((sum, [from, to]) => sum + to - from, 0);
      due = this.workingDaysDue(dateOf(since), days);
    }
    return { start, due, openSince, budget, provisional: this.provisional(accepted, due) };
  }

  private start(accepted: number): number {
    const byDays = ["working-day", "day", "month"].includes(this.facts.limit!.unit);
    const saturday = new Date(accepted * 1000).getUTCDay() === 6;
    const received = (this.facts.reception?.saturday ?? []).some(
      ({ from, to }) => timeOf(from) <= accepted % 86_400 && accepted % 86_400 < timeOf(to),
    );
    return byDays && saturday && received ? accepted : this.firstOffice(accepted);
  }

  private openSince(): number | null {
    let since = Infinity;
    for (const [from, to] of this.pauses) if (to === Infinity) since = Math.min(since, from);
    if (since === Infinity) return null;
    for (;;) {
      const earlier = this.pauses.filter(([from, to]) => from < since && to >= since);
      if (earlier.length === 0) return since;
      since = Math.min(...earlier.map(([from]) => from));
    }
  }

  private hoursDue(since: number, budget: number): number {
    let left = budget;
    let at = since;
    for (; left > 0; at += this.tick) if (this.isOffice(at) && !this.isPaused(at)) left -= this.tick;
    return at;
  }

  private workingDaysDue(startDate: string, days: number): number {
    let sum = 0n; // in units of 1 ÷ the day's ticks
    let date = startDate;
    for (;;) {
      date = nextDate(date);
      if (!this.isWorked(date)) continue;
      let ticks = 0n;
      for (let at = midnight(date); at < midnight(date) + 86_400; at += this.tick) {
        if (!this.isOffice(at)) continue;
        ticks += 1n;
        if (!this.isPaused(at)) sum += 1n;
      }
      if (sum >= BigInt(days) * ticks) return this.closing(date);
    }
  }

  private targetDate(start: number): string {
    const { value, unit } = this.facts.limit!;
    const date = new Date(start * 1000);
    if (unit === "day") {
      date.setUTCDate(date.getUTCDate() + value);
      return date.toISOString().slice(0, 10);
    }
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + value);
    const month = date.getUTCMonth();
    date.setUTCDate(day);
    while (date.getUTCMonth() !== month) date.setUTCDate(date.getUTCDate() - 1);
    return date.toISOString().slice(0, 10);
  }

  private calendarDue(since: number, target: string): number {
    const due = (paused: number): number => {
      let date = target;
      for (let left = paused; left > 0; left -= 86_400) date = nextDate(date);
      return this.closing(this.orNextWorked(date));
    };
    const end = Math.max(since, ...this.pauses.map(([, to]) => to));
    let paused = 0;
    for (let at = since; at < end; at += this.tick) {
      if (!this.isPaused(at)) continue;
      const begins = at === since || !this.isPaused(at - this.tick);
      if (begins && at >= due(paused)) break;
      paused += this.tick;
    }
    return due(paused);
  }

  private sameDayDue(start: number): number {
    const rule = (from: number): number => {
      const date = dateOf(from);
      return this.closing(from % 86_400 <= 15 * 3600 ? date : this.orNextWorked(nextDate(date)));
    };
    let due = rule(start);
    for (let at = start; at < due; at += this.tick) {
      if (!this.isPaused(at)) continue;
      while (this.isPaused(at)) at += this.tick;
      due = rule(this.firstOffice(at));
    }
    return due;
  }

  private officeBetween(since: number, target: string): number {
    let sum = 0;
    const end = this.closing(this.orNextWorked(target));
    for (let at = since; at < end; at += this.tick) if (this.isOffice(at)) sum += this.tick;
    return sum;
  }

  private workedAfter(date: string, target: string): number {
    let days = 0;
    const end = this.orNextWorked(target);
    for (let day = date; day < end;) {
      day = nextDate(day);
      if (this.isWorked(day)) days += 1;
    }
    return days;
  }

  private provisional(accepted: number, due: number): boolean {
    let provisional = false;
    for (let date = dateOf(accepted); date <= dateOf(due); date = nextDate(date)) {
      this.isWorked(date);
      provisional ||= this.calendar.years[date.slice(0, 4)]?.provisional === true;
    }
    return provisional;
  }
}
