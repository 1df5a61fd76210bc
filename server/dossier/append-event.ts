import type { Knex } from "knex";
import { eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { MachineFacts } from "../../workflows/facts.ts";
import type { Payload } from "../../workflows/rules.ts";
import type { Caller, Deps } from "./deps.ts";
import { sendAlong } from "../platform/transaction.ts";
import { canonical, commitTo, eventHash } from "./history.ts";
import { portalMessages } from "./portal-message.ts";
import type { DossierRecord, People } from "./record.ts";
import { searchText } from "./search-text.ts";
import { iso } from "./time.ts";
import type { TimeProjection } from "./time.ts";

/** One event about to be written, and the dossier as it is after it. */
export interface Appending {
  type: EventType;
  caller: Caller;
  actorRole: string;
  payload: Payload;
  /** Public facts beside those of the payload: numbers, hashes. */
  publicData?: Record<string, unknown>;
  fromState: string;
  fromStatus: number | null;
  now: Date;
  after: DossierRecord;
  machine: MachineFacts;
  portalDigest: Buffer | null;
  /** The portal is told by a later event of the same commit (filed and accepted in one step). */
  untold?: true;
  peopleChanged?: boolean;
}

export interface EventParts {
  publicPart: Record<string, unknown>;
  personalPart: Record<string, unknown>;
}

/** Splits a payload into what history shows and what is personal and can be erased. */
export function splitPayload(
  type: EventType,
  payload: Payload,
  extra: Record<string, unknown> = {},
): EventParts {
  const names = new Set(eventDefinition(type).public);
  const entries = Object.entries(payload).filter(([name, value]) => value !== undefined && name !== "pin");
  const publicPart = Object.fromEntries(entries.filter(([name]) => names.has(name)));
  const personalPart = Object.fromEntries(entries.filter(([name]) => !names.has(name)));
  return { publicPart: { ...shown(type, payload), ...publicPart, ...extra }, personalPart };
}

/** What of a payload's inner parts is public. */
function shown(type: EventType, payload: Payload): Record<string, unknown> {
  switch (type) {
    case "REQUEST_SUPPLEMENT":
      return {
        documentCodes: (payload.items as { documentCode?: string }[]).flatMap(({ documentCode }) =>
          documentCode === undefined ? [] : [documentCode],
        ),
      };
    case "RETURN":
      return { method: (payload.recipient as { method: string }).method };
    case "CORRECT":
      return { paths: ((payload.fields ?? []) as { path: string }[]).map(({ path }) => path) };
    default:
      return {};
  }
}

/** An event's row of history, as it is stored and hashed. */
export interface EventRow {
  seq: number;
  type: EventType;
  at: string;
  recordedAt: string;
  actor: string;
  actorRole: string;
  actorAgency: string | null;
  fromState: string;
  toState: string;
  fromStatus: number | null;
  status: number;
  /** The public part, as canonical JSON. */
  data: string;
  commitment: Buffer | null;
  previousHash: Buffer;
  hash: Buffer;
}

export interface ComposedEvent {
  /** The dossier with its new head and its time as projected. */
  record: DossierRecord;
  event: EventRow;
  /** The personal part as canonical JSON and the salt of its commitment; undefined where there is none. */
  personal: { salt: Buffer; data: string } | undefined;
}

/** Composes what history keeps of one event: its parts, its commitment, its hash over the one before. Writes nothing. */
export function composeEvent(appending: Appending, projection: TimeProjection): ComposedEvent {
  const { type, caller, after, now } = appending;
  const seq = after.headSeq + 1;
  const { publicPart, personalPart } = splitPayload(type, appending.payload, appending.publicData);
  const personal = Object.keys(personalPart).length > 0 ? commitTo(personalPart) : undefined;
  const said = {
    seq,
    type,
    at: iso(now),
    recordedAt: now.toISOString(),
    actor: caller.username,
    actorRole: appending.actorRole,
    actorAgency: caller.agency,
    fromState: appending.fromState,
    toState: after.workState,
    fromStatus: appending.fromStatus,
    status: after.status,
  };
  const hash = eventHash(
    {
      ...said,
      dossierCode: after.code,
      data: publicPart,
      commitment: personal?.commitment.toString("hex") ?? null,
    },
    after.headHash,
  );
  return {
    // Field by field: spreading a second object over so many fields costs more than all the rest of this.
    record: {
      ...after,
      answerBy: dateOrNull(projection.answerBy),
      dueAt: dateOrNull(projection.dueAt),
      lastDueAt: dateOrNull(projection.lastDueAt),
      provisional: projection.provisional,
      pausedSince: dateOrNull(projection.pausedSince),
      remaining: projection.remaining,
      stepDueAt: dateOrNull(projection.stepDueAt),
      calendarMissing: projection.calendarMissing,
      headSeq: seq,
      headHash: hash,
    },
    event: {
      ...said,
      data: canonical(publicPart),
      commitment: personal?.commitment ?? null,
      previousHash: after.headHash,
      hash,
    },
    personal: personal === undefined ? undefined : { salt: personal.salt, data: canonical(personalPart) },
  };
}

/**
 * Writes the event, the dossier row and the outbox rows in one statement of the caller's transaction, and answers
 * the record with its new head. `projection` is the dossier's time as derived from the facts.
 */
export async function appendEvent(
  trx: Knex.Transaction,
  deps: Deps,
  appending: Appending,
  projection: TimeProjection,
): Promise<DossierRecord> {
  const { type, caller } = appending;
  const { record, event, personal } = composeEvent(appending, projection);
  const version = await deps.catalogue.version(record.versionId);
  const messages =
    appending.untold === true
      ? { rows: [], digest: appending.portalDigest }
      : portalMessages(record, {
          declaration: version.declaration,
          agencies: deps.agencies,
          publicUrl: deps.publicUrl,
          event: { type, seq: event.seq, at: event.at, caller, payload: appending.payload },
          digest: appending.portalDigest,
        });
  const statement = trx.raw(SQL, {
    ...event,
    id: record.id,
    salt: personal?.salt ?? null,
    personal: personal?.data ?? "{}",
    outbox: JSON.stringify(messages.rows),
    code: record.code,
    portalCode: record.portalCode,
    processing: record.facts.places.processing,
    consulted: record.consulted,
    assignee: record.facts.assignee,
    state: JSON.stringify(record.state),
    facts: JSON.stringify(record.facts),
    version: record.version,
    returnMethod: record.returnMethod,
    receivedAt: record.receivedAt,
    closedAt: record.closedAt,
    answerBy: projection.answerBy,
    dueAt: projection.dueAt,
    lastDueAt: projection.lastDueAt,
    provisional: projection.provisional,
    pausedSince: projection.pausedSince,
    remaining: projection.remaining === null ? null : JSON.stringify(projection.remaining),
    stepDueAt: projection.stepDueAt,
    calendarMissing: projection.calendarMissing,
    digest: messages.digest,
  });
  const { intake, processing } = record.facts.places;
  const concerned = [intake, processing, record.agency, ...record.consulted];
  deps.moves.note(record.code, concerned);
  await sendAlong(
    trx,
    statement.then(() => deps.moves.note(record.code, concerned)),
  );
  if (appending.peopleChanged === true) await savePeople(trx, record, record.people);
  return record;
}

const SQL = `
  with event as (
    insert into events (dossier_id, seq, type, at, recorded_at, actor, actor_role, actor_agency, from_state,
      to_state, from_status, status, data, commitment, previous_hash, hash)
    values (:id, :seq, :type, :at, :recordedAt, :actor, :actorRole, :actorAgency, :fromState,
      :toState, :fromStatus, :status, :data::jsonb, :commitment, :previousHash, :hash)
  ), personal as (
    insert into event_personal (dossier_id, seq, salt, data)
    select :id, :seq, :salt::bytea, :personal::jsonb where :salt::bytea is not null
  ), message as (
    insert into outbox (dossier_id, dossier_code, portal_code, seq, kind, payload, next_attempt_at, created_at)
    select :id, :code, :portalCode, :seq, m.value ->> 'kind', m.value -> 'payload', :recordedAt, :recordedAt
    from jsonb_array_elements(:outbox::jsonb) with ordinality m (value, place) order by m.place
  ), papers as (
    -- Papers that came in go to the person's store by and by (server/person-store): never in the way of the act.
    insert into person_store_queue (dossier_id, seq, queued_at)
    select :id, :seq, :recordedAt where :type in ('DIGITIZE', 'SUPPLEMENT', 'SEAL')
  )
  update dossiers set processing_agency = :processing, consulted_agencies = :consulted::text[], assignee = :assignee,
    status = :status, state = :state::jsonb, work_state = :toState, facts = :facts::jsonb, version = :version,
    return_method = :returnMethod, received_at = :receivedAt, closed_at = :closedAt, answer_by = :answerBy,
    due_at = :dueAt, last_due_at = :lastDueAt, provisional = :provisional, paused_since = :pausedSince,
    remaining = :remaining::jsonb, step_due_at = :stepDueAt, calendar_missing = :calendarMissing,
    head_seq = :seq, head_hash = :hash, portal_digest = :digest, updated_at = :recordedAt
  where id = :id
  returning pg_notify('outbox', '')`;

function dateOrNull(moment: string | null): Date | null {
  return moment === null ? null : new Date(moment);
}

async function savePeople(trx: Knex.Transaction, dossier: DossierRecord, people: People): Promise<void> {
  await trx("dossier_people")
    .where({ dossier_id: dossier.id })
    .update({
      applicant: JSON.stringify(people.applicant),
      owner: people.owner === null ? null : JSON.stringify(people.owner),
      authorisation: people.authorisation,
      note: people.note,
      identity_number: people.applicant.identity.number,
      search: searchText(dossier, people),
    });
}
