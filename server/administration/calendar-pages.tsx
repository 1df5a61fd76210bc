import { Router } from "express";
import { ownForm } from "../accounts/page-session.ts";
import { enterCalendarYear, readCalendarYears } from "../catalogue/enter-calendar.ts";
import type { Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import { onceOfForm, staff } from "../dossier/request.ts";
import { Invalid, NotFound } from "../platform/errors.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import { sendPage } from "../web/layout.tsx";
import { CalendarFormPage, CalendarListPage } from "./calendar-page.tsx";
import { formOfYear, yearOfForm } from "./calendar-form.ts";

/** `/quan-tri/lich`: the years in force, and entering a new one or a new version of one. */
export function calendarPages(deps: Deps): Router {
  const router = Router();

  router.get("/quan-tri/lich", async (req, res) => {
    const years = await readCalendarYears(deps.db);
    sendPage(res, 200, <CalendarListPage desk={deskOf(req)} years={years} done={queryText(req, "xong")} />);
  });

  router.get("/quan-tri/lich/:year", async (req, res) => {
    const year = readYear(req.params.year);
    const latest = (await readCalendarYears(deps.db)).find((one) => one.year === year);
    const page = (
      <CalendarFormPage
        desk={deskOf(req)}
        year={year}
        form={formOfYear(latest)}
        isNew={latest === undefined}
      />
    );
    sendPage(res, 200, page);
  });

  router.post("/quan-tri/lich/:year", ownForm(), async (req, res) => {
    const year = readYear(String(req.params.year));
    const form = {
      notice: fieldText(req, "notice"),
      noticeDate: fieldText(req, "noticeDate"),
      provisional: fieldText(req, "provisional") === "co",
      off: fieldText(req, "off"),
      worked: fieldText(req, "worked"),
    };
    try {
      const entered = yearOfForm(year, form);
      const { username } = staff(req);
      await writeOnce(deps, onceOfForm(req, username), async (trx) => ({
        status: 200,
        body: { version: await enterCalendarYear(trx, { ...entered, year, by: username }) },
      }));
      res.redirect(303, `/quan-tri/lich?xong=${year}`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const errors: Record<string, string> = {};
      for (const { path, message } of error.errors)
        errors[path] = errors[path] === undefined ? message : `${errors[path]} ${message}`;
      const page = (
        <CalendarFormPage desk={deskOf(req)} year={year} form={form} isNew={false} errors={errors} />
      );
      sendPage(res, 422, page);
    }
  });
  return router;
}

function readYear(text: string): number {
  if (!/^20\d\d$/.test(text)) throw new NotFound("no-such-year", "Năm của lịch là số từ 2000 đến 2099.");
  return Number(text);
}
