import { Router } from "express";
import type { Request, Response } from "express";
import { ownForm } from "../accounts/page-session.ts";
import { allowedFor } from "../dossier/allowed.ts";
import type { Deps } from "../dossier/deps.ts";
import { answerOnce, writeOnce } from "../dossier/once.ts";
import { findDossier } from "../dossier/record.ts";
import { onceOfForm, plainCode, staff } from "../dossier/request.ts";
import { dossierView } from "../dossier/view.ts";
import { Invalid, NotAllowed, NotFound, Problem } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { Notice } from "../web/desk-page.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { doAction } from "./do-action.ts";
import { prefilled } from "./prefilled.ts";
import { formField, readAction } from "./read-action.ts";
import { getDossier } from "./read-dossier.ts";
import { noteReminder, remindersOf, unclaimedOf } from "./result-reminders.ts";
import { HandOverPage, ReturnCounterPage, SignForPage } from "./return-counter.tsx";
import { toldHistory } from "./told-history.ts";
import { typedOf } from "./typed-form.ts";
import type { Typed } from "./typed-form.ts";

const MOST_SHOWN = 50;

/** `/tra-ket-qua`: the counter where results are handed over, and those that nobody has come for. */
export function returnCounterPages(deps: Deps): Router {
  const router = Router();
  router.use("/tra-ket-qua", (req, _res, next) => {
    if (!staff(req).roles.includes("frontdesk"))
      throw new NotAllowed("not-the-front-desk", "Trang này dành cho Bộ phận Một cửa.");
    next();
  });
  const codeOf = (req: Request) => plainCode(String(req.params.code));

  router.get("/tra-ket-qua", async (req, res) => {
    const typed = queryText(req, "ma");
    if (typed !== undefined) {
      const code = plainCode(/\/tra-cuu\/([^/?#]+)/.exec(typed)?.[1] ?? typed);
      const found = await findDossier(deps.db, code);
      if (found?.facts.places.intake === staff(req).agency) {
        res.redirect(303, `/tra-ket-qua/${code}`);
        return;
      }
    }
    const done = queryText(req, "xong");
    const reminded = queryText(req, "nhac");
    const unclaimed = await unclaimedOf(deps, staff(req).agency ?? "", MOST_SHOWN + 1);
    sendPage(
      res,
      200,
      <ReturnCounterPage
        desk={deskOf(req)}
        now={deps.clock.now()}
        unclaimed={unclaimed.slice(0, MOST_SHOWN)}
        more={unclaimed.length > MOST_SHOWN}
        typed={typed ?? ""}
        wrong={typed === undefined ? undefined : "Không có hồ sơ mang mã này ở đơn vị của bạn."}
        done={done === undefined ? undefined : plainCode(done)}
        reminded={reminded === undefined ? undefined : plainCode(reminded)}
      />,
    );
  });

  router.get("/tra-ket-qua/:code", (req, res) => showHandOver(deps, req, res, 200));

  router.get("/tra-ket-qua/:code/ky-nhan", async (req, res) => {
    const dossier = await getDossier(deps, staff(req), codeOf(req));
    const handed = (await toldHistory(deps, dossier.id)).findLast(({ type }) => type === "RETURN");
    if (handed === undefined) throw new NotFound("not-returned", "Hồ sơ này chưa trả kết quả.");
    const { declaration } = await deps.catalogue.version(dossier.versionId);
    sendPage(
      res,
      200,
      <SignForPage
        desk={deskOf(req)}
        dossier={dossier}
        handed={handed}
        procedureName={declaration.displayName ?? declaration.name}
        resultTitle={declaration.result.title}
      />,
    );
  });

  router.post("/tra-ket-qua/:code/nhac", ownForm(), async (req, res) => {
    const caller = staff(req);
    const code = codeOf(req);
    try {
      await writeOnce(deps, onceOfForm(req, caller.username), async (trx) => {
        const dossier = await getDossier(deps, caller, code);
        const given = { how: fieldText(req, "how"), note: fieldText(req, "note") };
        await noteReminder(trx, deps.clock, caller, dossier, given);
        return { status: 200, body: {} };
      });
      res.redirect(303, `/tra-ket-qua?nhac=${code}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error;
      await showHandOver(deps, req, res, error.status, { typed: typedOf(req.body), problem: error });
    }
  });

  router.post("/tra-ket-qua/:code", ownForm(), async (req, res) => {
    const caller = staff(req);
    const code = codeOf(req);
    const typed = typedOf(req.body);
    try {
      await answerOnce(deps, onceOfForm(req, caller.username), async () => {
        const dossier = await getDossier(deps, caller, code);
        const event = (await allowedFor(deps, dossier, caller, deps.clock.now())).find(
          ({ type }) => type === "RETURN",
        );
        const read = event === undefined ? undefined : readAction(event, dossier, typed);
        const wrong = Object.entries(read?.errors ?? {}).map(([path, message]) => ({
          path,
          message: message ?? "",
        }));
        if (wrong.length > 0) throw new Invalid(wrong);
        return doAction(deps, {}, req, { code, caller, type: "RETURN", payload: read?.payload ?? {} });
      });
      res.redirect(303, `/tra-ket-qua?xong=${code}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error;
      await showHandOver(deps, req, res, error.status, { typed, problem: error });
    }
  });
  return router;
}

async function showHandOver(
  deps: Deps,
  req: Request,
  res: Response,
  status: number,
  refused?: { typed: Typed; problem: Problem },
): Promise<void> {
  const caller = staff(req);
  const dossier = await getDossier(deps, caller, plainCode(String(req.params.code)));
  const [view, reminders] = await Promise.all([
    dossierView(deps, dossier, caller),
    remindersOf(deps.db, dossier.id),
  ]);
  const event = view.allowedEvents.find(({ type }) => type === "RETURN");
  const problem = refused?.problem;
  const errors: FieldErrors =
    problem instanceof Invalid
      ? Object.fromEntries(
          problem.errors.map(({ path, message }) => [path.includes(".") ? formField(path) : path, message]),
        )
      : {};
  const notice: Notice | undefined =
    problem !== undefined && !(problem instanceof Invalid)
      ? { tone: "late", text: problem.publicMessage }
      : undefined;
  sendPage(
    res,
    status,
    <HandOverPage
      desk={deskOf(req)}
      dossier={dossier}
      view={view}
      event={event}
      reminders={reminders}
      typed={refused?.typed ?? (event === undefined ? {} : prefilled(event, dossier, []))}
      errors={errors}
      notice={notice}
      once={refused === undefined ? undefined : fieldText(req, "_lan") || undefined}
    />,
  );
}
