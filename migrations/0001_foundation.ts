import type { Knex } from "knex";

/**
 * The foundation: roles, agencies, people, the rules in force, the shared record of dossiers,
 * its append-only history, papers, the outbox to the national portal.
 *
 * Roles are made here, from the first migration on, because the promise that history is append-only rests
 * on them: the running program is a member of `app`, `worker`, `tracking` and `statistics` (NOINHERIT) and
 * none of these may change or delete a row of `events`.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    do $$
    declare r text;
    begin
      foreach r in array array['app', 'worker', 'tracking', 'statistics'] loop
        begin
          execute format('create role %I nologin noinherit', r);
        exception when duplicate_object or unique_violation then null;
        end;
      end loop;
    end $$;

    create extension if not exists unaccent;
    create extension if not exists pg_trgm;

    create table agencies (
      code text primary key,
      name text not null,
      level text not null check (level in ('province', 'district', 'commune')),
      kind text not null check (kind in ('committee', 'department', 'centre', 'district', 'commune', 'division')),
      parent text references agencies (code),
      key text,
      assigned boolean not null default false,
      gso text,
      area text,
      office_hours jsonb,
      valid_from date not null default '2004-01-01',
      valid_to date,
      successor text references agencies (code)
    );

    create table accounts (
      id bigint generated always as identity primary key,
      username text not null unique,
      name text not null,
      agency text not null references agencies (code),
      roles text[] not null,
      password_hash text not null,
      active boolean not null default true,
      demonstration boolean not null default false,
      created_at timestamptz not null default now()
    );

    create table sessions (
      token_hash bytea primary key,
      account_id bigint not null references accounts (id),
      created_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index sessions_expiry on sessions (expires_at);

    -- Append-only: a later version of a year replaces the earlier one for open dossiers (deadlines.md).
    create table calendar_years (
      year int not null,
      version int not null,
      source text not null,
      provisional boolean not null default false,
      days jsonb not null,
      entered_by text not null,
      entered_at timestamptz not null default now(),
      primary key (year, version)
    );

    -- Which entered years the open dossiers have been re-derived for.
    create table calendar_applied (
      year int not null,
      version int not null,
      applied_at timestamptz not null,
      primary key (year, version),
      foreign key (year, version) references calendar_years (year, version)
    );

    -- Append-only: a dossier keeps the rules of its filing day. The hash covers the compiled machines.
    create table procedure_versions (
      id bigint generated always as identity primary key,
      code text not null,
      version int not null,
      hash text not null,
      declaration jsonb not null,
      machines jsonb not null,
      in_force_from timestamptz not null,
      unique (code, version)
    );
    create table catalogue_loads (
      fingerprint text primary key,
      loaded_at timestamptz not null default now(),
      versions jsonb not null
    );

    create table dossier_numbers (
      agency text not null references agencies (code),
      day date not null,
      last int not null,
      primary key (agency, day)
    );

    create table dossiers (
      id bigint generated always as identity primary key,
      code text not null unique,
      portal_code text unique,
      procedure_version_id bigint not null references procedure_versions (id),
      procedure_code text not null,
      case_code text,
      tier text not null check (tier in ('province', 'district', 'commune')),
      agency text not null references agencies (code),
      intake_agency text not null references agencies (code),
      processing_agency text not null references agencies (code),
      consulted_agencies text[] not null default '{}',
      assignee text references accounts (username),
      channel text not null check (channel in ('counter', 'online', 'postal')),
      return_method text not null check (return_method in ('counter', 'postal', 'online')),
      status smallint not null check (status between 1 and 10),
      state jsonb not null,
      work_state text not null,
      facts jsonb not null,
      version int not null default 1,
      submitted_at timestamptz not null,
      received_at timestamptz,
      closed_at timestamptz,
      -- projection of the ledger of time, derived in the same commit (deadlines.md, 11)
      answer_by timestamptz,
      due_at timestamptz,
      last_due_at timestamptz,
      provisional boolean not null default false,
      paused_since timestamptz,
      remaining jsonb,
      step_due_at timestamptz,
      calendar_missing boolean not null default false,
      secret_cipher bytea not null,
      secret_hmac bytea not null,
      head_seq int not null,
      head_hash bytea not null,
      -- hash of the dossier record last enqueued for the portal: only what differs is sent again
      portal_digest bytea,
      updated_at timestamptz not null
    );
    create index dossiers_processing on dossiers (processing_agency, status, due_at) where closed_at is null;
    create index dossiers_intake on dossiers (intake_agency, status, due_at) where closed_at is null;
    create index dossiers_assignee on dossiers (assignee, due_at) where closed_at is null;
    create index dossiers_agency on dossiers (agency, id);
    create index dossiers_consulted on dossiers using gin (consulted_agencies) where closed_at is null;
    create index dossiers_consulting on dossiers (id) where work_state = 'consulting';
    create index dossiers_procedure on dossiers (procedure_code, id);

    -- Who a dossier is about. Kept apart from the record and its history, so that it can be erased.
    create table dossier_people (
      dossier_id bigint primary key references dossiers (id),
      applicant jsonb not null,
      owner jsonb,
      authorisation text,
      note text not null default '',
      identity_number text not null,
      search text not null
    );
    create index dossier_people_search on dossier_people using gin (search gin_trgm_ops);
    create index dossier_people_identity on dossier_people (identity_number);

    create table events (
      dossier_id bigint not null references dossiers (id),
      seq int not null,
      type text not null,
      at timestamptz not null,
      recorded_at timestamptz not null,
      actor text not null,
      actor_role text not null,
      actor_agency text,
      from_state text not null,
      to_state text not null,
      from_status smallint,
      status smallint not null,
      data jsonb not null,
      commitment bytea,
      previous_hash bytea not null,
      hash bytea not null,
      primary key (dossier_id, seq)
    );
    create index events_recorded on events (recorded_at);
    create table event_personal (
      dossier_id bigint not null,
      seq int not null,
      salt bytea not null,
      data jsonb not null,
      primary key (dossier_id, seq),
      foreign key (dossier_id, seq) references events (dossier_id, seq)
    );

    create table files (
      sha256 text primary key,
      size bigint not null check (size > 0),
      media_type text not null,
      pages int not null check (pages > 0),
      stored_at timestamptz not null
    );
    create table documents (
      id bigint generated always as identity primary key,
      dossier_id bigint not null references dossiers (id),
      component text not null,
      sha256 text not null references files (sha256),
      file_name text not null,
      uploaded_by text not null,
      uploaded_at timestamptz not null,
      event_seq int not null
    );
    create index documents_dossier on documents (dossier_id, id);

    -- The unit's register of outgoing documents: each number is reserved, then issued or cancelled with a reason.
    create table document_counters (
      agency text not null references agencies (code),
      year int not null,
      last int not null,
      primary key (agency, year)
    );
    create table document_numbers (
      agency text not null references agencies (code),
      year int not null,
      number int not null,
      symbol text not null,
      dossier_id bigint not null references dossiers (id),
      state text not null default 'reserved' check (state in ('reserved', 'issued', 'cancelled')),
      reason text,
      reserved_at timestamptz not null,
      settled_at timestamptz,
      primary key (agency, year, number)
    );
    create index document_numbers_dossier on document_numbers (dossier_id);

    create table outbox (
      id bigint generated always as identity primary key,
      dossier_id bigint not null references dossiers (id),
      dossier_code text not null,
      portal_code text,
      seq int not null,
      kind text not null check (kind in ('dossier', 'progress')),
      payload jsonb not null,
      state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
      attempts int not null default 0,
      next_attempt_at timestamptz not null default now(),
      claimed_by int,
      claimed_at timestamptz,
      last_error text,
      delivered_at timestamptz,
      created_at timestamptz not null default now()
    );
    create index outbox_open on outbox (dossier_id, id) where state <> 'delivered';
    create index outbox_due on outbox (id) where state = 'pending';
    create index outbox_dossier on outbox (dossier_id, id);

    create table portal_sessions (
      username text primary key,
      session text not null,
      obtained_at timestamptz not null
    );
    create table reconciliations (
      id bigint generated always as identity primary key,
      run_at timestamptz not null,
      scope text not null,
      compared int not null,
      differences int not null,
      detail jsonb not null
    );

    -- Answers kept for 24 h, encrypted: they hold secrets and personal data.
    create table idempotency_keys (
      caller text not null,
      method text not null,
      path text not null,
      key text not null,
      body_hash bytea not null,
      status int not null,
      response bytea not null,
      created_at timestamptz not null,
      primary key (caller, method, path, key)
    );
    create index idempotency_age on idempotency_keys (created_at);

    grant usage on schema public to app, worker, tracking, statistics;

    -- Everything that decides and records: the same rights for people's requests (app) and for the worker's.
    grant select on all tables in schema public to app, worker;
    grant insert on dossiers, dossier_people, events, event_personal, files, documents, dossier_numbers,
      document_counters, document_numbers, outbox, idempotency_keys, reconciliations to app, worker;
    grant update on dossiers, dossier_people, dossier_numbers, document_counters, document_numbers, outbox
      to app, worker;
    grant insert, update on agencies, accounts, portal_sessions to app, worker;
    grant insert on calendar_years, calendar_applied, procedure_versions, catalogue_loads to app, worker;
    grant insert, update, delete on sessions to app;
    grant delete on idempotency_keys, sessions to app, worker;
    grant usage on all sequences in schema public to app, worker;

    -- The public's view: nothing that identifies a person.
    grant select on agencies, procedure_versions, events to tracking;
    grant select (id, code, portal_code, procedure_version_id, procedure_code, case_code, tier, agency,
      intake_agency, processing_agency, channel, return_method, status, state, work_state, facts, version,
      submitted_at, received_at, closed_at, answer_by, due_at, last_due_at, provisional, paused_since,
      remaining, step_due_at, secret_hmac) on dossiers to tracking;

    grant select on agencies, procedure_versions, events, documents, files, calendar_years to statistics;
    grant select (id, code, portal_code, procedure_version_id, procedure_code, case_code, tier, agency,
      intake_agency, processing_agency, channel, return_method, status, state, work_state, facts, version,
      submitted_at, received_at, closed_at, due_at, last_due_at, provisional, paused_since, remaining)
      on dossiers to statistics;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
