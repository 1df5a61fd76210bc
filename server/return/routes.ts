import { pipeline } from "node:stream/promises";
import { Router } from "express";
import type { Response } from "express";
import { mayKnow } from "../dossier/advance.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { callerFor, plainCode } from "../dossier/request.ts";
import { NotFound } from "../platform/errors.ts";

/** The signed and sealed result, for the units concerned and for the citizen with the secret. */
export function resultRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/dossiers/:code/result.pdf", async (req, res) => {
    const code = plainCode(req.params.code);
    const caller = await callerFor(deps.db, deps.secrets, req, code);
    const dossier = await findDossier(deps.db, code);
    if (dossier === undefined || !mayKnow(dossier, caller))
      throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    await sendResult(deps, dossier, res);
  });
  return router;
}

/** Sends the signed and sealed result of a dossier. Throws NotFound where there is none yet. */
export async function sendResult(deps: Deps, dossier: DossierRecord, res: Response): Promise<void> {
  const sealed = dossier.facts.result?.sealed ?? null;
  if (sealed === null) throw new NotFound("no-result-yet", "Hồ sơ chưa có kết quả được ký và đóng dấu.");
  res.set({
    "Content-Type": "application/pdf",
    "Content-Disposition": `inline; filename="ket-qua-${dossier.code}.pdf"`,
    "Cache-Control": "private, no-store",
    ETag: `"${sealed}"`,
  });
  await pipeline(deps.files.read(sealed), res);
}
