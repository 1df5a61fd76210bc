import type { Knex } from "knex";

/** What a front desk has typed and not sent yet: one draft an account, encrypted, forgotten after a week. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table drafts (
      username text primary key references accounts (username),
      content bytea not null,
      updated_at timestamptz not null
    );
    create index drafts_age on drafts (updated_at);
    grant select, insert, update, delete on drafts to app;
    grant select, delete on drafts to worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
