import type { Knex } from "knex";

/** What a unit's front desk took on a day is found without looking through all events of that day. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index events_paid on events (actor_agency, recorded_at) where type = 'PAY';
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
