import { Router } from "express";
import type { Response } from "express";
import { mayKnow } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { callerFor, plainCode } from "../dossier/request.ts";
import type { FormKind } from "../forms/legal-forms.ts";
import { NotFound } from "../platform/errors.ts";

const KINDS: readonly FormKind[] = ["receipt", "supplement", "refusal", "apology", "stop", "control"];

/** The legal forms of a dossier, for the units concerned; those meant for him also for the citizen with the secret. */
export function printingRoutes(deps: Deps): Router {
  const router = Router();
  router.get("/dossiers/:code/forms/:name", async (req, res) => {
    const code = plainCode(req.params.code);
    const caller = await callerFor(deps.db, deps.secrets, req, code);
    const dossier = await findDossier(deps.db, code);
    if (dossier === undefined || !mayKnow(dossier, caller))
      throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    await sendForm(deps, dossier, req.params.name, caller, res);
  });
  return router;
}

/** Sends a legal form of the dossier: "receipt.pdf" … Throws NotFound for other names and what `printForm` throws. */
export async function sendForm(
  deps: Deps,
  dossier: DossierRecord,
  name: string,
  caller: Caller,
  res: Response,
): Promise<void> {
  const kinds = kindsFor(caller);
  const kind = kinds.find((known) => `${known}.pdf` === name);
  if (kind === undefined)
    throw new NotFound("no-such-form", `Không có biểu mẫu này; chỉ có: ${kinds.join(", ")}.`);
  // Fonts and the PDF library are loaded when the first paper is printed, not at start.
  const { printForm } = await import("./print-form.ts");
  sendPdf(res, `${kind}-${dossier.code}.pdf`, await printForm(deps, dossier, kind, caller));
}

/** Sends the slip of an apology that is not given yet. */
export async function sendApologyDraft(
  deps: Deps,
  dossier: DossierRecord,
  apology: { promisedAt: Date; reason: string },
  caller: Caller,
  res: Response,
): Promise<void> {
  const { printApologyDraft } = await import("./print-form.ts");
  const pdf = await printApologyDraft(deps, dossier, apology, caller);
  sendPdf(res, `du-thao-xin-loi-${dossier.code}.pdf`, pdf);
}

function sendPdf(res: Response, name: string, pdf: Buffer): void {
  res.set({
    "Content-Type": "application/pdf",
    "Content-Disposition": `inline; filename="${name}"`,
    "Cache-Control": "private, no-store",
  });
  res.send(pdf);
}

/** The forms that this caller may have: the control slip is the offices' own paper. */
function kindsFor(caller: Caller): readonly FormKind[] {
  return caller.kind === "citizen" ? KINDS.filter((kind) => kind !== "control") : KINDS;
}
