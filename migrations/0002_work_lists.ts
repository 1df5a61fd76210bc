import type { Knex } from "knex";

/**
 * What the work lists are read by. `urgency` is the moment by which somebody must act: the due date, before acceptance
 * the limit to answer; `infinity` where nothing presses (paused, done, closed). A dossier concerns up to four kinds of
 * units; the indexes of the second and third hold only dossiers that the one before does not, so that the four parts
 * of a unit's list never overlap and each is read in its order.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table dossiers add column urgency timestamptz not null generated always as (
      case when closed_at is null and status <> 9
        then coalesce(due_at, answer_by, timestamptz 'infinity') else timestamptz 'infinity' end) stored;

    create index dossiers_urgent on dossiers (processing_agency, urgency, id) where closed_at is null;
    create index dossiers_urgent_intake on dossiers (intake_agency, urgency, id)
      where closed_at is null and intake_agency <> processing_agency;
    create index dossiers_urgent_deciding on dossiers (agency, urgency, id)
      where closed_at is null and agency <> processing_agency and agency <> intake_agency;
    create index dossiers_work on dossiers (processing_agency, work_state, urgency) where closed_at is null;

    create index dossiers_held on dossiers (processing_agency, assignee)
      where closed_at is null and assignee is not null;

    -- Everything that ever concerned a unit, the latest first.
    create index dossiers_processing_all on dossiers (processing_agency, id);
    create index dossiers_intake_all on dossiers (intake_agency, id) where intake_agency <> processing_agency;
    create index dossiers_deciding_all on dossiers (agency, id)
      where agency <> processing_agency and agency <> intake_agency;
    drop index dossiers_consulted;
    create index dossiers_consulted on dossiers using gin (consulted_agencies) where consulted_agencies <> '{}';
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
