import type { Knex } from "knex";

/** Copies of papers are signed as results are: what is under way is on record, and what came to nothing has its reason. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table signings
      drop constraint signings_type_check,
      add constraint signings_type_check check (type in ('SIGN', 'SEAL', 'COPY')),
      add column document_id bigint references documents (id),
      add constraint signings_document check ((type = 'COPY') = (document_id is not null));
    -- A result is signed by one at a time, and so is the copy of a paper; neither holds the other up.
    drop index signings_running;
    create unique index signings_running on signings (dossier_id) where state = 'running' and document_id is null;
    create unique index signings_running_copy on signings (document_id)
      where state = 'running' and document_id is not null;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
