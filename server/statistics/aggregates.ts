import type { Knex } from "knex";
import type { Agencies } from "../catalogue/units.ts";
import { addColumns, noColumns, withSums, type Columns, type FormColumns } from "./columns.ts";
import type { FigureFilter } from "./filter.ts";
import { byName, readProcedures, readRows, type RawRow } from "./form-06a.ts";

/**
 * The aggregates of form 06a (domain-facts 4.1 knows that 06b to 06đ are aggregates, and from memory only): 06b the
 * departments of the province, 06c the communes of each district, 06d each district with its communes, 06đ the province
 * by tier.
 */
export type Aggregate = "06b" | "06c" | "06d" | "06đ";

export interface AggregateRow extends FormColumns {
  /** Code of the unit, or the tier (06đ). */
  key: string;
  name: string;
  /** The dossiers behind the line are those of these units (and of the tier, 06đ). */
  units: string[];
}

/** One of the aggregated forms over a period, and its total. Throws FiguresDisagree. */
export async function aggregateForm(
  db: Knex,
  agencies: Agencies,
  form: Aggregate,
  filter: FigureFilter,
): Promise<{ rows: AggregateRow[]; total: FormColumns }> {
  const raw = await readRows(db, filter, "unit");
  const groupOf = (row: RawRow): string | undefined => {
    const unit = agencies.get(row.unit ?? "");
    if (form === "06đ") return row.tier;
    if (unit === undefined) return undefined;
    if (form === "06b") return unit.level === "province" ? unit.code : undefined;
    if (form === "06c") return unit.level === "commune" ? (unit.parent ?? unit.code) : undefined;
    return unit.level === "province" ? undefined : districtOf(agencies, unit.code);
  };
  const groups = new Map<string, { columns: Columns; units: Set<string> }>();
  const total = noColumns();
  for (const row of raw) {
    const key = groupOf(row);
    if (key === undefined) continue;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { columns: noColumns(), units: new Set() }));
    addColumns(group.columns, row.columns);
    group.units.add(row.unit ?? "");
    addColumns(total, row.columns);
  }
  const rows = [...groups].map(([key, { columns, units }]) => ({
    key,
    name: form === "06đ" ? (TIER_NAMES[key] ?? key) : (agencies.get(key)?.name ?? key),
    units: [...units].sort(),
    ...withSums(columns),
  }));
  return { rows: rows.sort((a, b) => (a.key < b.key ? -1 : 1)), total: withSums(total) };
}

export const TIER_NAMES: Readonly<Record<string, string>> = {
  province: "Cấp tỉnh",
  district: "Cấp huyện",
  commune: "Cấp xã",
};

/** The figures of each unit over a period, with the tier's part where a unit has several. Throws FiguresDisagree. */
export async function figuresByUnit(
  db: Knex,
  filter: FigureFilter,
): Promise<(FormColumns & { unit: string })[]> {
  return sumBy(await readRows(db, filter, "unit"), (row) => row.unit ?? "").map(([unit, columns]) => ({
    unit,
    ...columns,
  }));
}

/** The figures of each field over a period. Throws FiguresDisagree. */
export async function figuresByField(
  db: Knex,
  filter: FigureFilter,
): Promise<(FormColumns & { field: string })[]> {
  const names = await readProcedures(db);
  const rows = await readRows(db, filter, "procedure");
  return sumBy(rows, ({ procedureCode }) => names.get(procedureCode)?.field ?? "").map(
    ([field, columns]) => ({
      field,
      ...columns,
    }),
  );
}

function sumBy(rows: readonly RawRow[], keyOf: (row: RawRow) => string): [string, FormColumns][] {
  const groups = new Map<string, Columns>();
  for (const row of rows) {
    const key = keyOf(row);
    let columns = groups.get(key);
    if (columns === undefined) groups.set(key, (columns = noColumns()));
    addColumns(columns, row.columns);
  }
  return [...groups].sort(([a], [b]) => byName(a, b)).map(([key, columns]) => [key, withSums(columns)]);
}

/** A unit and all under it: the province is its own and its subordinate units (decision 766). */
export function unitsUnder(agencies: Agencies, code: string): string[] {
  const found = [code];
  for (const parent of found)
    for (const unit of agencies.all)
      if (unit.parent === parent && !found.includes(unit.code)) found.push(unit.code);
  return found;
}

function districtOf(agencies: Agencies, code: string): string {
  let unit = agencies.get(code);
  while (unit !== undefined && unit.kind !== "district" && unit.parent !== null) {
    const parent = agencies.get(unit.parent);
    if (parent === undefined || parent.level === "province") break;
    unit = parent;
  }
  return unit?.code ?? code;
}
