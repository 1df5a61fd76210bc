import { createHash, randomUUID } from "node:crypto";
import { Router } from "express";
import type { Request, RequestHandler, Response } from "express";
import { checklist } from "../../workflows/declaration.ts";
import { ownForm } from "../accounts/page-session.ts";
import type { ProcedureSearch } from "../catalogue/search.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { isoOrNull } from "../dossier/time.ts";
import { Invalid, NotAllowed, NotFound, Refused } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { FieldErrors } from "../web/form.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { sendPage } from "../web/layout.tsx";
import { applicationErrors } from "./application.ts";
import { askedFirst } from "./asked-first.ts";
import { chosenOf, findReceivable } from "./chosen-procedure.ts";
import { draftPages, listedDrafts } from "./draft-pages.ts";
import { discardDraft, findDraft, formKey, saveDraft } from "./drafts.ts";
import { earlierPerson } from "./earlier-people.ts";
import { fileApplication } from "./file-application.ts";
import { blank, duplicatesOf, filledIn, identityOf, withChoice, withPapers } from "./filled-in.ts";
import { ReceivePage } from "./receive-page.tsx";
import type { ReceiveProps } from "./receive-page.tsx";
import { ReceivedPage } from "./received-page.tsx";
import { sentBefore } from "./sent-before.ts";
import { offersOf, storeAsked } from "./store-offers.ts";
import { applicationOf, caseOf, fieldErrors, given, isFilledIn, typedOf } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

/** The front desk's receiving: `/tiep-nhan`, its drafts, its look-ups, and what was received. */
export function receivePages(deps: Deps & { search: ProcedureSearch }): Router {
  const router = Router();
  router.use("/tiep-nhan", frontDeskOnly);

  router.use(draftPages(deps));

  router.get("/tiep-nhan", async (req, res) => {
    const caller = staff(req);
    const form = formKey(queryText(req, "phieu"));
    const procedure = queryText(req, "thuTuc");
    const caseCode = queryText(req, "truongHop");
    // A form has its key in its address: a reload finds its own draft again, and never another tab's.
    if (form === undefined && procedure !== undefined) {
      const address = new URLSearchParams({ phieu: randomUUID(), thuTuc: procedure });
      if (caseCode !== undefined) address.set("truongHop", caseCode);
      res.redirect(303, `/tiep-nhan?${address.toString()}`);
      return;
    }
    const sent = await sentBefore(deps, caller, form);
    if (sent !== undefined) {
      res.redirect(303, `/tiep-nhan/xong/${sent}?truoc=1`);
      return;
    }
    const draft = form === undefined ? undefined : await findDraft(deps, { username: caller.username, form });
    const typed = withChoice(draft?.typed ?? blank(deps, caller), procedure, given(caseCode));
    const query = queryText(req, "tim");
    await show(deps, req, res, 200, {
      typed: form === undefined ? typed : { ...typed, _lan: form },
      ...(query === undefined ? {} : { query, found: findReceivable(deps, query, caller) }),
      savedAt: draft?.updatedAt,
    });
  });

  router.get("/tiep-nhan/tim", (req, res) => {
    res.set("Cache-Control", "no-store").json(findReceivable(deps, queryText(req, "q") ?? "", staff(req)));
  });

  // By POST, so that no identity number stands in an address; the name is shown once the person has agreed.
  router.post("/tiep-nhan/nguoi-nop", ownForm(), async (req, res) => {
    const caller = staff(req);
    const typed = typedOf(req.body);
    const identity = identityOf(typed);
    const earlier = identity === undefined ? undefined : await earlierPerson(deps, caller, identity);
    res.set("Cache-Control", "no-store").json({
      ...(earlier === undefined ? {} : { code: earlier.code }),
      duplicates: (await duplicatesOf(deps, caller, typed)).map(({ code }) => code),
    });
  });

  router.post("/tiep-nhan", ownForm(), (req, res) => receive(deps, req, res));

  router.get("/tiep-nhan/xong/:code", async (req, res) => {
    const dossier = await findDossier(deps.db, plainCode(req.params.code));
    if (dossier?.facts.places.intake !== staff(req).agency)
      throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    const { declaration } = await deps.catalogue.version(dossier.versionId);
    const page = (
      <ReceivedPage
        desk={deskOf(req)}
        dossier={dossier}
        procedure={declaration.displayName ?? declaration.name}
        secret={deps.secrets.decrypt(dossier.secretCipher)}
        dueAt={isoOrNull(dossier.dueAt)}
        before={queryText(req, "truoc") !== undefined}
      />
    );
    sendPage(res, 200, page);
  });
  return router;
}

const frontDeskOnly: RequestHandler = (req, _res, next) => {
  if (!staff(req).roles.includes("frontdesk"))
    throw new NotAllowed("not-front-desk", "Chỉ cán bộ bộ phận Một cửa được tiếp nhận hồ sơ.");
  next();
};

/** What the form's buttons do: receive, file only, keep as draft, fill in from an earlier dossier, or open the store. */
async function receive(deps: Deps & { search: ProcedureSearch }, req: Request, res: Response): Promise<void> {
  const caller = staff(req);
  const form = formKey(typedOf(req.body)._lan) ?? randomUUID();
  const key = { username: caller.username, form };
  const typed: Typed = { ...typedOf(req.body), _lan: form };
  const draft = () => saveDraft(deps, key, typed);
  if (typed.viec === "nhap") {
    const saved = await draft();
    const notice: Notice =
      "unsaved" in saved ? { tone: "late", text: saved.unsaved } : { tone: "done", text: "Đã lưu nháp." };
    await show(deps, req, res, 200, { typed, ...saved, notice });
    return;
  }
  if (typed.viec === "moi") {
    await discardDraft(deps, key);
    res.redirect(303, "/tiep-nhan");
    return;
  }
  if (typed.viec === "dien" && typed._dongY !== "co") {
    const errors = { _dongY: "Hãy hỏi người nộp và đánh dấu khi người nộp đồng ý." };
    await show(deps, req, res, 422, { typed, errors, ...(await draft()) });
    return;
  }
  if (typed.viec === "dien") {
    const filled = await filledIn(deps, caller, typed);
    await show(deps, req, res, 200, { typed: filled, ...(await saveDraft(deps, key, filled)) });
    return;
  }
  if (typed.viec === "kho") {
    const { typed: asked, errors } = storeAsked(typed);
    const wrong = Object.keys(errors).length > 0;
    const saved = await saveDraft(deps, key, asked);
    await show(deps, req, res, wrong ? 422 : 200, { typed: asked, errors, ...saved });
    return;
  }
  const again = async (status: number, errors: FieldErrors) => {
    await show(deps, req, res, status, { typed, errors, ...(await draft()) });
  };
  const version = deps.catalogue.current(typed.procedureCode ?? "");
  const papers = version === undefined ? [] : checklist(version.declaration, caseOf(typed));
  const body = applicationOf(typed, papers, typed.viec !== "nop") as {
    documents: { code: string }[];
    reuse?: { papers: { code: string }[] };
  };
  const codes = body.documents.map((paper) => paper.code);
  const reused = (body.reuse?.papers ?? []).map((paper) => paper.code);
  const duplicates = await duplicatesOf(deps, caller, typed);
  try {
    const before = await sentBefore(deps, caller, form);
    // Sent again after a lost line: the dossier it finds is its own.
    if (typed._biTrung !== "co" && duplicates.length > 0 && before === undefined) {
      await again(409, { "": "Có thể trùng với hồ sơ đang xử lý; xem bên dưới rồi bấm tiếp nhận lần nữa." });
      return;
    }
    const asked = askedFirst(typed, version?.declaration);
    if (Object.keys(asked).length > 0 && before === undefined) {
      await again(422, { ...fieldErrors(applicationErrors(body), typed, codes, reused), ...asked });
      return;
    }
    const answer = await fileApplication(deps, caller, body, onceOfForm(req, caller.username));
    await discardDraft(deps, key);
    const { code } = answer.body as { code: string };
    res.redirect(303, typed.viec === "nop" ? `/ho-so/${code}?xong=nop` : `/tiep-nhan/xong/${code}`);
  } catch (error) {
    const stored = await sentBefore(deps, caller, form);
    if (stored !== undefined) {
      await discardDraft(deps, key);
      res.redirect(303, `/tiep-nhan/xong/${stored}?truoc=1`);
      return;
    }
    if (error instanceof Invalid) await again(422, fieldErrors(error.errors, typed, codes, reused));
    else if (error instanceof Refused || error instanceof NotAllowed)
      await again(error.status, { "": error.publicMessage });
    else throw error;
  }
}

type Shown = { typed: Typed } & Partial<
  Pick<ReceiveProps, "errors" | "notice" | "query" | "found" | "savedAt" | "unsaved">
>;

async function show(deps: Deps, req: Request, res: Response, status: number, shown: Shown): Promise<void> {
  const caller = staff(req);
  const chosen = await chosenOf(deps, shown.typed, caller);
  const typed = withPapers(shown.typed, chosen);
  const identity = isFilledIn(typed) ? undefined : identityOf(typed);
  const name = chosen === undefined ? "" : (chosen.declaration.displayName ?? chosen.declaration.name);
  const page = (
    <ReceivePage
      desk={deskOf(req)}
      typed={typed}
      errors={shown.errors ?? {}}
      notice={shown.notice}
      query={shown.query ?? name}
      found={shown.found}
      chosen={chosen}
      savedAt={shown.savedAt}
      unsaved={shown.unsaved}
      drafts={chosen === undefined ? await listedDrafts(deps, caller) : []}
      earlier={identity === undefined ? undefined : await earlierPerson(deps, caller, identity)}
      duplicates={await duplicatesOf(deps, caller, typed)}
      store={await offersOf(deps, caller, typed, chosen)}
      once={typed._lan ?? randomUUID()}
      seal={sealOf(req)}
    />
  );
  sendPage(res, status, page);
}

/** Gone with the session: what a browser keeps under it, nobody reads afterwards. */
function sealOf(req: Request): string {
  return createHash("sha256")
    .update(`draft of ${req.pageSession?.token ?? ""}`)
    .digest("base64");
}
