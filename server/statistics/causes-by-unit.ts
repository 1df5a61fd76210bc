import type { Knex } from "knex";
import type { Agencies } from "../catalogue/units.ts";
import { countOverdueByUnit } from "./dossiers-behind.ts";
import type { FigureFilter } from "./filter.ts";
import { OVERDUE_CAUSES } from "./overdue-cause.ts";
import type { CauseRow } from "./overdue-causes.ts";

/** A unit that has overdue dossiers, and what they waited for. */
export interface UnitCauses {
  key: string;
  name: string;
  /** Handled late in the period. */
  handled: number;
  /** Open and overdue at its end. */
  open: number;
  /** Those that there are, in the order of form 07a. */
  causes: CauseRow[];
}

/**
 * Form 07b: the same dossiers as in 07a, put together by deciding unit, in the order of the units' codes; a unit without
 * overdue dossiers has no line. That b is the aggregate of a is from memory, as with forms 06.
 */
export async function causesByUnit(
  db: Knex,
  agencies: Agencies,
  filter: FigureFilter,
): Promise<UnitCauses[]> {
  const units = new Map<string, UnitCauses>();
  const counted = {
    handled: await countOverdueByUnit(db, "c10", filter),
    open: await countOverdueByUnit(db, "c13", filter),
  };
  for (const part of ["handled", "open"] as const)
    for (const { unit, cause, count } of counted[part]) {
      let row = units.get(unit);
      if (row === undefined)
        units.set(unit, (row = { key: unit, name: agencies.name(unit), handled: 0, open: 0, causes: [] }));
      let line = row.causes.find((one) => one.cause === cause);
      if (line === undefined)
        row.causes.push((line = { cause, name: OVERDUE_CAUSES[cause] ?? cause, handled: 0, open: 0 }));
      row[part] += count;
      line[part] += count;
    }
  const order = Object.keys(OVERDUE_CAUSES);
  for (const { causes } of units.values())
    causes.sort((a, b) => order.indexOf(a.cause) - order.indexOf(b.cause));
  return [...units.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
