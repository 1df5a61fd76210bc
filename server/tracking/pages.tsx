import { pipeline } from "node:stream/promises";
import { Router, urlencoded } from "express";
import type { Request, RequestHandler, Response } from "express";
import type { VNode } from "preact";
import { CHAIR } from "../catalogue/units.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { assertSecret, secretOf } from "../dossier/request.ts";
import { NotFound } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { pageProblems } from "../web/error-pages.tsx";
import { sendPage } from "../web/layout.tsx";
import { DossierPage } from "./dossier-page.tsx";
import { SearchPage, UnknownCodePage, WrongSecretPage } from "./search-page.tsx";
import { slowDown } from "./slow-down.ts";
import type { KeptTracking } from "./public-tracking.ts";
import { trackWithSecret } from "./track-dossier.ts";
import { typedCode } from "./typed-code.ts";

/**
 * Tracking for people, without a login and without scripts: `/tra-cuu` and `/tra-cuu/{code}`. The secret comes in the
 * body of a POST, never in an address. Wrong codes and secrets go through `throttle`; right ones never do.
 */
export function trackingPages(
  deps: Deps,
  publicTracking: (code: string) => Promise<KeptTracking>,
  throttle: RequestHandler,
): Router {
  const router = Router();
  const owner = deps.agencies.get(CHAIR)?.name ?? "";
  const slow = slowDown(throttle);
  const form = urlencoded({ extended: false, limit: "4kb", parameterLimit: 10 });

  /** Answers what `open` finds; where it finds nothing, counts a failure and shows `otherwise` as 404. */
  const orElse = async (req: Request, res: Response, open: () => Promise<void>, otherwise: VNode) => {
    slow.assertFree(req);
    try {
      await open();
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      await slow.countFailure(req, res);
      sendPage(res, 404, otherwise);
    }
  };

  router.get("/tra-cuu", (req, res) => {
    const typed = queryText(req, "ma")?.slice(0, 200);
    const code = typed === undefined ? "" : typedCode(typed);
    if (code !== "") res.redirect(303, `/tra-cuu/${encodeURIComponent(code)}`);
    else if (typed === undefined && req.query.ma === undefined)
      sendPage(res, 200, <SearchPage owner={owner} />);
    else sendPage(res, 200, <SearchPage owner={owner} wrong="Hãy nhập mã hồ sơ." />);
  });

  router.get("/tra-cuu/:code", async (req, res) => {
    const code = typedCode(req.params.code);
    const open = async () => {
      const { tracking } = await publicTracking(code);
      sendPage(res, 200, <DossierPage owner={owner} tracking={tracking} now={deps.clock.now()} />);
    };
    await orElse(req, res, open, <UnknownCodePage owner={owner} typed={code} />);
  });

  router.post("/tra-cuu/:code", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const secret = secretOf(req) ?? "";
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secret);
      const details = await trackWithSecret(deps, deps.db, code);
      const opened = { secret, details };
      sendPage(
        res,
        200,
        <DossierPage owner={owner} tracking={details} opened={opened} now={deps.clock.now()} />,
      );
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  router.post("/tra-cuu/:code/ket-qua", form, async (req, res) => {
    const code = typedCode(req.params.code);
    const open = async () => {
      await assertSecret(deps.db, deps.secrets, code, secretOf(req) ?? "");
      const sealed = (await findDossier(deps.db, code))?.facts.result?.sealed ?? null;
      if (sealed === null) throw new NotFound("no-result-yet");
      res.set({
        "Content-Type": "application/pdf",
        "Content-Disposition": `attachment; filename="ket-qua-${code}.pdf"`,
        "Cache-Control": "private, no-store",
      });
      await pipeline(deps.files.read(sealed), res);
    };
    await orElse(req, res, open, <WrongSecretPage owner={owner} code={code} />);
  });

  router.use(pageProblems(deps.log, owner));
  return router;
}
