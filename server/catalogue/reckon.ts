import type { Request } from "express";
import { CalendarMissing } from "../../workflows/calendar.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import type { LimitDeclaration } from "../../workflows/declaration.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { deadlineLedger } from "../../workflows/ledger.ts";
import type { FieldError } from "../../workflows/schema.ts";
import { isMoment } from "../../workflows/vietnam-time.ts";
import { Invalid } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";

/** `+` of a time zone arrives as a space where the caller did not escape it. */
const readMoment = (text: string): string | undefined => {
  const moment = text.replace(/ (\d\d:\d\d)$/, "+$1");
  return isMoment(moment) ? moment : undefined;
};

/**
 * The due date and its ledger for a dossier received at a moment, with pauses, before anything is filed.
 * Throws Invalid for moments that do not exist, and `calendar-missing` with the year the table lacks.
 */
export function reckonFor(
  limit: LimitDeclaration | null,
  query: { receivedAt: string; pauses: string[] },
  calendar: Calendar,
): Answer {
  const errors: FieldError[] = [];
  const acceptedAt = readMoment(query.receivedAt);
  if (acceptedAt === undefined) errors.push(notAMoment("receivedAt"));
  const pauses = query.pauses.flatMap((text) => {
    const [from = "", to = "", ...more] = text.split("/");
    const start = readMoment(from);
    const end = to === "" ? null : readMoment(to);
    if (start === undefined || end === undefined || more.length > 0) errors.push(notAMoment("pause"));
    else if (end !== null && Date.parse(end) < Date.parse(start))
      errors.push({ path: "pause", message: "Thời điểm kết thúc tạm dừng phải sau thời điểm bắt đầu." });
    else return [{ from: start, to: end, reason: "chờ bổ sung hồ sơ" }];
    return [];
  });
  if (errors.length > 0 || acceptedAt === undefined) throw new Invalid(errors);
  const clock = {
    acceptedAt,
    limit: limit === null ? null : { value: limit.value, unit: limit.unit },
    pauses,
  };
  try {
    const { dueAt, lastDueAt, provisional, startAt, pausedSince, remaining, noLimit } = reckonDeadline(
      clock,
      calendar,
    );
    if (noLimit)
      return { status: 200, body: { dueAt: null, reason: "no-limit", provisional: false, ledger: [] } };
    const ledger = deadlineLedger(clock, calendar);
    return { status: 200, body: { dueAt, lastDueAt, provisional, startAt, pausedSince, remaining, ledger } };
  } catch (error) {
    if (!(error instanceof CalendarMissing)) throw error;
    const message = `Chưa có lịch làm việc của năm ${error.year}; không tính được ngày hẹn trả.`;
    throw new Invalid([{ path: "receivedAt", message }], message, "calendar-missing", {
      extras: { year: error.year },
    });
  }
}

function notAMoment(path: string): FieldError {
  return { path, message: "Không phải thời điểm có thật theo ISO 8601, ví dụ 2026-11-25T08:30:00+07:00." };
}

/** All values of a repeatable query parameter. */
export function repeated(req: Request, name: string): string[] {
  const value = req.query[name];
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(
    (item) => typeof item === "string",
  );
}
