import { Router } from "express";
import type { Request, Response } from "express";
import type { Knex } from "knex";
import { ownForm } from "../accounts/page-session.ts";
import {
  changePerson,
  changeRoles,
  createAccount,
  resetPassword,
  setActive,
} from "../accounts/change-accounts.ts";
import type { Changing } from "../accounts/change-accounts.ts";
import { readAccount, searchAccounts } from "../accounts/read-accounts.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import { onceOfForm, staff } from "../dossier/request.ts";
import { Invalid, NotFound, Refused } from "../platform/errors.ts";
import { fieldText, fieldTexts } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { AccountPage, NewAccountPage, PasswordPage } from "./account-page.tsx";
import { AccountListPage } from "./account-list-page.tsx";

const PAGE_SIZE = 50;
const LIST = "/quan-tri/tai-khoan";

/** `/quan-tri/tai-khoan`: who may log in. Every change goes into the append-only table `account_changes`. */
export function accountPages(deps: Deps): Router {
  const router = Router();
  const { db, clock, agencies } = deps;
  const address = (username: string) => `${LIST}/${encodeURIComponent(username)}`;
  const changing = (req: Request, trx: Knex.Transaction): Changing => ({
    trx,
    clock,
    by: staff(req).username,
  });

  router.get(LIST, async (req, res) => {
    const q = (queryText(req, "q") ?? "").trim().slice(0, 100);
    const asked = queryText(req, "trang") ?? "1";
    const page = /^[1-9]\d{0,4}$/.test(asked) ? Number(asked) : 1;
    const found = await searchAccounts(db, { q, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE });
    sendPage(
      res,
      200,
      <AccountListPage desk={deskOf(req)} q={q} page={page} pageSize={PAGE_SIZE} {...found} />,
    );
  });

  router.get(`${LIST}/moi`, (req, res) => {
    sendPage(res, 200, <NewAccountPage desk={deskOf(req)} agencies={agencies} />);
  });

  router.post(`${LIST}/moi`, ownForm(), async (req, res) => {
    const entered = {
      username: fieldText(req, "username"),
      name: fieldText(req, "name"),
      agency: fieldText(req, "agency"),
      roles: fieldTexts(req, "roles"),
    };
    try {
      // The kept answer holds the password, encrypted: pressed twice, the same one is shown.
      const { body } = await writeOnce(deps, onceOfForm(req, staff(req).username), async (trx) => ({
        status: 200,
        body: await createAccount(changing(req, trx), entered),
      }));
      showPassword(req, res, entered.username, String(body), true);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const page = (
        <NewAccountPage desk={deskOf(req)} agencies={agencies} entered={entered} errors={byField(error)} />
      );
      sendPage(res, 422, page);
    }
  });

  router.get(`${LIST}/:username`, (req, res) => show(req, res, req.params.username, 200));

  router.post(`${LIST}/:username/nguoi`, ownForm(), async (req, res) => {
    const username = String(req.params.username);
    const entered = { name: fieldText(req, "name"), agency: fieldText(req, "agency") };
    try {
      await db.transaction((trx) => changePerson(changing(req, trx), username, entered));
      res.redirect(303, `${address(username)}?xong=nguoi`);
    } catch (error) {
      await refused(req, res, username, error, entered);
    }
  });

  router.post(`${LIST}/:username/vai-tro`, ownForm(), async (req, res) => {
    const username = String(req.params.username);
    try {
      await db.transaction((trx) => changeRoles(changing(req, trx), username, fieldTexts(req, "roles")));
      res.redirect(303, `${address(username)}?xong=vai-tro`);
    } catch (error) {
      await refused(req, res, username, error);
    }
  });

  router.post(`${LIST}/:username/trang-thai`, ownForm(), async (req, res) => {
    const username = String(req.params.username);
    const active = fieldText(req, "active") === "co";
    try {
      await db.transaction((trx) => setActive(changing(req, trx), username, active));
      res.redirect(303, `${address(username)}?xong=${active ? "mo" : "khoa"}`);
    } catch (error) {
      await refused(req, res, username, error);
    }
  });

  router.post(`${LIST}/:username/mat-khau`, ownForm(), async (req, res) => {
    const username = String(req.params.username);
    const { body } = await writeOnce(deps, onceOfForm(req, staff(req).username), async (trx) => ({
      status: 200,
      body: await resetPassword(changing(req, trx), username),
    }));
    showPassword(req, res, username, String(body), false);
  });

  async function show(
    req: Request,
    res: Response,
    username: string,
    status: number,
    errors: FieldErrors = {},
    entered?: { name: string; agency: string },
  ) {
    const found = await readAccount(db, username);
    if (found === undefined) throw new NotFound("account-not-found", "Không có tài khoản này.");
    const page = (
      <AccountPage
        desk={deskOf(req)}
        {...found}
        agencies={agencies}
        entered={entered}
        done={queryText(req, "xong")}
        errors={errors}
      />
    );
    sendPage(res, status, page);
  }

  async function refused(
    req: Request,
    res: Response,
    username: string,
    error: unknown,
    entered?: { name: string; agency: string },
  ): Promise<void> {
    if (error instanceof Invalid) await show(req, res, username, 422, byField(error), entered);
    else if (error instanceof Refused) await show(req, res, username, 409, { "": error.publicMessage });
    else throw error;
  }

  function showPassword(req: Request, res: Response, username: string, password: string, isNew: boolean) {
    sendPage(
      res,
      200,
      <PasswordPage desk={deskOf(req)} username={username} password={password} isNew={isNew} />,
    );
  }
  return router;
}

function byField({ errors }: Invalid): FieldErrors {
  return Object.fromEntries(errors.map(({ path, message }) => [path, message]));
}
