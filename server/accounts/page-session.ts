import { createHash, timingSafeEqual } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { NotAllowed } from "../platform/errors.ts";
import { fieldText, formBody } from "../platform/form-body.ts";
import type { Account } from "./account.ts";
import { SESSION_LENGTH } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";

declare module "express-serve-static-core" {
  interface Request {
    /** Set when the browser's cookie is that of a session. */
    pageSession?: PageSession;
  }
}

export interface PageSession {
  account: Account;
  token: string;
  /** What every form of this session carries. */
  csrf: string;
}

const COOKIE = "phien";

/** Finds the session of the browser's cookie, if there is one. */
export function readPageSession(sessions: Sessions): RequestHandler {
  return async (req, _res, next) => {
    const token = cookieOf(req);
    const account = token === undefined ? undefined : await sessions.find(token);
    if (token !== undefined && account !== undefined)
      req.pageSession = { account, token, csrf: csrfOf(token) };
    next();
  };
}

/** Gives the browser the session: for this site alone, out of reach of scripts, over HTTPS where the site is. */
export function setSessionCookie(res: Response, token: string, secure: boolean): void {
  res.cookie(COOKIE, token, { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: SESSION_LENGTH });
}

export function clearSessionCookie(res: Response): void {
  res.clearCookie(COOKIE, { path: "/" });
}

/**
 * Throws NotAllowed unless the form was made for this session: the token in `_csrf`, or in the header X-Csrf of a
 * script. Where a form carries files it is read first and checked then.
 */
export function assertOwnForm(req: Request): void {
  const given = req.get("x-csrf") ?? fieldText(req, "_csrf");
  const wanted = req.pageSession?.csrf ?? "";
  const same =
    wanted !== "" &&
    given.length === wanted.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  if (!same)
    throw new NotAllowed(
      "foreign-form",
      "Biểu mẫu này không thuộc phiên làm việc hiện tại. Hãy mở lại trang rồi thử lại.",
    );
}

/** Reads a form and makes sure that it is this session's own. */
export function ownForm(limit?: string): RequestHandler {
  const read = formBody(limit);
  return (req, res, next) =>
    read(req, res, (error?: unknown) => {
      // Called from the stream's end: what is thrown here would reach nobody.
      let wrong = error;
      try {
        if (wrong === undefined) assertOwnForm(req);
      } catch (foreign) {
        wrong = foreign;
      }
      next(wrong);
    });
}

/** Derived from the session's secret, which no other page can read. */
export function csrfOf(token: string): string {
  return createHash("sha256").update(`form of ${token}`).digest("base64url");
}

function cookieOf(req: Request): string | undefined {
  const cookies = req.headers.cookie ?? "";
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([A-Za-z0-9_-]+)`).exec(cookies)?.[1];
}
