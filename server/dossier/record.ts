import type { Knex } from "knex";
import type { StateValue } from "../../workflows/standing.ts";
import type { Channel, Tier } from "../../workflows/declaration.ts";
import type { Facts } from "../../workflows/facts.ts";

/** Who a dossier is about, as contract.md has it. */
export interface Person {
  kind: "citizen" | "business" | "agency" | "organisation";
  name: string;
  identity: { type: "cccd" | "cmnd" | "passport" | "taxCode"; number: string };
  phone: string;
  email?: string;
  address: { province: string; district?: string; commune?: string; street?: string };
}

export interface People {
  applicant: Person;
  owner: Person | null;
  authorisation: string | null;
  note: string;
}

/** A file attached to a dossier. */
export interface Paper {
  id: number;
  component: string;
  sha256: string;
  pages: number;
  size: number;
  mediaType: string;
  fileName: string;
  /** Where it came out of the person's store instead of being handed in; absent or null elsewhere. */
  reused?: Reused | null;
}

/** A document that came out of the person's store. */
export interface Reused {
  /** Which of the store's papers it is. */
  entry: number;
  /** MaKetQua, where the paper is a result that we issued. */
  resultCode: string | null;
}

/** The shared record of a dossier, as one read gives it. */
export interface DossierRecord {
  id: number;
  code: string;
  portalCode: string | null;
  versionId: number;
  procedureCode: string;
  case: string | null;
  tier: Tier;
  agency: string;
  channel: Channel;
  returnMethod: "counter" | "postal" | "online";
  status: number;
  state: StateValue;
  workState: string;
  facts: Facts;
  version: number;
  submittedAt: Date;
  receivedAt: Date | null;
  closedAt: Date | null;
  answerBy: Date | null;
  dueAt: Date | null;
  lastDueAt: Date | null;
  provisional: boolean;
  pausedSince: Date | null;
  remaining: { officeMinutes?: number; days?: number } | null;
  stepDueAt: Date | null;
  calendarMissing: boolean;
  consulted: string[];
  secretCipher: Buffer;
  secretHmac: Buffer;
  headSeq: number;
  headHash: Buffer;
  portalDigest: Buffer | null;
  people: People;
  papers: Paper[];
}

const SELECT = `
  select d.id, d.code, d.portal_code as "portalCode", d.procedure_version_id as "versionId",
    d.procedure_code as "procedureCode", d.case_code as "case", d.tier, d.agency, d.channel,
    d.return_method as "returnMethod", d.status, d.state, d.work_state as "workState", d.facts, d.version,
    d.submitted_at as "submittedAt", d.received_at as "receivedAt", d.closed_at as "closedAt",
    d.answer_by as "answerBy", d.due_at as "dueAt", d.last_due_at as "lastDueAt", d.provisional,
    d.paused_since as "pausedSince", d.remaining, d.step_due_at as "stepDueAt",
    d.calendar_missing as "calendarMissing", d.consulted_agencies as consulted,
    d.secret_cipher as "secretCipher", d.secret_hmac as "secretHmac", d.head_seq as "headSeq",
    d.head_hash as "headHash", d.portal_digest as "portalDigest",
    json_build_object('applicant', p.applicant, 'owner', p.owner, 'authorisation', p.authorisation, 'note', p.note)
      as people,
    coalesce((select json_agg(json_build_object('id', x.id, 'component', x.component, 'sha256', x.sha256,
        'pages', f.pages, 'size', f.size, 'mediaType', f.media_type, 'fileName', x.file_name,
        'reused', case when x.store_entry is not null
          then json_build_object('entry', x.store_entry, 'resultCode', x.replaces_result) end) order by x.id)
      from documents x join files f on f.sha256 = x.sha256 where x.dossier_id = d.id), '[]') as papers
  from dossiers d join dossier_people p on p.dossier_id = d.id`;

/** The dossier of a code (ours or the portal's), or undefined. */
export async function findDossier(db: Knex, code: string): Promise<DossierRecord | undefined> {
  const { rows } = await db.raw<{ rows: DossierRecord[] }>(`${SELECT} where d.code = ?`, [code]);
  return rows[0];
}

/** The same, locked until the transaction ends: who comes second waits, and then sees the new version. */
export async function lockDossier(trx: Knex.Transaction, code: string): Promise<DossierRecord | undefined> {
  // Locked first, read second: a row that a lock had to wait for is read anew, its papers too. Both travel together.
  const locking = trx.raw("select from dossiers where code = ? for no key update", [code]);
  const reading = trx.raw<{ rows: DossierRecord[] }>(`${SELECT} where d.code = ?`, [code]);
  const [, { rows }] = await Promise.all([locking, reading]);
  return rows[0];
}

/** Several dossiers by their rows' ids, in that order. */
export async function dossiersById(db: Knex, ids: number[]): Promise<DossierRecord[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.raw<{ rows: DossierRecord[] }>(
    `${SELECT} where d.id = any(?) order by array_position(?::bigint[], d.id)`,
    [ids, ids],
  );
  return rows;
}

/** Whether a unit has to do with the dossier: intake, processing, consulted and deciding units do. */
export function concerns(
  dossier: Pick<DossierRecord, "facts" | "agency" | "consulted">,
  agency: string | null,
): boolean {
  if (agency === null) return false;
  const { intake, processing } = dossier.facts.places;
  return (
    agency === intake ||
    agency === processing ||
    agency === dossier.agency ||
    dossier.consulted.includes(agency)
  );
}
