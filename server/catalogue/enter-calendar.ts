import type { Knex } from "knex";
import type { CalendarYear } from "../../workflows/calendar.ts";
import { indexDays } from "../../workflows/day-table.ts";
import { parseDay, weekdayOf } from "../../workflows/vietnam-time.ts";
import type { FieldError } from "../platform/errors.ts";
import { Invalid } from "../platform/errors.ts";

/** One version of a calendar year as it was entered. */
export interface EnteredYear extends CalendarYear {
  year: number;
  version: number;
  enteredBy: string;
  enteredAt: Date;
  /** Whether the open dossiers have been told. */
  applied: boolean;
}

/** Every version of every year, the latest year and version first. */
export async function readCalendarYears(db: Knex): Promise<EnteredYear[]> {
  const { rows } = await db.raw<{
    rows: (Omit<EnteredYear, "off" | "worked"> & { days: Pick<CalendarYear, "off" | "worked"> })[];
  }>(
    `select c.year, c.version, c.source, c.provisional, c.days, c.entered_by as "enteredBy",
            c.entered_at as "enteredAt", a.year is not null as applied
       from calendar_years c left join calendar_applied a on a.year = c.year and a.version = c.version
      order by c.year desc, c.version desc`,
  );
  return rows.map(({ days, ...row }) => ({ ...row, off: days.off, worked: days.worked }));
}

/** What is wrong with a year's days; empty when it may be entered. */
export function calendarErrors(year: number, { source, off, worked }: CalendarYear): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (path: string, message: string) => void errors.push({ path, message });
  if (source.trim() === "" || source.length > 300) wrong("source", "Hãy nhập số thông báo.");
  if (off.length === 0) wrong("off", "Hãy nhập các ngày nghỉ, mỗi dòng một ngày.");
  const seen = new Set<string>();
  const check = (path: string, date: string) => {
    try {
      indexDays({ [String(year)]: { source, off: [{ date, name: "x" }], worked: [] } });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      wrong(path, `${date} không phải là một ngày của năm ${year}.`);
      return undefined;
    }
    if (seen.has(date)) wrong(path, `Ngày ${date} được ghi hai lần.`);
    seen.add(date);
    return weekdayOf(parseDay(date));
  };
  for (const { date, name } of off) {
    const weekday = check("off", date);
    if (weekday === 0 || weekday === 6)
      wrong(
        "off",
        `Ngày ${date} là thứ Bảy hoặc Chủ nhật, vốn đã nghỉ; chỉ ghi ngày nghỉ từ thứ Hai đến thứ Sáu.`,
      );
    if (name.trim() === "" || name.length > 100) wrong("off", `Ngày ${date} chưa có tên ngày nghỉ.`);
  }
  for (const date of worked) {
    const weekday = check("worked", date);
    if (weekday !== undefined && weekday >= 1 && weekday <= 5)
      wrong("worked", `Ngày ${date} không phải thứ Bảy hoặc Chủ nhật, nên không phải ngày làm bù.`);
  }
  return errors;
}

/**
 * Enters a year anew or in a new version, which then replaces the earlier one for open dossiers; the worker re-derives
 * them. The office hours stay those in force. Answers the version. Throws Invalid.
 */
export async function enterCalendarYear(
  trx: Knex.Transaction,
  entered: CalendarYear & { year: number; by: string },
): Promise<number> {
  const { year, by, source, provisional = false, off, worked } = entered;
  const errors = calendarErrors(year, entered);
  if (!Number.isInteger(year) || year < 2000 || year > 2100)
    errors.push({ path: "year", message: "Năm là số từ 2000 đến 2100." });
  if (errors.length > 0) throw new Invalid(errors);
  // One at a time, so that two administrators get two versions and not one error.
  await trx.raw("select pg_advisory_xact_lock(?)", [727_001]);
  const { rows } = await trx.raw<{ rows: { version: number | null; hours: unknown }[] }>(
    `select (select max(version) from calendar_years where year = ?) as version,
            (select days -> 'officeHours' from calendar_years order by year desc, version desc limit 1) as hours`,
    [year],
  );
  const version = (rows[0]?.version ?? 0) + 1;
  const byDate = (a: string, b: string) => (a < b ? -1 : 1);
  await trx("calendar_years").insert({
    year,
    version,
    source: source.trim(),
    provisional,
    days: JSON.stringify({
      off: [...off].sort((a, b) => byDate(a.date, b.date)),
      worked: [...worked].sort(byDate),
      officeHours: rows[0]?.hours ?? [],
    }),
    entered_by: by,
  });
  return version;
}
