import type { Knex } from "knex";

/**
 * What the night keeps of every accepted dossier, so that a figure of any past day is a short question: the dossier, the
 * stretches of time in which it was open under one due moment, the flows of each day, what stood open at each day's end;
 * the nights themselves with what each reported, and the differences to the portal that they found.
 *
 * All of it can be made again from `events` alone; nothing here is history.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table statistic_procedures (
      code text primary key,
      name text not null,
      field text not null
    );

    -- How far each unit is rolled up: to the end of this day, from what was recorded before this moment.
    create table statistic_units (
      unit text primary key references agencies (code),
      rolled_day date not null,
      known_until timestamptz not null
    );

    create table statistic_dossiers (
      dossier_id bigint primary key references dossiers (id),
      code text not null,
      unit text not null,
      processing_unit text not null,
      procedure_code text not null,
      tier text not null,
      channel text not null,
      received_at timestamptz not null,
      received_on date not null,
      due_at timestamptz,
      ended_at timestamptz,
      ended_on date,
      end_status smallint,
      outcome text check (outcome in ('before', 'on-time', 'late', 'unmeasured')),
      measured_by text not null check (measured_by in ('limit', 'maximum', 'none')),
      supplements int not null,
      extended boolean not null,
      overdue_cause text,
      head_seq int not null
    );
    create index statistic_dossiers_received on statistic_dossiers (unit, received_on);
    create index statistic_dossiers_ended on statistic_dossiers (unit, ended_on);
    create index statistic_dossiers_received_on on statistic_dossiers (received_on);
    create index statistic_dossiers_ended_on on statistic_dossiers (ended_on);

    -- [from_at, until_at): open under one due moment, running, paused or without a known limit.
    create table statistic_spans (
      dossier_id bigint not null references statistic_dossiers (dossier_id),
      from_at timestamptz not null,
      until_at timestamptz not null,
      unit text not null,
      procedure_code text not null,
      tier text not null,
      state text not null check (state in ('running', 'paused', 'unlimited')),
      due_at timestamptz,
      measured boolean not null,
      primary key (dossier_id, from_at)
    );
    create index statistic_spans_unit on statistic_spans (unit, until_at);

    -- What happened on a day. The apart ones have no limit and no maximum to be measured by.
    create table statistic_days (
      day date not null,
      unit text not null,
      procedure_code text not null,
      tier text not null,
      received_online int not null,
      received_counter int not null,
      received_postal int not null,
      ended_before int not null,
      ended_on_time int not null,
      ended_late int not null,
      apart_received int not null,
      apart_ended int not null,
      primary key (day, unit, procedure_code, tier)
    );
    create index statistic_days_unit on statistic_days (unit, day);

    -- What stood open when a day ended.
    create table statistic_open (
      day date not null,
      unit text not null,
      procedure_code text not null,
      tier text not null,
      within int not null,
      overdue int not null,
      apart int not null,
      primary key (day, unit, procedure_code, tier)
    );
    create index statistic_open_unit on statistic_open (unit, day);

    -- A night is named by the day that it closes.
    create table nightly_runs (
      day date primary key,
      state text not null check (state in ('running', 'clean', 'failed', 'partial')),
      -- only what was recorded before counts: the day's end, or the moment of the run where the day was not over
      as_of timestamptz not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      attempts int not null default 1,
      reconciled_to bigint,
      reconciled_at timestamptz,
      compared int,
      differences int,
      left_over int,
      error text
    );
    create table nightly_units (
      day date not null,
      unit text not null references agencies (code),
      state text not null check (state in ('done', 'failed')),
      attempts int not null default 1,
      dossiers int not null default 0,
      error text,
      as_of timestamptz not null,
      figures jsonb,
      figures_hash text,
      finished_at timestamptz not null,
      primary key (day, unit)
    );
    create index nightly_units_failed on nightly_units (day) where state = 'failed';
    -- What the portal was told of a month, and what it said; '' is the province.
    create table statistic_reports (
      day date not null,
      unit text not null,
      record jsonb not null,
      sent_at timestamptz,
      accepted boolean,
      answer text,
      primary key (day, unit)
    );

    create table reconciliation_differences (
      day date not null,
      dossier_code text not null,
      what text not null,
      ours text not null,
      theirs text not null,
      cause text not null,
      mended_by text not null,
      ours_after text,
      theirs_after text,
      settled boolean not null default false,
      found_at timestamptz not null,
      primary key (day, dossier_code, what)
    );
    create index reconciliation_differences_open on reconciliation_differences (day) where not settled;

    grant select on statistic_procedures, statistic_units, statistic_dossiers, statistic_spans, statistic_days,
      statistic_open, nightly_runs, nightly_units, statistic_reports, reconciliation_differences
      to app, worker, statistics;
    grant insert, update, delete on statistic_procedures, statistic_units, statistic_dossiers, statistic_spans,
      statistic_days, statistic_open to worker;
    grant insert, update on nightly_runs, nightly_units, statistic_reports, reconciliation_differences to worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
