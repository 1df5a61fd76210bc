import { Router } from "express";
import type { ComponentChildren } from "preact";
import type { Request, RequestHandler, Response } from "express";
import { stateName } from "../../workflows/standing.ts";
import { eventDefinition, isEventType } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import { ownForm } from "../accounts/page-session.ts";
import { allowedFor } from "../dossier/allowed.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { answerOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { Invalid, NotAllowed, NotFound, Problem, Refused, VersionMismatch } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import type { Answer } from "../platform/http.ts";
import { shortMoment } from "../forms/moments.ts";
import { deskOf } from "../web/desk.ts";
import type { Notice } from "../web/desk-page.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { ActionPage, GonePage } from "./action-page.tsx";
import { doAction, versionSeen } from "./do-action.ts";
import { ACTOR_ROLES } from "./dossier-words.ts";
import { paperPages, proposedCorrection } from "./paper-pages.tsx";
import type { PapersTold, ProposedField } from "./papers-section.tsx";
import { draftAddress, filledApology, momentFrom, PROPOSED_REASON } from "./prepared-apology.ts";
import { prefilled } from "./prefilled.ts";
import { formField, readAction } from "./read-action.ts";
import { getDossier } from "./read-dossier.ts";
import type { SpecialActs } from "./routes.ts";
import { byWhom, showDossier } from "./show-dossier.tsx";
import { toldHistory } from "./told-history.ts";
import { typedOf } from "./typed-form.ts";
import type { Typed } from "./typed-form.ts";

/** What other desks do for the page of a dossier. */
export interface DossierDesk {
  special: SpecialActs;
  /** Reads a form with several files. */
  readFiles: RequestHandler;
  hashOf(path: string): Promise<string>;
  upload(upload: {
    code: string;
    caller: Caller;
    component: string;
    path: string;
    fileName: string;
    once?: OnceKey;
  }): Promise<Answer>;
  /** `copy`: what was made of the file, in place of it. */
  sendDocument(
    caller: Caller,
    code: string,
    id: string,
    res: Response,
    copy: string | undefined,
  ): Promise<void>;
  papersTold(dossier: DossierRecord, caller: Caller): Promise<PapersTold>;
  decideProposal(
    caller: Caller,
    decision: { code: string; documentId: number; field: ProposedField; use: boolean },
  ): Promise<void>;
  copyForms: { value: string; label: string }[];
  signCopy(copy: {
    code: string;
    caller: Caller;
    documentId: string;
    form: string;
    pin?: string;
    /** Milliseconds. */
    patience?: number;
  }): Promise<{ status: number }>;
  sendForm(dossier: DossierRecord, name: string, caller: Caller, res: Response): Promise<void>;
  /** The slip of an apology that is not given yet, for whoever is going to sign it. */
  sendApologyDraft(
    dossier: DossierRecord,
    apology: { promisedAt: Date; reason: string },
    caller: Caller,
    res: Response,
  ): Promise<void>;
  sendResult(dossier: DossierRecord, res: Response): Promise<void>;
}

export const DOSSIER_CODE = /^[0-9.]+\.H\d\d-\d{6}-\d{4,}$/i;

/** `/ho-so/{code}` and everything done there. Other addresses below `/ho-so` are passed on. */
export function dossierPages(deps: Deps, desk: DossierDesk): Router {
  const router = Router();
  router.param("code", (_req, _res, next, code: string) => {
    if (DOSSIER_CODE.test(plainCode(code))) next();
    else next("route");
  });
  const codeOf = (req: Request) => plainCode(String(req.params.code));

  router.get("/ho-so/:code", async (req, res) => {
    const dossier = await getDossier(deps, staff(req), codeOf(req));
    const notice = noticeOf(dossier, queryText(req, "xong"));
    const papers = await desk.papersTold(dossier, staff(req));
    sendPage(res, 200, await showDossier(deps, deskOf(req), staff(req), dossier, papers, notice));
  });
  router.use(paperPages(deps, desk));

  router.get("/ho-so/:code/in/xin-loi-du-thao.pdf", async (req, res) => {
    const dossier = await getDossier(deps, staff(req), codeOf(req));
    const promisedAt = momentFrom(queryText(req, "hen"));
    if (promisedAt === undefined) throw new NotFound("no-such-form", "Không có ngày hẹn để lập dự thảo.");
    const allowed = await allowedFor(deps, dossier, staff(req), deps.clock.now());
    if (!allowed.some(({ type }) => type === "EXTEND" || type === "APOLOGISE"))
      throw new NotAllowed("event-not-yours", "Dự thảo phiếu xin lỗi dành cho người được ký phiếu này.");
    await desk.sendApologyDraft(dossier, { promisedAt, reason: PROPOSED_REASON }, staff(req), res);
  });
  router.get("/ho-so/:code/in/:form", async (req, res) => {
    const dossier = await getDossier(deps, staff(req), codeOf(req));
    await desk.sendForm(dossier, req.params.form, staff(req), res);
  });
  router.get("/ho-so/:code/ket-qua.pdf", async (req, res) => {
    await desk.sendResult(await getDossier(deps, staff(req), codeOf(req)), res);
  });

  router.get("/ho-so/:code/viec/:event", async (req, res) => {
    const type = eventOf(req);
    if (type === undefined) {
      res.redirect(303, `/ho-so/${codeOf(req)}`);
      return;
    }
    const proposed = type === "CORRECT" ? queryText(req, "deXuat") : undefined;
    const promise = type === "EXTEND" || type === "APOLOGISE" ? queryText(req, "hen") : undefined;
    if (promise !== undefined && momentFrom(promise) !== undefined)
      await showAction(deps, req, res, type, {
        filled: filledApology(promise),
        told: (
          <>
            Biểu mẫu đã điền sẵn vì hồ sơ có nguy cơ trễ hẹn; hãy xem lại ngày hẹn và lý do rồi gửi.{" "}
            <a href={draftAddress(codeOf(req), promise)}>Xem dự thảo phiếu xin lỗi (PDF)</a>
          </>
        ),
      });
    else if (proposed === undefined) await showAction(deps, req, res, type, {});
    else {
      const dossier = await getDossier(deps, staff(req), codeOf(req));
      const filled = await proposedCorrection(desk, staff(req), dossier, proposed);
      await showAction(deps, req, res, type, { filled });
    }
  });

  router.post("/ho-so/:code/viec/:event", ownForm(), async (req, res) => {
    const type = eventOf(req);
    const caller = staff(req);
    const code = codeOf(req);
    if (type === undefined) {
      res.redirect(303, `/ho-so/${code}`);
      return;
    }
    const typed = typedOf(req.body);
    const act = async (): Promise<Answer> => {
      const dossier = await getDossier(deps, caller, code);
      const event = (await allowedFor(deps, dossier, caller, deps.clock.now())).find(
        (one) => one.type === type,
      );
      const seen = versionSeen(req);
      if (event !== undefined && (seen === undefined || seen === dossier.version)) {
        const { payload, errors } = readAction(event, dossier, typed);
        if (Object.keys(errors).length > 0) throw new WrongFields(errors);
        return doAction(deps, desk.special, req, { code, caller, type, payload });
      }
      // Neither possible nor of this version: asked all the same, for the reason.
      return doAction(deps, desk.special, req, { code, caller, type, payload: {} });
    };
    try {
      // Sent twice, the second finds the dossier moved on by the first: its answer comes before every refusal.
      const { status } = await answerOnce(deps, onceOfForm(req, caller.username), act);
      // 202: an outside signature takes long and goes on by itself.
      res.redirect(303, `/ho-so/${code}?xong=${status === 202 ? "dang-ky-so" : type}`);
    } catch (error) {
      if (error instanceof WrongFields)
        await showAction(deps, req, res, type, { typed, errors: error.fields, status: 422 });
      else if (error instanceof Problem && error.status < 500 && error.status !== 404)
        await showAction(deps, req, res, type, { typed, problem: error, status: error.status });
      else throw error;
    }
  });
  return router;
}

/** A form that lacks something, by its own fields. */
class WrongFields extends Error {
  constructor(readonly fields: FieldErrors) {
    super("the form lacks something");
  }
}

function eventOf(req: Request): EventType | undefined {
  const name = String(req.params.event);
  return isEventType(name) && eventDefinition(name).internal !== true ? name : undefined;
}

interface Refilled {
  typed?: Typed;
  /** Over what is known already. */
  filled?: Typed;
  /** Said over the form. */
  told?: ComponentChildren;
  errors?: FieldErrors;
  problem?: Problem;
  status?: number;
}

/** The page of one action: fresh, or with all that was typed and what stands in the way. */
async function showAction(
  deps: Deps,
  req: Request,
  res: Response,
  type: EventType,
  { typed, filled = {}, told, errors = {}, problem, status = 200 }: Refilled,
): Promise<void> {
  const caller = staff(req);
  const dossier = await getDossier(deps, caller, plainCode(String(req.params.code)));
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const event = (await allowedFor(deps, dossier, caller, deps.clock.now())).find((one) => one.type === type);
  const about = {
    desk: deskOf(req),
    dossier,
    procedureName: declaration.displayName ?? declaration.name,
    stepName: stateName(config, dossier.workState),
  };
  const notice =
    problem instanceof VersionMismatch
      ? await changedNotice(deps, dossier, versionSeen(req), typed)
      : told === undefined
        ? undefined
        : ({ tone: "soon", text: told } satisfies Notice);
  if (event === undefined) {
    const { label } = eventDefinition(type);
    const reason =
      problem instanceof Refused || problem instanceof NotAllowed
        ? problem.publicMessage
        : `Việc “${label}” không còn làm được: hồ sơ đang ở bước “${about.stepName}”.`;
    sendPage(
      res,
      status === 200 ? 409 : status,
      <GonePage {...about} label={label} reason={reason} typed={typed ?? {}} notice={notice} />,
    );
    return;
  }
  const history = typed === undefined ? await toldHistory(deps, dossier.id) : [];
  sendPage(
    res,
    status,
    <ActionPage
      {...about}
      event={event}
      typed={typed ?? { ...prefilled(event, dossier, history, declaration.result.title), ...filled }}
      errors={{ ...errors, ...errorsOf(problem) }}
      notice={notice}
      once={typed === undefined ? undefined : fieldText(req, "_lan") || undefined}
    />,
  );
}

/** A refusal as errors of the form's own fields; what belongs to none of them stands on top. */
function errorsOf(problem: Problem | undefined): FieldErrors {
  if (problem === undefined || problem instanceof VersionMismatch) return {};
  if (problem instanceof Invalid && problem.errors.length > 0)
    return Object.fromEntries(problem.errors.map(({ path, message }) => [formField(path), message]));
  return { "": problem.publicMessage };
}

/** Who changed the dossier while the form was being filled in, and what he did. */
async function changedNotice(
  deps: Deps,
  dossier: DossierRecord,
  seen: number | undefined,
  typed: Typed | undefined,
): Promise<Notice> {
  const since = dossier.headSeq - Math.max(1, dossier.version - (seen ?? dossier.version - 1));
  const events = await toldHistory(deps, dossier.id, since);
  const kept = typed === undefined ? "" : " Nội dung bạn nhập vẫn được giữ bên dưới; hãy xem lại rồi gửi.";
  return {
    tone: "soon",
    text: (
      <>
        <p>
          <strong>Hồ sơ đã thay đổi từ khi bạn mở.</strong>
          {kept}
        </p>
        <ul class="plain-list">
          {events.map((event) => (
            <li>
              {byWhom(event)} ({ACTOR_ROLES[event.actorRole] ?? event.actorRole}) đã làm “
              {eventDefinition(event.type).label}” lúc {shortMoment(event.at)}.
            </li>
          ))}
        </ul>
      </>
    ),
  };
}

/** What was just done, told once on top; a correction says what follows from it. */
function noticeOf(dossier: DossierRecord, done: string | undefined): Notice | undefined {
  if (done === "tep") return { tone: "done", text: "Đã tải tệp lên." };
  if (done === "ban-sao-sau")
    return {
      tone: "soon",
      text: "Khóa ký cần thêm thời gian; bản sao điện tử sẽ tự hoàn tất, xem ở mục Giấy tờ.",
    };
  if (done === "ban-sao") return { tone: "done", text: "Đã ký bản sao điện tử." };
  if (done === "de-xuat") return { tone: "done", text: "Đã ghi quyết định về đề xuất từ bản quét." };
  if (done === "dang-ky-so")
    return {
      tone: "soon",
      text: (
        <>
          Chữ ký số đang được thực hiện và sẽ tự hoàn tất, không cần gửi lại. Theo dõi ở trang{" "}
          <a href="/ho-so/ky-so">Ký số</a>.
        </>
      ),
    };
  if (done === undefined || !isEventType(done)) return undefined;
  const text = `Đã ghi: ${eventDefinition(done).label}.`;
  const receipt = `/ho-so/${dossier.code}/in/receipt.pdf`;
  if (done === "CORRECT" && dossier.receivedAt !== null)
    return {
      tone: "done",
      text: (
        <>
          {text} Giấy tiếp nhận đã giao không còn đúng: <a href={receipt}>in giấy tiếp nhận mới</a>, trên đó
          ghi rõ thay thế giấy đã lập trước.
        </>
      ),
    };
  if (done === "ACCEPT")
    return {
      tone: "done",
      text: (
        <>
          {text} <a href={receipt}>In giấy tiếp nhận hồ sơ và hẹn trả kết quả</a>
        </>
      ),
    };
  return { tone: "done", text };
}
