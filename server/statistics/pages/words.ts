import { OVERDUE_CAUSES } from "../overdue-cause.ts";
import { calendarPeriod, reportingPeriod, type PeriodKind } from "../periods.ts";

/** 1234 → "1.234". */
export function count(value: number): string {
  const [whole = "", part] = String(value).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ".")}${part === undefined ? "" : `,${part}`}`;
}

/** Part of a whole in percent, two decimals, half up (766): "98,75"; "–" where there is nothing to divide by. */
export function percentText(part: number, whole: number): string {
  const value = percentOf(part, whole);
  return value === null ? "–" : value.toFixed(2).replace(".", ",");
}

/** The same as a number; null where there is nothing to divide by. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 20_000 + whole) / (2 * whole)) / 100;
}

/** "2026-11-23" → "23/11/2026". */
export function dayText(day: string): string {
  return day.split("-").reverse().join("/");
}

const KINDS: Record<PeriodKind, (number: number, year: number) => string> = {
  month: (number, year) => `Tháng ${number} năm ${year}`,
  quarter: (number, year) => `Quý ${["I", "II", "III", "IV"][number - 1] ?? ""} năm ${year}`,
  "half-year": (number, year) => `6 tháng ${number === 1 ? "đầu" : "cuối"} năm ${year}`,
  year: (_number, year) => `Năm ${year}`,
};

export interface NamedPeriod {
  name: string;
  from: string;
  to: string;
}

/** The periods of a year and the one before that have begun, the latest first: as reported, or by the calendar. */
export function namedPeriods(today: string, basis: "reporting" | "calendar"): NamedPeriod[] {
  const year = Number(today.slice(0, 4));
  const of = basis === "reporting" ? reportingPeriod : calendarPeriod;
  const all: NamedPeriod[] = [];
  for (const [kind, most] of [
    ["month", 12],
    ["quarter", 4],
    ["half-year", 2],
    ["year", 1],
  ] as const)
    for (const one of [year + 1, year, year - 1])
      for (let number = most; number >= 1; number--) {
        const period = of(kind, one, number);
        if (period.from <= today) all.push({ name: KINDS[kind](number, one), ...period });
      }
  return all;
}

/** A period in words: with its name where it has one. */
export function periodText({ from, to }: { from: string; to: string }, today: string): string {
  const days = `từ ngày ${dayText(from)} đến ngày ${dayText(to)}`;
  for (const basis of ["reporting", "calendar"] as const) {
    const named = namedPeriods(today, basis).find((one) => one.from === from && one.to === to);
    if (named !== undefined) return `${named.name} (${days})`;
  }
  return days.charAt(0).toUpperCase() + days.slice(1);
}

/** A unit whose subordinate units are left out. */
export function aloneText(name: string): string {
  return `Riêng ${name}, không gồm các đơn vị trực thuộc`;
}

/** Up to when the figures stand that the nights keep. */
export function closedText(lastClosed: string | null): string {
  return lastClosed === null
    ? "Chưa có ngày nào được chốt số liệu."
    : `Số liệu chốt đến hết ngày ${dayText(lastClosed)}.`;
}

export const CHANNELS: Readonly<Record<string, string>> = {
  online: "Trực tuyến",
  counter: "Trực tiếp",
  postal: "Bưu chính",
};

export const OUTCOMES: Readonly<Record<string, string>> = {
  before: "Trước hạn",
  "on-time": "Đúng hạn",
  late: "Quá hạn",
  unmeasured: "Không tính thời hạn",
};

export function causeText(cause: string | null): string {
  return cause === null ? "" : (OVERDUE_CAUSES[cause] ?? cause);
}
