import { Router } from "express";
import { ownForm } from "../accounts/page-session.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { staff } from "../dossier/request.ts";
import { discardDraft, formKey, openDrafts, saveDraft } from "./drafts.ts";
import type { ListedDraft } from "./open-drafts.tsx";
import { timeOf } from "./receive-page.tsx";
import { sentBefore } from "./sent-before.ts";
import { typedOf } from "./typed-application.ts";

/** Saving a form's draft while one types, and throwing one away from the list. */
export function draftPages(deps: Deps): Router {
  const router = Router();

  router.post("/tiep-nhan/nhap", ownForm(), async (req, res) => {
    const caller = staff(req);
    const typed = typedOf(req.body);
    const form = formKey(typed._lan);
    // A late one, of a form that has been received meanwhile, brings nothing back.
    if ((await sentBefore(deps, caller, form)) !== undefined) {
      res.json({ said: "Đã gửi." });
      return;
    }
    const saved =
      form === undefined
        ? { unsaved: "Chưa lưu nháp được." }
        : await saveDraft(deps, { username: caller.username, form }, typed);
    if ("unsaved" in saved) res.json({ unsaved: true, said: saved.unsaved });
    else res.json({ savedAt: saved.savedAt.toISOString(), said: `Nháp đã lưu ${timeOf(saved.savedAt)}` });
  });

  router.post("/tiep-nhan/nhap/bo", ownForm(), async (req, res) => {
    const form = formKey(typedOf(req.body).phieu);
    if (form !== undefined) await discardDraft(deps, { username: staff(req).username, form });
    res.redirect(303, "/tiep-nhan");
  });
  return router;
}

/** The account's drafts as the list shows them: by the procedure's name, and the applicant's as typed. */
export async function listedDrafts(deps: Deps, caller: Caller): Promise<ListedDraft[]> {
  const drafts = await openDrafts(deps, caller.username);
  return drafts.map(({ form, typed, updatedAt }) => {
    const code = typed?.procedureCode ?? "";
    const declaration = deps.catalogue.current(code)?.declaration;
    const name = declaration?.displayName ?? declaration?.name;
    return {
      form,
      procedure: typed === undefined ? "Không mở được nháp này nữa" : (name ?? code),
      applicant: typed?.["applicant.name"] ?? "",
      updatedAt,
    };
  });
}
