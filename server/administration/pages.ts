import { Router } from "express";
import type { RequestHandler } from "express";
import type { Sessions } from "../accounts/sessions.ts";
import type { Deps } from "../dossier/deps.ts";
import { staff } from "../dossier/request.ts";
import { NotAllowed } from "../platform/errors.ts";
import { accountPages } from "./account-pages.tsx";
import { calendarPages } from "./calendar-pages.tsx";
import { ownPasswordPages } from "./own-password-pages.tsx";
import { portalPages } from "./portal-pages.tsx";
import { storePages } from "./store-pages.tsx";
import { digitizationPages } from "./digitization-pages.tsx";
import type { DigitizationDesk } from "./digitization-pages.tsx";
import type { PortalDesk } from "./portal-pages.tsx";

/** `/quan-tri` for administrators, `/tai-khoan` for everybody. `portal` and `digitization` are what these offer. */
export function administrationPages(
  deps: Deps & { sessions: Sessions },
  portal: PortalDesk,
  digitization: DigitizationDesk,
): Router {
  const router = Router();
  router.use(ownPasswordPages(deps));
  router.use("/quan-tri", onlyAdministrators);
  router.use(portalPages(deps, portal));
  router.use(digitizationPages(digitization));
  router.use(storePages(deps));
  router.use(accountPages(deps));
  router.use(calendarPages(deps));
  return router;
}

const onlyAdministrators: RequestHandler = (req, _res, next) => {
  if (!staff(req).roles.includes("administrator"))
    throw new NotAllowed("administrators-only", "Chỉ tài khoản quản trị mở được trang này.");
  next();
};
