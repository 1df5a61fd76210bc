import { join } from "node:path";
import compression from "compression";
import express from "express";
import type { Express, RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import type { Pool } from "pg";
import { loginLimit } from "./accounts/login-limit.ts";
import { identify, sessionRoutes } from "./accounts/routes.ts";
import type { Sessions } from "./accounts/sessions.ts";
import { administrationPages } from "./administration/pages.ts";
import { cashPages } from "./cash/pages.tsx";
import { procedurePages } from "./catalogue/procedure-pages.tsx";
import { catalogueRoutes } from "./catalogue/routes.ts";
import { buildSearch } from "./catalogue/search.ts";
import type { ProcedureSearch } from "./catalogue/search.ts";
import { citizenActs } from "./citizen-acts.ts";
import type { Config } from "./config.ts";
import { deskPages } from "./desk-pages.ts";
import { copySigner, digitizationDesk, papersOfDossier } from "./digitization-desk.ts";
import { digitizationRoutes } from "./digitization/routes.ts";
import type { Deps } from "./dossier/deps.ts";
import { applicationSchema, onlineApplicationSchema } from "./intake/application.ts";
import { receivePages } from "./intake/receive-pages.tsx";
import { intakeRoutes } from "./intake/routes.ts";
import { openDeps } from "./open-deps.ts";
import type { OpenedParts } from "./open-deps.ts";
import { portalRoutes } from "./national-portal/routes.ts";
import { apiDocs } from "./openapi/routes.ts";
import { portalDesk } from "./portal-desk.ts";
import type { Database } from "./platform/database.ts";
import { NotFound, TooMany } from "./platform/errors.ts";
import { healthRoutes } from "./platform/health.ts";
import type { Metrics } from "./platform/metrics.ts";
import type { Secrets } from "./kept-secrets.ts";
import { nothingHere, problemMapper } from "./platform/problem.ts";
import { personStorePages } from "./person-store/pages.tsx";
import { personStoreRoutes } from "./person-store/routes.ts";
import { bookPages } from "./printing/book-pages.tsx";
import { bookRoutes } from "./printing/book-routes.ts";
import { printingRoutes, sendApologyDraft, sendForm } from "./printing/routes.ts";
import { actOnDossier } from "./processing/act-on-dossier.ts";
import { dossierPages } from "./processing/dossier-pages.tsx";
import type { DossierDesk } from "./processing/dossier-pages.tsx";
import { returnCounterPages } from "./processing/return-counter-pages.tsx";
import { processingRoutes } from "./processing/routes.ts";
import type { SpecialActs } from "./processing/routes.ts";
import { workListPages } from "./processing/work-list-pages.ts";
import { resultRoutes, sendResult } from "./return/routes.ts";
import { openSignatureDesk } from "./signature-desk.ts";
import type { SignatureDesk } from "./signature-desk.ts";
import { openSigning } from "./signing/open-signing.ts";
import type { OpenedSigning } from "./signing/open-signing.ts";
import { signingPages } from "./signing/pages.tsx";
import { signingRoutes } from "./signing/routes.ts";
import { CAUSES } from "./national-portal/mend.ts";
import { watchNights } from "./statistics/metrics.ts";
import { statisticsPages } from "./statistics/pages/pages.ts";
import { statisticsRoutes } from "./statistics/routes.ts";
import { trackingPages } from "./tracking/pages.tsx";
import { slowDown, slowGuesses, type SlowDown } from "./tracking/slow-down.ts";
import { trackingRoutes } from "./tracking/routes.ts";
import { openPublicTracking } from "./tracking/public-tracking.ts";
import { trackWithSecret } from "./tracking/track-dossier.ts";
import { ErrorPage } from "./web/error-pages.tsx";
import { sendPage } from "./web/layout.tsx";
import { staticRoutes } from "./web/static-routes.ts";

/** Everything one web process serves with, opened from its settings. */
export interface AppParts extends OpenedParts {
  config: Pick<Config, "dataDir" | "publicUrl" | "production" | "rateLimits"> &
    Partial<Pick<Config, "signing" | "scanner">>;
  secrets: Pick<Secrets, "secretKey" | "secretHashKey" | "portalInboundToken">;
  trackingDb: Database;
  sessions: Sessions;
  metrics: Metrics;
  isStopping: () => boolean;
}

interface AppDeps extends Deps {
  publicTracking: ReturnType<typeof openPublicTracking>;
  search: ProcedureSearch;
  sessions: Sessions;
  signing: OpenedSigning;
  inboundToken: string;
  uploadDir: string;
  rateLimits: boolean;
  scanner: Config["scanner"];
}

/** The web application: API, pages, health. Imports all desks; nothing imports it but the process that serves it. */
export async function createApp(parts: AppParts): Promise<Express> {
  const { config, metrics, secrets, sessions, trackingDb, isStopping } = parts;
  const base = await openDeps(parts);
  if (config.scanner === undefined)
    base.log.warn("no virus scanner is set up (CLAMD_HOST, CLAMD_SOCKET): uploads are not scanned");
  const deps: AppDeps = {
    ...base,
    publicTracking: openPublicTracking(base, trackingDb),
    sessions,
    search: soon(() =>
      buildSearch(
        base.catalogue.all.map(({ declaration }) => declaration),
        base.agencies,
      ),
    ),
    signing: await openSigning(base, { ...config.signing, ...config }),
    inboundToken: secrets.portalInboundToken,
    // Where the file store clears away what an interrupted upload left.
    uploadDir: join(config.dataDir, "files", "unfinished"),
    rateLimits: config.rateLimits,
    scanner: config.scanner,
  };
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", "loopback");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(metrics.measure);
  const nights = watchNights(metrics.registry, deps);
  app.use(
    healthRoutes({ db: deps.db, registry: metrics.registry, isStopping, detail: () => nights.detail() }),
  );
  const https = deps.publicUrl.startsWith("https:");
  const checks = await openSignatureDesk(
    base,
    { ...config, uploadDir: deps.uploadDir },
    limited(deps.rateLimits, 30),
  );
  // One count for pages and programs: what one refuses cannot be tried at the other.
  const guesses = slowDown(limited(deps.rateLimits, 60));
  app.use("/api/v1", apiHeaders(https), api(deps, checks, guesses));
  app.use(pageHeaders(https));
  app.use(staticRoutes());
  const { routes: demonstration } = deps.signing;
  if (demonstration !== undefined) app.use(demonstration(limited(deps.rateLimits, 600)));
  // Offices on a weak line: a list of fifty rows is a tenth of its size. Quickly rather than tightly.
  app.use(compression({ level: 1, threshold: 2_048 }));
  app.use(apiDocs({ application: applicationSchema, onlineApplication: onlineApplicationSchema }));
  app.use(deskPages(deps, loginLimit({ enabled: deps.rateLimits }), desks(deps)));
  app.use(trackingPages(deps, deps.publicTracking, guesses, citizenActs(deps, deps.uploadDir)));
  app.use(checks.pages);
  app.get("/", (req, res) => {
    res.redirect(302, req.pageSession === undefined ? "/tra-cuu" : "/ban-lam-viec");
  });
  app.use(noSuchPage, nothingHere);
  app.use(problemMapper(deps.log));
  return app;
}

/** What a browser may do with our pages: load from this machine, send forms to it, and nothing else. */
function pageHeaders(https: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        // Where the address is http (a demonstration), the browser must not go to https.
        upgradeInsecureRequests: https ? [] : null,
      },
    },
    strictTransportSecurity: https,
    // Our own pages may know which of them a form came from; nobody else learns a dossier's code.
    referrerPolicy: { policy: "same-origin" },
  });
}

/** Answers for programs: what a browser that shows one anyway must know, and no more on the line. */
function apiHeaders(https: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: https,
    ...{ crossOriginOpenerPolicy: false, originAgentCluster: false, xDnsPrefetchControl: false },
    ...{ xDownloadOptions: false, xPermittedCrossDomainPolicies: false, xXssProtection: false },
  });
}

/** The officers' pages, desk by desk. */
function desks(deps: AppDeps): express.Router[] {
  return [
    procedurePages(deps),
    receivePages(deps),
    administrationPages(deps, portalDesk(deps.db), digitizationDesk(deps, deps.scanner)),
    cashPages(deps),
    workListPages(deps, async (dossier, kind, caller) => {
      const { printForm } = await import("./printing/print-form.ts");
      return printForm(deps, dossier, kind, caller);
    }),
    personStorePages(deps),
    bookPages(deps),
    dossierPages(deps, dossierDesk(deps)),
    signingPages(deps),
    returnCounterPages(deps),
    statisticsPages(deps, CAUSES),
  ];
}

/** Whoever reads addresses in a browser is told so in a page; programs get the problem document. */
const noSuchPage: RequestHandler = (req, res, next) => {
  const reads =
    req.method === "GET" && !req.path.startsWith("/api/") && req.accepts(["json", "html"]) === "html";
  if (!reads) next();
  else sendPage(res, 404, ErrorPage({ problem: new NotFound("no-such-address", "Không có địa chỉ này.") }));
};

/** What other desks do on the page of a dossier. */
function dossierDesk(deps: AppDeps): DossierDesk {
  return {
    special: specialActs(deps),
    ...papersOfDossier(deps, deps.uploadDir, copySigner(deps, deps.signing)),
    sendApologyDraft: (dossier, apology, caller, res) =>
      sendApologyDraft(deps, dossier, apology, caller, res),
    sendForm: (dossier, name, caller, res) => sendForm(deps, dossier, name, caller, res),
    sendResult: (dossier, res) => sendResult(deps, dossier, res),
  };
}

/** The events whose work stands outside the transaction. */
function specialActs(deps: AppDeps): SpecialActs {
  return {
    DRAFT_RESULT: async (_deps, request) => {
      if (request.payload.documentId !== undefined)
        await (await import("./signing/check-draft.ts")).checkDraft(deps, request);
      return actOnDossier(deps, request);
    },
    // Fonts and the PDF library are loaded with the first signature, not at start.
    SIGN: async (_deps, request) =>
      (await import("./signing/sign-result.ts")).signResult(deps, deps.signing, request),
    SEAL: async (_deps, request) =>
      (await import("./signing/seal-result.ts")).sealResult(deps, deps.signing, request),
  };
}

/** The search, built once the process serves: it takes a tenth of the start, and the first visitor waits for it at most. */
function soon(build: () => ProcedureSearch): ProcedureSearch {
  let built: ProcedureSearch | undefined;
  const get = () => (built ??= build());
  setTimeout(get, 500).unref();
  return { search: (...asked) => get().search(...asked) };
}

function api(deps: AppDeps, checks: SignatureDesk, guesses: SlowDown): express.Router {
  const router = express.Router();
  router.use(limited(deps.rateLimits, 12_000));
  router.use((req, res, next) =>
    // The portal's own token is no session.
    req.path.startsWith("/inbound/") ? next() : identify(deps.sessions)(req, res, next),
  );
  router.use(slowGuesses(guesses));
  router.use(trackingRoutes(deps, deps.publicTracking));
  router.use(sessionRoutes(deps, loginLimit({ enabled: deps.rateLimits })));
  router.use(catalogueRoutes(deps));
  router.use(intakeRoutes(deps, deps.inboundToken));
  router.use(personStoreRoutes(deps));
  router.use(digitizationRoutes(deps, deps.uploadDir, copySigner(deps, deps.signing)));
  router.use(resultRoutes(deps));
  router.use(checks.routes);
  router.use(signingRoutes(deps));
  router.use(printingRoutes(deps));
  router.use(bookRoutes(deps));
  router.use(statisticsRoutes(deps));
  router.use(portalRoutes({ query: (sql: string) => deps.db.raw(sql) } as Pick<Pool, "query">));
  router.use(
    processingRoutes(deps, specialActs(deps), (dossier, trx) => trackWithSecret(deps, trx, dossier.code)),
  );
  return router;
}

/** At most `perMinute` requests a minute from one address; 100 a second must be free for the catalogue. */
function limited(on: boolean, perMinute: number): RequestHandler {
  if (!on) return (_req, _res, next) => next();
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    handler: (_req, res) => {
      const seconds = Number(/t=(\d+)/.exec(String(res.getHeader("RateLimit")))?.[1] ?? 60);
      throw new TooMany(seconds);
    },
  });
}
