import type { Knex } from "knex";

/** One draft a form instead of one an account: two tabs at the counter are two persons. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table drafts add column form text check (length(form) between 1 and 200);
    update drafts set form = gen_random_uuid()::text;
    alter table drafts drop constraint drafts_pkey, add primary key (username, form);
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
