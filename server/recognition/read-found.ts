import { gunzipSync } from "node:zlib";
import type { ScanWarning } from "../digitization/file-judgement.ts";
import type { Deps } from "../dossier/deps.ts";
import type { Found } from "./recognise-file.ts";
import { PROPOSED_FIELDS, type ProposedField } from "./propose-fields.ts";

/** How far a dossier's paper was read. */
export interface Reading {
  documentId: number;
  state: "queued" | "running" | "done" | "failed" | "none";
  /** Queued, and nothing here recognises text. */
  noRecogniser: boolean;
  warnings: ScanWarning[];
  reason: string | null;
  hasPdf: boolean;
  hasSearchable: boolean;
  proposals: { field: ProposedField; value: string; decision: "used" | "dropped" | null }[];
}

interface Row {
  documentId: number;
  state: Reading["state"] | null;
  warnings: ScanWarning[] | null;
  reason: string | null;
  found: Buffer | null;
  kinds: string[];
  decisions: Partial<Record<ProposedField, "used" | "dropped">>;
  canRecognise: boolean | null;
}

/** What was read of each paper of a dossier, by the document's id. */
export async function readingsOf(
  { db, secrets }: Pick<Deps, "db" | "secrets">,
  dossierId: number,
): Promise<Map<number, Reading>> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select d.id as "documentId", r.state, r.warnings, r.reason, r.found,
       array(select kind from file_copies c where c.source = d.sha256) as kinds,
       coalesce((select jsonb_object_agg(field, decision) from proposal_decisions p where p.document_id = d.id), '{}')
         as decisions,
       (select tesseract is not null and vietnamese from recognition_tools) as "canRecognise"
     from documents d left join recognitions r on r.sha256 = d.sha256
     where d.dossier_id = ? order by d.id`,
    [dossierId],
  );
  return new Map(
    rows.map((row) => {
      const found = row.found === null ? undefined : unpacked(secrets.decrypt(row.found));
      const reading: Reading = {
        documentId: row.documentId,
        state: row.state ?? "none",
        noRecogniser: row.state === "queued" && row.canRecognise === false,
        warnings: row.warnings ?? [],
        reason: row.reason,
        hasPdf: row.kinds.includes("pdf"),
        hasSearchable: row.kinds.includes("searchable"),
        proposals: PROPOSED_FIELDS.flatMap((field) => {
          const value = found?.proposals[field];
          return value === undefined ? [] : [{ field, value, decision: row.decisions[field] ?? null }];
        }),
      };
      return [reading.documentId, reading];
    }),
  );
}

/** Text, words and proposals of a stored file; undefined where it was not read. */
export async function foundIn(
  { db, secrets }: Pick<Deps, "db" | "secrets">,
  sha256: string,
): Promise<Found | undefined> {
  const row = await db
    .first<{ found: Buffer | null } | undefined>("found")
    .from("recognitions")
    .where({ sha256 });
  return row?.found == null ? undefined : unpacked(secrets.decrypt(row.found));
}

const unpacked = (text: string) =>
  JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString("utf8")) as Found;

export interface RecognitionStanding {
  tools:
    { checkedAt: Date; tesseract: string | null; vietnamese: boolean; poppler: string | null } | undefined;
  waiting: number;
  failed: number;
  oldestWaitingAt: Date | null;
}

/** For the administrator: what the worker found installed, and what waits. */
export async function recognitionStanding({ db }: Pick<Deps, "db">): Promise<RecognitionStanding> {
  const tools = await db
    .first<RecognitionStanding["tools"]>({
      checkedAt: "checked_at",
      tesseract: "tesseract",
      vietnamese: "vietnamese",
      poppler: "poppler",
    })
    .from("recognition_tools");
  const { rows } = await db.raw<{ rows: Omit<RecognitionStanding, "tools">[] }>(
    `select count(*) filter (where state in ('queued', 'running'))::int as waiting,
       count(*) filter (where state = 'failed')::int as failed,
       min(queued_at) filter (where state in ('queued', 'running')) as "oldestWaitingAt"
     from recognitions where state in ('queued', 'running', 'failed')`,
  );
  return { tools, ...(rows[0] ?? { waiting: 0, failed: 0, oldestWaitingAt: null }) };
}

/** Puts what failed back into the queue. Answers how many. */
export async function readFailedAgain({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  return db("recognitions")
    .where({ state: "failed" })
    .update({ state: "queued", attempts: 0, ended_at: null, queued_at: clock.now() });
}
