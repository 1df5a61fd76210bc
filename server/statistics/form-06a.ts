import type { Knex } from "knex";
import {
  FiguresDisagree,
  addColumns,
  disagreement,
  noColumns,
  withSums,
  type Columns,
  type FormColumns,
} from "./columns.ts";
import { conditionOf, type FigureFilter } from "./filter.ts";
import { daysLater } from "./vietnam-days.ts";

/** One line of form II.06a: a procedure at one tier. */
export interface FormRow extends FormColumns {
  tier: string;
  field: string;
  procedureCode: string;
  procedureName: string;
}

export interface FormA {
  from: string;
  to: string;
  /** The last day that the figures hold: earlier than `to` while that is not over, null before the first night. */
  until: string | null;
  rows: FormRow[];
  /** By field, in the order of their names. */
  fields: (FormColumns & { field: string })[];
  total: FormColumns;
}

/** What a line of figures is of. */
export type GroupBy = "procedure" | "unit";

/** A line of figures as the tables give it. */
export interface RawRow {
  unit?: string;
  tier: string;
  procedureCode: string;
  columns: Columns;
}

/**
 * Form II.06a/VPCP/KSTT of a period from what the nights keep: 13 columns by tier, field and procedure, with sums. Days
 * that no night has closed yet are not in it (`until`). Throws FiguresDisagree when 3 = 7 + 11 does not hold in a row,
 * RangeError when the period ends before it begins.
 */
export async function formA(db: Knex, filter: FigureFilter): Promise<FormA> {
  const { from, to } = filter;
  const raw = await readRows(db, filter, "procedure");
  const names = await readProcedures(db);
  const rows = raw
    .map(({ tier, procedureCode, columns }): FormRow => {
      const { name = procedureCode, field = "" } = names.get(procedureCode) ?? {};
      return { tier, field, procedureCode, procedureName: name, ...withSums(columns) };
    })
    .sort(
      (a, b) =>
        TIER_ORDER.indexOf(a.tier) - TIER_ORDER.indexOf(b.tier) ||
        byName(a.field, b.field) ||
        (a.procedureCode < b.procedureCode ? -1 : 1),
    );
  const total = noColumns();
  const byField = new Map<string, Columns>();
  for (const row of rows) {
    addColumns(total, row);
    let field = byField.get(row.field);
    if (field === undefined) byField.set(row.field, (field = noColumns()));
    addColumns(field, row);
  }
  const fields = [...byField]
    .sort(([a], [b]) => byName(a, b))
    .map(([field, columns]) => ({ field, ...withSums(columns) }));
  return { from, to, until: await lastDay(db, to), rows, fields, total: withSums(total) };
}

/** Made once: a comparison that makes its own collator costs more than the query. */
export const byName = new Intl.Collator("vi").compare;

const TIER_ORDER = ["province", "district", "commune"];

/**
 * Reads the figures of a period, a line a (tier, procedure) or a (unit, tier, procedure): what came and ended from the
 * flows of its days, what was carried over and what is open from two days' ends. A unit whose night failed is taken as
 * it stood at its own last day.
 */
export async function readRows(db: Knex, filter: FigureFilter, by: GroupBy): Promise<RawRow[]> {
  const { from, to } = filter;
  if (to < from) throw new RangeError(`the period ${from} to ${to} ends before it begins`);
  const { sql, values } = conditionOf(filter, "t.");
  const before = daysLater(from, -1);
  const [openings, closings] = [await endsOf(db, before), await endsOf(db, to)];
  const key = by === "unit" ? "unit, tier, procedure_code" : "tier, procedure_code";
  const keyOf = by === "unit" ? "t.unit, t.tier, t.procedure_code" : "t.tier, t.procedure_code";
  const { rows } = await db.raw<{
    rows: (Record<string, number> & { unit?: string; tier: string; code: string })[];
  }>(
    `select ${by === "unit" ? "unit," : ""} tier, procedure_code as code,
            sum(c4)::int as c4, sum(c5)::int as c5, sum(c6)::int as c6, sum(c8)::int as c8, sum(c9)::int as c9,
            sum(c10)::int as c10, sum(c12)::int as c12, sum(c13)::int as c13, sum(received)::int as received,
            sum(carried)::int as carried, sum(handled)::int as handled, sum(open)::int as open
       from (
         select ${keyOf}, sum(received_online) as c4, sum(received_counter + received_postal) as c5, 0 as c6,
                sum(ended_before) as c8, sum(ended_on_time) as c9, sum(ended_late) as c10, 0 as c12, 0 as c13,
                sum(apart_received) as received, 0 as carried, sum(apart_ended) as handled, 0 as open
           from statistic_days t where t.day between :from and :to ${sql} group by ${keyOf}
         union all
         select ${keyOf}, 0, 0, sum(within + overdue), 0, 0, 0, 0, 0, 0, sum(apart), 0, 0
           from statistic_open t ${atEnds(openings, "opening")} ${sql} group by ${keyOf}
         union all
         select ${keyOf}, 0, 0, 0, 0, 0, 0, sum(within), sum(overdue), 0, 0, 0, sum(apart)
           from statistic_open t ${atEnds(closings, "closing")} ${sql} group by ${keyOf}) parts
      group by ${key}`,
    { from, to, ...values, ...endValues(openings, "opening"), ...endValues(closings, "closing") },
  );
  const disagreeing: string[] = [];
  const read = rows.map((row): RawRow => {
    const number = (name: string) => row[name] ?? 0;
    const columns: Columns = {
      ...{ c4: number("c4"), c5: number("c5"), c6: number("c6"), c8: number("c8") },
      ...{ c9: number("c9"), c10: number("c10"), c12: number("c12"), c13: number("c13") },
      apart: {
        ...{ received: number("received"), carried: number("carried") },
        ...{ handled: number("handled"), open: number("open") },
      },
    };
    const wrong = disagreement(columns);
    if (wrong !== undefined) disagreeing.push(`${row.unit ?? ""} ${row.tier} ${row.code}: ${wrong}`.trim());
    return {
      ...(row.unit === undefined ? {} : { unit: row.unit }),
      tier: row.tier,
      procedureCode: row.code,
      columns,
    };
  });
  if (disagreeing.length > 0) throw new FiguresDisagree(disagreeing);
  return read;
}

/** At which day's end the units stand when `day` is asked for: that day, or a unit's last where it is behind. */
interface Ends {
  day: string;
  behind: { unit: string; day: string }[];
}

async function endsOf(db: Knex, day: string): Promise<Ends> {
  const { rows } = await db.raw<{ rows: { unit: string; day: string }[] }>(
    "select unit, rolled_day as day from statistic_units where rolled_day < ?",
    [day],
  );
  return { day, behind: rows };
}

function atEnds({ behind }: Ends, name: string): string {
  return behind.length === 0
    ? `where t.day = :${name}`
    : `where (t.day, t.unit) in (select :${name}::date, unit from statistic_units where rolled_day >= :${name}::date
        union all select b.day, b.unit from jsonb_to_recordset(:${name}Behind::jsonb) as b (day date, unit text))`;
}

function endValues({ day, behind }: Ends, name: string): Record<string, unknown> {
  return { [name]: day, ...(behind.length === 0 ? {} : { [`${name}Behind`]: JSON.stringify(behind) }) };
}

/** The last day up to `to` that some unit is rolled up to. */
export async function lastDay(db: Knex, to: string): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { day: string | null }[] }>(
    "select max(rolled_day) as day from statistic_units",
  );
  const day = rows[0]?.day ?? null;
  return day !== null && day > to ? to : day;
}

/** Name and field of each procedure that the nights know. */
export async function readProcedures(db: Knex): Promise<Map<string, { name: string; field: string }>> {
  const { rows } = await db.raw<{ rows: { code: string; name: string; field: string }[] }>(
    "select code, name, field from statistic_procedures",
  );
  return new Map(rows.map(({ code, name, field }) => [code, { name, field }]));
}
