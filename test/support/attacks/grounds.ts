import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signPdf } from "../../../server/signing/pades.ts";
import { renderResult } from "../../../server/signing/render-result.ts";
import { RESULT_FIELDS } from "../../../server/signing/signature-fields.ts";
import { aResult } from "../../signing/papers.ts";
import { TSA } from "./forging.ts";
import { makeTestAuthority } from "./certificates.ts";
import type { TestAuthority, TestSigner } from "./certificates.ts";
import { SIGNED_AT } from "./moments.ts";

/** What an attack starts from. */
export interface Grounds {
  /** Signed by the leader, then sealed by the agency, by our own program. */
  sealed: Buffer;
  /** Signed by the leader alone. */
  signed: Buffer;
  /** Another paper, sealed in the same way. */
  other: Buffer;
  authority: TestAuthority;
  /** Of the same names, and trusted by nobody. */
  impostor: TestAuthority;
  leader: TestSigner;
  agency: TestSigner;
  tsa: TestSigner;
}

export const AGENCY_SUBJECT = "/C=VN/O=Sở Tư pháp/CN=Sở Tư pháp";

/** What attacks start from: an authority, an impostor's, and results signed by our own program with their keys. */
export async function makeGrounds(): Promise<Grounds & { close(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "attacks-"));
  const authority = makeTestAuthority(join(dir, "authority"));
  const impostor = makeTestAuthority(join(dir, "impostor"));
  const leader = authority.signer("leader");
  const agency = authority.signer("agency", { subject: AGENCY_SUBJECT });
  authority.revoke(authority.signer("revoked"));
  const byLeader = { key: leader, appearance: { kind: "handwriting", name: "Trần Văn Mẫu" } as const };
  const byAgency = { key: agency, appearance: { kind: "seal", agencyName: "Sở Tư pháp" } as const };
  const about = { reason: "Ký kết quả", location: "Hậu Giang", name: "Trần Văn Mẫu", signedAt: SIGNED_AT };
  const make = async (number: string) => {
    const draft = await renderResult(aResult({ number, date: SIGNED_AT }));
    const signed = await signPdf(draft, { ...about, ...byLeader, fieldName: RESULT_FIELDS.leader });
    const sealed = await signPdf(signed, { ...about, ...byAgency, fieldName: RESULT_FIELDS.agency });
    return { signed, sealed };
  };
  const { signed, sealed } = await make("125/QĐ-STP");
  const { sealed: other } = await make("126/QĐ-STP");
  const tsa = authority.signer("tsa", TSA);
  return {
    ...{ sealed, signed, other, authority, impostor, leader, agency, tsa },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
