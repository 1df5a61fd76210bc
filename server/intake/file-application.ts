import type { Knex } from "knex";
import { advanceLocked } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { openDossier } from "../dossier/open-dossier.ts";
import { writeOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { Invalid, NotAllowed } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import { applicationErrors } from "./application.ts";
import type { Application } from "./application.ts";
import { assertMayReceive, checkFiling } from "./check-filing.ts";

/**
 * Files an application at the counter: status 1, and with `accept` also accepted in the same commit (two events,
 * the portal first hears of status 2). Answers 201 with the dossier and its secret.
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
  return writeOnce(deps, once, async (trx: Knex.Transaction) => {
    const { dossier: filed, secret } = await openDossier(trx, deps, {
      ...checked,
      people: {
        applicant: application.applicant,
        owner: application.owner ?? null,
        authorisation: application.authorisation ?? null,
        note: application.note ?? "",
      },
      portalCode: null,
      caller,
      actorRole: "frontdesk",
      untold: application.accept === true,
    });
    const dossier =
      application.accept === true
        ? await advanceLocked(trx, deps, filed, { type: "ACCEPT", caller, payload: {} })
        : filed;
    return {
      status: 201,
      etag: etagOf(dossier),
      body: { ...(await dossierView(deps, dossier, caller)), secret },
    };
  });
}
