import { Router } from "express";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { componentQuery, type Component } from "../components.ts";
import { cursorRows } from "../exports/cursor-rows.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import type { Cell, ExportTable, TableRow } from "../exports/table.ts";
import { nightsStanding } from "../nights.ts";
import { addressOf, askedOf, reportingMonth } from "./asked.ts";
import { lookOf, type StatisticsPagesDeps } from "./deps.ts";
import { Downloads, StatisticsPage } from "./frame.tsx";
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
    const [afterDossier = "", afterCode = ""] = (queryText(req, "sau") ?? "").split("~");
    const { rows: counted } = await db.raw<{ rows: { count: number }[] }>(
      `select count(*)::int as count from (${query.sql}) c`,
      query.values as Record<string, string>,
    );
    const { rows: found } = await db.raw<{ rows: Component[] }>(
      `select * from (${query.sql}) c where (c."dossierCode", c.code) > (:afterDossier, :afterCode)
        order by 1, c.code limit ${A_PAGE + 1}`,
      { ...(query.values as Record<string, string>), afterDossier, afterCode },
    );
    const shown = found.slice(0, A_PAGE);
    const last = shown.at(-1);
    const rows = await Promise.all(
      shown.map(async (one) => {
        const [code, ...rest] = await cellsOf(one);
        return { cells: [{ value: code, href: `/ho-so/${code}` }, ...rest] };
      }),
    );
    const number = counted[0]?.count ?? 0;
    const nights = await nightsStanding(db, clock.now());
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={about.title} nights={nights}>
        <section class="card">
          <div class="stat-over">
            <p>
              <strong>{`${count(number)} thành phần`}</strong> · {unitName} · {about.period}
            </p>
            <Downloads address={addressOf(PATH, asked, { phan })} what="danh sách" />
          </div>
          <TableView table={{ ...about, rows }} caption={about.title} />
          {found.length > A_PAGE && last !== undefined && (
            <p class="work-pages">
              <a href={addressOf(PATH, asked, { phan, sau: `${last.dossierCode}~${last.code}` })} rel="next">
                Trang sau »
              </a>
            </p>
          )}
        </section>
      </StatisticsPage>,
    );
  });
  return router;
}
