import { dayOf } from "../forms/moments.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Typed } from "./typed-form.ts";

/** "2026-11-27T17:00", in Vietnam's time: as addresses carry a promised moment. */
const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)$/;

/** What is proposed as the reason; whoever signs says it in his own words. */
export const PROPOSED_REASON = "các bước giải quyết còn lại cần thêm thời gian so với lịch đã hẹn";

/**
 * Where the apology for a dossier that is likely to be late is filled in already: as an extension until the day before the
 * due day, on which alone it may still be one (deadlines.md, 9); afterwards as an apology.
 */
export function apologyAddress(
  { code, dueAt }: { code: string; dueAt: Date | null },
  promise: Date,
  now: Date,
): string {
  const type: EventType = dueAt !== null && dayOf(now) < dayOf(dueAt) ? "EXTEND" : "APOLOGISE";
  return `/ho-so/${code}/viec/${type}?hen=${momentText(promise)}`;
}

/** Where the draft of the same apology is as PDF. */
export function draftAddress(code: string, promise: string): string {
  return `/ho-so/${code}/in/xin-loi-du-thao.pdf?hen=${promise}`;
}

export function momentText(moment: Date): string {
  return new Date(moment.getTime() + 7 * 3_600_000).toISOString().slice(0, 16);
}

/** The moment that such a text names; undefined when it names none. */
export function momentFrom(text: string | undefined): Date | undefined {
  if (text === undefined || !MOMENT.test(text)) return undefined;
  const moment = new Date(`${text}:00+07:00`);
  return Number.isNaN(moment.getTime()) || momentText(moment) !== text ? undefined : moment;
}

/** What the form of EXTEND or APOLOGISE says already. */
export function filledApology(promise: string): Typed {
  const [, year = "", month = "", day = "", time = ""] = MOMENT.exec(promise) ?? [];
  return {
    "dueAt.date": [`${day}/${month}/${year}`],
    "dueAt.time": [time],
    reason: [PROPOSED_REASON.charAt(0).toLocaleUpperCase("vi") + PROPOSED_REASON.slice(1)],
  };
}
