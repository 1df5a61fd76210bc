import { Router } from "express";
import type { Deps } from "../dossier/deps.ts";
import { assertSecret, plainCode, secretOf } from "../dossier/request.ts";
import { answering } from "../platform/http.ts";
import type { KeptTracking } from "./public-tracking.ts";
import { trackWithSecret } from "./track-dossier.ts";

/** Tracking as JSON: without a login, and with the dossier's secret a little more. */
export function trackingRoutes(deps: Deps, publicTracking: (code: string) => Promise<KeptTracking>): Router {
  const router = Router();
  router.get(
    "/tracking/:code",
    answering(async (req) => {
      const code = plainCode(String(req.params.code));
      const secret = secretOf(req);
      if (secret === undefined) return { status: 200, json: (await publicTracking(code)).json };
      await assertSecret(deps.db, deps.secrets, code, secret);
      const body = await trackWithSecret(deps, deps.db, code);
      return { status: 200, etag: `"${body.version}"`, body };
    }),
  );
  return router;
}
