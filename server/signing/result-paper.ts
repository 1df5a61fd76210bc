import { matterOf } from "../../workflows/declaration.ts";
import type { Agency } from "../catalogue/units.ts";
import type { Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { Refused } from "../platform/errors.ts";
import { uploadedDraft } from "./check-draft.ts";
import { renderResult, type SigningLooks } from "./render-result.ts";
import { withSigningPage } from "./signing-page.ts";

const PROVINCE = "Hậu Giang";

/**
 * The paper to be signed: the uploaded draft with a page for number and signatures behind it, else one set from the
 * procedure's template and the fields the specialist drafted. Throws Refused when the draft is no PDF or is gone.
 */
export async function resultPaper(
  deps: Deps,
  dossier: DossierRecord,
  unit: Agency,
  number: string,
  signer: { name: string; title: string },
  looks: SigningLooks,
): Promise<Buffer> {
  const { draft, outcome } = dossier.facts;
  if (draft === null || outcome === null) throw new Refused("no-draft", "Chưa có dự thảo kết quả.");
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const { applicant, owner } = dossier.people;
  const parent = unit.parent === null ? undefined : deps.agencies.get(unit.parent);
  const result = {
    agencyName: unit.name,
    ...(parent === undefined ? {} : { parentAgencyName: parent.name }),
    number,
    place: PROVINCE,
    date: deps.clock.now(),
    procedureName: matterOf(declaration),
    procedureCode: declaration.code,
    dossierCode: dossier.code,
    applicantName: (owner ?? applicant).name,
    outcome,
    resultTitle:
      outcome === "deny"
        ? (declaration.result.denialTitle ?? declaration.result.title)
        : declaration.result.title,
    signerTitle: signer.title,
    signerName: signer.name,
    looks,
    trackingUrl: `${deps.publicUrl}/tra-cuu/${dossier.code}`,
  };
  if (draft.documentId !== null)
    return withSigningPage(await uploadedDraft(deps, dossier, draft.documentId), result);
  const said = await draftText(deps, dossier.id, draft.seq);
  return renderResult({
    ...result,
    ...(outcome === "deny" ? { reason: await denialReason(deps, dossier.id) } : {}),
    fields: Object.entries(said).map(([label, value]) => ({ label, value: String(value) })),
  });
}

async function draftText(
  deps: Deps,
  dossierId: number,
  seq: number,
): Promise<Record<string, string | number | boolean>> {
  const row = await deps.db
    .first<{ data: { fields?: Record<string, string | number | boolean> } } | undefined>("data")
    .from("event_personal")
    .where({ dossier_id: dossierId, seq });
  return row?.data.fields ?? {};
}

/** The reason of the last proposal to deny. */
async function denialReason(deps: Deps, dossierId: number): Promise<string> {
  const { rows } = await deps.db.raw<{ rows: { reason: string | null }[] }>(
    `select p.data ->> 'reason' as reason from events e
       join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
      where e.dossier_id = ? and e.type = 'PROPOSE' order by e.seq desc limit 1`,
    [dossierId],
  );
  return rows[0]?.reason ?? "";
}
