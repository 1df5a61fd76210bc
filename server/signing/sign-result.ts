import type { Agency } from "../catalogue/units.ts";
import { advance } from "../dossier/advance.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import type { Answer } from "../platform/http.ts";
import { carryOut } from "./carry-out.ts";
import type { SigningDeps } from "./deps.ts";
import { assertNotRevoked, stampingOf } from "./evidence.ts";
import { signPdf } from "./pades.ts";
import { cancelNumber, reserveNumber } from "./register-number.ts";
import { resultPaper } from "./result-paper.ts";
import { RESULT_FIELDS } from "./signature-fields.ts";
import { settleSigning } from "./signings.ts";
import { meanwhile, pinOf, reasonOf, unitOf, type SigningRequest } from "./signing-request.ts";

/**
 * The leader signs the result. The paper is set, numbered and signed before the transaction; one short transaction
 * then moves the dossier if its version is still the one that was signed, else the number is cancelled. Answers 202
 * while the key takes long.
 * Throws what `advance` throws, Refused `changed-meanwhile`, and what the key throws.
 */
export function signResult(deps: Deps, signing: SigningDeps, request: SigningRequest): Promise<Answer> {
  return carryOut(deps, signing, request, (dossier, id) => sign(deps, signing, request, dossier, id));
}

async function sign(
  deps: Deps,
  signing: SigningDeps,
  request: SigningRequest,
  dossier: DossierRecord,
  signingId: number,
): Promise<Answer> {
  const { caller, payload } = request;
  const unit = unitOf(deps, dossier);
  const signer = { name: caller.name, title: leaderTitle(unit) };
  const key = await signing.keyOf({ officer: { ...signer, username: caller.username }, agency: unit });
  const hand = await signing.imageOf({ officer: { ...signer, username: caller.username }, agency: unit });
  // Room is left for the seal now: a place must not change under the leader's signature.
  const seal = await signing.imageOf({ agency: unit });
  await assertNotRevoked(signing, key, deps.clock.now(), deps.log);
  const reserved = await reserveNumber(deps, unit, dossier.id, dossier.facts.outcome ?? "grant");
  // What cannot be cancelled now, because the database is away, is cancelled by the worker (cancelAbandonedNumbers).
  const cancel = (reason: string) =>
    cancelNumber(deps.db, reserved, deps.clock.now(), reason).catch((cause: unknown) =>
      deps.log.warn({ err: cause }, "a reserved number could not be cancelled"),
    );
  try {
    const paper = await resultPaper(deps, dossier, unit, reserved.symbol, signer, { hand, seal });
    const stamping = stampingOf(signing, deps.log);
    const signed = await signPdf(paper, {
      key,
      ...pinOf(payload),
      timestamp: stamping.timestamp,
      appearance: { kind: "handwriting", name: caller.name, image: hand },
      reason: `Ký kết quả giải quyết hồ sơ ${dossier.code}`,
      location: "Hậu Giang",
      name: caller.name,
      signedAt: deps.clock.now(),
      fieldName: RESULT_FIELDS.leader,
    });
    const { sha256 } = await deps.files.put(signed);
    let isUsed = false;
    const answer = await writeOnce(deps, request.once, async (trx) => {
      await settleSigning(trx, signingId, deps.clock.now(), stamping.evidence());
      const after = await advance(trx, deps, request.code, {
        type: "SIGN",
        caller,
        payload: {},
        ifVersion: dossier.version,
        publicData: { number: reserved.symbol, sha256 },
        facts: { result: { number: reserved.symbol, signed: sha256, sealed: null } },
      });
      isUsed = true;
      return { status: 200, etag: etagOf(after), body: await dossierView(deps, after, caller) };
    });
    // A request of the same key was quicker: its number stands.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the transaction sets it
    if (!isUsed) await cancel("signed-already");
    return answer;
  } catch (error) {
    await cancel(reasonOf(error));
    throw meanwhile(error, request);
  }
}

function leaderTitle(unit: Agency): string {
  switch (unit.kind) {
    case "department":
      return "Giám đốc";
    case "centre":
      return "Giám đốc";
    case "division":
      return "Trưởng phòng";
    default:
      return "Chủ tịch";
  }
}
