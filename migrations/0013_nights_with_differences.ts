import type { Knex } from "knex";

/**
 * A night that was run whole and left differences to the portal is not clean: the next one compares from the last clean
 * one. Nights that were kept as clean with differences left over are named so.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table nightly_runs drop constraint nightly_runs_state_check;
    alter table nightly_runs add constraint nightly_runs_state_check
      check (state in ('running', 'clean', 'differing', 'failed', 'partial'));
    update nightly_runs set state = 'differing' where state = 'clean' and left_over > 0;
    -- For the gauges: what is told to be at risk by now.
    create index late_risks_shown on late_risks (shown_from);
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
