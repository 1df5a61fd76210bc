import { assertAllowed, advance, checkVersion, mayKnow } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { Payload } from "../../workflows/rules.ts";
import type { OnceKey } from "../dossier/once.ts";
import { writeOnce } from "../dossier/once.ts";
import type { EventType } from "../../workflows/events.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import type { Agency } from "../catalogue/units.ts";
import { NotFound, Problem, Refused, Unavailable } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import type { SigningDeps } from "./deps.ts";
import type { DemonstrationAuthority } from "./demonstration-authority.ts";
import { signPdf } from "./pades.ts";
import { cancelNumber, reserveNumber } from "./register-number.ts";
import { resultPaper } from "./result-paper.ts";
import { RESULT_FIELDS } from "./signature-fields.ts";

export interface SigningRequest {
  code: string;
  caller: Caller;
  type: EventType;
  payload: Payload;
  ifVersion?: number;
  once?: OnceKey;
}

/**
 * The leader signs the result. The paper is set, numbered and signed before the transaction; one short transaction
 * then moves the dossier if its version is still the one that was signed, else the number is cancelled.
 * Throws what `advance` throws, and Refused `changed-meanwhile`.
 */
export async function signResult(deps: Deps, signing: SigningDeps, request: SigningRequest): Promise<Answer> {
  const { caller, payload } = request;
  const dossier = await dossierToSign(deps, request);
  const authority = authorityOf(signing);
  const unit = unitOf(deps, dossier);
  const signer = { name: caller.name, title: leaderTitle(unit) };
  const reserved = await reserveNumber(deps, unit, dossier.id, dossier.facts.outcome ?? "grant");
  // What cannot be cancelled now, because the database is away, is cancelled by the worker (cancelAbandonedNumbers).
  const cancel = (reason: string) =>
    cancelNumber(deps.db, reserved, deps.clock.now(), reason).catch((cause: unknown) =>
      deps.log.warn({ err: cause }, "a reserved number could not be cancelled"),
    );
  try {
    const paper = await resultPaper(deps, dossier, unit, reserved.symbol, signer);
    const key = await authority.officerKey({
      id: caller.username,
      name: caller.name,
      title: signer.title,
      agencyCode: unit.code,
      agencyName: unit.name,
    });
    const signed = await signPdf(paper, {
      key,
      ...pinOf(payload),
      appearance: { kind: "handwriting", name: caller.name },
      reason: `Ký kết quả giải quyết hồ sơ ${dossier.code}`,
      location: "Hậu Giang",
      name: caller.name,
      signedAt: deps.clock.now(),
      fieldName: RESULT_FIELDS.leader,
    });
    const { sha256 } = await deps.files.put(signed);
    let isUsed = false;
    const answer = await writeOnce(deps, request.once, async (trx) => {
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

/** The dossier as the signer sees it, when he may sign or seal it now. Throws what `advance` would. */
export async function dossierToSign(deps: Deps, request: SigningRequest): Promise<DossierRecord> {
  const dossier = await findDossier(deps.db, request.code);
  if (dossier === undefined || !mayKnow(dossier, request.caller))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  await checkVersion(deps.db, dossier, request.ifVersion);
  await assertAllowed(deps, dossier, request);
  return dossier;
}

/** Throws Unavailable where no signing keys are set up. */
export function authorityOf({ authority }: SigningDeps): DemonstrationAuthority {
  if (authority === undefined)
    throw new Unavailable("no-signing-keys", "Hệ thống chưa được cấu hình khóa ký số.");
  return authority;
}

export function unitOf(deps: Deps, dossier: DossierRecord): Agency {
  const unit = deps.agencies.get(dossier.facts.places.processing);
  if (unit === undefined) throw new Error(`no unit ${dossier.facts.places.processing}`);
  return unit;
}

export function pinOf(payload: Payload): { pin?: string } {
  return typeof payload.pin === "string" ? { pin: payload.pin } : {};
}

/** Somebody else moved the dossier while it was being signed: nothing was changed, and the caller is told so. */
export function meanwhile(error: unknown, request: SigningRequest): unknown {
  if (!(error instanceof Problem) || error.status !== 412 || request.ifVersion !== undefined) return error;
  return new Refused(
    "changed-meanwhile",
    "Hồ sơ vừa được người khác thay đổi trong lúc ký; chưa có gì được ghi. Hãy tải lại hồ sơ.",
    { extras: error.extras },
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Problem ? error.code : "signing-failed";
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
