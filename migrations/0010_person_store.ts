import type { Knex } from "knex";

/**
 * The person's store of digitized papers: what was scanned or issued once can be used again in a later dossier of the
 * same person (domain-facts 3.5: DuocTaiSuDung, MaKetQuaThayThe). Who the papers are of is kept as a keyed hash and
 * encrypted; every look and every use stays on record.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Written in the commit of the event that brings papers in, emptied by the worker: it holds no act up.
    create table person_store_queue (
      dossier_id bigint not null,
      seq int not null,
      queued_at timestamptz not null,
      attempts int not null default 0,
      primary key (dossier_id, seq),
      foreign key (dossier_id, seq) references events (dossier_id, seq)
    );

    create table person_store (
      id bigint generated always as identity primary key,
      owner_hmac bytea not null,
      -- Encrypted: kind and number of the identity.
      owner bytea not null,
      source text not null check (source in ('scan', 'result')),
      -- A scan: procedure and component ("2.000286/03"); a result: its MaKetQua.
      paper_code text not null,
      -- What papers of other procedures are compared with; null where the title is too general or cut.
      kind_name text,
      title text not null,
      -- Encrypted.
      number bytea,
      issued_on date,
      valid_from date,
      valid_to date,
      issuer text,
      dossier_id bigint not null references dossiers (id),
      component text not null,
      document_ids bigint[] not null check (cardinality(document_ids) > 0),
      -- The unit that took it in.
      agency text not null references agencies (code),
      digitized_at timestamptz not null,
      digitized_by text not null,
      state text not null default 'in-force' check (state in ('in-force', 'replaced', 'withdrawn')),
      ended_at timestamptz,
      ended_by text,
      reason text,
      check (valid_from is null or valid_to is null or valid_from <= valid_to),
      check ((state = 'in-force') = (ended_at is null)),
      check (state = 'in-force' or (reason is not null and ended_by is not null)),
      unique (dossier_id, component)
    );
    create index person_store_owner on person_store (owner_hmac) where state = 'in-force';

    -- Append-only: nobody but the owner of the tables may change or delete a line.
    create table person_store_uses (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      action text not null check (action in ('look', 'use', 'describe', 'end')),
      by_username text not null,
      agency text references agencies (code),
      owner_hmac bytea not null,
      -- What was shown, used or changed.
      entries bigint[] not null,
      procedure_code text,
      -- The dossier in which it was used or whose papers were described; null for a look.
      dossier_id bigint references dossiers (id),
      -- Whether the person was said to be at the counter.
      present boolean
    );
    create index person_store_uses_at on person_store_uses (at desc, id desc);
    create index person_store_uses_owner on person_store_uses (owner_hmac, id);

    -- A document that came out of the store, and the MaKetQua of the result that stands for the paper.
    alter table documents
      add column store_entry bigint references person_store (id),
      add column replaces_result text,
      add constraint documents_replacing check (replaces_result is null or store_entry is not null);

    grant select, insert on person_store_queue to app, worker;
    grant update, delete on person_store_queue to worker;
    grant select, insert, update on person_store to app, worker;
    grant select, insert on person_store_uses to app, worker;
    grant usage on all sequences in schema public to app, worker;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
