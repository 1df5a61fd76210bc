import type { Caller, Deps } from "../dossier/deps.ts";
import { concerns, findDossier } from "../dossier/record.ts";
import { NotFound } from "../platform/errors.ts";
import { PROPOSED_FIELDS, type ProposedField } from "./propose-fields.ts";
import { readingsOf } from "./read-found.ts";

/** Whether a name is one of the proposed fields. */
export const isProposedField = (name: string): name is ProposedField =>
  (PROPOSED_FIELDS as readonly string[]).includes(name);

/**
 * Notes what an officer decided about a value that was proposed from a scan: used as a fact of the paper, or dropped.
 * The dossier itself is not touched: that is a correction, an event of its own. Throws NotFound where nothing was
 * proposed, or the dossier does not concern him.
 */
export async function decideProposal(
  deps: Deps,
  caller: Caller,
  { code, documentId, field, use }: { code: string; documentId: number; field: ProposedField; use: boolean },
): Promise<void> {
  const dossier = await findDossier(deps.db, code);
  if (dossier === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  const proposal = (await readingsOf(deps, dossier.id))
    .get(documentId)
    ?.proposals.find((one) => one.field === field);
  if (proposal === undefined) throw new NotFound("no-such-proposal", "Bản quét không có đề xuất này.");
  await deps
    .db("proposal_decisions")
    .insert({
      document_id: documentId,
      field,
      decision: use ? "used" : "dropped",
      value: use ? deps.secrets.encrypt(proposal.value) : null,
      by_username: caller.username,
      at: deps.clock.now(),
    })
    .onConflict(["document_id", "field"])
    .merge();
}
