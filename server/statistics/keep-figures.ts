import type { Knex } from "knex";
import type { Span } from "./dossier-figure.ts";
import type { CountedDossier } from "./figures-of.ts";
import { dayOf } from "./vietnam-days.ts";

/** From which day on a (procedure, tier) of a unit has to be counted anew. */
export type ChangedCells = Map<string, { procedureCode: string; tier: string; from: string }>;

interface Kept {
  receivedOn: string;
  endedOn: string | null;
  outcome: string | null;
  measuredBy: string;
  spans: Span[];
}

/**
 * Writes what these dossiers are now, in place of what they were; answers which cells of days up to `rolledDay` that
 * changes (late events; without them none). `fresh`: nothing is kept of them yet, so nothing is compared.
 */
export async function keepFigures(
  trx: Knex.Transaction,
  dossiers: readonly CountedDossier[],
  rolledDay: string | null,
): Promise<ChangedCells> {
  const changed: ChangedCells = new Map();
  if (rolledDay !== null) {
    const before = await readKept(
      trx,
      dossiers.map(({ id }) => id),
    );
    for (const dossier of dossiers) {
      const from = differsFrom(before.get(dossier.id), keptOf(dossier));
      if (from === null || from > rolledDay) continue;
      const { procedureCode, tier } = dossier;
      const key = `${procedureCode} ${tier}`;
      const known = changed.get(key);
      if (known === undefined || from < known.from) changed.set(key, { procedureCode, tier, from });
    }
  }
  await write(trx, dossiers, rolledDay !== null);
  return changed;
}

function keptOf({ figure }: CountedDossier): Kept | undefined {
  if (figure === undefined) return undefined;
  const { receivedAt, endedAt, outcome, measuredBy, spans } = figure;
  return {
    receivedOn: dayOf(receivedAt),
    endedOn: endedAt === null ? null : dayOf(endedAt),
    outcome,
    measuredBy,
    spans,
  };
}

async function readKept(trx: Knex.Transaction, ids: readonly number[]): Promise<Map<number, Kept>> {
  const { rows } = await trx.raw<{ rows: (Kept & { id: number })[] }>(
    `select d.dossier_id as id, d.received_on as "receivedOn", d.ended_on as "endedOn", d.outcome,
            d.measured_by as "measuredBy",
            coalesce((select json_agg(json_build_object('from', extract(epoch from s.from_at) * 1000,
                'until', case when s.until_at <> 'infinity' then extract(epoch from s.until_at) * 1000 end,
                'state', s.state, 'dueAt', extract(epoch from s.due_at) * 1000) order by s.from_at)
              from statistic_spans s where s.dossier_id = d.dossier_id), '[]') as spans
       from statistic_dossiers d where d.dossier_id = any(?)`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The first day on which the two count differently; null when on none. */
export function differsFrom(before: Kept | undefined, after: Kept | undefined): string | null {
  const days: string[] = [];
  const add = (day: string | null | undefined) => day != null && days.push(day);
  if (before?.measuredBy !== after?.measuredBy || before === undefined || after === undefined) {
    add(before?.receivedOn);
    add(after?.receivedOn);
  } else {
    if (before.receivedOn !== after.receivedOn) days.push(before.receivedOn, after.receivedOn);
    if (before.endedOn !== after.endedOn || before.outcome !== after.outcome) {
      add(before.endedOn);
      add(after.endedOn);
    }
    const moment = spansDifferFrom(before.spans, after.spans);
    if (moment !== null) days.push(dayOf(moment));
  }
  return days.sort()[0] ?? null;
}

function spansDifferFrom(before: readonly Span[], after: readonly Span[]): number | null {
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const [old, now] = [before[at], after[at]];
    if (old === undefined) return now?.from ?? null;
    if (now === undefined) return old.from;
    if (old.from !== now.from) return Math.min(old.from, now.from);
    if (old.state !== now.state || old.dueAt !== now.dueAt) return old.from;
    if (old.until !== now.until) return Math.min(old.until ?? Infinity, now.until ?? Infinity);
  }
  return null;
}

async function write(
  trx: Knex.Transaction,
  dossiers: readonly CountedDossier[],
  mayExist: boolean,
): Promise<void> {
  if (mayExist) {
    const ids = dossiers.map(({ id }) => id);
    await trx.raw("delete from statistic_spans where dossier_id = any(?)", [ids]);
    const gone = dossiers.filter(({ figure }) => figure === undefined).map(({ id }) => id);
    if (gone.length > 0) await trx.raw("delete from statistic_dossiers where dossier_id = any(?)", [gone]);
  }
  const counted = dossiers.flatMap(({ figure, ...dossier }) =>
    figure === undefined ? [] : [{ ...dossier, figure }],
  );
  if (counted.length === 0) return;
  const rows = counted.map(({ figure, ...dossier }) => ({
    id: dossier.id,
    c: dossier.code,
    u: dossier.unit,
    pu: dossier.processingUnit,
    p: dossier.procedureCode,
    t: dossier.tier,
    ch: dossier.channel,
    r: moment(figure.receivedAt),
    ro: dayOf(figure.receivedAt),
    d: moment(figure.dueAt),
    e: moment(figure.endedAt),
    eo: figure.endedAt === null ? null : dayOf(figure.endedAt),
    es: figure.endStatus,
    o: figure.outcome,
    m: figure.measuredBy,
    s: figure.supplements,
    x: figure.extended,
    oc: figure.overdueCause,
    h: figure.headSeq,
  }));
  await trx.raw(INSERT_DOSSIERS, [JSON.stringify(rows)]);
  const spans = counted.flatMap(({ id, unit, procedureCode, tier, figure }) =>
    figure.spans.map(({ from, until, state, dueAt }) => ({
      id,
      f: moment(from),
      n: until === null ? "infinity" : moment(until),
      u: unit,
      p: procedureCode,
      t: tier,
      s: state,
      d: moment(dueAt),
      m: figure.measuredBy !== "none",
    })),
  );
  if (spans.length > 0) await trx.raw(INSERT_SPANS, [JSON.stringify(spans)]);
}

const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString());

const INSERT_DOSSIERS = `
  insert into statistic_dossiers as k (dossier_id, code, unit, processing_unit, procedure_code, tier, channel, received_at,
    received_on, due_at, ended_at, ended_on, end_status, outcome, measured_by, supplements, extended, overdue_cause, head_seq)
  select id, c, u, pu, p, t, ch, r, ro, d, e, eo, es, o, m, s, x, oc, h
    from jsonb_to_recordset(?::jsonb) as f (id bigint, c text, u text, pu text, p text, t text, ch text, r timestamptz,
      ro date, d timestamptz, e timestamptz, eo date, es smallint, o text, m text, s int, x boolean, oc text, h int)
  on conflict (dossier_id) do update set processing_unit = excluded.processing_unit, received_at = excluded.received_at,
    received_on = excluded.received_on, due_at = excluded.due_at, ended_at = excluded.ended_at,
    ended_on = excluded.ended_on, end_status = excluded.end_status, outcome = excluded.outcome,
    measured_by = excluded.measured_by, supplements = excluded.supplements, extended = excluded.extended,
    overdue_cause = excluded.overdue_cause, head_seq = excluded.head_seq`;

const INSERT_SPANS = `
  insert into statistic_spans (dossier_id, from_at, until_at, unit, procedure_code, tier, state, due_at, measured)
  select id, f, n, u, p, t, s, d, m
    from jsonb_to_recordset(?::jsonb) as r (id bigint, f timestamptz, n timestamptz, u text, p text, t text, s text,
      d timestamptz, m boolean)`;
