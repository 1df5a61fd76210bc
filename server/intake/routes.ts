import { timingSafeEqual } from "node:crypto";
import { Router } from "express";
import type { RequestHandler } from "express";
import type { Deps } from "../dossier/deps.ts";
import { answerOnce } from "../dossier/once.ts";
import { onceOf, staff } from "../dossier/request.ts";
import { Unauthenticated } from "../platform/errors.ts";
import { answering, jsonBody } from "../platform/http.ts";
import { fileApplication } from "./file-application.ts";
import { receiveOnline } from "./receive-online.ts";

const MEGABYTE = 1024 * 1024;

/** Filing at the counter, and from the national portal. */
export function intakeRoutes(deps: Deps, inboundToken: string): Router {
  const router = Router();
  router.post(
    "/dossiers",
    jsonBody(MEGABYTE),
    answering(async (req) => {
      const caller = staff(req);
      const once = onceOf(req, caller.username);
      return answerOnce(deps, once, () => fileApplication(deps, caller, req.body, once));
    }),
  );
  router.post(
    "/inbound/dossiers",
    withToken(inboundToken),
    jsonBody(100 * MEGABYTE),
    answering((req) => receiveOnline(deps, req.body)),
  );
  return router;
}

/** The portal's own token; its callers have no session. */
function withToken(token: string): RequestHandler {
  return (req, _res, next) => {
    if (!isToken(req.get("authorization"), token)) throw new Unauthenticated();
    next();
  };
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
