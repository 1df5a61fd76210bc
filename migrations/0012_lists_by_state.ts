import type { Knex } from "knex";

/**
 * The lists of what waits for the citizen, for its applicant at the counter, or at the front desk, each in its order:
 * without them the open dossiers of a busy unit are walked through one after another to find a page of these.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index dossiers_awaiting on dossiers (processing_agency, urgency, id)
      where closed_at is null and status in (5, 6, 7);
    create index dossiers_awaiting_intake on dossiers (intake_agency, urgency, id)
      where closed_at is null and status in (5, 6, 7) and intake_agency <> processing_agency;
    create index dossiers_unclaimed on dossiers (processing_agency, urgency, id)
      where closed_at is null and status = 9;
    create index dossiers_unclaimed_intake on dossiers (intake_agency, urgency, id)
      where closed_at is null and status = 9 and intake_agency <> processing_agency;
    create index dossiers_at_desk on dossiers (intake_agency, work_state, urgency, id)
      where closed_at is null and status in (1, 2);
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
