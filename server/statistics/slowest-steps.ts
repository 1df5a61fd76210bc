import type { Knex } from "knex";

export interface SlowStep {
  unit: string;
  tier: string;
  state: string;
  samples: number;
  medianMinutes: number;
  p90Minutes: number;
}

/** Fewer than this tell nothing about a step. */
const ENOUGH = 5;

/**
 * The steps, of all a unit's procedures, that take longest for the slow tenth; of these units, or of all. Before acceptance and
 * after the work is done a dossier waits for its applicant, and for no step.
 */
export async function slowestSteps(
  db: Knex,
  units: readonly string[] | undefined,
  limit = 10,
): Promise<SlowStep[]> {
  const { rows } = await db.raw<{ rows: SlowStep[] }>(
    `select unit, tier, state, samples, median_minutes as "medianMinutes", p90_minutes as "p90Minutes"
       from step_durations
      where procedure_code = '' and state not in ('filed', 'done') and samples >= ${ENOUGH} and (:units::text[] is null or unit = any(:units::text[]))
      order by p90_minutes desc, unit, tier, state limit :limit`,
    { units: units === undefined ? null : [...units], limit },
  );
  return rows;
}

/** How many of the latest of a step are looked at: as many as `step_durations` was counted from. */
const LATEST = 100;

/** The dossiers behind a step's times, the latest first. */
export async function samplesOf(
  db: Knex,
  step: Pick<SlowStep, "unit" | "tier" | "state">,
): Promise<{ code: string; procedureCode: string; leftAt: Date; minutes: number }[]> {
  const { rows } = await db.raw<{
    rows: { code: string; procedureCode: string; leftAt: Date; minutes: number }[];
  }>(
    `select d.code, s.procedure_code as "procedureCode", s.left_at as "leftAt", s.minutes
       from step_samples s join dossiers d on d.id = s.dossier_id
      where s.unit = :unit and s.tier = :tier and s.state = :state order by s.left_at desc, s.dossier_id desc
      limit ${LATEST}`,
    { unit: step.unit, tier: step.tier, state: step.state },
  );
  return rows;
}
