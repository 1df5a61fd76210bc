import { Router } from "express";
import type { VNode } from "preact";
import type { Deps } from "../dossier/deps.ts";
import { staff } from "../dossier/request.ts";
import type { BookLine } from "../forms/follow-up-book.ts";
import { dayOf, shortMoment } from "../forms/moments.ts";
import { Unreadable } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { bookUnit, sendBook } from "./book-routes.ts";
import { countBook, MOST_LINES, periodOf, readBook } from "./read-book.ts";
import type { Period } from "./read-book.ts";

const SHOWN = 50;

/** `/ho-so/so-theo-doi`: the follow-up book of the front desk on the screen and as paper. */
export function bookPages(deps: Deps): Router {
  const router = Router();
  router.get("/ho-so/so-theo-doi", async (req, res) => {
    const unit = bookUnit(staff(req));
    const today = dayOf(deps.clock.now());
    const typed = { from: queryText(req, "tu"), to: queryText(req, "den") };
    const { period, wrong } = readPeriod(typed, today);
    const total = await countBook(deps, unit, period);
    const { lines } = await readBook(deps, unit, period, SHOWN);
    const page = <BookPage desk={deskOf(req)} period={period} wrong={wrong} total={total} lines={lines} />;
    sendPage(res, wrong === undefined ? 200 : 400, page);
  });
  router.get("/ho-so/so-theo-doi.pdf", async (req, res) => {
    const unit = bookUnit(staff(req));
    const period = periodOf(queryText(req, "tu"), queryText(req, "den"), dayOf(deps.clock.now()));
    await sendBook(deps, unit, period, res);
  });
  return router;
}

/** The period typed; where it is none, this month, and what is wrong. */
function readPeriod(
  { from, to }: { from: string | undefined; to: string | undefined },
  today: string,
): { period: Period; wrong?: string } {
  try {
    return { period: periodOf(from, to, today) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { period: periodOf(undefined, undefined, today), wrong: error.publicMessage };
  }
}

function BookPage(props: {
  desk: Desk;
  period: Period;
  wrong: string | undefined;
  total: number;
  lines: readonly BookLine[];
}): VNode {
  const { desk, period, wrong, total, lines } = props;
  const tooLong = total > MOST_LINES;
  const pdf = `/ho-so/so-theo-doi.pdf?tu=${period.from}&den=${period.to}`;
  return (
    <DeskPage
      desk={desk}
      title="Sổ theo dõi hồ sơ"
      notice={wrong === undefined ? undefined : { tone: "late", text: wrong }}
      action={
        tooLong ? undefined : (
          <ButtonLink kind="main" href={pdf} shortcut="p">
            In sổ (PDF)
          </ButtonLink>
        )
      }
    >
      <form method="get" action="/ho-so/so-theo-doi" class="inline-search" aria-label="Kỳ của sổ">
        <div class="field">
          <label for="tu">Tiếp nhận từ ngày</label>
          <input type="date" id="tu" name="tu" value={period.from} required />
        </div>
        <div class="field">
          <label for="den">đến ngày</label>
          <input type="date" id="den" name="den" value={period.to} required />
        </div>
        <button type="submit" class="second">
          Xem
        </button>
      </form>
      {tooLong && (
        <p class="notice late" role="alert">
          Kỳ này có {total} hồ sơ; một sổ in được nhiều nhất {MOST_LINES} hồ sơ. Hãy chọn kỳ ngắn hơn.
        </p>
      )}
      <section class="card" aria-labelledby="ho-so-trong-so">
        <h2 id="ho-so-trong-so">
          {total === 0
            ? "Không có hồ sơ nào được tiếp nhận trong kỳ"
            : `${total} hồ sơ được tiếp nhận trong kỳ`}
        </h2>
        {lines.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-label="Sổ theo dõi">
            <table class="govuk-table dense book-table">
              <thead>
                <tr>
                  <th scope="col">STT</th>
                  <th scope="col">Mã hồ sơ</th>
                  <th scope="col">Người nộp</th>
                  <th scope="col">Thủ tục</th>
                  <th scope="col">Nhận</th>
                  <th scope="col">Hẹn trả</th>
                  <th scope="col">Trả</th>
                  <th scope="col">Ghi chú</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line, at) => (
                  <tr data-row="">
                    <td class="figures">{at + 1}</td>
                    <td>
                      <a class="figures" href={`/ho-so/${line.code}`}>
                        {line.code}
                      </a>
                    </td>
                    <td>{line.applicantName}</td>
                    <td>{line.procedureName}</td>
                    <td class="figures">{shortMoment(line.receivedAt)}</td>
                    <td class="figures">{line.dueAt === null ? "" : shortMoment(line.dueAt)}</td>
                    <td class="figures">{line.returnedAt === null ? "" : shortMoment(line.returnedAt)}</td>
                    <td>{line.note}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {total > lines.length && (
          <p class="muted">
            Trang này hiện {lines.length} hồ sơ đầu; bản in có đủ {total} hồ sơ.
          </p>
        )}
      </section>
    </DeskPage>
  );
}
