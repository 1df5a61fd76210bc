import { Router } from "express";
import type { Request, RequestHandler } from "express";
import { fieldChecker } from "../../workflows/schema.ts";
import { toVietnamIso } from "../../workflows/calendar.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { Invalid, Unauthenticated } from "../platform/errors.ts";
import { answering, jsonBody } from "../platform/http.ts";
import { logIn, logOut } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";

/** JSON Schema of the body of POST /sessions. */
export const credentialsSchema = {
  type: "object",
  additionalProperties: false,
  required: ["username", "password"],
  properties: {
    username: { type: "string", minLength: 1, maxLength: 100 },
    password: { type: "string", minLength: 1, maxLength: 200 },
    otp: { type: "string", maxLength: 20 },
  },
};

const check = fieldChecker(credentialsSchema);

/** Logging in and out of the API. `throttle` slows down whoever guesses. */
export function sessionRoutes(
  deps: { db: Database; clock: Clock; sessions: Sessions },
  throttle: RequestHandler,
): Router {
  const router = Router();
  router.post(
    "/sessions",
    jsonBody(16 * 1024),
    throttle,
    answering(async (req) => {
      const errors = check(req.body);
      if (errors.length > 0) throw new Invalid(errors);
      const { username, password } = req.body as { username: string; password: string };
      const { token, account, expiresAt } = await logIn(deps, { username, password });
      const { name, agency, roles } = account;
      return {
        status: 201,
        body: {
          token,
          expiresAt: toVietnamIso(expiresAt.getTime()),
          account: { username: account.username, name, agencyCode: agency, roles },
        },
      };
    }),
  );
  router.delete(
    "/sessions/current",
    answering(async (req) => {
      const token = bearerOf(req.get("authorization"));
      if (token !== undefined) await logOut(deps.sessions, deps, token);
      return { status: 200, body: {} };
    }),
  );
  return router;
}

/** Puts the caller on the request when it carries a session. Throws Unauthenticated when the session is none. */
export function identify(sessions: Sessions): RequestHandler {
  const find = async (req: Request, token: string) => {
    const account = await sessions.find(token);
    if (account === undefined)
      throw new Unauthenticated("session-ended", "Phiên làm việc đã hết hạn. Hãy đăng nhập lại.");
    const { username, name, roles, agency } = account;
    req.caller = { kind: "staff", username, name, roles, agency };
  };
  return (req, _res, next) => {
    const token = bearerOf(req.headers.authorization);
    if (token === undefined) next();
    else find(req, token).then(() => next(), next);
  };
}

function bearerOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1];
}
