import type { Knex } from "knex";
import type { Deps } from "../dossier/deps.ts";
import { Refused } from "../platform/errors.ts";

/** The leader signs a result, the clerk seals it; an officer signs the copy of a paper. */
export type SigningType = "SIGN" | "SEAL" | "COPY";
export type SigningState = "running" | "done" | "failed" | "abandoned";
/** How much a signature carries (ETSI EN 319 142-1): itself, its timestamp, the proofs of its certificates. */
export type SignatureLevel = "B-B" | "B-T" | "B-LT";

/** How often who signs says that he still does, and after how long a silence he is given up, in milliseconds. */
export const BEAT_MS = 5_000;
export const SILENCE_MS = 60_000;

/** Enters that a signing begins. Answers its id; undefined when another one of the result, or of the copy, is under way. */
export async function beginSigning(
  { db, clock }: Pick<Deps, "db" | "clock">,
  signing: { dossierId: number; documentId?: number; type: SigningType; agency: string; by: string },
): Promise<number | undefined> {
  const now = clock.now();
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `insert into signings (dossier_id, document_id, type, agency, by_username, started_at, alive_at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id`,
    [signing.dossierId, signing.documentId ?? null, signing.type, signing.agency, signing.by, now, now],
  );
  return rows[0]?.id;
}

/** Says every few seconds that the signing goes on, until the answer is called. */
export function keepAlive({ db, clock, log }: Pick<Deps, "db" | "clock" | "log">, id: number): () => void {
  const beat = setInterval(() => {
    db("signings")
      .where({ id, state: "running" })
      .update({ alive_at: clock.now() })
      .catch((cause: unknown) => log.warn({ err: cause }, "a signing could not say that it goes on"));
  }, BEAT_MS);
  beat.unref();
  return () => clearInterval(beat);
}

/**
 * Enters in the dossier's own transaction that it is signed. Throws Refused `signing-abandoned` when it was given up
 * meanwhile: then its number is cancelled and nothing of it may stand.
 */
export async function settleSigning(
  trx: Knex.Transaction,
  id: number,
  now: Date,
  { level, reason }: { level: SignatureLevel; reason: string | null },
): Promise<void> {
  const settled = await trx("signings")
    .where({ id, state: "running" })
    .update({ state: "done", ended_at: now, level, reason });
  if (settled !== 1)
    throw new Refused(
      "signing-abandoned",
      "Lần ký này đã bị hủy vì gián đoạn quá lâu; chưa có gì được ghi. Hãy ký lại.",
    );
}

/** Enters that a signing came to nothing, with the code of its reason. */
export async function failSigning(
  { db, clock }: Pick<Deps, "db" | "clock">,
  id: number,
  reason: string,
): Promise<void> {
  await db("signings")
    .where({ id, state: "running" })
    .update({ state: "failed", ended_at: clock.now(), reason });
}

/**
 * Gives up the signings whose process was ended under them, so that they can be repeated. Answers how many. The numbers
 * that they had reserved are cancelled after it (`cancelAbandonedNumbers`).
 */
export async function endAbandonedSignings({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock.now();
  return db("signings")
    .where({ state: "running" })
    .where("alive_at", "<", new Date(now.getTime() - SILENCE_MS))
    .update({ state: "abandoned", ended_at: now, reason: "interrupted" });
}

/** Whether a signing of the dossier's result, or of the copy of this document, is under way, and which. */
export async function runningSigning(
  db: Knex,
  of: { dossierId: number } | { documentId: number },
): Promise<{ id: number; type: SigningType; startedAt: Date } | undefined> {
  return db
    .first<{ id: number; type: SigningType; startedAt: Date } | undefined>({
      id: "id",
      type: "type",
      startedAt: "started_at",
    })
    .from("signings")
    .where({ state: "running" })
    .where(
      "dossierId" in of ? { dossier_id: of.dossierId, document_id: null } : { document_id: of.documentId },
    );
}
