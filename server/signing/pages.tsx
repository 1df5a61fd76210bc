import { Router } from "express";
import type { Request } from "express";
import type { Deps } from "../dossier/deps.ts";
import { staff } from "../dossier/request.ts";
import { dayOf } from "../forms/moments.ts";
import { NotAllowed } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import { sendPage } from "../web/layout.tsx";
import { NUMBER_STATES, readRegister, registerYears } from "./read-register.ts";
import { signingsOfUnit } from "./read-signings.ts";
import { RegisterPage } from "./register-page.tsx";
import { SigningsPage } from "./signings-page.tsx";

/** `/ho-so/ky-so`, what the unit signs, and `/ho-so/so-van-ban`, its register of documents: for leader and clerk. */
export function signingPages(deps: Deps): Router {
  const router = Router();

  router.get("/ho-so/ky-so", async (req, res) => {
    const signings = await signingsOfUnit(deps, unitOfSigner(req));
    sendPage(res, 200, <SigningsPage desk={deskOf(req)} signings={signings} />);
  });

  router.get("/ho-so/so-van-ban", async (req, res) => {
    const agency = unitOfSigner(req);
    const asked = queryText(req, "nam") ?? "";
    const year = /^20\d\d$/.test(asked) ? Number(asked) : Number(dayOf(deps.clock.now()).slice(0, 4));
    const state = NUMBER_STATES.find((one) => one === queryText(req, "trang-thai"));
    const q = (queryText(req, "q") ?? "").trim();
    const [{ entries, isCut }, years] = await Promise.all([
      readRegister(deps, agency, { year, state, q }),
      registerYears(deps, agency),
    ]);
    const names = new Map(deps.catalogue.all.map(({ code, declaration }) => [code, declaration]));
    const procedureName = (code: string) => {
      const declaration = names.get(code);
      return declaration?.shortName ?? declaration?.displayName ?? declaration?.name ?? code;
    };
    sendPage(
      res,
      200,
      <RegisterPage desk={deskOf(req)} {...{ year, years, state, q, entries, isCut, procedureName }} />,
    );
  });
  return router;
}

/** The unit of a leader or clerk. Throws NotAllowed for anybody else. */
function unitOfSigner(req: Request): string {
  const { roles, agency } = staff(req);
  if (agency === null || !(roles.includes("leader") || roles.includes("clerk")))
    throw new NotAllowed("signers-only", "Trang này dành cho lãnh đạo và văn thư của đơn vị.");
  return agency;
}
