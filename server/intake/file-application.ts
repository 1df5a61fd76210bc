import type { Knex } from "knex";
import { advanceLocked } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { openDossier } from "../dossier/open-dossier.ts";
import { writeOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { Invalid, NotAllowed } from "../platform/errors.ts";
import { attachChosen, chosenPapers } from "../person-store/reuse-papers.ts";
import { holderOf } from "../person-store/owner.ts";
import type { Answer } from "../platform/http.ts";
import { applicationErrors } from "./application.ts";
import type { Application } from "./application.ts";
import { assertMayReceive, checkFiling } from "./check-filing.ts";
import { peopleOf } from "./people-of.ts";

/**
 * Files an application at the counter: status 1, and with `accept` also accepted in the same commit (two events,
 * the portal first hears of status 2). Papers of the person's store that were chosen are attached at once and count as
 * received. Answers 201 with the dossier and its secret.
 * Throws NotAllowed (no front desk, or not of a unit that receives this), Invalid, Refused (papers missing for accept).
 */
export async function fileApplication(
  deps: Deps,
  caller: Caller,
  body: unknown,
  once?: OnceKey,
): Promise<Answer> {
  if (!caller.roles.includes("frontdesk"))
    throw new NotAllowed("not-front-desk", "Chỉ cán bộ bộ phận Một cửa được tiếp nhận hồ sơ.");
  const errors = applicationErrors(body);
  if (errors.length > 0) throw new Invalid(errors);
  const application = body as Application;
  if (application.channel === "online")
    throw new Invalid(
      [
        {
          path: "channel",
          message: "Hồ sơ trực tuyến đến từ Cổng Dịch vụ công quốc gia, không nhập tại quầy.",
        },
      ],
      undefined,
      "channel-not-offered",
    );
  const checked = checkFiling(deps, application, (deciding, declaration) => {
    assertMayReceive(deps, declaration, deciding, caller.agency);
    return caller.agency ?? deciding.code;
  });
  const people = peopleOf(application, noteOf(application));
  const accepting = application.accept === true;
  return writeOnce(deps, once, async (trx: Knex.Transaction) => {
    const chosen = await papersOfStore(deps, trx, caller, application, checked.versionId);
    const { dossier: filed, secret } = await openDossier(trx, deps, {
      ...checked,
      received: { ...receivedAgain(application), ...checked.received },
      people,
      portalCode: null,
      caller,
      actorRole: "frontdesk",
      untold: accepting,
    });
    const options = accepting ? { untold: true as const } : {};
    const whole =
      chosen === undefined ? filed : await attachChosen(trx, deps, caller, filed, chosen, options);
    const dossier = accepting
      ? await advanceLocked(trx, deps, whole, { type: "ACCEPT", caller, payload: {} })
      : whole;
    return {
      status: 201,
      etag: etagOf(dossier),
      body: { ...(await dossierView(deps, dossier, caller)), secret },
    };
  });
}

/** What was chosen of the person's store; undefined where nothing was. Throws Invalid `paper-not-reusable`. */
async function papersOfStore(
  deps: Deps,
  trx: Knex.Transaction,
  caller: Caller,
  { reuse, applicant, owner, case: caseCode = null }: Application,
  versionId: number,
) {
  if (reuse === undefined || reuse.papers.length === 0) return undefined;
  const { declaration } = await deps.catalogue.version(versionId);
  const { identity } = holderOf({ applicant, owner: owner ?? null });
  return chosenPapers(
    deps,
    trx,
    caller,
    { holder: identity, declaration, case: caseCode, present: reuse.present === true },
    reuse.papers.map(({ code, entry }) => ({ code, entry: Number(entry) })),
  );
}

/** A paper of the store stands as one copy. */
function receivedAgain({ reuse }: Application) {
  return Object.fromEntries((reuse?.papers ?? []).map(({ code }) => [code, { originals: 0, copies: 1 }]));
}

/** That the person agreed is noted with the dossier, as it is where his data are used again; who asked and when, the event says. */
function noteOf({ note = "", reuse }: Application): string {
  if (reuse === undefined || reuse.papers.length === 0) return note;
  const codes = reuse.papers.map(({ code }) => code).join(", ");
  const consent = `Người nộp ${reuse.present === true ? "có mặt và " : ""}đồng ý dùng lại giấy tờ trong kho dữ liệu điện tử cho thành phần hồ sơ: ${codes}.`;
  return [note, consent].filter((part) => part !== "").join("\n");
}
