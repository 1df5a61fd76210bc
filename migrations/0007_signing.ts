import type { Knex } from "knex";

/**
 * Whose signing key lies where; every signing that was begun and what became of it. The register of documents explains
 * each number: a cancelled one has its reason, and a settled one stays as it is.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Entered by a command that acts as the owner: the running program only reads it. Never a PIN.
    create table signing_keys (
      id bigint generated always as identity primary key,
      owner_kind text not null check (owner_kind in ('officer', 'agency')),
      owner text not null,
      kind text not null check (kind in ('p12', 'pkcs11', 'csc')),
      place text not null,
      -- The signer's certificate first, then its issuers; PEM.
      certificate text not null,
      active boolean not null default true,
      entered_at timestamptz not null,
      removed_at timestamptz,
      check (active = (removed_at is null))
    );
    create unique index signing_keys_in_use on signing_keys (owner_kind, owner) where active;
    grant select on signing_keys to app, worker;

    create table signings (
      id bigint generated always as identity primary key,
      dossier_id bigint not null references dossiers (id),
      type text not null check (type in ('SIGN', 'SEAL')),
      state text not null default 'running' check (state in ('running', 'done', 'failed', 'abandoned')),
      agency text not null references agencies (code),
      by_username text not null,
      started_at timestamptz not null,
      -- Who signs says every few seconds that he still does.
      alive_at timestamptz not null,
      ended_at timestamptz,
      -- Code of why it failed, or why it has no timestamp or validation data.
      reason text,
      level text check (level in ('B-B', 'B-T', 'B-LT')),
      check ((state = 'running') = (ended_at is null)),
      check (state not in ('failed', 'abandoned') or reason is not null),
      check ((state = 'done') = (level is not null))
    );
    -- A dossier is signed by one at a time.
    create unique index signings_running on signings (dossier_id) where state = 'running';
    create index signings_dossier on signings (dossier_id, id);
    create index signings_agency on signings (agency, id);
    grant select, insert, update on signings to app, worker;
    grant usage on all sequences in schema public to app, worker;

    alter table document_numbers
      add constraint document_numbers_explained check (state <> 'cancelled' or reason is not null),
      add constraint document_numbers_settled check ((state = 'reserved') = (settled_at is null)),
      add constraint document_numbers_symbol unique (agency, year, symbol);
    create function keep_settled_number() returns trigger language plpgsql as $$
    begin
      if old.state <> 'reserved' then
        raise exception 'number % of % in % is settled', old.number, old.agency, old.year;
      end if;
      return new;
    end $$;
    create trigger keep_settled_number before update on document_numbers
      for each row execute function keep_settled_number();
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
