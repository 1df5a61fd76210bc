import type { Tier } from "../../workflows/declaration.ts";
import { readable } from "./text.ts";
import type { SourceRow } from "./source.ts";

/** What a rule looks at. `name` and `result` are in lower case, the name without "Thủ tục". */
export interface Matter {
  code: string;
  name: string;
  result: string;
  field: string;
  levels: readonly Tier[];
  department: string | null;
  /** The limit in working days, rounded up; null where none is known. */
  days: number | null;
  row: SourceRow;
}

export function matterOf(row: SourceRow): Matter {
  return {
    code: row.code,
    name: readable(row.displayName ?? row.name),
    result: readable(row.result ?? ""),
    field: row.field,
    levels: row.levels,
    department: row.department,
    days: workingDays(row),
    row,
  };
}

/** A limit in working days, to compare limits of different units; never used to reckon a due date. */
export function workingDays({ limit }: SourceRow): number | null {
  if (limit === null) return null;
  switch (limit.unit) {
    case "working-hour":
      return Math.ceil(limit.value / 8);
    case "same-day":
      return 1;
    case "working-day":
      return limit.value;
    case "day":
      return Math.max(1, Math.floor((limit.value * 5) / 7));
    case "month":
      return limit.value * 22;
  }
}
