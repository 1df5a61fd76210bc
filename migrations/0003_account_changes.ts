import type { Knex } from "knex";

/** Who changed which account when, append-only; and passwords that somebody else set, to be changed by their owner. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table accounts add column password_once boolean not null default false;

    create table account_changes (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      by_username text not null,
      username text not null references accounts (username),
      what text not null check (what in
        ('created', 'roles', 'disabled', 'enabled', 'password-reset', 'password-changed')),
      detail jsonb not null default '{}'
    );
    create index account_changes_of on account_changes (username, id);
    grant select, insert on account_changes to app, worker;
    grant usage on all sequences in schema public to app, worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
