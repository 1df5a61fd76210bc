import type { Knex } from "knex";
import { conditionOf, type FigureFilter } from "./filter.ts";
import { calendarPeriod } from "./periods.ts";

/** A calendar month of form II.06a, as far as the nights hold it. */
export interface TrendMonth {
  /** "2026-11". */
  month: string;
  from: string;
  to: string;
  c4: number;
  c5: number;
  c7: number;
  c8: number;
  c9: number;
  c10: number;
  c13: number;
}

/** The last twelve calendar months, that of `today` included: the columns that `formA` gives for each. */
export async function twelveMonths(
  db: Knex,
  today: string,
  filter: Omit<FigureFilter, "from" | "to">,
): Promise<TrendMonth[]> {
  const months = Array.from({ length: 12 }, (_, at) => {
    const moved = new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 12 + at, 1));
    const { from, to } = calendarPeriod("month", moved.getUTCFullYear(), moved.getUTCMonth() + 1);
    return { month: from.slice(0, 7), from, to };
  });
  const { sql, values } = conditionOf({ ...filter, from: today, to: today }, "t.");
  const { rows: flows } = await db.raw<{ rows: Flow[] }>(
    `select to_char(t.day, 'YYYY-MM') as month, sum(received_online)::int as c4,
            sum(received_counter + received_postal)::int as c5, sum(ended_before)::int as c8,
            sum(ended_on_time)::int as c9, sum(ended_late)::int as c10
       from statistic_days t where t.day between :from and :to ${sql} group by 1`,
    { ...values, from: months[0]?.from ?? today, to: months.at(-1)?.to ?? today },
  );
  // A unit that is behind is taken as it stood at its own last day, as the form does.
  const { rows: open } = await db.raw<{ rows: { month: string; c13: number }[] }>(
    `select to_char(m.day, 'YYYY-MM') as month, sum(t.overdue)::int as c13
       from unnest(:ends::date[]) m (day) cross join statistic_units u
       join statistic_open t on t.unit = u.unit and t.day = least(m.day, u.rolled_day)
      where true ${sql} group by 1`,
    { ...values, ends: months.map(({ to }) => to) },
  );
  const flowOf = new Map(flows.map((flow) => [flow.month, flow]));
  const openOf = new Map(open.map(({ month, c13 }) => [month, c13]));
  return months.map(({ month, from, to }) => {
    const { c4 = 0, c5 = 0, c8 = 0, c9 = 0, c10 = 0 } = flowOf.get(month) ?? {};
    return { month, from, to, c4, c5, c7: c8 + c9 + c10, c8, c9, c10, c13: openOf.get(month) ?? 0 };
  });
}

type Flow = Pick<TrendMonth, "month" | "c4" | "c5" | "c8" | "c9" | "c10">;
