import { Router } from "express";
import type { Request, RequestHandler } from "express";
import type { Deps } from "../dossier/deps.ts";
import { plainCode, staff } from "../dossier/request.ts";
import { dayOf } from "../forms/moments.ts";
import { NotAllowed, NotFound } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import { sendPage } from "../web/layout.tsx";
import { CashPage } from "./cash-page.tsx";
import { paymentAt, paymentsOf } from "./payments.ts";
import { ClosingSheet, PaymentReceipt } from "./printed.tsx";

/**
 * `/thu-phi`: what a unit's front desk took, by day and officer, from the PAY events alone; a receipt for each payment
 * and the closing sheet of a day, to print.
 */
export function cashPages(deps: Deps): Router {
  const router = Router();
  router.use("/thu-phi", onlyFrontDesk);

  router.get("/thu-phi", async (req, res) => {
    const { agency } = counterOf(req);
    const { day, officer } = askedOf(req, deps);
    const all = await paymentsOf(deps, { agency, day });
    const page = <CashPage desk={deskOf(req)} day={day} officer={officer} all={all} />;
    sendPage(res, 200, page);
  });

  router.get("/thu-phi/chot", async (req, res) => {
    const { agency, username } = counterOf(req);
    const { day, officer = username } = askedOf(req, deps);
    const payments = await paymentsOf(deps, { agency, day, officer });
    const account = await deps
      .db("accounts")
      .where({ username: officer, agency })
      .first<{ name: string } | undefined>("name");
    if (account === undefined) throw new NotFound("account-not-found", "Đơn vị không có cán bộ này.");
    const page = (
      <ClosingSheet
        desk={deskOf(req)}
        day={day}
        officerName={account.name}
        payments={payments}
        now={deps.clock.now()}
      />
    );
    sendPage(res, 200, page);
  });

  router.get("/thu-phi/bien-lai/:code/:seq", async (req, res) => {
    const { agency } = counterOf(req);
    const { code, seq } = req.params;
    const payment = /^\d{1,6}$/.test(seq)
      ? await paymentAt(deps, { agency, code: plainCode(code), seq: Number(seq) })
      : undefined;
    if (payment === undefined) throw new NotFound("payment-not-found", "Không có khoản thu này ở đơn vị.");
    sendPage(res, 200, <PaymentReceipt desk={deskOf(req)} payment={payment} />);
  });
  return router;
}

const onlyFrontDesk: RequestHandler = (req, _res, next) => {
  if (!staff(req).roles.includes("frontdesk"))
    throw new NotAllowed("front-desk-only", "Chỉ cán bộ bộ phận Một cửa xem được khoản thu của đơn vị.");
  next();
};

function counterOf(req: Request): { agency: string; username: string } {
  const { agency, username } = staff(req);
  if (agency === null) throw new NotAllowed("no-unit", "Tài khoản này không thuộc đơn vị nào.");
  return { agency, username };
}

/** The day and officer in the address; a day that is none is today. */
function askedOf(req: Request, { clock }: Pick<Deps, "clock">): { day: string; officer: string | undefined } {
  const asked = queryText(req, "ngay") ?? "";
  const isDay =
    /^20\d\d-\d\d-\d\d$/.test(asked) &&
    !Number.isNaN(Date.parse(asked)) &&
    new Date(asked).toISOString().startsWith(asked);
  return { day: isDay ? asked : dayOf(clock.now()), officer: queryText(req, "can-bo") };
}
