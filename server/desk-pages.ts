import { Router } from "express";
import type { RequestHandler } from "express";
import { loginPages, requireLogin } from "./accounts/login-pages.ts";
import type { LoginDrawings } from "./accounts/login-pages.ts";
import { readPageSession } from "./accounts/page-session.ts";
import type { Sessions } from "./accounts/sessions.ts";
import type { Deps } from "./dossier/deps.ts";
import { queryText } from "./platform/http.ts";
import { DOSSIER_CODE } from "./processing/dossier-pages.tsx";
import { typedCode } from "./tracking/typed-code.ts";
import { placesFor } from "./web/desk.ts";
import { deskProblems } from "./web/desk-problems.tsx";
import { sendPage } from "./web/layout.tsx";
import { GoOnPage, LoginPage } from "./web/login-page.tsx";

/** The addresses of the desks; what is not below one of them needs no session. */
const DESK_PATHS = [
  "/ban-lam-viec",
  "/tiep-nhan",
  "/ho-so",
  "/tra-ket-qua",
  "/thu-phi",
  "/quan-tri",
  "/tai-khoan",
  "/thong-ke",
];

const draw: LoginDrawings = {
  login: (page) => LoginPage(page),
  goOn: (page) => GoOnPage(page),
  send: sendPage,
};

/**
 * The officers' pages: the login, the way to each role's desk, and the desks themselves, which see `req.desk` and
 * `req.caller`. `throttle` slows down whoever guesses passwords.
 */
export function deskPages(
  deps: Deps & { sessions: Sessions },
  throttle: RequestHandler,
  desks: Router[],
): Router {
  const router = Router();
  router.use(readPageSession(deps.sessions));
  router.use(loginPages(deps, throttle, draw));
  router.use(DESK_PATHS, requireLogin(draw, deps.secrets), seat(deps), ownPasswordFirst);
  // Public pages that an officer may read as well keep his head line.
  router.use("/thu-tuc", seat(deps));

  router.get("/ban-lam-viec", (req, res) => {
    res.redirect(303, placesFor(req.desk?.roles ?? [])[0]?.href ?? "/thu-tuc");
  });

  // What a scanner types into the field of the head line: the address of a receipt's QR code, or the bare code.
  router.get("/ho-so/mo", (req, res) => {
    const typed = queryText(req, "ma") ?? "";
    const code = typedCode(typed);
    if (DOSSIER_CODE.test(code)) res.redirect(303, `/ho-so/${code}`);
    else res.redirect(303, `/ho-so?loc=tat-ca&q=${encodeURIComponent(typed.trim())}`);
  });

  for (const desk of desks) router.use(desk);
  router.use(DESK_PATHS, deskProblems(deps.log));
  return router;
}

/** Whose password somebody else set changes it before anything else. */
const ownPasswordFirst: RequestHandler = (req, res, next) => {
  if (req.pageSession?.account.passwordOnce !== true || req.baseUrl === "/tai-khoan") next();
  else res.redirect(303, "/tai-khoan");
};

/** Puts on the request who sits there. */
function seat(deps: Deps): RequestHandler {
  return (req, _res, next) => {
    const session = req.pageSession;
    if (session !== undefined) {
      const { username, name, agency, roles } = session.account;
      req.caller = { kind: "staff", username, name, roles, agency };
      req.desk = {
        username,
        name,
        agency,
        roles,
        unitName: deps.agencies.name(agency),
        csrf: session.csrf,
        path: req.originalUrl,
      };
    }
    next();
  };
}
