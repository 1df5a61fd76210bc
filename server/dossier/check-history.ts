import type { Knex } from "knex";
import type { StateValue } from "../../workflows/standing.ts";
import type { Facts } from "../../workflows/facts.ts";
import type { Deps } from "./deps.ts";
import { clockFromEvents } from "./clock-from-events.ts";
import { GENESIS, canonical, commitmentOf, eventHash } from "./history.ts";
import { iso, isoOrNull, projectTime } from "./time.ts";

/** Something in the record that does not hold, named so that a person can look at it. */
export interface Finding {
  dossierCode: string;
  kind:
    | "changed"
    | "missing"
    | "truncated"
    | "personal-changed"
    | "state-differs"
    | "due-differs"
    | "file-missing"
    | "file-changed";
  seq: number | null;
  detail: string;
}

export interface Checked {
  dossiers: number;
  events: number;
  files: number;
  findings: Finding[];
}

interface Head {
  id: number;
  code: string;
  versionId: number;
  tier: "province" | "district" | "commune";
  agency: string;
  state: StateValue;
  workState: string;
  status: number;
  facts: Facts;
  closedAt: Date | null;
  receivedAt: Date | null;
  answerBy: Date | null;
  dueAt: Date | null;
  lastDueAt: Date | null;
  provisional: boolean;
  pausedSince: Date | null;
  calendarMissing: boolean;
  headSeq: number;
  headHash: Buffer;
}

interface Row {
  dossierId: number;
  seq: number;
  type: string;
  at: Date;
  recordedAt: Date;
  actor: string;
  actorRole: string;
  actorAgency: string | null;
  fromState: string;
  toState: string;
  fromStatus: number | null;
  status: number;
  data: Record<string, unknown>;
  commitment: Buffer | null;
  previousHash: Buffer;
  hash: Buffer;
  salt: Buffer | null;
  personal: Record<string, unknown> | null;
}

const A_PAGE = 500;

/**
 * Checks every dossier's chain of hashes from its first event to the head kept in its row, its state and dates against
 * what its events and facts give, and every file against its name. Reads in pages; changes nothing.
 */
export async function checkHistory(
  deps: Pick<Deps, "db" | "files" | "catalogue" | "calendarOf">,
  options: { withFiles: boolean } = { withFiles: true },
): Promise<Checked> {
  const findings: Finding[] = [];
  let after = 0;
  let dossiers = 0;
  let events = 0;
  for (;;) {
    const heads = await readHeads(deps.db, after);
    const last = heads.at(-1);
    if (last === undefined) break;
    after = last.id;
    const rows = await readEvents(deps.db, heads);
    for (const head of heads) {
      const chain = rows.get(head.id) ?? [];
      findings.push(...checkChain(head, chain));
      findings.push(...(await checkTime(deps, head, chain)));
      events += chain.length;
    }
    dossiers += heads.length;
  }
  const files = options.withFiles ? await checkFiles(deps, findings) : 0;
  return { dossiers, events, files, findings };
}

function checkChain(head: Head, rows: Row[]): Finding[] {
  const findings: Finding[] = [];
  const found = (kind: Finding["kind"], seq: number | null, detail: string) =>
    findings.push({ dossierCode: head.code, kind, seq, detail });
  let previous: Buffer = GENESIS;
  let expected = 1;
  for (const row of rows) {
    if (row.seq !== expected)
      found("missing", expected, `events ${expected} to ${row.seq - 1} are not there`);
    else if (!row.previousHash.equals(previous))
      found(
        "changed",
        row.seq,
        "does not follow the event before it: one of the two was changed or re-ordered",
      );
    if (!hashOf(head.code, row).equals(row.hash))
      found("changed", row.seq, `${row.type}: its content no longer gives its hash`);
    if (
      row.commitment !== null &&
      row.salt !== null &&
      row.personal !== null &&
      !commitmentOf(row.personal, row.salt).equals(row.commitment)
    )
      found("personal-changed", row.seq, `${row.type}: its personal part is not the one it was committed to`);
    previous = row.hash;
    expected = row.seq + 1;
  }
  const last = rows.at(-1);
  if (last === undefined) found("truncated", null, "has no events at all");
  else if (last.seq !== head.headSeq || !last.hash.equals(head.headHash))
    found("truncated", last.seq, `its last event is ${last.seq}, the dossier's head is ${head.headSeq}`);
  else if (last.toState !== head.workState || last.status !== head.status)
    found(
      "state-differs",
      last.seq,
      `stored ${head.workState}/${head.status}, its events give ${last.toState}/${last.status}`,
    );
  return findings;
}

function hashOf(dossierCode: string, row: Row): Buffer {
  return eventHash(
    {
      dossierCode,
      seq: row.seq,
      type: row.type,
      at: iso(row.at),
      recordedAt: row.recordedAt.toISOString(),
      actor: row.actor,
      actorRole: row.actorRole,
      actorAgency: row.actorAgency,
      fromState: row.fromState,
      toState: row.toState,
      fromStatus: row.fromStatus,
      status: row.status,
      data: row.data,
      commitment: row.commitment?.toString("hex") ?? null,
    },
    row.previousHash,
  );
}

/**
 * The stored clock and dates against those that the events give. A closed dossier keeps the table of its day, so only
 * its clock is compared.
 */
async function checkTime(
  deps: Pick<Deps, "catalogue" | "calendarOf">,
  head: Head,
  rows: Row[],
): Promise<Finding[]> {
  const { config } = await deps.catalogue.machine(head.versionId, head.tier);
  const { declaration } = await deps.catalogue.version(head.versionId);
  const machine = config.meta.declared;
  const derived = clockFromEvents(rows, declaration, machine);
  const pairs: [string, unknown, unknown][] = [
    ["clock", canonical(head.facts.clock), canonical(derived.clock)],
    ["receivedAt", isoOrNull(head.receivedAt), derived.clock.acceptedAt],
  ];
  if (head.closedAt === null) {
    const facts: Facts = {
      ...head.facts,
      clock: derived.clock,
      answerFrom: derived.answerFrom,
      supplement: derived.awaitsSupplement
        ? (head.facts.supplement ?? { seq: 0, at: "", documentCodes: [] })
        : null,
    };
    const projection = projectTime(facts, machine, head.workState, await deps.calendarOf(head.agency));
    pairs.push(
      ["dueAt", isoOrNull(head.dueAt), projection.dueAt],
      ["lastDueAt", isoOrNull(head.lastDueAt), projection.lastDueAt],
      ["answerBy", isoOrNull(head.answerBy), projection.answerBy],
      ["pausedSince", isoOrNull(head.pausedSince), projection.pausedSince],
      ["provisional", head.provisional, projection.provisional],
    );
  }
  return pairs
    .filter(([, is, gives]) => is !== gives)
    .map(([name, is, gives]) => ({
      dossierCode: head.code,
      kind: "due-differs",
      seq: null,
      detail: `${name} is ${String(is)}, its events give ${String(gives)}`,
    }));
}

async function checkFiles(deps: Pick<Deps, "db" | "files">, findings: Finding[]): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: { sha256: string; codes: string[] }[] }>(
    `select f.sha256, coalesce(array_agg(distinct d.code) filter (where d.code is not null), '{}') as codes
       from files f left join documents x on x.sha256 = f.sha256 left join dossiers d on d.id = x.dossier_id
      group by f.sha256 order by f.sha256`,
  );
  for (const { sha256, codes } of rows) {
    const dossierCode = codes[0] ?? "";
    if (!(await deps.files.has(sha256)))
      findings.push({
        dossierCode,
        kind: "file-missing",
        seq: null,
        detail: `file ${sha256} is not in the store`,
      });
    else if (!(await deps.files.verify(sha256)))
      findings.push({
        dossierCode,
        kind: "file-changed",
        seq: null,
        detail: `file ${sha256} has another content`,
      });
  }
  return rows.length;
}

async function readHeads(db: Knex, after: number): Promise<Head[]> {
  const { rows } = await db.raw<{ rows: Head[] }>(
    `select id, code, procedure_version_id as "versionId", tier, agency, state, work_state as "workState", status, facts,
        closed_at as "closedAt", received_at as "receivedAt", answer_by as "answerBy", due_at as "dueAt",
        last_due_at as "lastDueAt", provisional, paused_since as "pausedSince", calendar_missing as "calendarMissing",
        head_seq as "headSeq", head_hash as "headHash"
       from dossiers where id > ? order by id limit ?`,
    [after, A_PAGE],
  );
  return rows;
}

async function readEvents(db: Knex, heads: Head[]): Promise<Map<number, Row[]>> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select e.dossier_id as "dossierId", e.seq, e.type, e.at, e.recorded_at as "recordedAt", e.actor,
        e.actor_role as "actorRole", e.actor_agency as "actorAgency", e.from_state as "fromState",
        e.to_state as "toState", e.from_status as "fromStatus", e.status, e.data, e.commitment,
        e.previous_hash as "previousHash", e.hash, p.salt, p.data as personal
       from events e left join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
      where e.dossier_id between ? and ? order by e.dossier_id, e.seq`,
    [heads[0]?.id ?? 0, heads.at(-1)?.id ?? 0],
  );
  return byDossier(rows);
}

function byDossier(rows: Row[]): Map<number, Row[]> {
  const chains = new Map<number, Row[]>();
  for (const row of rows) {
    const chain = chains.get(row.dossierId);
    if (chain === undefined) chains.set(row.dossierId, [row]);
    else chain.push(row);
  }
  return chains;
}
