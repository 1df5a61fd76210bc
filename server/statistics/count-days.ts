import type { Knex } from "knex";

/** Which cells are counted: those of a unit from one day to another, or of one procedure and tier of it. */
export interface Counting {
  unit: string;
  from: string;
  to: string;
  /** The last moment at which a day's open ones are looked at (epoch milliseconds): a day that is not over ends there. */
  until: number;
  cell?: { procedureCode: string; tier: string };
}

/**
 * Counts the flows and the open ones of these days anew from the dossiers and their spans, in place of what was there.
 * Done again it changes nothing. What stands open is found by the end of its span, so the cost is that of the dossiers
 * open in these days, however large the archive.
 */
export async function countDays(trx: Knex.Transaction, counting: Counting): Promise<void> {
  const { unit, from, to, until, cell } = counting;
  const which = cell === undefined ? "" : "and procedure_code = :procedure and tier = :tier";
  const values = {
    unit,
    from,
    to,
    until: new Date(until).toISOString(),
    ...(cell === undefined ? {} : { procedure: cell.procedureCode, tier: cell.tier }),
  };
  for (const table of ["statistic_days", "statistic_open"])
    await trx.raw(`delete from ${table} where unit = :unit and day between :from and :to ${which}`, values);
  await trx.raw(
    `insert into statistic_days (day, unit, procedure_code, tier, received_online, received_counter, received_postal,
       ended_before, ended_on_time, ended_late, apart_received, apart_ended)
     select day, :unit, procedure_code, tier,
            count(*) filter (where what = 'online'), count(*) filter (where what = 'counter'),
            count(*) filter (where what = 'postal'), count(*) filter (where what = 'before'),
            count(*) filter (where what = 'on-time'), count(*) filter (where what = 'late'),
            count(*) filter (where what = 'apart'), count(*) filter (where what = 'unmeasured')
       from (
         select received_on as day, procedure_code, tier,
                case when measured_by = 'none' then 'apart' else channel end as what
           from statistic_dossiers where unit = :unit and received_on between :from and :to ${which}
         union all
         select ended_on, procedure_code, tier, outcome
           from statistic_dossiers where unit = :unit and ended_on between :from and :to ${which}) flows
      group by day, procedure_code, tier`,
    values,
  );
  await trx.raw(
    `insert into statistic_open (day, unit, procedure_code, tier, within, overdue, apart)
     select day, :unit, procedure_code, tier,
            count(*) filter (where measured and not late), count(*) filter (where measured and late),
            count(*) filter (where not measured)
       from (
         select g.day::date as day, s.procedure_code, s.tier, s.measured,
                s.state = 'running' and s.due_at < least((g.day + interval '1 day') at time zone 'Asia/Ho_Chi_Minh',
                  :until::timestamptz) as late
           from statistic_spans s
          cross join lateral generate_series(
                  greatest((s.from_at at time zone 'Asia/Ho_Chi_Minh')::date, :from::date)::timestamp,
                  case when s.until_at = 'infinity' then :to::date
                       else least((s.until_at at time zone 'Asia/Ho_Chi_Minh')::date - 1, :to::date) end::timestamp,
                  interval '1 day') g (day)
          where s.unit = :unit and s.from_at < least((:to::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh',
                  :until::timestamptz)
            and s.until_at >= (:from::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh' ${which}) open
      group by day, procedure_code, tier`,
    values,
  );
}
