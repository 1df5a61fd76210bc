import type { Knex } from "knex";

/**
 * How long steps take, and which open dossiers are likely to be late by it; and nights that an administrator asked to
 * repeat. All but the requests can be made again from `events`.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A step that was left: office minutes in it, without what was paused. Of each kind only the latest are kept.
    create table step_samples (
      dossier_id bigint not null references dossiers (id),
      seq int not null,
      unit text not null,
      tier text not null,
      state text not null,
      procedure_code text not null,
      left_at timestamptz not null,
      minutes int not null check (minutes >= 0),
      primary key (dossier_id, seq)
    );
    create index step_samples_kind on step_samples (unit, tier, state, procedure_code, left_at desc);
    create index step_samples_step on step_samples (unit, tier, state, left_at desc);

    -- procedure_code '' is all procedures of the unit.
    create table step_durations (
      unit text not null,
      tier text not null,
      state text not null,
      procedure_code text not null,
      samples int not null,
      median_minutes int not null,
      p90_minutes int not null,
      counted_at timestamptz not null,
      primary key (unit, tier, state, procedure_code)
    );

    -- Reckoned at this head of the history; a dossier that has moved on since is reckoned anew.
    create table late_risks (
      dossier_id bigint primary key references dossiers (id),
      -- where it is handled at this head
      unit text not null,
      head_seq int not null,
      due_at timestamptz not null,
      -- from when it will be late if it takes as long as nine in ten do, and as half of them do; infinity for never
      possible_from timestamptz not null,
      likely_from timestamptz not null,
      -- two working days ahead at the earliest
      shown_from timestamptz not null,
      -- the working day before
      prepare_from timestamptz not null,
      suggested_due timestamptz not null
    );
    create index late_risks_of_unit on late_risks (unit, shown_from);

    create table nightly_requests (
      id bigint generated always as identity primary key,
      day date not null,
      unit text references agencies (code),
      asked_by text not null,
      asked_at timestamptz not null,
      taken_at timestamptz,
      done_at timestamptz,
      ok boolean
    );
    create index nightly_requests_open on nightly_requests (id) where done_at is null;

    grant select on step_samples, step_durations, late_risks, nightly_requests to app, worker, statistics;
    grant insert, update, delete on step_samples, step_durations, late_risks to worker;
    grant insert on nightly_requests to app, worker;
    grant update on nightly_requests to worker;
    grant usage on all sequences in schema public to app, worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
