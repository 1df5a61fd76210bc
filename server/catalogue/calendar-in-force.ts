import type { Knex } from "knex";
import type { Calendar, CalendarYear, OfficeHours } from "../../workflows/calendar.ts";
import type { Agencies } from "./units.ts";

const FRESH_MS = 5_000;

/**
 * The calendar in force: of each year the latest version that was entered, looked up again every few seconds.
 * The hours are the province's of the latest year; a unit with hours of its own has those, and those of the deciding
 * agency count throughout (deadlines.md).
 */
export function calendarInForce(db: Knex, agencies: Agencies): (agency: string) => Promise<Calendar> {
  let version = "";
  let years: Record<string, CalendarYear> = {};
  let officeHours: OfficeHours[] = [];
  let readAt = -Infinity;
  let kept = new Map<string, Calendar>();

  async function refresh(): Promise<void> {
    const { rows } = await db.raw<{
      rows: {
        year: number;
        version: number;
        source: string;
        provisional: boolean;
        days: Pick<CalendarYear, "off" | "worked"> & { officeHours: OfficeHours[] };
      }[];
    }>(
      "select distinct on (year) year, version, source, provisional, days from calendar_years order by year, version desc",
    );
    readAt = performance.now();
    const next = rows.map(({ year, version: of }) => `${year}/${of}`).join(",");
    if (next === version) return;
    version = next;
    kept = new Map();
    officeHours = rows.at(-1)?.days.officeHours ?? [];
    years = Object.fromEntries(
      rows.map(({ year, source, provisional, days }) => [
        String(year),
        { source, ...(provisional ? { provisional } : {}), off: days.off, worked: days.worked },
      ]),
    );
  }

  return async (agency: string): Promise<Calendar> => {
    if (performance.now() - readAt > FRESH_MS) await refresh();
    const hours = agencies.get(agency)?.officeHours ?? officeHours;
    const key = JSON.stringify(hours);
    let calendar = kept.get(key);
    if (calendar === undefined) {
      calendar = { officeHours: hours, years };
      kept.set(key, calendar);
    }
    return calendar;
  };
}
