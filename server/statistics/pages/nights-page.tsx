import { Router } from "express";
import type { VNode } from "preact";
import { ownForm } from "../../accounts/page-session.ts";
import { shortMoment } from "../../forms/moments.ts";
import { NotAllowed, Unreadable } from "../../platform/errors.ts";
import { fieldText } from "../../platform/form-body.ts";
import { queryText } from "../../platform/http.ts";
import { Chip, type Tone } from "../../web/chips.tsx";
import { deskOf, type Desk } from "../../web/desk.ts";
import { Form } from "../../web/form.tsx";
import { sendPage } from "../../web/layout.tsx";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { dueNight, nightsStanding, type NightRun, type NightsStanding } from "../nights.ts";
import { askForNight, openRequests } from "../night-requests.ts";
import { findDifferences, findNights, findReports, type Difference, type Report } from "../night-records.ts";
import { startOf } from "../vietnam-days.ts";
import { sightOf } from "./asked.ts";
import type { StatisticsPagesDeps } from "./deps.ts";
import { Downloads, StatisticsPage } from "./frame.tsx";
import { exported, TableView, type ShownTable } from "./shown-table.tsx";
import { count, dayText } from "./words.ts";

const STATES: Readonly<Record<NightRun["state"], { text: string; tone: Tone }>> = {
  clean: { text: "Đã chốt", tone: "done" },
  running: { text: "Đang chạy", tone: "soon" },
  differing: { text: "Đã chốt, còn khác Cổng", tone: "late" },
  partial: { text: "Chưa đủ", tone: "soon" },
  failed: { text: "Có lỗi", tone: "late" },
};

/** Handed in: why the portal may hold something else, in words. */
export type Causes = Readonly<Record<string, string>>;

/** `/thong-ke/dem`: the nights, what each reported and found; an administrator has one repeated. */
export function nightPages(deps: StatisticsPagesDeps, causes: Causes): Router {
  const { db, clock, agencies } = deps;
  const router = Router();
  router.get("/thong-ke/dem", async (req, res) => {
    const desk = deskOf(req);
    const sight = sightOf(desk, agencies);
    const nights = await nightsStanding(db, clock.now());
    const runs = await findNights(db, 60);
    const day =
      dayOfNight(queryText(req, "ngay")) ?? runs.find(({ reconciled }) => reconciled)?.day ?? runs[0]?.day;
    const units = sight.all ? undefined : sight.units;
    const differences = day === undefined ? [] : await findDifferences(db, day, units);
    const reports = day === undefined ? [] : await findReports(db, day, units);
    const tables = {
      "khac-biet": differencesTable(day ?? "", differences, causes),
      "bao-cao": reportsTable(day ?? "", reports, (code) => agencies.get(code)?.name ?? code),
    };
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      await sendTable(
        res,
        kind,
        exported(tables[queryText(req, "bang") === "bao-cao" ? "bao-cao" : "khac-biet"]),
      );
      return;
    }
    const asked = await openRequests(db);
    const said = queryText(req, "xong") === "lap-lai";
    sendPage(
      res,
      200,
      <NightsPage
        {...{ desk, nights, runs, day, tables, asked, said }}
        nameOf={(code) => agencies.get(code)?.name ?? code}
      />,
    );
  });

  router.post("/thong-ke/dem/lap-lai", ownForm(), async (req, res) => {
    const desk = deskOf(req);
    if (!desk.roles.includes("administrator"))
      throw new NotAllowed("administrators-only", "Chỉ tài khoản quản trị cho chạy lại được.");
    const day = dayOfNight(fieldText(req, "ngay"));
    const unit = fieldText(req, "donVi");
    if (day === undefined || day > dueNight(clock.now()) || (unit !== "" && agencies.get(unit) === undefined))
      throw new Unreadable("bad-period", "Không có đêm hoặc đơn vị này để chạy lại.");
    await askForNight(db, { day, unit: unit === "" ? null : unit, by: desk.username, now: clock.now() });
    res.redirect(303, `/thong-ke/dem?ngay=${day}&xong=lap-lai`);
  });
  return router;
}

function dayOfNight(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    startOf(text);
    return text;
  } catch {
    throw new Unreadable("bad-period", "Ngày có dạng 2026-11-23.");
  }
}

function NightsPage(props: {
  desk: Desk;
  nights: NightsStanding;
  runs: Awaited<ReturnType<typeof findNights>>;
  day: string | undefined;
  tables: Record<"khac-biet" | "bao-cao", ShownTable>;
  asked: Awaited<ReturnType<typeof openRequests>>;
  said: boolean;
  nameOf: (code: string) => string;
}): VNode {
  const { desk, nights, runs, day, tables, asked, said, nameOf } = props;
  const mayRepeat = desk.roles.includes("administrator");
  const isAsked = (night: string, unit: string | null) =>
    asked.some((one) => one.day === night && one.unit === unit);
  const repeat = (night: string, unit: string | null) =>
    isAsked(night, unit) ? (
      <Chip tone="soon" text="Đang chờ chạy lại" />
    ) : (
      <Form desk={desk} action="/thong-ke/dem/lap-lai" class="stat-repeat">
        <input type="hidden" name="ngay" value={night} />
        <input type="hidden" name="donVi" value={unit ?? ""} />
        <button
          type="submit"
          class="second small"
          aria-label={`Chạy lại đêm ${dayText(night)}${unit === null ? "" : `, ${nameOf(unit)}`}`}
        >
          Chạy lại
        </button>
      </Form>
    );
  return (
    <StatisticsPage
      desk={desk}
      title="Các đêm chốt số liệu"
      nights={nights}
      notice={
        said
          ? {
              tone: "done",
              text: "Đã yêu cầu chạy lại. Việc chạy bắt đầu trong vòng một phút; tải lại trang để xem.",
            }
          : undefined
      }
    >
      {nights.failedUnits.length > 0 && (
        <section class="card">
          <h2>Đơn vị chưa chốt được</h2>
          <div class="scroll" tabIndex={0} role="region" aria-label="Đơn vị chưa chốt được">
            <table class="govuk-table dense">
              <thead>
                <tr>
                  <th scope="col">Ngày</th>
                  <th scope="col">Đơn vị</th>
                  <th scope="col">Lỗi</th>
                  {mayRepeat && <th scope="col">Chạy lại</th>}
                </tr>
              </thead>
              <tbody>
                {nights.failedUnits.map((failed) => (
                  <tr>
                    <td>{dayText(failed.day)}</td>
                    <th scope="row">{nameOf(failed.unit)}</th>
                    <td class="reason">{failed.error}</td>
                    {mayRepeat && <td>{repeat(failed.day, failed.unit)}</td>}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      <section class="card">
        <h2>Các đêm gần đây</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Các đêm gần đây">
          <table class="govuk-table dense">
            <thead>
              <tr>
                <th scope="col">Chốt ngày</th>
                <th scope="col">Kết quả</th>
                <th scope="col">Xong lúc</th>
                <th scope="col" class="amount">
                  Số lần chạy
                </th>
                <th scope="col" class="amount">
                  Đơn vị lỗi
                </th>
                <th scope="col" class="amount">
                  Báo cáo Cổng nhận
                </th>
                <th scope="col" class="amount">
                  Hồ sơ đã đối soát
                </th>
                <th scope="col" class="amount">
                  Khác nhau
                </th>
                <th scope="col" class="amount">
                  Còn lại
                </th>
                {mayRepeat && <th scope="col">Chạy lại</th>}
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr>
                  <th scope="row">
                    <a
                      href={`/thong-ke/dem?ngay=${run.day}`}
                      {...(run.day === day ? { "aria-current": "true" as const } : {})}
                    >
                      {dayText(run.day)}
                    </a>
                  </th>
                  <td>
                    <Chip {...STATES[run.state]} />
                    {run.error !== null && <p class="hint">{run.error}</p>}
                  </td>
                  <td>{run.finishedAt === null ? "–" : shortMoment(run.finishedAt)}</td>
                  <td class="amount">{run.attempts}</td>
                  <td class="amount">{run.failed}</td>
                  <td class="amount">{`${count(run.accepted)}/${count(run.reports)}`}</td>
                  <td class="amount">{run.compared === null ? "–" : count(run.compared)}</td>
                  <td class="amount">{run.differences === null ? "–" : count(run.differences)}</td>
                  <td class="amount">
                    {run.leftOver === null ? (
                      "–"
                    ) : run.leftOver > 0 ? (
                      <Chip tone="late" text={`Còn ${count(run.leftOver)}`} />
                    ) : (
                      "0"
                    )}
                  </td>
                  {mayRepeat && <td>{repeat(run.day, null)}</td>}
                </tr>
              ))}
              {runs.length === 0 && (
                <tr>
                  <td colSpan={mayRepeat ? 10 : 9}>Chưa có đêm nào được chạy.</td>
                </tr>
              )}
            </tbody>
          </table>
        </div>
        {mayRepeat && nights.missing.length > 0 && (
          <div class="stat-missing">
            <p>Các đêm còn thiếu hoặc chưa sạch:</p>
            <ul class="plain-list">
              {nights.missing.slice(0, 20).map((night) => (
                <li>
                  {dayText(night)} {repeat(night, null)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </section>
      {day !== undefined && (
        <>
          <Listed
            title={`Khác nhau với Cổng, đêm chốt ngày ${dayText(day)}`}
            table={tables["khac-biet"]}
            address={`/thong-ke/dem?ngay=${day}&bang=khac-biet`}
            empty="Không có điểm nào khác nhau."
          />
          <Listed
            title={`Báo cáo gửi Cổng, đêm chốt ngày ${dayText(day)}`}
            table={tables["bao-cao"]}
            address={`/thong-ke/dem?ngay=${day}&bang=bao-cao`}
            empty="Chưa gửi báo cáo nào."
            folded
          />
        </>
      )}
    </StatisticsPage>
  );
}

const MOST_SHOWN = 200;

function Listed(props: {
  title: string;
  table: ShownTable;
  address: string;
  empty: string;
  folded?: boolean;
}): VNode {
  const { title, table, address, empty, folded } = props;
  const shown = { ...table, rows: table.rows.slice(0, MOST_SHOWN) };
  const inner =
    table.rows.length === 0 ? (
      <p>{empty}</p>
    ) : (
      <>
        <TableView table={shown} caption={title} />
        {table.rows.length > MOST_SHOWN && (
          <p class="hint">{`${count(table.rows.length)} dòng; trang này có ${MOST_SHOWN} dòng đầu, tệp tải về có đủ.`}</p>
        )}
        <Downloads address={address} what={title.toLowerCase()} />
      </>
    );
  return (
    <section class="card">
      <h2>{title}</h2>
      {folded === true && table.rows.length > 0 ? (
        <details>
          <summary>{`${count(table.rows.length)} dòng`}</summary>
          {inner}
        </details>
      ) : (
        inner
      )}
    </section>
  );
}

const MENDED: Readonly<Record<string, string>> = {
  none: "Không gửi lại",
  waiting: "Đợi tin đang gửi",
  "failed-again": "Gửi lại tin lỗi",
  "sent-again": "Gửi lại tin đã gửi",
  "told-whole": "Gửi lần đầu toàn bộ hồ sơ",
};

const WHAT: Readonly<Record<string, string>> = {
  missing: "Cổng không có hồ sơ",
  unreadable: "Cổng không cho tra cứu",
};

function differencesTable(day: string, differences: readonly Difference[], causes: Causes): ShownTable {
  return {
    ...{
      fileName: `khac-biet-${day}`,
      title: "Khác nhau giữa hồ sơ và Cổng Dịch vụ công quốc gia",
      unitName: "Tỉnh",
    },
    period: `Đêm chốt ngày ${dayText(day)}`,
    columns: [
      { name: "code", title: "Mã hồ sơ", kind: "text", width: 26 },
      { name: "what", title: "Điểm khác", kind: "text", width: 20 },
      { name: "cause", title: "Nguyên nhân", kind: "text", width: 34 },
      { name: "ours", title: "Hệ thống (trước)", kind: "text", width: 18 },
      { name: "theirs", title: "Cổng (trước)", kind: "text", width: 18 },
      { name: "mended", title: "Đã làm", kind: "text", width: 18 },
      { name: "oursAfter", title: "Hệ thống (sau)", kind: "text", width: 18 },
      { name: "theirsAfter", title: "Cổng (sau)", kind: "text", width: 18 },
      { name: "settled", title: "Kết quả", kind: "text", width: 12 },
    ],
    rows: differences.map((one) => ({
      cells: [
        { value: one.dossierCode, href: `/ho-so/${one.dossierCode}` },
        WHAT[one.what] ?? one.what,
        causes[one.cause] ?? one.cause,
        ...[one.ours, one.theirs, MENDED[one.mendedBy] ?? one.mendedBy],
        ...[one.oursAfter ?? "–", one.theirsAfter ?? "–"],
        one.settled ? "Đã khớp" : "Còn khác",
      ],
    })),
  };
}

function reportsTable(day: string, reports: readonly Report[], nameOf: (code: string) => string): ShownTable {
  return {
    ...{
      fileName: `bao-cao-cong-${day}`,
      title: "Báo cáo thống kê gửi Cổng (DongBoThongKeHoSo)",
      unitName: "Tỉnh",
    },
    period: `Đêm chốt ngày ${dayText(day)}`,
    columns: [
      { name: "unit", title: "Đơn vị", kind: "text", width: 36 },
      { name: "sentAt", title: "Gửi lúc", kind: "moment" },
      { name: "accepted", title: "Cổng nhận", kind: "text", width: 12 },
      { name: "answer", title: "Trả lời", kind: "text", width: 40 },
      { name: "record", title: "Nội dung đã gửi", kind: "text", width: 60 },
    ],
    rows: reports.map(({ unit, sentAt, accepted, answer, record }) => ({
      cells: [
        nameOf(unit),
        sentAt,
        accepted === true ? "Đã nhận" : "Từ chối",
        answer ?? "",
        Object.entries(record)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join("; "),
      ],
    })),
  };
}
