import { PDFDocument } from "@cantoo/pdf-lib";
import type { Agency } from "../catalogue/units.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { copyFieldName, drawCopyStamp, type CopyForm } from "./copy-stamp.ts";
import type { SigningDeps } from "./deps.ts";
import { assertNotRevoked, stampingOf, withEvidence, type Evidence } from "./evidence.ts";
import { signPdf } from "./pades.ts";
import { signatureFields } from "./signature-fields.ts";

export interface CopyToSign {
  pdf: Buffer;
  form: CopyForm;
  caller: Caller;
  /** The officer's unit, which the stamp names. */
  agency: Agency;
  pin?: string | undefined;
}

/**
 * An officer signs the electronic copy of a paper with his own key (Decree 30/2020, article 25; Circular
 * 01/2023/TT-VPCP): stamp and signature, with timestamp and proofs where they can be had.
 * Throws Invalid `pdf-not-signable`, Refused `certificate-revoked`, and what the key throws.
 */
export async function signCopy(
  deps: Pick<Deps, "clock" | "log">,
  signing: SigningDeps,
  { pdf, form, caller, agency, pin }: CopyToSign,
): Promise<{ pdf: Buffer; signedAt: Date; evidence: Evidence }> {
  const signedAt = deps.clock.now();
  const { username, name } = caller;
  const key = await signing.keyOf({ officer: { username, name, title: "Công chức một cửa" }, agency });
  await assertNotRevoked(signing, key, signedAt, deps.log);
  const fields = signatureFields(await PDFDocument.load(pdf, { updateMetadata: false }));
  const stamping = stampingOf(signing, deps.log);
  const signed = await signPdf(pdf, {
    key,
    pin,
    timestamp: stamping.timestamp,
    appearance: {
      kind: "drawn",
      draw: (document) => drawCopyStamp(document, { form, agencyName: agency.name, at: signedAt }),
    },
    reason: "Ký bản sao điện tử",
    location: "Hậu Giang",
    name,
    signedAt,
    fieldName: copyFieldName(fields.map(({ name: field }) => field)),
  });
  return {
    signedAt,
    ...(await withEvidence(signed, signing, stamping.evidence(), deps.clock.now(), deps.log)),
  };
}
