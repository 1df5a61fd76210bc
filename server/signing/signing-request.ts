import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import type { Agency } from "../catalogue/units.ts";
import { assertAllowed, checkVersion, mayKnow } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { OnceKey } from "../dossier/once.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { NotFound, Problem, Refused } from "../platform/errors.ts";

export interface SigningRequest {
  code: string;
  caller: Caller;
  type: EventType;
  payload: Payload;
  ifVersion?: number;
  once?: OnceKey;
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

export function unitOf(deps: Deps, dossier: DossierRecord): Agency {
  const unit = deps.agencies.get(dossier.facts.places.processing);
  if (unit === undefined) throw new Error(`no unit ${dossier.facts.places.processing}`);
  return unit;
}

export function pinOf(payload: Payload): { pin?: string } {
  return typeof payload.pin === "string" && payload.pin !== "" ? { pin: payload.pin } : {};
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

export function reasonOf(error: unknown): string {
  return error instanceof Problem ? error.code : "signing-failed";
}
