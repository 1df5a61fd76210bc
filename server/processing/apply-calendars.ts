import { advanceLocked } from "../dossier/advance.ts";
import { WORKER } from "../dossier/deps.ts";
import type { Deps } from "../dossier/deps.ts";
import { lockDossier } from "../dossier/record.ts";
import { iso, projectTime } from "../dossier/time.ts";

const AT_ONCE = 500;

interface Entered {
  year: number;
  version: number;
  source: string;
}

/**
 * Re-derives the open dossiers a newly entered calendar year touches, each by an event of its own; closed ones keep the
 * table of their day (deadlines.md, opening paragraph). Goes on where it was when it is interrupted.
 */
export async function applyCalendars(deps: Deps): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: Entered[] }>(
    `select c.year, c.version, c.source from calendar_years c
      where c.version > 1 and not exists
        (select 1 from calendar_applied a where a.year = c.year and a.version = c.version)
      order by c.year, c.version`,
  );
  let told = 0;
  for (const entered of rows) told += await applyOne(deps, entered);
  return told;
}

async function applyOne(deps: Deps, entered: Entered): Promise<number> {
  let after = 0;
  let told = 0;
  for (;;) {
    const { rows } = await deps.db.raw<{ rows: { id: number; code: string }[] }>(
      `select id, code from dossiers
        where closed_at is null and received_at is not null and id > ?
          and (calendar_missing or extract(year from coalesce(due_at, last_due_at) at time zone 'Asia/Ho_Chi_Minh') >= ?
            or coalesce(due_at, last_due_at) is null)
        order by id limit ?`,
      [after, entered.year, AT_ONCE],
    );
    for (const { code } of rows) told += (await rederive(deps, code, entered)) ? 1 : 0;
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  await deps.db.raw(
    "insert into calendar_applied (year, version, applied_at) values (?, ?, ?) on conflict do nothing",
    [entered.year, entered.version, deps.clock.now()],
  );
  return told;
}

async function rederive(deps: Deps, code: string, { year, version, source }: Entered): Promise<boolean> {
  return deps.db.transaction(async (trx) => {
    const dossier = await lockDossier(trx, code);
    if (dossier === undefined || dossier.closedAt !== null) return false;
    const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
    const projection = projectTime(
      dossier.facts,
      config.meta.declared,
      dossier.workState,
      await deps.calendarOf(dossier.agency),
    );
    const stored = (moment: Date | null) => (moment === null ? null : iso(moment));
    const same =
      stored(dossier.dueAt) === projection.dueAt &&
      stored(dossier.lastDueAt) === projection.lastDueAt &&
      dossier.provisional === projection.provisional &&
      dossier.calendarMissing === projection.calendarMissing;
    if (same) return false;
    await advanceLocked(trx, deps, dossier, {
      type: "CALENDAR_CHANGED",
      caller: WORKER,
      payload: { year, version, source },
    });
    return true;
  });
}
