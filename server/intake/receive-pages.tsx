import { createHash, randomUUID } from "node:crypto";
import { Router } from "express";
import type { Request, RequestHandler, Response } from "express";
import { CalendarMissing, toVietnamIso } from "../../workflows/calendar.ts";
import { checklist, limitFor } from "../../workflows/declaration.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { deadlineLedger } from "../../workflows/ledger.ts";
import { ownForm } from "../accounts/page-session.ts";
import { decidingAgencies } from "../catalogue/agencies.ts";
import type { ProcedureSearch } from "../catalogue/search.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { isoOrNull } from "../dossier/time.ts";
import { Invalid, NotAllowed, NotFound, Refused } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { mayReceive } from "./check-filing.ts";
import { discardDraft, findDraft, saveDraft } from "./drafts.ts";
import { earlierPerson, likelyDuplicates } from "./earlier-people.ts";
import { fileApplication } from "./file-application.ts";
import { ReceivePage, timeOf } from "./receive-page.tsx";
import type { Chosen, ReceiveProps } from "./receive-page.tsx";
import { ReceivedPage } from "./received-page.tsx";
import { applicationOf, fieldErrors, isFilledIn, plainNumber, typedOf } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

const FOUND = 12;

/** The front desk's receiving: `/tiep-nhan`, its drafts, its look-ups, and what was received. */
export function receivePages(deps: Deps & { search: ProcedureSearch }): Router {
  const router = Router();
  router.use("/tiep-nhan", frontDeskOnly);

  router.get("/tiep-nhan", async (req, res) => {
    const caller = staff(req);
    const draft = await findDraft(deps, caller.username);
    const query = queryText(req, "tim");
    const typed = withChoice(
      draft?.typed ?? blank(deps, caller),
      queryText(req, "thuTuc"),
      queryText(req, "truongHop"),
    );
    await show(deps, req, res, 200, {
      typed,
      ...(query === undefined ? {} : { query, found: find(deps, query, caller) }),
      savedAt: draft?.updatedAt,
    });
  });

  router.get("/tiep-nhan/tim", (req, res) => {
    res.set("Cache-Control", "no-store").json(find(deps, queryText(req, "q") ?? "", staff(req)));
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

  router.post("/tiep-nhan/nhap", ownForm(), async (req, res) => {
    const caller = staff(req);
    const typed = typedOf(req.body);
    // A late one, of a form that has been received meanwhile, brings nothing back.
    if ((await answeredWith(deps, caller, typed._lan)) !== undefined) {
      res.json({ said: "Đã gửi." });
      return;
    }
    const savedAt = await saveDraft(deps, caller.username, typed);
    res.json({ savedAt: savedAt.toISOString(), said: `Nháp đã lưu ${timeOf(savedAt)}` });
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

/** What the form's buttons do: receive, file only, keep as draft, or fill in from an earlier dossier. */
async function receive(deps: Deps & { search: ProcedureSearch }, req: Request, res: Response): Promise<void> {
  const caller = staff(req);
  const typed = typedOf(req.body);
  const draft = () => saveDraft(deps, caller.username, typed);
  if (typed.viec === "nhap") {
    const savedAt = await draft();
    await show(deps, req, res, 200, { typed, savedAt, notice: { tone: "done", text: "Đã lưu nháp." } });
    return;
  }
  if (typed.viec === "moi") {
    await discardDraft(deps, caller.username);
    res.redirect(303, "/tiep-nhan");
    return;
  }
  if (typed.viec === "dien" && typed._dongY !== "co") {
    const errors = { _dongY: "Hãy hỏi người nộp và đánh dấu khi người nộp đồng ý." };
    await show(deps, req, res, 422, { typed, errors, savedAt: await draft() });
    return;
  }
  if (typed.viec === "dien") {
    const filled = await filledIn(deps, caller, typed);
    const savedAt = await saveDraft(deps, caller.username, filled);
    await show(deps, req, res, 200, { typed: filled, savedAt });
    return;
  }
  const again = async (status: number, errors: FieldErrors) => {
    await show(deps, req, res, status, { typed, errors, savedAt: await draft() });
  };
  const version = deps.catalogue.current(typed.procedureCode ?? "");
  const papers = version === undefined ? [] : checklist(version.declaration, caseOf(typed));
  const body = applicationOf(typed, papers, typed.viec !== "nop") as { documents: { code: string }[] };
  const duplicates = await duplicatesOf(deps, caller, typed);
  try {
    const before = await answeredWith(deps, caller, typed._lan);
    // Sent again after a lost line: the dossier it finds is its own.
    if (typed._biTrung !== "co" && duplicates.length > 0 && before === undefined) {
      await again(409, { "": "Có thể trùng với hồ sơ đang xử lý; xem bên dưới rồi bấm tiếp nhận lần nữa." });
      return;
    }
    const answer = await fileApplication(deps, caller, body, onceOfForm(req, caller.username));
    await discardDraft(deps, caller.username);
    const { code } = answer.body as { code: string };
    res.redirect(303, typed.viec === "nop" ? `/ho-so/${code}?xong=nop` : `/tiep-nhan/xong/${code}`);
  } catch (error) {
    const stored = await answeredWith(deps, caller, typed._lan);
    if (stored !== undefined) {
      await discardDraft(deps, caller.username);
      res.redirect(303, `/tiep-nhan/xong/${stored}?truoc=1`);
      return;
    }
    const codes = body.documents.map((paper) => paper.code);
    if (error instanceof Invalid) await again(422, fieldErrors(error.errors, typed, codes));
    else if (error instanceof Refused || error instanceof NotAllowed)
      await again(error.status, { "": error.publicMessage });
    else throw error;
  }
}

/** The code of the dossier that this very form has made already, when it has. */
async function answeredWith(
  deps: Deps,
  caller: Caller,
  key: string | undefined,
): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const row = await deps.db
    .first<{ response: Buffer } | undefined>("response")
    .from("idempotency_keys")
    .where({ caller: caller.username, method: "POST", path: "/tiep-nhan", key });
  if (row === undefined) return undefined;
  return (JSON.parse(deps.secrets.decrypt(row.response)) as { body: { code: string } }).body.code;
}

interface Identity {
  type: string;
  number: string;
}

/** The applicant's identity as typed; undefined while there is no number. */
function identityOf(typed: Typed): Identity | undefined {
  const number = plainNumber(typed);
  return number === "" ? undefined : { type: typed["applicant.identity.type"] ?? "cccd", number };
}

async function duplicatesOf(deps: Deps, caller: Caller, typed: Typed) {
  const identity = identityOf(typed);
  if (identity === undefined) return [];
  return likelyDuplicates(deps, caller, {
    number: identity.number,
    procedureCode: typed.procedureCode ?? "",
  });
}

/** The form with the person of the earlier dossier in it; the consent is noted with the dossier. */
async function filledIn(deps: Deps, caller: Caller, typed: Typed): Promise<Typed> {
  const identity = identityOf(typed);
  const earlier = identity === undefined ? undefined : await earlierPerson(deps, caller, identity);
  if (earlier === undefined) return typed;
  const { person, code } = earlier;
  return {
    ...typed,
    tuHoSo: code,
    tuSo: person.identity.number,
    "applicant.kind": person.kind,
    "applicant.name": person.name,
    "applicant.identity.type": person.identity.type,
    "applicant.phone": person.phone,
    "applicant.email": person.email ?? "",
    "applicant.address.province": person.address.province,
    "applicant.address.district": person.address.district ?? "",
    "applicant.address.commune": person.address.commune ?? "",
    "applicant.address.street": person.address.street ?? "",
  };
}

/** An empty form, with the province and the place where this unit stands. */
function blank(deps: Deps, caller: Caller): Typed {
  const unit = caller.agency === null ? undefined : deps.agencies.get(caller.agency);
  const place = (name: string | undefined) =>
    (name ?? "").replace(/^UBND\s+/i, "").replace(/^./u, (first) => first.toUpperCase());
  const district = unit?.kind === "commune" ? deps.agencies.get(unit.parent ?? "") : unit;
  return {
    "applicant.address.province": "Hậu Giang",
    ...(unit?.kind === "commune" ? { "applicant.address.commune": place(unit.name) } : {}),
    ...(district?.kind === "district" ? { "applicant.address.district": place(district.name) } : {}),
  };
}

/** Another procedure or case: the person stays, papers of the old one go, all required ones of the new are ticked. */
function withChoice(typed: Typed, procedureCode: string | undefined, caseCode: string | undefined): Typed {
  if (procedureCode === undefined) return typed;
  const same = typed.procedureCode === procedureCode && (caseCode === undefined || typed.case === caseCode);
  if (same) return typed;
  const person = Object.entries(typed).filter(([name]) => !name.startsWith("paper.") && name !== "_lan");
  return { ...Object.fromEntries(person), procedureCode, case: caseCode ?? "", agencyCode: "" };
}

function find(deps: Deps & { search: ProcedureSearch }, query: string, caller: Caller) {
  const { items } = deps.search.search(query, {}, FOUND * 4, 0);
  const unit = caller.agency === null ? undefined : deps.agencies.get(caller.agency);
  const mine = (declaration: (typeof items)[number]) =>
    unit !== undefined && receivable(deps, declaration, unit.code).length > 0;
  return items
    .filter(mine)
    .slice(0, FOUND)
    .map((declaration) => ({
      code: declaration.code,
      name: declaration.displayName ?? declaration.name,
      field: declaration.field,
    }));
}

/** The units for which this front desk may receive a procedure, its own first. */
function receivable(deps: Deps, declaration: Chosen["declaration"], unitCode: string) {
  const unit = deps.agencies.get(unitCode);
  if (unit === undefined) return [];
  return decidingAgencies(declaration, deps.agencies.all)
    .flatMap((code) => deps.agencies.get(code) ?? [])
    .filter((agency) => mayReceive(declaration, agency, unit))
    .sort((a, b) => Number(b.code === unit.code) - Number(a.code === unit.code))
    .map(({ code, name }) => ({ code, name }));
}

async function chosenOf(deps: Deps, typed: Typed, caller: Caller): Promise<Chosen | undefined> {
  const version = deps.catalogue.current(typed.procedureCode ?? "");
  if (version === undefined || caller.agency === null) return undefined;
  const { declaration } = version;
  const caseCode = caseOf(typed);
  const agencies = receivable(deps, declaration, caller.agency);
  const limit = limitFor(declaration, caseCode, typed.channel === "postal" ? "postal" : "counter");
  const papers = checklist(declaration, caseCode).filter(({ onlyChannel }) => onlyChannel !== "online");
  const base = { declaration, papers, agencies };
  if (limit === null)
    return {
      ...base,
      dueAt: null,
      provisional: false,
      dueReason: "Thủ tục không công bố thời hạn.",
      ledger: [],
    };
  const clock = {
    acceptedAt: toVietnamIso(deps.clock.now().getTime()),
    limit: { value: limit.value, unit: limit.unit },
    pauses: [],
  };
  try {
    const calendar = await deps.calendarOf(given(typed.agencyCode) ?? agencies[0]?.code ?? caller.agency);
    const { dueAt, provisional } = reckonDeadline(clock, calendar);
    return { ...base, dueAt, provisional, ledger: deadlineLedger(clock, calendar) };
  } catch (error) {
    if (!(error instanceof CalendarMissing)) throw error;
    const dueReason = `Chưa có lịch làm việc năm ${error.year}; ngày hẹn được tính khi có lịch.`;
    return { ...base, dueAt: null, provisional: false, dueReason, ledger: [] };
  }
}

type Shown = { typed: Typed } & Partial<
  Pick<ReceiveProps, "errors" | "notice" | "query" | "found" | "savedAt">
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
      earlier={identity === undefined ? undefined : await earlierPerson(deps, caller, identity)}
      duplicates={await duplicatesOf(deps, caller, typed)}
      once={typed._lan ?? randomUUID()}
      seal={sealOf(req)}
    />
  );
  sendPage(res, status, page);
}

/** A sheet that nobody has touched has the required papers ticked, as most who come have brought them. */
function withPapers(typed: Typed, chosen: Chosen | undefined): Typed {
  if (chosen === undefined || Object.keys(typed).some((name) => name.startsWith("paper."))) return typed;
  const required = chosen.papers.filter((paper) => paper.required && paper.kind === undefined);
  return { ...typed, ...Object.fromEntries(required.map(({ code }) => [`paper.${code}`, "co"])) };
}

/** What is blank was not given. */
function given(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function caseOf(typed: Typed): string | null {
  return given(typed.case) ?? null;
}

/** Gone with the session: what a browser keeps under it, nobody reads afterwards. */
function sealOf(req: Request): string {
  return createHash("sha256")
    .update(`draft of ${req.pageSession?.token ?? ""}`)
    .digest("base64");
}
