import { createHash } from "node:crypto";
import type { Knex } from "knex";
import { canonical } from "../dossier/history.ts";
import { noColumns, type Columns } from "./columns.ts";
import { daysLater, monthStart } from "./vietnam-days.ts";

/** One (procedure, tier) of a unit on one day: what happened, and what stood open at its end. */
export interface DayCell {
  procedureCode: string;
  tier: string;
  /** Received online, at the counter, by post; ended before, on time, late; open within, overdue; apart: received, ended, open. */
  numbers: number[];
}

/** What a night keeps of a unit: its day, the calendar month up to that day, and the hash of the day cell by cell. */
export interface UnitFigures {
  day: DayTotals;
  month: Columns;
  cells: string;
}

export interface DayTotals {
  receivedOnline: number;
  receivedCounter: number;
  receivedPostal: number;
  endedBefore: number;
  endedOnTime: number;
  endedLate: number;
  within: number;
  overdue: number;
  apartReceived: number;
  apartEnded: number;
  apartOpen: number;
}

const NAMES = [
  ...(["receivedOnline", "receivedCounter", "receivedPostal", "endedBefore", "endedOnTime"] as const),
  ...(["endedLate", "within", "overdue", "apartReceived", "apartEnded", "apartOpen"] as const),
];
export const CELL_WIDTH = NAMES.length;

/** The same figures from cells and month however they were counted: from the tables, or afresh from the events. */
export function unitFigures(cells: readonly DayCell[], month: Columns): UnitFigures {
  const filled = cells.filter(({ numbers }) => numbers.some((number) => number !== 0));
  const day = Object.fromEntries(
    NAMES.map((name, at) => [name, filled.reduce((sum, { numbers }) => sum + (numbers[at] ?? 0), 0)]),
  ) as unknown as DayTotals;
  const lines = filled
    .map(({ procedureCode, tier, numbers }) => `${procedureCode} ${tier} ${numbers.join(" ")}`)
    .sort();
  return { day, month, cells: createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 32) };
}

/** Short enough to compare two nights by. */
export function hashOfFigures(figures: UnitFigures): string {
  return createHash("sha256").update(canonical(figures)).digest("hex").slice(0, 32);
}

/** Reads a unit's figures of a day from the tables, as they stand. */
export async function readUnitFigures(db: Knex, unit: string, day: string): Promise<UnitFigures> {
  const first = monthStart(day);
  const { rows: cells } = await db.raw<{ rows: DayCell[] }>(
    `select procedure_code as "procedureCode", tier, json_build_array(coalesce(d.received_online, 0),
            coalesce(d.received_counter, 0), coalesce(d.received_postal, 0), coalesce(d.ended_before, 0),
            coalesce(d.ended_on_time, 0), coalesce(d.ended_late, 0), coalesce(o.within, 0), coalesce(o.overdue, 0),
            coalesce(d.apart_received, 0), coalesce(d.apart_ended, 0), coalesce(o.apart, 0)) as numbers
       from (select * from statistic_days where unit = :unit and day = :day) d
       full join (select * from statistic_open where unit = :unit and day = :day) o using (procedure_code, tier)`,
    { unit, day },
  );
  const { rows } = await db.raw<{ rows: (Columns & Record<string, number>)[] }>(
    `select f.*, c.*, o.* from
       (select coalesce(sum(received_online), 0)::int as c4,
               coalesce(sum(received_counter + received_postal), 0)::int as c5,
               coalesce(sum(ended_before), 0)::int as c8, coalesce(sum(ended_on_time), 0)::int as c9,
               coalesce(sum(ended_late), 0)::int as c10, coalesce(sum(apart_received), 0)::int as received,
               coalesce(sum(apart_ended), 0)::int as handled
          from statistic_days where unit = :unit and day between :first and :day) f,
       (select coalesce(sum(within + overdue), 0)::int as c6, coalesce(sum(apart), 0)::int as carried
          from statistic_open where unit = :unit and day = :before) c,
       (select coalesce(sum(within), 0)::int as c12, coalesce(sum(overdue), 0)::int as c13,
               coalesce(sum(apart), 0)::int as open
          from statistic_open where unit = :unit and day = :day) o`,
    { unit, day, first, before: daysLater(first, -1) },
  );
  const row = rows[0];
  const month = noColumns();
  if (row !== undefined)
    for (const name of ["c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13"] as const) month[name] = row[name];
  month.apart = {
    received: row?.received ?? 0,
    carried: row?.carried ?? 0,
    handled: row?.handled ?? 0,
    open: row?.open ?? 0,
  };
  return unitFigures(cells, month);
}
