import { advance } from "../dossier/advance.ts";
import { attachFiles } from "../dossier/attach-file.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { Refused } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import type { SigningDeps } from "./deps.ts";
import { signPdf } from "./pades.ts";
import { RESULT_FIELDS } from "./signature-fields.ts";
import { authorityOf, dossierToSign, meanwhile, pinOf, unitOf } from "./sign-result.ts";
import type { SigningRequest } from "./sign-result.ts";

/**
 * The clerk seals what the leader signed, with the agency's certificate: a true incremental update, so that the
 * leader's signature stays valid. The sealed paper becomes the dossier's result (status 9) and its number is issued.
 */
export async function sealResult(deps: Deps, signing: SigningDeps, request: SigningRequest): Promise<Answer> {
  const { caller } = request;
  const dossier = await dossierToSign(deps, request);
  const { result } = dossier.facts;
  if (result === null) throw new Refused("not-signed", "Kết quả chưa được lãnh đạo ký.");
  const unit = unitOf(deps, dossier);
  const parent = unit.parent === null ? undefined : deps.agencies.get(unit.parent);
  const key = await authorityOf(signing).agencyKey({ code: unit.code, name: unit.name });
  try {
    const sealed = await signPdf(await deps.files.readBuffer(result.signed), {
      key,
      ...pinOf(request.payload),
      appearance: { kind: "seal", agencyName: unit.name, parentAgencyName: parent?.name },
      reason: `Đóng dấu, phát hành kết quả hồ sơ ${dossier.code}`,
      location: "Hậu Giang",
      name: unit.name,
      signedAt: deps.clock.now(),
      fieldName: RESULT_FIELDS.agency,
    });
    const { sha256, size, path } = await deps.files.put(sealed);
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
      const after = await advance(trx, deps, request.code, {
        type: "SEAL",
        caller,
        payload: {},
        ifVersion: dossier.version,
        publicData: { number: result.number, sha256 },
        facts: { result: { ...result, sealed: sha256 } },
        attach: async (inner, { id }, seq) => {
          await inner("document_numbers")
            .where({ dossier_id: id, symbol: result.number, state: "reserved" })
            .update({ state: "issued", settled_at: now });
          return attachFiles(inner, id, [paper], { username: caller.username, at: now, seq });
        },
      });
      return { status: 200, etag: etagOf(after), body: await dossierView(deps, after, caller) };
    });
  } catch (error) {
    throw meanwhile(error, request);
  }
}
