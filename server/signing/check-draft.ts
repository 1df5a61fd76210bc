import type { Caller, Deps } from "../dossier/deps.ts";
import { mayKnow } from "../dossier/advance.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { Payload } from "../../workflows/rules.ts";
import { Refused } from "../platform/errors.ts";
import { assertUnsigned } from "./signing-page.ts";

/**
 * Looks at the file that a specialist names as the draft of the result, before the leader meets it. What else is wrong
 * with the event is said by `advance`. Throws Refused `draft-not-pdf` or `draft-signed`, Invalid `pdf-not-signable`.
 */
export async function checkDraft(
  deps: Deps,
  { code, caller, payload }: { code: string; caller: Caller; payload: Payload },
): Promise<void> {
  const { documentId } = payload;
  if (typeof documentId !== "number") return;
  const dossier = await findDossier(deps.db, code);
  if (dossier === undefined || !mayKnow(dossier, caller)) return;
  await assertUnsigned(await uploadedDraft(deps, dossier, documentId));
}

/** The bytes of an uploaded draft. Throws Refused `draft-not-pdf` when it is none, or no longer there. */
export async function uploadedDraft(deps: Deps, dossier: DossierRecord, id: number): Promise<Buffer> {
  const paper = dossier.papers.find((candidate) => candidate.id === id && candidate.component === "result");
  if (paper?.mediaType !== "application/pdf")
    throw new Refused(
      "draft-not-pdf",
      "Dự thảo đã chọn không phải tệp PDF thuộc thành phần kết quả của hồ sơ này.",
    );
  return deps.files.readBuffer(paper.sha256);
}
