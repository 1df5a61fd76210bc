import type { CalendarYear } from "../../workflows/calendar.ts";
import { calendarErrors } from "../catalogue/enter-calendar.ts";
import { Invalid } from "../platform/errors.ts";
import type { FieldError } from "../platform/errors.ts";

/** A year as it is typed: a day a line, "02/09/2026 Quốc khánh". */
export interface CalendarForm {
  notice: string;
  noticeDate: string;
  provisional: boolean;
  off: string;
  worked: string;
}

/** The form of a year as it stands, to be changed. */
export function formOfYear(year: CalendarYear | undefined): CalendarForm {
  const [notice = "", noticeDate = ""] = (year?.source ?? "").split(" ngày ");
  return {
    notice,
    noticeDate,
    provisional: year?.provisional === true,
    off: (year?.off ?? []).map(({ date, name }) => `${dayFirst(date)} ${name}`).join("\n"),
    worked: (year?.worked ?? []).map(dayFirst).join("\n"),
  };
}

/** What was typed as a year. Throws Invalid with every line that is wrong. */
export function yearOfForm(year: number, form: CalendarForm): CalendarYear {
  const errors: FieldError[] = [];
  const noticeDay = form.noticeDate === "" ? undefined : yearFirst(form.noticeDate);
  if (form.noticeDate !== "" && noticeDay === undefined)
    errors.push({ path: "noticeDate", message: "Ngày của thông báo viết dạng 15/11/2026." });
  if (form.noticeDate === "" && !form.provisional)
    errors.push({ path: "noticeDate", message: "Hãy nhập ngày của thông báo." });
  const off = linesOf(form.off).flatMap((line) => {
    const [, date = "", name = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    const day = yearFirst(date);
    if (day === undefined) errors.push({ path: "off", message: wrongLine(line) });
    return day === undefined ? [] : [{ date: day, name: name.replace(/^[–-]\s*/, "") }];
  });
  const worked = linesOf(form.worked).flatMap((line) => {
    const day = yearFirst(line);
    if (day === undefined) errors.push({ path: "worked", message: wrongLine(line) });
    return day === undefined ? [] : [day];
  });
  const source = noticeDay === undefined ? form.notice : `${form.notice} ngày ${dayFirst(noticeDay)}`;
  const entered = { source, provisional: form.provisional, off, worked };
  const all = [...errors, ...calendarErrors(year, { ...entered, source: form.notice })];
  if (all.length > 0) throw new Invalid(all);
  return entered;
}

const wrongLine = (line: string) =>
  `Không đọc được dòng “${line.slice(0, 60)}”; viết dạng 02/09/2026 Quốc khánh.`;

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** "2/9/2026" → "2026-09-02"; undefined when it is not written like that. Whether it is a day is checked later. */
function yearFirst(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** "2026-09-02" → "02/09/2026". */
export function dayFirst(date: string): string {
  return date.split("-").reverse().join("/");
}
