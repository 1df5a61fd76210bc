import type { Knex } from "knex";
import type { Channel, Tier } from "../../workflows/declaration.ts";
import { factsAtFiling } from "../../workflows/facts.ts";
import type { Facts, MachineFacts } from "../../workflows/facts.ts";
import type { StateValue } from "../../workflows/standing.ts";
import { appendEvent } from "./append-event.ts";
import type { Appending } from "./append-event.ts";
import type { Caller, Deps } from "./deps.ts";
import { GENESIS } from "./history.ts";
import { nextDossierCode } from "./number.ts";
import { searchText } from "./search-text.ts";
import type { DossierRecord, People } from "./record.ts";
import { iso, projectTime } from "./time.ts";

/** A dossier as filed: checked against the procedure's declaration by then. */
export interface Filing {
  versionId: number;
  procedureCode: string;
  case: string | null;
  tier: Tier;
  places: Facts["places"];
  channel: Channel;
  returnMethod: "counter" | "postal" | "online";
  received: Facts["received"];
  limit: Facts["clock"]["limit"];
  limitFrom: Facts["clock"]["limitFrom"];
  people: People;
  portalCode: string | null;
  caller: Caller;
  actorRole: string;
  /** Accepted in the same commit: the portal hears first of that (status 2). */
  untold: boolean;
}

export interface Opened {
  dossier: DossierRecord;
  secret: string;
}

/**
 * Files a dossier: number, secret, row, first event and what the portal must hear, in the caller's transaction.
 * The number is taken from one locked counter row per agency and day, so none is skipped.
 */
export async function openDossier(trx: Knex.Transaction, deps: Deps, filing: Filing): Promise<Opened> {
  const now = deps.clock.now();
  const submittedAt = iso(now);
  const ready = await deps.catalogue.machine(filing.versionId, filing.tier);
  const calendar = await deps.calendarOf(filing.places.deciding);
  const facts = filedFacts(filing, submittedAt);
  const secret = deps.secrets.make();
  const secretCipher = deps.secrets.encrypt(secret);
  const secretHmac = deps.secrets.digest(secret);
  const projection = projectTime(facts, ready.config.meta.declared, "filed", calendar);
  const code = await nextDossierCode(trx, filing.places.deciding, submittedAt);
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(INSERT, {
    code,
    portalCode: filing.portalCode,
    versionId: filing.versionId,
    procedureCode: filing.procedureCode,
    caseCode: filing.case,
    tier: filing.tier,
    agency: filing.places.deciding,
    intake: filing.places.intake,
    processing: filing.places.processing,
    channel: filing.channel,
    returnMethod: filing.returnMethod,
    state: JSON.stringify(ready.initial),
    facts: JSON.stringify(facts),
    submittedAt,
    secretCipher,
    secretHmac,
    genesis: GENESIS,
    applicant: JSON.stringify(filing.people.applicant),
    owner: filing.people.owner === null ? null : JSON.stringify(filing.people.owner),
    authorisation: filing.people.authorisation,
    note: filing.people.note,
    identityNumber: filing.people.applicant.identity.number,
    search: searchText({ code, portalCode: filing.portalCode }, filing.people),
  });
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the dossier was not stored");
  const appending = firstEvent(filing, {
    id,
    code,
    initial: ready.initial,
    machine: ready.config.meta.declared,
    facts,
    now,
    secretCipher,
    secretHmac,
  });
  const dossier = await appendEvent(trx, deps, appending, projection);
  return { dossier, secret };
}

/** The facts that a dossier begins with. */
export function filedFacts(filing: Filing, submittedAt: string): Facts {
  return factsAtFiling({
    case: filing.case,
    channel: filing.channel,
    places: filing.places,
    received: filing.received,
    limit: filing.limit,
    limitFrom: filing.limitFrom,
    answerFrom: filing.channel === "online" ? submittedAt : null,
  });
}

/** What a filed dossier has been given beside what was filed. */
export interface Given {
  id: number;
  code: string;
  initial: StateValue;
  machine: MachineFacts;
  facts: Facts;
  now: Date;
  secretCipher: Buffer;
  secretHmac: Buffer;
}

/** The dossier as it is filed and its first event, about to be written. */
export function firstEvent(filing: Filing, given: Given): Appending {
  const { id, code, initial, machine, facts, now, secretCipher, secretHmac } = given;
  const blank: DossierRecord = {
    id,
    code,
    portalCode: filing.portalCode,
    versionId: filing.versionId,
    procedureCode: filing.procedureCode,
    case: filing.case,
    tier: filing.tier,
    agency: filing.places.deciding,
    channel: filing.channel,
    returnMethod: filing.returnMethod,
    status: 1,
    state: initial,
    workState: "filed",
    facts,
    version: 1,
    submittedAt: new Date(iso(now)),
    receivedAt: null,
    closedAt: null,
    answerBy: null,
    dueAt: null,
    lastDueAt: null,
    provisional: false,
    pausedSince: null,
    remaining: null,
    stepDueAt: null,
    calendarMissing: false,
    consulted: [],
    secretCipher,
    secretHmac,
    headSeq: 0,
    headHash: GENESIS,
    portalDigest: null,
    people: filing.people,
    papers: [],
  };
  return {
    type: "FILE",
    caller: filing.caller,
    actorRole: filing.actorRole,
    payload: {
      procedureCode: filing.procedureCode,
      case: filing.case,
      agencyCode: filing.places.deciding,
      channel: filing.channel,
      returnMethod: filing.returnMethod,
      documents: filing.received,
      ...(filing.portalCode === null ? {} : { portalCode: filing.portalCode }),
      applicant: filing.people.applicant,
      owner: filing.people.owner,
      authorisation: filing.people.authorisation,
      note: filing.people.note,
    },
    fromState: "",
    fromStatus: null,
    now,
    after: blank,
    machine,
    portalDigest: null,
    ...(filing.untold ? { untold: true as const } : {}),
  };
}

const INSERT = `
  with dossier as (
    insert into dossiers (code, portal_code, procedure_version_id, procedure_code, case_code, tier, agency,
      intake_agency, processing_agency, channel, return_method, status, state, work_state, facts, submitted_at,
      secret_cipher, secret_hmac, head_seq, head_hash, updated_at)
    values (:code, :portalCode, :versionId, :procedureCode, :caseCode, :tier, :agency,
      :intake, :processing, :channel, :returnMethod, 1, :state, 'filed', :facts, :submittedAt,
      :secretCipher, :secretHmac, 0, :genesis, :submittedAt)
    returning id
  ), people as (
    insert into dossier_people (dossier_id, applicant, owner, authorisation, note, identity_number, search)
    select id, :applicant::jsonb, :owner::jsonb, :authorisation, :note, :identityNumber, :search from dossier
  )
  select id from dossier`;
