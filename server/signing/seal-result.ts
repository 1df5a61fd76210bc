import { advance } from "../dossier/advance.ts";
import { attachFiles } from "../dossier/attach-file.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { Refused } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import { carryOut } from "./carry-out.ts";
import type { SigningDeps } from "./deps.ts";
import { assertNotRevoked, stampingOf, withEvidence } from "./evidence.ts";
import { signPdf } from "./pades.ts";
import { issueNumber } from "./register-number.ts";
import { RESULT_FIELDS } from "./signature-fields.ts";
import { meanwhile, pinOf, unitOf, type SigningRequest } from "./signing-request.ts";
import { settleSigning } from "./signings.ts";

/**
 * The clerk seals what the leader signed, with the agency's certificate: a true incremental update, so that the
 * leader's signature stays valid; a second one adds the proofs of both certificates (PAdES B-LT). The sealed paper
 * becomes the dossier's result (status 9) and its number is issued. Answers 202 while the key takes long.
 * Throws what `advance` throws, Refused `not-signed` or `changed-meanwhile`, and what the key throws.
 */
export function sealResult(deps: Deps, signing: SigningDeps, request: SigningRequest): Promise<Answer> {
  return carryOut(deps, signing, request, (dossier, id) => seal(deps, signing, request, dossier, id));
}

async function seal(
  deps: Deps,
  signing: SigningDeps,
  request: SigningRequest,
  dossier: DossierRecord,
  signingId: number,
): Promise<Answer> {
  const { caller } = request;
  const { result } = dossier.facts;
  if (result === null) throw new Refused("not-signed", "Kết quả chưa được lãnh đạo ký.");
  const unit = unitOf(deps, dossier);
  const parent = unit.parent === null ? undefined : deps.agencies.get(unit.parent);
  const key = await signing.keyOf({ agency: unit });
  const image = await signing.imageOf({ agency: unit });
  await assertNotRevoked(signing, key, deps.clock.now(), deps.log);
  try {
    const stamping = stampingOf(signing, deps.log);
    const stamped = await signPdf(await deps.files.readBuffer(result.signed), {
      key,
      ...pinOf(request.payload),
      timestamp: stamping.timestamp,
      appearance: { kind: "seal", agencyName: unit.name, parentAgencyName: parent?.name, image },
      reason: `Đóng dấu, phát hành kết quả hồ sơ ${dossier.code}`,
      location: "Hậu Giang",
      name: unit.name,
      signedAt: deps.clock.now(),
      fieldName: RESULT_FIELDS.agency,
    });
    const { pdf, evidence } = await withEvidence(
      stamped,
      signing,
      stamping.evidence(),
      deps.clock.now(),
      deps.log,
    );
    const { sha256, size, path } = await deps.files.put(pdf);
    const { pages, mediaType } = await deps.judgeFile(path);
    const paper = {
      component: "result",
      fileName: `Kết quả ${result.number.replaceAll("/", "-")}.pdf`,
      sha256,
      size,
      pages,
      mediaType,
    };
    return await writeOnce(deps, request.once, async (trx) => {
      const now = deps.clock.now();
      await settleSigning(trx, signingId, now, evidence);
      const after = await advance(trx, deps, request.code, {
        type: "SEAL",
        caller,
        payload: {},
        ifVersion: dossier.version,
        publicData: { number: result.number, sha256 },
        facts: { result: { ...result, sealed: sha256 } },
        attach: async (inner, { id }, seq) => {
          await issueNumber(inner, id, result.number, now);
          return attachFiles(inner, id, [paper], { username: caller.username, at: now, seq });
        },
      });
      return { status: 200, etag: etagOf(after), body: await dossierView(deps, after, caller) };
    });
  } catch (error) {
    throw meanwhile(error, request);
  }
}
