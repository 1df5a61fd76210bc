import type { Knex } from "knex";
import type { Calendar } from "../../workflows/calendar.ts";
import type { Database } from "../platform/database.ts";
import { stepSamples, type StepEvent } from "./step-samples.ts";
import { daysLater, endOf, startOf } from "./vietnam-days.ts";

/** So many of the latest of a kind tell how long such a step takes. */
const LATEST = 100;
/** How far back the first night looks. */
const FIRST_DAYS = 60;
const A_PAGE = 1_000;

interface Kind {
  unit: string;
  tier: string;
  state: string;
  procedureCode: string;
}

/**
 * Takes in how long the steps took that were left on a day, and counts median and 90th percentile anew for the kinds that
 * this touches: each unit's step of each procedure, and of all its procedures together. Again it changes nothing. The cost
 * is that of the day's events. Answers how many samples are new.
 */
export async function keepStepDurations(
  db: Database,
  calendarOf: (unit: string) => Calendar,
  day: string,
): Promise<number> {
  const { rows: known } = await db.raw<{ rows: { any: boolean }[] }>(
    "select exists (select from step_samples) as any",
  );
  const from = startOf(known[0]?.any === true ? day : daysLater(day, -FIRST_DAYS));
  const until = endOf(day);
  const touched = new Map<string, Kind>();
  let taken = 0;
  let after = 0;
  for (;;) {
    const { rows } = await db.raw<{ rows: { id: number }[] }>(
      `select distinct dossier_id as id from events
        where recorded_at >= :from and recorded_at < :until and dossier_id > :after order by 1 limit :most`,
      { from: new Date(from), until: new Date(until), after, most: A_PAGE },
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const ids = rows.map(({ id }) => id);
    taken += await takeIn(db, calendarOf, ids, { from, until }, touched);
  }
  const kinds = [...touched.values()];
  for (let at = 0; at < kinds.length; at += A_PAGE) await count(db, kinds.slice(at, at + A_PAGE));
  return taken;
}

type Row = StepEvent & { id: number; unit: string; tier: string; procedureCode: string };

async function takeIn(
  db: Knex,
  calendarOf: (unit: string) => Calendar,
  ids: readonly number[],
  window: { from: number; until: number },
  touched: Map<string, Kind>,
): Promise<number> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select e.dossier_id as id, e.seq, e.at, e.from_state as "fromState", e.to_state as "toState", e.status,
            e.actor_agency as "actorAgency", d.agency as unit, d.tier, d.procedure_code as "procedureCode"
       from events e join dossiers d on d.id = e.dossier_id
      where e.dossier_id = any(?) and e.recorded_at < ? order by e.dossier_id, e.seq`,
    [[...ids], new Date(window.until)],
  );
  const histories = new Map<number, Row[]>();
  for (const row of rows) {
    const history = histories.get(row.id);
    if (history === undefined) histories.set(row.id, [row]);
    else history.push(row);
  }
  const samples = [...histories].flatMap(([id, history]) => {
    const [first] = history;
    if (first === undefined) return [];
    const { unit, tier, procedureCode } = first;
    return stepSamples(history, unit, calendarOf)
      .filter(({ leftAt }) => leftAt.getTime() >= window.from)
      .map((sample) => ({ id, tier, procedureCode, ...sample }));
  });
  if (samples.length === 0) return 0;
  const { rows: added } = await db.raw<{ rows: Kind[] }>(
    `insert into step_samples (dossier_id, seq, unit, tier, state, procedure_code, left_at, minutes)
     select id, seq, unit, tier, state, "procedureCode", "leftAt", minutes
       from jsonb_to_recordset(?::jsonb) as s (id bigint, seq int, unit text, tier text, state text,
         "procedureCode" text, "leftAt" timestamptz, minutes int)
     on conflict (dossier_id, seq) do nothing
     returning unit, tier, state, procedure_code as "procedureCode"`,
    [JSON.stringify(samples)],
  );
  for (const kind of added)
    for (const procedureCode of [kind.procedureCode, ""])
      touched.set(`${kind.unit} ${kind.tier} ${kind.state} ${procedureCode}`, { ...kind, procedureCode });
  return added.length;
}

const COUNT = (one: boolean) => `
  insert into step_durations as k (unit, tier, state, procedure_code, samples, median_minutes, p90_minutes, counted_at)
  select t.unit, t.tier, t.state, t."procedureCode", s.samples, s.median, s.p90, now()
    from jsonb_to_recordset(:kinds::jsonb) as t (unit text, tier text, state text, "procedureCode" text)
   cross join lateral (
     select count(*)::int as samples, percentile_disc(0.5) within group (order by minutes) as median,
            percentile_disc(0.9) within group (order by minutes) as p90
       from (select minutes from step_samples x
              where x.unit = t.unit and x.tier = t.tier and x.state = t.state
                ${one ? 'and x.procedure_code = t."procedureCode"' : ""}
              order by left_at desc limit ${LATEST}) latest) s
   where s.samples > 0
  on conflict (unit, tier, state, procedure_code) do update set samples = excluded.samples,
    median_minutes = excluded.median_minutes, p90_minutes = excluded.p90_minutes, counted_at = excluded.counted_at`;

async function count(db: Knex, kinds: readonly Kind[]): Promise<void> {
  const single = JSON.stringify(kinds.filter(({ procedureCode }) => procedureCode !== ""));
  await db.raw(COUNT(true), { kinds: single });
  await db.raw(COUNT(false), {
    kinds: JSON.stringify(kinds.filter(({ procedureCode }) => procedureCode === "")),
  });
  // What is older than the latest of its kind tells nothing any more.
  await db.raw(
    `delete from step_samples d using (
       select x.dossier_id, x.seq from jsonb_to_recordset(:kinds::jsonb) as t (unit text, tier text, state text, "procedureCode" text)
        cross join lateral (
          select dossier_id, seq from step_samples s
           where s.unit = t.unit and s.tier = t.tier and s.state = t.state and s.procedure_code = t."procedureCode"
           order by left_at desc offset ${LATEST}) x) old
      where d.dossier_id = old.dossier_id and d.seq = old.seq`,
    { kinds: single },
  );
}
