import { setTimeout as pause } from "node:timers/promises";
import type { Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { iso } from "../dossier/time.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { Problem, Refused } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import type { SigningDeps } from "./deps.ts";
import { dossierToSign, type SigningRequest } from "./signing-request.ts";
import { beginSigning, failSigning, keepAlive, runningSigning, type SigningType } from "./signings.ts";

const LOOK_MS = 150;

/**
 * Carries one signing out: entered as under way, done by `perform`, and ended as done or failed. Answers what `perform`
 * does; when that takes longer than the patience, 202 with `pending`, and the work goes on by itself. A second request
 * for the same dossier waits for the first.
 * Throws what `dossierToSign` and `perform` throw, Refused `signing-under-way`.
 */
export async function carryOut(
  deps: Deps,
  signing: SigningDeps,
  request: SigningRequest,
  perform: (dossier: DossierRecord, id: number) => Promise<Answer>,
): Promise<Answer> {
  const until = performance.now() + signing.patience;
  const type = request.type as SigningType;
  for (;;) {
    const dossier = await dossierToSign(deps, request);
    const id = await beginSigning(deps, {
      dossierId: dossier.id,
      type,
      agency: dossier.facts.places.processing,
      by: request.caller.username,
    });
    if (id !== undefined) {
      const startedAt = deps.clock.now();
      const work = inSight(deps, id, () => perform(dossier, id));
      const pending = () => pendingAnswer(deps, request, dossier, startedAt);
      return inTime(deps, { patience: signing.patience, dossier: dossier.code, work, pending });
    }
    const running = await waitFor(deps, dossier, until);
    // Ended: asked anew, for it may have moved the dossier, or failed and left it to us.
    if (running === undefined) continue;
    if (running.type === type) return pendingAnswer(deps, request, dossier, running.startedAt);
    throw new Refused("signing-under-way", "Hồ sơ đang được ký số. Hãy chờ lần ký này xong.");
  }
}

/** Does the work of a signing that was begun: says that it goes on, and enters why when it comes to nothing. */
export async function inSight(deps: Deps, id: number, perform: () => Promise<Answer>): Promise<Answer> {
  const stop = keepAlive(deps, id);
  try {
    return await perform();
  } catch (error) {
    const reason = error instanceof Problem ? error.code : "signing-failed";
    // What cannot be entered now, because the database is away, is given up by the worker.
    await failSigning(deps, id, reason).catch((cause: unknown) =>
      deps.log.warn({ err: cause }, "a failed signing could not be entered as such"),
    );
    throw error;
  } finally {
    stop();
  }
}

export interface Work {
  /** Milliseconds. */
  patience: number;
  /** Code of the dossier, for the log. */
  dossier: string;
  work: Promise<Answer>;
  /** What is answered when the work takes longer. */
  pending: () => Promise<Answer>;
}

/** What the work answers, or `pending` when that takes longer than the patience: then the work goes on by itself. */
export async function inTime(deps: Deps, { patience, dossier, work, pending }: Work): Promise<Answer> {
  const given = new AbortController();
  try {
    const late = pause(patience, undefined, { signal: given.signal }).catch(() => undefined);
    const answer = await Promise.race([work, late]);
    if (answer !== undefined) return answer;
  } finally {
    given.abort();
  }
  work.catch((error: unknown) => {
    if (error instanceof Problem && error.status < 500)
      deps.log.info({ code: error.code, dossier }, "a signing that took long came to nothing");
    else deps.log.error({ err: error, dossier }, "a signing that took long failed");
  });
  return pending();
}

/** Waits until no signing of the dossier is under way; answers the one that still is when the time is over. */
async function waitFor({ db }: Deps, { id }: DossierRecord, until: number) {
  for (;;) {
    const running = await runningSigning(db, { dossierId: id });
    if (running === undefined || performance.now() > until) return running;
    await pause(LOOK_MS);
  }
}

/** 202: the dossier as it still stands, and where to look what becomes of the signing. */
async function pendingAnswer(
  deps: Deps,
  { caller, type }: SigningRequest,
  dossier: DossierRecord,
  startedAt: Date,
): Promise<Answer> {
  const look = `/api/v1/dossiers/${dossier.code}/signings`;
  return {
    status: 202,
    etag: etagOf(dossier),
    headers: { Location: look },
    body: {
      ...(await dossierView(deps, dossier, caller)),
      pending: { type, startedAt: iso(startedAt), look },
    },
  };
}
