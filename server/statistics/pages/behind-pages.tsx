import { Router } from "express";
import { CHAIR } from "../../catalogue/units.ts";
import { Unreadable } from "../../platform/errors.ts";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import {
  behindQuery,
  countBehind,
  dossiersBehind,
  type BehindColumn,
  type BehindFilter,
} from "../dossiers-behind.ts";
import type { Query } from "../exports/cursor-rows.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { INDICATORS } from "../index-766.ts";
import {
  countOfIndicator,
  dossiersOfIndicator,
  indicatorQuery,
  isOfService,
  DOSSIER_INDICATORS,
} from "../index-counts.ts";
import { countLive, LIVE_NAMES, liveQuery, liveDossiers, liveMoment, type LiveKey } from "../live.ts";
import { nightsStanding } from "../nights.ts";
import { OVERDUE_CAUSES } from "../overdue-cause.ts";
import { addressOf, askedOf, reportingMonth } from "./asked.ts";
import { BEHIND_COLUMNS, behindRows, behindTable, type NextPage } from "./behind.ts";
import { lookOf, type Look, type StatisticsPagesDeps } from "./deps.ts";
import { COLUMN_NAMES } from "./form-tables.ts";
import { BehindNumber, StatisticsPage } from "./frame.tsx";
import { TableView } from "./shown-table.tsx";
import { count, periodText } from "./words.ts";
import type { Request } from "express";

const A_PAGE = 50;

/** A list of dossiers as an address asks for it. */
interface List {
  title: string;
  /** What of the address names it. */
  named: Record<string, string | undefined>;
  count(): Promise<number>;
  next: NextPage;
  /** All of it, for a file. */
  all: Query;
}

/** `/thong-ke/ho-so`: the dossiers behind a number of any page. Their count is that number. */
export function behindPages(deps: StatisticsPagesDeps): Router {
  const { db, agencies, clock } = deps;
  const router = Router();
  router.get("/thong-ke/ho-so", async (req, res) => {
    const look = lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, reportingMonth(today)));
    const list = await listOf(deps, req, look);
    const number = await list.count();
    const period = list.named.nay === undefined ? periodText(look.asked, look.today) : "Lúc này";
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      const { unitName } = look;
      const about = { title: `Danh sách hồ sơ: ${list.title}`, unitName, period, count: number };
      await sendTable(res, kind, behindTable(db, agencies, list.all, about));
      return;
    }
    const after = queryText(req, "sau");
    const { items, nextCursor } = await list.next({
      limit: A_PAGE,
      ...(after === undefined ? {} : { after }),
    });
    const nights = await nightsStanding(db, clock.now());
    const rows = await behindRows(db, agencies, items);
    const { asked, unitName } = look;
    const about = [unitName, asked.field, period].filter((part) => part !== undefined).join(" · ");
    const table = { fileName: "", title: list.title, unitName, period, columns: BEHIND_COLUMNS, rows };
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={list.title} nights={nights}>
        <BehindNumber
          what={`${count(number)} hồ sơ`}
          about={about}
          address={addressOf("/thong-ke/ho-so", asked, list.named)}
          first={after === undefined ? undefined : addressOf("/thong-ke/ho-so", asked, list.named)}
          next={
            nextCursor === null
              ? undefined
              : addressOf("/thong-ke/ho-so", asked, { ...list.named, sau: nextCursor })
          }
        >
          {number === 0 ? <p>Không có hồ sơ nào.</p> : <TableView table={table} caption={list.title} />}
        </BehindNumber>
      </StatisticsPage>,
    );
  });
  return router;
}

/** Of a form's column, of an indicator's part, or of what stands now. Throws Unreadable. */
async function listOf(deps: StatisticsPagesDeps, req: Request, { filter }: Look): Promise<List> {
  const { db } = deps;
  const [column, indicator, live] = [queryText(req, "cot"), queryText(req, "chiSo"), queryText(req, "nay")];
  const procedure = queryText(req, "thuTuc");
  const cause = queryText(req, "nguyenNhan");
  if (cause !== undefined && OVERDUE_CAUSES[cause] === undefined)
    throw new Unreadable("bad-form", "Không có nguyên nhân này.");
  const asked: BehindFilter = {
    ...filter,
    ...(procedure === undefined ? {} : { procedures: [procedure] }),
    ...(cause === undefined ? {} : { cause }),
  };
  if (live !== undefined && live in LIVE_NAMES) {
    const key = live as LiveKey;
    const moment = liveMoment(deps.clock.now(), await deps.calendarOf(CHAIR));
    return {
      title: LIVE_NAMES[key],
      named: { nay: key },
      count: () => countLive(db, key, moment, filter),
      next: (page) => liveDossiers(db, key, moment, filter, page),
      all: liveQuery(key, moment, filter),
    };
  }
  if (indicator !== undefined && isOfService(indicator)) {
    if (procedure === undefined)
      throw new Unreadable("bad-form", "Danh sách của chỉ số này là của một thủ tục.");
    const how = indicator === "3.2" ? "nộp trực tuyến" : "nộp tiền trực tuyến";
    return {
      title: `Hồ sơ ${how} của thủ tục ${procedure}`,
      named: { chiSo: indicator, thuTuc: procedure },
      count: () => countOfIndicator(db, indicator, "above", asked),
      next: (page) => dossiersOfIndicator(db, indicator, "above", asked, page),
      all: indicatorQuery(indicator, "above", asked),
    };
  }
  const id = DOSSIER_INDICATORS.find((one) => one === indicator);
  if (id !== undefined) {
    const name = INDICATORS.find((one) => one.id === id)?.name ?? "Thời gian giải quyết trung bình";
    const part = queryText(req, "phan") === "mau" ? "below" : "above";
    return {
      title: `Chỉ số ${id}, ${part === "above" ? "tử số" : "mẫu số"}: ${name}`,
      named: { chiSo: id, phan: part === "above" ? "tu" : "mau" },
      count: () => countOfIndicator(db, id, part, asked),
      next: (page) => dossiersOfIndicator(db, id, part, asked, page),
      all: indicatorQuery(id, part, asked),
    };
  }
  const wanted = column ?? "c3";
  if (!(wanted in COLUMN_NAMES)) throw new Unreadable("bad-form", "Biểu không có cột này.");
  const name = wanted as BehindColumn;
  return {
    title: `${COLUMN_NAMES[name]}${cause === undefined ? "" : `, ${OVERDUE_CAUSES[cause] ?? ""}`}`,
    named: { cot: name, thuTuc: procedure, nguyenNhan: cause },
    count: () => countBehind(db, name, asked),
    next: (page) => dossiersBehind(db, name, asked, page),
    all: behindQuery(name, asked),
  };
}
