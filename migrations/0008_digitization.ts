import type { Knex } from "knex";

/**
 * What is made of an uploaded file beside it (a PDF of pictures, a searchable PDF, an electronic copy that an officer
 * signed), the recognition of its text in the background, and what officers decided about what was proposed from it.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- By the file and not by the document: the same bytes in another dossier need no second copy.
    create table file_copies (
      source text not null references files (sha256),
      kind text not null check (kind in ('pdf', 'searchable')),
      sha256 text not null references files (sha256),
      made_at timestamptz not null,
      primary key (source, kind)
    );

    create table recognitions (
      sha256 text primary key references files (sha256),
      state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
      -- The upright PDF is made, where the file is a picture; it needs no recogniser.
      prepared boolean not null default false,
      attempts int not null default 0,
      queued_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz,
      -- Who works on it, and until when others keep away; by the database's own clock.
      claim uuid,
      claimed_until timestamptz,
      -- Encrypted: text, words with their boxes, proposals.
      found bytea,
      engine text,
      milliseconds int,
      warnings jsonb not null default '[]',
      reason text,
      check ((state in ('done', 'failed')) = (ended_at is not null)),
      check ((state = 'running') = (claim is not null)),
      check (state <> 'failed' or reason is not null)
    );
    create index recognitions_open on recognitions (queued_at) where state in ('queued', 'running');
    create index recognitions_failed on recognitions (ended_at) where state = 'failed';

    -- What the worker found installed; one row.
    create table recognition_tools (
      one boolean primary key default true check (one),
      checked_at timestamptz not null,
      tesseract text,
      vietnamese boolean not null,
      poppler text
    );

    create table proposal_decisions (
      document_id bigint not null references documents (id),
      field text not null check (field in ('name', 'identity', 'birth', 'number', 'date')),
      decision text not null check (decision in ('used', 'dropped')),
      -- Encrypted: the value as it was used.
      value bytea,
      by_username text not null,
      at timestamptz not null,
      primary key (document_id, field),
      check (decision <> 'used' or value is not null)
    );

    create table signed_copies (
      document_id bigint primary key references documents (id),
      form text not null check (form in ('sao-y', 'sao-luc', 'trich-sao')),
      sha256 text not null references files (sha256),
      agency text not null references agencies (code),
      signed_by text not null,
      signed_at timestamptz not null,
      level text not null check (level in ('B-B', 'B-T', 'B-LT')),
      reason text
    );

    grant select, insert, update on file_copies, recognitions, recognition_tools, proposal_decisions
      to app, worker;
    grant select, insert on signed_copies to app, worker;
    grant select on signed_copies to statistics;
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
