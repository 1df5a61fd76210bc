import { Router } from "express";
import type { Caller, Deps } from "../dossier/deps.ts";
import { answerOnce } from "../dossier/once.ts";
import { callerFor, ifMatchOf, onceOf, plainCode, staff } from "../dossier/request.ts";
import { answering, jsonBody, queryCursor, queryLimit, queryText } from "../platform/http.ts";
import type { Answer } from "../platform/http.ts";
import { actOnDossier } from "./act-on-dossier.ts";
import type { EventRequest, Show } from "./act-on-dossier.ts";
import { listDossiers } from "./list-dossiers.ts";
import { readDossier, readHistory } from "./read-dossier.ts";
import { readEventOn } from "./read-event.ts";

/** Events whose work stands outside the transaction, by the desk that does it. */
export type SpecialActs = Partial<Record<string, (deps: Deps, request: EventRequest) => Promise<Answer>>>;

/** Work lists, dossiers, their history and the events that move them. */
export function processingRoutes(deps: Deps, special: SpecialActs, showCitizen: Show): Router {
  const router = Router();
  router.get(
    "/dossiers",
    answering((req) =>
      listDossiers(deps, staff(req), {
        status: queryText(req, "status"),
        state: queryText(req, "state"),
        due: queryText(req, "due"),
        q: queryText(req, "q"),
        assignee: queryText(req, "assignee"),
        limit: queryLimit(req),
        cursor: queryCursor(req),
      }),
    ),
  );
  router.get(
    "/dossiers/:code",
    answering((req) => readDossier(deps, staff(req), plainCode(String(req.params.code)))),
  );
  router.get(
    "/dossiers/:code/events",
    answering((req) =>
      readHistory(deps, staff(req), plainCode(String(req.params.code)), {
        limit: queryLimit(req, 200, 500),
        cursor: queryCursor(req),
      }),
    ),
  );
  router.post(
    "/dossiers/:code/events",
    jsonBody(1024 * 1024),
    answering(async (req) => {
      const code = plainCode(String(req.params.code));
      const ifVersion = ifMatchOf(req);
      const caller = await callerFor(deps.db, deps.secrets, req, code);
      const body = withoutSecret(req.body as Record<string, unknown>);
      const once = onceOf(req, callerKey(caller, code), withoutPin(body));
      return answerOnce(deps, once, async () => {
        const { type, payload } = await readEventOn(deps, { code, caller, ifVersion }, body);
        const request: EventRequest = {
          code,
          caller,
          type,
          payload,
          ...(ifVersion === undefined ? {} : { ifVersion }),
          ...(once === undefined ? {} : { once }),
        };
        const act = special[type];
        if (act !== undefined) return act(deps, request);
        return actOnDossier(deps, request, caller.kind === "citizen" ? showCitizen : undefined);
      });
    }),
  );
  return router;
}

/** The event alone: a citizen's form may carry the secret beside it. */
function withoutSecret(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "secret"));
}

/** What is hashed of an event: a PIN of a few digits could be found by trying them all. */
function withoutPin(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "pin"));
}

/** A citizen's kept answers belong to the dossier whose secret he has. */
export function callerKey(caller: Caller, code: string): string {
  return caller.kind === "citizen" ? `citizen/${code}` : caller.username;
}
