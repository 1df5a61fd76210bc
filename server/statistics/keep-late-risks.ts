import type { Knex } from "knex";
import {
  CalendarMissing,
  officeMinutesBetween,
  toVietnamIso,
  type Calendar,
} from "../../workflows/calendar.ts";
import type { Tier } from "../../workflows/declaration.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Database } from "../platform/database.ts";
import { lateRisk, type LateRisk, type StepTime } from "./early-warning.ts";

/** Fewer samples than this say nothing; then the step's planned share of the limit stands for it. */
const ENOUGH = 5;
const A_PAGE = 1_000;

export interface RiskDeps {
  /** In the role `worker`. */
  db: Database;
  catalogue: Pick<Catalogue, "version">;
  calendarOf(unit: string): Promise<Calendar> | Calendar;
}

interface OpenDossier {
  id: number;
  versionId: number;
  tier: Tier;
  procedureCode: string;
  agency: string;
  processing: string;
  intake: string;
  workState: string;
  headSeq: number;
  receivedAt: Date;
  dueAt: Date;
  /** When it came into its step, or was taken up again after a pause. */
  since: Date;
}

/**
 * Reckons anew which open dossiers are likely to be late: those with an event recorded since a moment, or all open ones
 * (each night, for by then the steps' times have changed). What is closed, paused or done is forgotten. Answers how many
 * were reckoned.
 */
export async function keepLateRisks(deps: RiskDeps, since?: Date): Promise<number> {
  const { db } = deps;
  let reckoned = 0;
  let after = 0;
  for (;;) {
    const { rows } = await db.raw<{ rows: { id: number }[] }>(
      since === undefined
        ? `select id from dossiers where closed_at is null and id > :after order by id limit :most`
        : `select distinct dossier_id as id from events where recorded_at >= :since and dossier_id > :after
            order by 1 limit :most`,
      { after, most: A_PAGE, ...(since === undefined ? {} : { since }) },
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    reckoned += await reckonPage(
      deps,
      rows.map(({ id }) => id),
    );
  }
  if (since === undefined)
    await db.raw(
      "delete from late_risks r using dossiers d where d.id = r.dossier_id and d.closed_at is not null",
    );
  return reckoned;
}

async function reckonPage(deps: RiskDeps, ids: number[]): Promise<number> {
  const { db } = deps;
  const { rows: open } = await db.raw<{ rows: OpenDossier[] }>(
    `select d.id, d.procedure_version_id as "versionId", d.tier, d.procedure_code as "procedureCode", d.agency,
            d.processing_agency as processing, d.intake_agency as intake, d.work_state as "workState",
            d.head_seq as "headSeq", d.received_at as "receivedAt", d.due_at as "dueAt",
            greatest(
              (select max(e.at) from events e where e.dossier_id = d.id and e.to_state = d.work_state
                  and e.from_state <> e.to_state),
              (select max(e.at) from events e where e.dossier_id = d.id and e.from_status in (5, 6, 7)
                  and e.status not in (5, 6, 7))) as since
       from dossiers d
      where d.id = any(?) and d.closed_at is null and d.status in (2, 4) and d.due_at is not null
        and d.received_at is not null and d.paused_since is null`,
    [ids],
  );
  const times = await readTimes(db, open);
  const risks: (LateRisk & { id: number; unit: string; headSeq: number; dueAt: Date })[] = [];
  for (const dossier of open) {
    const risk = await riskOf(deps, dossier, times);
    if (risk !== undefined)
      risks.push({
        ...risk,
        ...{ id: dossier.id, unit: dossier.processing, headSeq: dossier.headSeq, dueAt: dossier.dueAt },
      });
  }
  await db.transaction(async (trx) => {
    const kept = risks.map(({ id }) => id);
    await trx.raw("delete from late_risks where dossier_id = any(:ids) and not dossier_id = any(:kept)", {
      ids,
      kept,
    });
    await trx.raw(
      `insert into late_risks (dossier_id, unit, head_seq, due_at, possible_from, likely_from, shown_from, prepare_from,
         suggested_due)
       select id, unit, "headSeq", "dueAt", coalesce("possibleFrom", 'infinity'), coalesce("likelyFrom", 'infinity'),
              greatest("toldFrom", coalesce("possibleFrom", 'infinity')), "prepareFrom", "suggestedDue"
         from jsonb_to_recordset(?::jsonb) as r (id bigint, unit text, "headSeq" int, "dueAt" timestamptz, "possibleFrom" timestamptz,
           "likelyFrom" timestamptz, "toldFrom" timestamptz, "prepareFrom" timestamptz, "suggestedDue" timestamptz)
       on conflict (dossier_id) do update set unit = excluded.unit, head_seq = excluded.head_seq, due_at = excluded.due_at,
         possible_from = excluded.possible_from, likely_from = excluded.likely_from,
         shown_from = excluded.shown_from, prepare_from = excluded.prepare_from,
         suggested_due = excluded.suggested_due`,
      [JSON.stringify(risks)],
    );
  });
  return risks.length;
}

type Times = ReadonlyMap<string, StepTime>;

/** Undefined where the dossier is in no step of its chart, or the calendar does not reach so far. */
async function riskOf(deps: RiskDeps, dossier: OpenDossier, times: Times): Promise<LateRisk | undefined> {
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const steps = declaration.charts[dossier.tier]?.steps ?? [];
  // Two states of the front desk stand before the first step that a chart shares out.
  const at = Math.max(
    steps.findIndex(({ state }) => state === dossier.workState),
    dossier.workState === "digitized" ? 0 : -1,
  );
  if (at < 0) return undefined;
  const calendar = await deps.calendarOf(dossier.agency);
  try {
    const limit = officeMinutesBetween(
      toVietnamIso(dossier.receivedAt.getTime()),
      toVietnamIso(dossier.dueAt.getTime()),
      calendar,
    );
    const left = steps
      .slice(at)
      .filter(({ state }) => state !== "done")
      .map(({ state, share, role }): StepTime => {
        const unit = role === "frontdesk" ? dossier.intake : dossier.processing;
        const known = [dossier.procedureCode, ""]
          .map((code) => times.get(`${unit} ${dossier.tier} ${state} ${code}`))
          .find((one) => one !== undefined);
        if (known !== undefined) return known;
        const [part = "0", whole = "1"] = share.split("/");
        const planned = Math.round((limit * Number(part)) / Number(whole));
        return { median: planned, p90: planned };
      });
    return lateRisk({ dueAt: dossier.dueAt, since: dossier.since, steps: left }, calendar);
  } catch (error) {
    if (error instanceof CalendarMissing) return undefined;
    throw error;
  }
}

async function readTimes(db: Knex, open: readonly OpenDossier[]): Promise<Times> {
  const units = [...new Set(open.flatMap(({ processing, intake }) => [processing, intake]))];
  const codes = [...new Set(open.map(({ procedureCode }) => procedureCode))];
  const { rows } = await db.raw<{
    rows: { unit: string; tier: string; state: string; code: string; median: number; p90: number }[];
  }>(
    `select unit, tier, state, procedure_code as code, median_minutes as median, p90_minutes as p90
       from step_durations where unit = any(:units) and procedure_code = any(:codes) and samples >= :enough`,
    { units, codes: [...codes, ""], enough: ENOUGH },
  );
  return new Map(
    rows.map(({ unit, tier, state, code, median, p90 }) => [
      `${unit} ${tier} ${state} ${code}`,
      { median, p90 },
    ]),
  );
}
