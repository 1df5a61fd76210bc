import { Router } from "express";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { indexProcedures, type CountedProcedure } from "../index-counts.ts";
import { nightsStanding } from "../nights.ts";
import { addressOf, askedOf, reportingMonth } from "./asked.ts";
import { fieldsOf, lookOf, type Look, type StatisticsPagesDeps } from "./deps.ts";
import { allName } from "./form-pages.tsx";
import { BehindNumber, StatisticsFilter, StatisticsPage } from "./frame.tsx";
import { exported, TableView, type ShownRow, type ShownTable } from "./shown-table.tsx";
import { count, periodText } from "./words.ts";

const PATH = "/thong-ke/thu-tuc";
const A_PAGE = 50;

type Part = "tu" | "mau";

/** `/thong-ke/thu-tuc`: the procedures behind an indicator of services. Their count is that number. */
export function procedurePages(deps: StatisticsPagesDeps): Router {
  const { db, clock } = deps;
  const router = Router();
  router.get(PATH, async (req, res) => {
    const look = lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, reportingMonth(today)));
    const { asked, today, units, sight, unitName } = look;
    const id = queryText(req, "chiSo") ?? "3.1";
    const phan: Part = queryText(req, "phan") === "mau" ? "mau" : "tu";
    const found = (await indexProcedures(db, deps, look.filter)).filter((one) => isPart(one, id, phan));
    const about = aboutOf(look, id, phan, found.length);
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      await sendTable(res, kind, exported({ ...about, rows: found.map((one) => rowOf(one, look)) }));
      return;
    }
    const after = queryText(req, "sau") ?? "";
    const rest = found.filter(({ code }) => code > after);
    const shown = rest.slice(0, A_PAGE);
    const address = addressOf(PATH, asked, { chiSo: id, phan });
    const next =
      rest.length > A_PAGE ? addressOf(PATH, asked, { chiSo: id, phan, sau: shown.at(-1)?.code }) : undefined;
    const nights = await nightsStanding(db, clock.now());
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={about.title} nights={nights}>
        <StatisticsFilter
          {...{ path: PATH, asked, today, units, kept: { chiSo: id, phan } }}
          allName={allName(sight.all, sight.name)}
          fields={fieldsOf(deps)}
        />
        <BehindNumber
          what={`${count(found.length)} thủ tục`}
          about={`${unitName} · ${periodText(asked, today)}`}
          address={address}
          first={after === "" ? undefined : address}
          next={next}
        >
          <TableView
            table={{ ...about, rows: shown.map((one) => rowOf(one, look)) }}
            caption={`${about.title}, ${unitName}`}
          />
        </BehindNumber>
      </StatisticsPage>,
    );
  });
  return router;
}

/** Whether a procedure stands above (`tu`) or below (`mau`) the line. */
function isPart(one: CountedProcedure, id: string, part: Part): boolean {
  const isBelow = id === "3.1" ? true : id === "3.2" ? one.online : one.hasFee;
  const isAbove = id === "3.1" ? one.online : id === "3.2" ? one.filedOnline > 0 : one.paidOnline > 0;
  return isBelow && (part === "mau" || isAbove);
}

function aboutOf(look: Look, id: string, part: Part, number: number): Omit<ShownTable, "rows"> {
  return {
    fileName: `thu-tuc-${id}`,
    title: `Chỉ số ${id}, ${part === "tu" ? "tử số" : "mẫu số"}: ${count(number)} thủ tục`,
    unitName: look.unitName,
    period: `Kỳ báo cáo: ${periodText(look.asked, look.today)}`,
    columns: [
      { name: "code", title: "Mã thủ tục", kind: "text", width: 12 },
      { name: "name", title: "Thủ tục", kind: "text", width: 70 },
      { name: "online", title: "Trực tuyến", kind: "text", width: 12 },
      { name: "fee", title: "Có phí, lệ phí", kind: "text", width: 12 },
      { name: "filedOnline", title: "Hồ sơ nộp trực tuyến", kind: "number" },
      { name: "paidOnline", title: "Hồ sơ nộp tiền trực tuyến", kind: "number" },
    ],
  };
}

function rowOf(one: CountedProcedure, { asked }: Look): ShownRow {
  const { code, name, online, hasFee, filedOnline, paidOnline } = one;
  const link = (chiSo: string) => addressOf("/thong-ke/ho-so", asked, { chiSo, thuTuc: code });
  return {
    cells: [
      { value: code, href: `/thu-tuc/${code}` },
      name,
      online ? "Có" : "Không",
      hasFee ? "Có" : "Không",
      { value: filedOnline, href: link("3.2"), label: `hồ sơ nộp trực tuyến của ${code}` },
      { value: paidOnline, href: link("3.5b"), label: `hồ sơ nộp tiền trực tuyến của ${code}` },
    ],
  };
}
