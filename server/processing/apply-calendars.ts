import { calendarInForce } from "../catalogue/calendar-in-force.ts";
import { advanceLocked } from "../dossier/advance.ts";
import { WORKER } from "../dossier/deps.ts";
import type { Deps } from "../dossier/deps.ts";
import { dossiersById, lockDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { isoOrNull, projectTime } from "../dossier/time.ts";
import { Problem } from "../platform/errors.ts";

const AT_ONCE = 500;

interface Entered {
  year: number;
  version: number;
  source: string;
  /** Entered so lately that a process may still decide by the years it remembers. */
  isFresh: boolean;
}

/**
 * Re-derives the open dossiers an entered calendar year touches, each by an event of its own; closed ones keep the
 * table of their day (deadlines.md, opening paragraph). A year counts as applied when every process must have seen it:
 * until then it is looked through again, for what was decided by the old one. Goes on where it was when it is
 * interrupted. Answers how many dossiers were told.
 */
export async function applyCalendars(deps: Deps): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: Entered[] }>(
    `select c.year, c.version, c.source, c.entered_at between now() - interval '15 seconds' and now() as "isFresh"
       from calendar_years c
      where not exists (select 1 from calendar_applied a where a.year = c.year and a.version = c.version)
      order by c.year, c.version`,
  );
  if (rows.length === 0) return 0;
  // Read anew: the calendar that this process remembers may be older than the rows just found.
  const reading = { ...deps, calendarOf: calendarInForce(deps.db, deps.agencies) };
  let told = 0;
  for (const entered of rows) told += await applyOne(reading, entered);
  return told;
}

async function applyOne(deps: Deps, entered: Entered): Promise<number> {
  let after = 0;
  let told = 0;
  for (;;) {
    const { rows } = await deps.db.raw<{ rows: { id: number }[] }>(
      `select id from dossiers
        where closed_at is null and id > ? and (calendar_missing or answer_by is not null or received_at is not null and
          coalesce(extract(year from coalesce(due_at, last_due_at) at time zone 'Asia/Ho_Chi_Minh') >= ?, true))
        order by id limit ?`,
      [after, entered.year, AT_ONCE],
    );
    const dossiers = await dossiersById(
      deps.db,
      rows.map(({ id }) => id),
    );
    for (const dossier of dossiers) {
      // Most keep their date; those need no lock. What moves meanwhile is looked at again while the year is fresh.
      if (await agrees(deps, dossier)) continue;
      try {
        told += (await rederive(deps, dossier.code, entered)) ? 1 : 0;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // One dossier must not keep the others from their date; verify:history names it until it is mended.
        deps.log.error({ err: error, dossier: dossier.code }, "a dossier could not be re-derived");
      }
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  if (!entered.isFresh)
    await deps.db.raw(
      "insert into calendar_applied (year, version, applied_at) values (?, ?, ?) on conflict do nothing",
      [entered.year, entered.version, deps.clock.now()],
    );
  return told;
}

async function rederive(deps: Deps, code: string, { year, version, source }: Entered): Promise<boolean> {
  return deps.db.transaction(async (trx) => {
    const dossier = await lockDossier(trx, code);
    if (dossier?.closedAt !== null || (await agrees(deps, dossier))) return false;
    await advanceLocked(trx, deps, dossier, {
      type: "CALENDAR_CHANGED",
      caller: WORKER,
      payload: { year, version, source },
    });
    return true;
  });
}

/** Whether the dossier's stored dates are those that the calendar gives. */
async function agrees(deps: Deps, dossier: DossierRecord): Promise<boolean> {
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const calendar = await deps.calendarOf(dossier.agency);
  const projection = projectTime(dossier.facts, config.meta.declared, dossier.workState, calendar);
  return (
    isoOrNull(dossier.dueAt) === projection.dueAt &&
    isoOrNull(dossier.lastDueAt) === projection.lastDueAt &&
    isoOrNull(dossier.answerBy) === projection.answerBy &&
    isoOrNull(dossier.stepDueAt) === projection.stepDueAt &&
    dossier.provisional === projection.provisional &&
    dossier.calendarMissing === projection.calendarMissing
  );
}
