import { Router } from "express";
import { mayKnow } from "../dossier/advance.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { plainCode, staff } from "../dossier/request.ts";
import { iso, isoOrNull } from "../dossier/time.ts";
import { NotFound } from "../platform/errors.ts";
import { answering } from "../platform/http.ts";
import { signingsOf } from "./read-signings.ts";

/** What became of a dossier's signings: where 202 says to look. */
export function signingRoutes(deps: Deps): Router {
  const router = Router();
  router.get(
    "/dossiers/:code/signings",
    answering(async (req) => {
      const caller = staff(req);
      const dossier = await findDossier(deps.db, plainCode(String(req.params.code)));
      if (dossier === undefined || !mayKnow(dossier, caller))
        throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
      const items = (await signingsOf(deps, dossier.id)).map(
        ({ id, documentId, type, state, by, startedAt, endedAt, reason, level }) => ({
          id: String(id),
          documentId: documentId === null ? null : String(documentId),
          type,
          state,
          by,
          startedAt: iso(startedAt),
          endedAt: isoOrNull(endedAt),
          reason,
          level,
        }),
      );
      return { status: 200, body: { items } };
    }),
  );
  return router;
}
