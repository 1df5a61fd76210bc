import { Router } from "express";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { componentQuery, countComponents, nextComponents, type Component } from "../components.ts";
import { cursorRows } from "../exports/cursor-rows.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import type { Cell, ExportTable, TableRow } from "../exports/table.ts";
import { nightsStanding } from "../nights.ts";
import { addressOf, askedOf, reportingMonth } from "./asked.ts";
import { lookOf, type StatisticsPagesDeps } from "./deps.ts";
import { BehindNumber, StatisticsPage } from "./frame.tsx";
import { TableView } from "./shown-table.tsx";
import { count, periodText } from "./words.ts";

const PATH = "/thong-ke/giay-to";
const A_PAGE = 50;

/** `/thong-ke/giay-to`: the papers behind the digitization of components. Their count is that number. */
export function componentPages(deps: StatisticsPagesDeps): Router {
  const { db, agencies, catalogue, clock } = deps;
  const router = Router();

  async function cellsOf(one: Component): Promise<[string, ...Cell[]]> {
    const { declaration } = await catalogue.version(one.versionId);
    const title = declaration.documents.find(({ code }) => code === one.code)?.title ?? one.code;
    const unit = agencies.get(one.unit)?.name ?? one.unit;
    return [one.dossierCode, one.procedureCode, unit, one.code, title, one.digitized ? "Đã số hóa" : "Chưa"];
  }

  router.get(PATH, async (req, res) => {
    const look = lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, reportingMonth(today)));
    const { asked, filter, today, unitName } = look;
    const phan = queryText(req, "phan") === "mau" ? "mau" : "tu";
    const query = componentQuery(phan === "tu" ? "digitized" : "all", filter);
    const about: Omit<ExportTable, "rows"> = {
      fileName: "thanh-phan-ho-so",
      title: phan === "tu" ? "Thành phần hồ sơ đã số hóa" : "Thành phần hồ sơ đã nộp",
      ...{ unitName, period: periodText(asked, today) },
      columns: [
        { name: "code", title: "Mã hồ sơ", kind: "text", width: 26 },
        { name: "procedureCode", title: "Mã thủ tục", kind: "text", width: 12 },
        { name: "unit", title: "Đơn vị giải quyết", kind: "text", width: 30 },
        { name: "component", title: "Mã thành phần", kind: "text", width: 14 },
        { name: "title", title: "Thành phần hồ sơ", kind: "text", width: 60 },
        { name: "digitized", title: "Số hóa", kind: "text", width: 12 },
      ],
    };
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      const rows = async function* (): AsyncGenerator<TableRow> {
        for await (const one of cursorRows<Component>(db, query)) yield { cells: await cellsOf(one) };
      };
      await sendTable(res, kind, { ...about, rows: rows() });
      return;
    }
    const after = queryText(req, "sau") ?? "";
    const { items, next } = await nextComponents(db, query, { after, limit: A_PAGE });
    const rows = await Promise.all(
      items.map(async (one) => {
        const [code, ...rest] = await cellsOf(one);
        return { cells: [{ value: code, href: `/ho-so/${code}` }, ...rest] };
      }),
    );
    const number = await countComponents(db, query);
    const nights = await nightsStanding(db, clock.now());
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={about.title} nights={nights}>
        <BehindNumber
          what={`${count(number)} thành phần`}
          about={`${unitName} · ${about.period}`}
          address={addressOf(PATH, asked, { phan })}
          first={after === "" ? undefined : addressOf(PATH, asked, { phan })}
          next={next === null ? undefined : addressOf(PATH, asked, { phan, sau: next })}
        >
          <TableView table={{ ...about, rows }} caption={about.title} />
        </BehindNumber>
      </StatisticsPage>,
    );
  });
  return router;
}
