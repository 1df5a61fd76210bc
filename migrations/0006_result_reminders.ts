import type { Knex } from "knex";

/**
 * Who reminded whom of a result that waits at the counter: when and how, append-only. The portal's numbers in the
 * search, and changes of an account's name or unit.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table result_reminders (
      id bigint generated always as identity primary key,
      dossier_id bigint not null references dossiers (id),
      at timestamptz not null,
      by_username text not null references accounts (username),
      how text not null check (how in ('phone', 'message', 'letter', 'person')),
      note text not null default ''
    );
    create index result_reminders_of on result_reminders (dossier_id, id);
    grant select, insert on result_reminders to app;
    grant select on result_reminders to worker;

    -- The portal's own number of a dossier is searched for like ours.
    update dossier_people p set search = p.search || ' ' || lower(d.portal_code)
      from dossiers d where d.id = p.dossier_id and d.portal_code is not null;

    alter table account_changes drop constraint account_changes_what_check;
    alter table account_changes add constraint account_changes_what_check check (what in
      ('created', 'person', 'roles', 'disabled', 'enabled', 'password-reset', 'password-changed'));
    grant usage on all sequences in schema public to app, worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
