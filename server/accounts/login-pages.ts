import { Router } from "express";
import type { Request, RequestHandler, Response } from "express";
import type { VNode } from "preact";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { Unauthenticated } from "../platform/errors.ts";
import { fieldText, formBody } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { clearSessionCookie, csrfOf, setSessionCookie } from "./page-session.ts";
import { logIn, logOut } from "./sessions.ts";
import type { Sessions } from "./sessions.ts";

/** How the pages look is not this folder's business: the caller draws them. */
export interface LoginDrawings {
  login(page: LoginPage): VNode;
  goOn(page: GoOnPage): VNode;
  send(res: Response, status: number, page: VNode): void;
}

/** What waits in a login page is for the program alone to read: the next officer at the PC must not find it there. */
export interface Sealing {
  encrypt(clear: string): Buffer;
  /** Throws when the bytes were not encrypted by us. */
  decrypt(cipher: Buffer): string;
}

export interface LoginPage {
  /** Where to after it; a path of this site. */
  to: string;
  username: string;
  error?: string;
  /** What was sent when the session had ended, sealed, to be sent again. */
  kept?: string;
}

export interface GoOnPage {
  action: string;
  fields: [string, string][];
  csrf: string;
}

/** A form that was sent in vain because the session had ended: everything in it but what belonged to that session. */
interface Kept {
  action: string;
  username: string;
  fields: [string, string][];
}

const MOST_KEPT = 400_000;

/** `/dang-nhap` and `/dang-xuat`. `throttle` slows down whoever guesses. */
export function loginPages(
  deps: { db: Database; clock: Clock; sessions: Sessions; publicUrl: string; secrets: Sealing },
  throttle: RequestHandler,
  draw: LoginDrawings,
): Router {
  const router = Router();
  const secure = deps.publicUrl.startsWith("https:");

  router.get("/dang-nhap", (req, res) => {
    const to = localPath(queryText(req, "den"));
    if (req.pageSession !== undefined) res.redirect(303, to);
    else draw.send(res, 200, draw.login({ to, username: "" }));
  });

  router.post("/dang-nhap", formBody("1mb"), throttle, async (req, res) => {
    const to = localPath(fieldText(req, "den"));
    const username = fieldText(req, "username").slice(0, 100);
    const keptText = fieldText(req, "_giu");
    const again = (status: number, error: string) =>
      draw.send(
        res,
        status,
        draw.login({ to, username, error, ...(keptText === "" ? {} : { kept: keptText }) }),
      );
    const password = (req.body as { password?: unknown }).password;
    if (username === "" || typeof password !== "string" || password === "") {
      again(422, "Hãy nhập tên đăng nhập và mật khẩu.");
      return;
    }
    try {
      const session = await logIn(deps, { username, password });
      const kept = readKept(deps.secrets, keptText);
      if (kept !== undefined && kept.username !== "" && kept.username !== session.account.username) {
        await logOut(deps.sessions, deps, session.token);
        again(
          409,
          `Nội dung đang chờ gửi là của tài khoản ${kept.username}. Hãy đăng nhập bằng tài khoản đó.`,
        );
        return;
      }
      setSessionCookie(res, session.token, secure);
      if (kept === undefined) {
        res.redirect(303, to);
        return;
      }
      const csrf = csrfOf(session.token);
      draw.send(res, 200, draw.goOn({ action: kept.action, fields: kept.fields, csrf }));
    } catch (error) {
      if (!(error instanceof Unauthenticated)) throw error;
      again(401, error.publicMessage);
    }
  });

  router.post("/dang-xuat", formBody(), async (req, res) => {
    // Logging out needs no token: at worst somebody has to log in again.
    if (req.pageSession !== undefined) await logOut(deps.sessions, deps, req.pageSession.token);
    clearSessionCookie(res);
    res.set("Clear-Site-Data", '"storage"').redirect(303, "/dang-nhap");
  });
  return router;
}

/**
 * Lets only those with a session pass. A page asked for without one leads to the login and from there back; a form
 * sent without one is kept in the login page and sent again after it, so that nothing typed is lost.
 */
export function requireLogin(draw: LoginDrawings, sealing: Sealing): RequestHandler {
  return (req, res, next) => {
    if (req.pageSession !== undefined) next();
    else if (req.method === "GET" || req.method === "HEAD")
      res.redirect(303, `/dang-nhap?den=${encodeURIComponent(req.originalUrl)}`);
    else if (req.is("application/x-www-form-urlencoded") !== false) keepForm(req, res, draw, sealing);
    else if (req.is("multipart/form-data") !== false) askFilesAgain(req, res, draw);
    else res.status(401).json({ code: "session-ended", detail: "Phiên làm việc đã hết hạn." });
  };
}

/** Files cannot wait in a page: the officer logs in, and chooses them again on the page he came from. */
function askFilesAgain(req: Request, res: Response, draw: LoginDrawings): void {
  const page: LoginPage = {
    to: localPath(cameFrom(req)),
    username: "",
    error: "Phiên làm việc đã hết hạn, tệp chưa được nhận. Hãy đăng nhập lại rồi chọn tệp lần nữa.",
  };
  // A browser that is still sending shows no answer: the rest is let pass first.
  req.on("end", () => {
    draw.send(res, 401, draw.login(page));
  });
  req.resume();
}

/** The page of ours on which the form stood. */
function cameFrom(req: Request): string | undefined {
  const referer = req.get("referer");
  const url = referer === undefined || !URL.canParse(referer) ? undefined : new URL(referer);
  return url?.host === req.get("host") && url !== undefined ? url.pathname + url.search : undefined;
}

/** Answers a form that came too late with the login page that keeps it. */
function keepForm(req: Request, res: Response, draw: LoginDrawings, sealing: Sealing): void {
  formBody("1mb")(req, res, () => {
    const body = (req.body ?? {}) as Record<string, string | string[]>;
    const fields = Object.entries(body)
      // Not a signing key's PIN either: the page may lie open for somebody else to see.
      .filter(([name]) => name !== "_csrf" && name !== "_nguoi" && name !== "pin")
      .flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
    const username = fieldText(req, "_nguoi");
    const clear = JSON.stringify({ action: req.originalUrl, username, fields } satisfies Kept);
    const kept = clear.length > MOST_KEPT ? undefined : sealing.encrypt(clear).toString("base64url");
    const page: LoginPage = {
      to: "/ban-lam-viec",
      username,
      error: "Phiên làm việc đã hết hạn. Hãy đăng nhập lại, nội dung đã nhập vẫn được giữ.",
      ...(kept === undefined ? {} : { kept }),
    };
    draw.send(res, 401, draw.login(page));
  });
}

function readKept(sealing: Sealing, text: string): Kept | undefined {
  if (text === "") return undefined;
  try {
    const clear = sealing.decrypt(Buffer.from(text, "base64url"));
    const { action, username, fields } = JSON.parse(clear) as Partial<Kept>;
    if (typeof action !== "string" || localPath(action) !== action || !Array.isArray(fields))
      return undefined;
    const pairs = fields.filter(
      (pair): pair is [string, string] =>
        Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string",
    );
    return { action, username: typeof username === "string" ? username : "", fields: pairs };
  } catch {
    return undefined;
  }
}

/** A path of this site, never another's: "//elsewhere" is one. */
function localPath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : "/ban-lam-viec";
}
