import type { Knex } from "knex";
import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import { advance } from "../dossier/advance.ts";
import type { Act } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import type { Answer } from "../platform/http.ts";
import { correction } from "./correct-record.ts";

/** An event as somebody posts it. */
export interface EventRequest {
  code: string;
  caller: Caller;
  type: EventType;
  payload: Payload;
  ifVersion?: number;
  once?: OnceKey;
}

/** What an answer shows of the dossier: all of it to staff, the tracking view to a citizen. */
export type Show = (dossier: DossierRecord, trx: Knex.Transaction) => Promise<unknown>;

/**
 * Moves a dossier by one event that needs no work outside the transaction. Answers 200 with the dossier.
 * Throws what `advance` throws.
 */
export async function actOnDossier(deps: Deps, request: EventRequest, show?: Show): Promise<Answer> {
  const { code, caller, type, payload, ifVersion } = request;
  const act: Act = {
    type,
    caller,
    payload,
    ...(ifVersion === undefined ? {} : { ifVersion }),
    ...(type === "CORRECT" ? { correct: correction(payload) } : {}),
  };
  return writeOnce(deps, request.once, async (trx) => {
    const dossier = await advance(trx, deps, code, act);
    const body = show === undefined ? await dossierView(deps, dossier, caller) : await show(dossier, trx);
    return { status: 200, etag: etagOf(dossier), body };
  });
}
