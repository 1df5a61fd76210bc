import type { Knex } from "knex";
import { conditionOf, type FigureFilter } from "./filter.ts";

/** A number of form II.06a, of the apart ones, or an overdue cause of forms 07a and 07b. */
export type BehindColumn =
  | ("c3" | "c4" | "c5" | "c6" | "c7" | "c8" | "c9" | "c10" | "c11" | "c12" | "c13")
  | ("apart-received" | "apart-carried" | "apart-handled" | "apart-open");

export interface BehindFilter extends FigureFilter {
  /** Only overdue ones with this cause. */
  cause?: string;
}

export interface BehindDossier {
  code: string;
  unit: string;
  procedureCode: string;
  tier: string;
  channel: string;
  receivedAt: Date;
  dueAt: Date | null;
  endedAt: Date | null;
  outcome: string | null;
  overdueCause: string | null;
}

/** The last moment of a unit's figures up to the end of a day: where it is behind, the end of its own last day. */
const END = (day: string) =>
  `least((least(:${day}::date, u.rolled_day) + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh', u.known_until)`;

const measured = "d.measured_by <> 'none'";
const received = "d.received_on between :from and :to";
const ended = "d.ended_on between :from and :to";
const openAt = (day: string, more = "") =>
  `exists (select from statistic_spans s where s.dossier_id = d.dossier_id and s.from_at < ${END(day)}
     and s.until_at >= ${END(day)} ${more})`;
const late = `and s.state = 'running' and s.due_at < ${END("to")}`;
const inTime = `and not (s.state = 'running' and s.due_at < ${END("to")})`;
/** Cheap and implied by `openAt`: it lets the index find the few that were not over then. */
const stillOpen = (day: string) =>
  `d.received_on <= :${day}::date and (d.ended_on is null or d.ended_on > :${day}::date)`;

/** Each column as a condition on `statistic_dossiers d` and `statistic_units u`, with `:from`, `:to` and `:before` (the day before). */
export const COLUMNS: Readonly<Record<BehindColumn, string>> = {
  c3: `${measured} and (${received} or (${stillOpen("before")} and ${openAt("before")}))`,
  c4: `${measured} and ${received} and d.channel = 'online'`,
  c5: `${measured} and ${received} and d.channel <> 'online'`,
  c6: `${measured} and ${stillOpen("before")} and ${openAt("before")}`,
  c7: `${measured} and ${ended}`,
  c8: `${ended} and d.outcome = 'before'`,
  c9: `${ended} and d.outcome = 'on-time'`,
  c10: `${ended} and d.outcome = 'late'`,
  c11: `${measured} and ${stillOpen("to")} and ${openAt("to")}`,
  c12: `${measured} and ${stillOpen("to")} and ${openAt("to", inTime)}`,
  c13: `${measured} and ${stillOpen("to")} and ${openAt("to", late)}`,
  "apart-received": `not ${measured} and ${received}`,
  "apart-carried": `not ${measured} and ${stillOpen("before")} and ${openAt("before")}`,
  "apart-handled": `not ${measured} and ${ended}`,
  "apart-open": `not ${measured} and ${stillOpen("to")} and ${openAt("to")}`,
};

/**
 * The dossiers that make up a number, by code, the next `limit` after `after`; `nextCursor` is the code to go on after.
 * `countBehind` of the same column and filter is the number itself.
 */
export async function dossiersBehind(
  db: Knex,
  column: BehindColumn,
  filter: BehindFilter,
  page: { after?: string; limit: number },
): Promise<{ items: BehindDossier[]; nextCursor: string | null }> {
  const { from, values } = asked(column, filter);
  const { rows } = await db.raw<{ rows: BehindDossier[] }>(
    `select ${SHOWN} ${from} and d.code > :after order by d.code limit :limit`,
    { ...values, after: page.after ?? "", limit: page.limit + 1 },
  );
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.code ?? null) : null };
}

/** What a list shows of a dossier. */
export const SHOWN = `d.code, d.unit, d.procedure_code as "procedureCode", d.tier, d.channel,
  d.received_at as "receivedAt", d.due_at as "dueAt", d.ended_at as "endedAt", d.outcome, d.overdue_cause as "overdueCause"`;

/** All of them, to be read by a cursor. */
export function behindQuery(
  column: BehindColumn,
  filter: BehindFilter,
): { sql: string; values: Record<string, unknown> } {
  const { from, values } = asked(column, filter);
  return { sql: `select ${SHOWN} ${from} order by d.code`, values };
}

/** How many dossiers make up a number. */
export async function countBehind(db: Knex, column: BehindColumn, filter: BehindFilter): Promise<number> {
  const { from, values } = asked(column, filter);
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count ${from}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

/** The overdue ones of a column (10 or 13), a line a deciding unit and cause. */
export async function countOverdueByUnit(
  db: Knex,
  column: "c10" | "c13",
  filter: FigureFilter,
): Promise<{ unit: string; cause: string; count: number }[]> {
  const { from, values } = asked(column, filter);
  const { rows } = await db.raw<{ rows: { unit: string; cause: string; count: number }[] }>(
    `select d.unit, coalesce(d.overdue_cause, 'unknown') as cause, count(*)::int as count ${from} group by 1, 2`,
    values,
  );
  return rows;
}

function asked(
  column: BehindColumn,
  filter: BehindFilter,
): { from: string; values: Record<string, unknown> } {
  const { sql, values } = conditionOf(filter, "d.");
  const cause = filter.cause === undefined ? "" : "and coalesce(d.overdue_cause, 'unknown') = :cause";
  return {
    from: `from statistic_dossiers d join statistic_units u on u.unit = d.unit where ${COLUMNS[column]} ${sql} ${cause}`,
    values: {
      from: filter.from,
      to: filter.to,
      before: dayBefore(filter.from),
      ...values,
      ...(filter.cause === undefined ? {} : { cause: filter.cause }),
    },
  };
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
