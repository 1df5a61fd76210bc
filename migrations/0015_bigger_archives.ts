import type { Knex } from "knex";

/**
 * What is looked for all day among the open is found among the open, however many are closed: dossiers on which a unit
 * was consulted, those that it decides and another handles, the ones in a step; and numbers that are reserved only.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index document_numbers_reserved on document_numbers (reserved_at) where state = 'reserved';

    create index dossiers_consulted_open on dossiers using gin (consulted_agencies)
      where closed_at is null and consulted_agencies <> '{}';
    create index dossiers_awaiting_deciding on dossiers (agency, urgency, id)
      where closed_at is null and status in (5, 6, 7) and agency <> processing_agency and agency <> intake_agency;
    create index dossiers_unclaimed_deciding on dossiers (agency, urgency, id)
      where closed_at is null and status = 9 and agency <> processing_agency and agency <> intake_agency;
    drop index dossiers_work;
    create index dossiers_work on dossiers (processing_agency, work_state, urgency, id)
      where closed_at is null and status in (2, 4);
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
