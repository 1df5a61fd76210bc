import type { Knex } from "knex";
import type { Calendar, CalendarYear, OfficeHours } from "../../workflows/calendar.ts";
import type { Agencies } from "../catalogue/units.ts";

/** When each version of a year came into force for the dossiers, so that a past due date is reckoned as it was. */
export interface KnownCalendars {
  /** The calendar of a unit as it held at a moment; `told` are the versions that the dossier itself was told of. */
  at(unit: string, moment: number, told: ReadonlyMap<string, number>): Calendar;
  /** The moments at which a version came into force, in order, without those known from the start. */
  changes(told: ReadonlyMap<string, number>): number[];
}

interface Entered {
  year: number;
  version: number;
  source: string;
  provisional: boolean;
  seeded: boolean;
  days: Pick<CalendarYear, "off" | "worked"> & { officeHours: OfficeHours[] };
  appliedAt: Date | null;
}

/**
 * Reads every version of every year. The first versions that the program is delivered with have always held; a later one
 * from when the open dossiers had been re-derived by it (`calendar_applied`), for a dossier that was told by an event of
 * its own from that event on.
 */
export async function readKnownCalendars(db: Knex, agencies: Agencies): Promise<KnownCalendars> {
  const { rows } = await db.raw<{ rows: Entered[] }>(
    `select c.year, c.version, c.source, c.provisional, c.days, c.entered_by = 'seed' as seeded,
            a.applied_at as "appliedAt"
       from calendar_years c left join calendar_applied a on a.year = c.year and a.version = c.version
      order by c.year, c.version`,
  );
  return knownCalendars(rows, (unit) => agencies.get(unit)?.officeHours ?? null);
}

/** The same over rows that were read. */
export function knownCalendars(
  rows: readonly Entered[],
  hoursOf: (unit: string) => OfficeHours[] | null,
): KnownCalendars {
  const usual = rows.at(-1)?.days.officeHours ?? [];
  const later = rows.filter(({ seeded }) => !seeded);
  const kept = new Map<string, Calendar>();
  const yearsOf = new Map<string, Record<string, CalendarYear>>();

  const since = ({ year, version, appliedAt }: Entered, told: ReadonlyMap<string, number>): number =>
    Math.min(appliedAt?.getTime() ?? Infinity, told.get(`${year}/${version}`) ?? Infinity);

  /** One object for each set of versions, for the reckoning indexes a calendar once an object. */
  function calendarOf(inForce: readonly Entered[], unit: string): Calendar {
    const hours = hoursOf(unit) ?? usual;
    const set = inForce.map(({ year, version }) => `${year}/${version}`).join(",");
    const key = `${set} ${JSON.stringify(hours)}`;
    let calendar = kept.get(key);
    if (calendar === undefined) {
      let years = yearsOf.get(set);
      if (years === undefined) {
        years = Object.fromEntries(
          inForce.map(({ year, source, provisional, days }) => [
            String(year),
            { source, ...(provisional ? { provisional } : {}), off: days.off, worked: days.worked },
          ]),
        );
        yearsOf.set(set, years);
      }
      calendar = { officeHours: hours, years };
      kept.set(key, calendar);
    }
    return calendar;
  }

  const usualOf = new Map<string, Calendar>();
  return {
    at(unit, moment, told) {
      if (later.length === 0) {
        let calendar = usualOf.get(unit);
        if (calendar === undefined) usualOf.set(unit, (calendar = calendarOf(rows, unit)));
        return calendar;
      }
      // The rows are in the order of their versions, so a later one in force replaces the one before.
      return calendarOf(
        rows.filter((row) => row.seeded || since(row, told) <= moment),
        unit,
      );
    },
    changes: (told) =>
      [...new Set(later.map((row) => since(row, told)))]
        .filter((moment) => moment !== Infinity)
        .sort((a, b) => a - b),
  };
}
