import type { Knex } from "knex";
import type { Tier } from "../../workflows/declaration.ts";
import type { HistoryEvent } from "./dossier-figure.ts";

/** A dossier with the part of its history that figures are made from. */
export interface DossierHistory {
  id: number;
  code: string;
  unit: string;
  /** Where it lies now; told beside the figures, and part of none of them. */
  processingUnit: string;
  versionId: number;
  procedureCode: string;
  tier: Tier;
  channel: "counter" | "online" | "postal";
  events: HistoryEvent[];
}

type EventRow = HistoryEvent & { dossierId: number };

/** Only these tell by their content; of the others type, time and status are enough. */
const TELLING = "('FILE', 'ACCEPT', 'CORRECT', 'REQUEST_PAYMENT', 'PAY', 'EXTEND', 'CALENDAR_CHANGED')";

/** The dossiers of these ids, in order of id, with their events recorded before `until`. */
export async function readHistories(
  db: Knex,
  ids: readonly number[],
  until: number,
): Promise<DossierHistory[]> {
  if (ids.length === 0) return [];
  const { rows: dossiers } = await db.raw<{ rows: Omit<DossierHistory, "events">[] }>(
    `select id, code, agency as unit, processing_agency as "processingUnit", procedure_version_id as "versionId",
            procedure_code as "procedureCode", tier, channel
       from dossiers where id = any(?) order by id`,
    [[...ids]],
  );
  const { rows } = await db.raw<{ rows: EventRow[] }>(
    `select dossier_id as "dossierId", seq, type, at, recorded_at as "recordedAt", status, to_state as "toState",
            case when type in ${TELLING} then data - 'documents' end as data
       from events where dossier_id = any(?) and recorded_at < ? order by dossier_id, seq`,
    [[...ids], new Date(until)],
  );
  const chains = new Map<number, HistoryEvent[]>();
  for (const row of rows) {
    const event = { ...row, data: (row.data as HistoryEvent["data"] | null) ?? {} };
    const chain = chains.get(row.dossierId);
    if (chain === undefined) chains.set(row.dossierId, [event]);
    else chain.push(event);
  }
  return dossiers.map((dossier) => ({ ...dossier, events: chains.get(dossier.id) ?? [] }));
}

/**
 * Ids of a unit's dossiers filed before `until`, the next `limit` after one; with `from` without those that were closed
 * before it, which no figure of a period from then on counts.
 */
export async function nextDossiersOf(
  db: Knex,
  unit: string,
  after: number,
  until: number,
  limit: number,
  from = -Infinity,
): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `select id from dossiers where agency = ? and id > ? and submitted_at < ?
        and (closed_at is null or closed_at >= ?) order by id limit ?`,
    [unit, after, new Date(until), from === -Infinity ? "-infinity" : new Date(from), limit],
  );
  return rows.map(({ id }) => id);
}

/** The dossiers with an event recorded in [from, until), by deciding unit, each with its latest such moment. */
export async function touchedBetween(
  db: Knex,
  from: number,
  until: number,
): Promise<Map<string, { id: number; last: number }[]>> {
  const { rows } = await db.raw<{ rows: { id: number; unit: string; last: Date }[] }>(
    `select t.id, d.agency as unit, t.last
       from (select dossier_id as id, max(recorded_at) as last from events
              where recorded_at >= ? and recorded_at < ? group by dossier_id) t
       join dossiers d on d.id = t.id
      order by t.id`,
    [new Date(from), new Date(until)],
  );
  const byUnit = new Map<string, { id: number; last: number }[]>();
  for (const { id, unit, last } of rows) {
    const touched = byUnit.get(unit);
    const entry = { id, last: last.getTime() };
    if (touched === undefined) byUnit.set(unit, [entry]);
    else touched.push(entry);
  }
  return byUnit;
}
