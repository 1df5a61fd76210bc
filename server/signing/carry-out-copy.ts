import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import { iso } from "../dossier/time.ts";
import { Refused } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import { inSight, inTime } from "./carry-out.ts";
import { beginSigning, runningSigning, settleSigning, type SignatureLevel } from "./signings.ts";

export interface CopyWork {
  dossier: { id: number; code: string };
  documentId: number;
  caller: Caller;
  /** How long the caller waits, in milliseconds. */
  patience: number;
}

/** Enters, in the transaction that keeps the copy, that it is signed. */
export type Settle = (
  trx: Knex.Transaction,
  evidence: { level: SignatureLevel; reason: string | null },
) => Promise<void>;

/**
 * Carries the signing of a paper's copy out as those of results are: on record while it is under way, answered 202 with
 * `pending` when it takes longer than the patience, finished by itself. A second request for the same paper meanwhile
 * is answered with the first one's `pending`. Throws what `perform` throws.
 */
export async function carryOutCopy(
  deps: Deps,
  { dossier, documentId, caller, patience }: CopyWork,
  perform: (settle: Settle) => Promise<Answer>,
): Promise<Answer> {
  const startedAt = deps.clock.now();
  const pending = (since: Date): Answer => {
    const look = `/api/v1/dossiers/${dossier.code}/signings`;
    return {
      status: 202,
      headers: { Location: look },
      body: { documentId: String(documentId), pending: { type: "COPY", startedAt: iso(since), look } },
    };
  };
  const agency = caller.agency ?? "";
  const begun = { dossierId: dossier.id, documentId, type: "COPY", agency, by: caller.username } as const;
  const id = await beginSigning(deps, begun);
  if (id === undefined) {
    const running = await runningSigning(deps.db, { documentId });
    if (running !== undefined) return pending(running.startedAt);
    throw new Refused("changed-meanwhile", "Bản sao này vừa được ký xong hoặc ký không thành. Hãy xem lại.");
  }
  const settle: Settle = (trx, evidence) => settleSigning(trx, id, deps.clock.now(), evidence);
  const work = inSight(deps, id, () => perform(settle));
  return inTime(deps, {
    patience,
    dossier: dossier.code,
    work,
    pending: () => Promise.resolve(pending(startedAt)),
  });
}
