import type { Knex } from "knex";
import { countBehind, type BehindFilter } from "./dossiers-behind.ts";
import type { FigureFilter } from "./filter.ts";
import { OVERDUE_CAUSES } from "./overdue-cause.ts";

export interface CauseRow {
  cause: string;
  name: string;
  /** Handled late in the period. */
  handled: number;
  /** Open and overdue at its end. */
  open: number;
}

/**
 * Form 07a: the overdue dossiers of a period by cause, as far as their events tell it; `unknown` where they do not. The
 * sums are columns 10 and 13 of form 06a.
 */
export async function overdueCauses(db: Knex, filter: FigureFilter): Promise<CauseRow[]> {
  const rows: CauseRow[] = [];
  for (const [cause, name] of Object.entries(OVERDUE_CAUSES)) {
    const asked: BehindFilter = { ...filter, cause };
    rows.push({
      cause,
      name,
      handled: await countBehind(db, "c10", asked),
      open: await countBehind(db, "c13", asked),
    });
  }
  return rows;
}
