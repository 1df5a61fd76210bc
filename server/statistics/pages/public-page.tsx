import { Router } from "express";
import type { VNode } from "preact";
import { CHAIR } from "../../catalogue/units.ts";
import { queryText } from "../../platform/http.ts";
import { Unreadable } from "../../platform/errors.ts";
import { Page, sendPage } from "../../web/layout.tsx";
import { figuresByUnit } from "../aggregates.ts";
import { addColumns, noColumns, withSums, type FormColumns } from "../columns.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { componentCounts } from "../components.ts";
import { addUp, indexCounts } from "../index-counts.ts";
import { nightsStanding } from "../nights.ts";
import { calendarPeriod } from "../periods.ts";
import { dayOf } from "../vietnam-days.ts";
import type { StatisticsPagesDeps } from "./deps.ts";
import { Downloads } from "./frame.tsx";
import { IN_2022 } from "./index-page.tsx";
import { TIER_NAMES } from "../aggregates.ts";
import { exported, TableView, type ShownTable } from "./shown-table.tsx";
import { closedText, count, percentOf, percentText } from "./words.ts";

/** How long the figures of a month serve again, in milliseconds: they change once a night. */
const FRESH_MS = 60_000;
const MONTHS = 24;

interface Figures {
  month: string;
  to: string;
  units: (FormColumns & { unit: string })[];
  total: FormColumns;
  rates: { name: string; part: number; whole: number; before?: number }[];
}

/**
 * `/so-lieu`: the month's figures for everybody, by deciding unit and for the province. Sums of units alone, by no
 * procedure, field or person; that a unit had three dossiers tells of nobody, so small numbers stand as they are.
 */
export function publicFigures(deps: StatisticsPagesDeps): Router {
  const { db, agencies, clock } = deps;
  const router = Router();
  const kept = new Map<string, { at: number; figures: Promise<Figures> }>();

  const figuresOf = (month: string, to: string): Promise<Figures> => {
    const known = kept.get(month);
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.figures;
    const figures = readFigures(deps, month, to);
    figures.catch(() => kept.delete(month));
    kept.set(month, { at: performance.now(), figures });
    return figures;
  };

  router.get("/so-lieu", async (req, res) => {
    const today = dayOf(clock.now().getTime());
    const months = lastMonths(today, MONTHS);
    const nights = await nightsStanding(db, clock.now());
    // On the first of a month nothing of it is closed yet: what is shown is the month of the last closed day.
    const closed = months.find((one) => one === nights.lastClosed?.slice(0, 7));
    const month = queryText(req, "thang") ?? closed ?? months[0] ?? "";
    if (!months.includes(month)) throw new Unreadable("bad-period", "Không có số liệu của tháng này.");
    const figures = await figuresOf(month, today);
    const table = unitTable(figures, (code) => agencies.get(code)?.name ?? code);
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      await sendTable(res, kind, exported(table));
      return;
    }
    sendPage(
      res,
      200,
      <PublicPage
        owner={agencies.get(CHAIR)?.name}
        figures={figures}
        months={months}
        table={table}
        asOf={nights.lastClosed}
        warning={nights.warning}
      />,
    );
  });
  return router;
}

async function readFigures({ db }: StatisticsPagesDeps, month: string, today: string): Promise<Figures> {
  const { from, to } = calendarPeriod("month", Number(month.slice(0, 4)), Number(month.slice(5)));
  const filter = { from, to: to < today ? to : today };
  const units = await figuresByUnit(db, filter);
  const total = noColumns();
  for (const unit of units) addColumns(total, unit);
  const byTier = await indexCounts(db, filter);
  const counts = addUp(byTier);
  const papers = (await componentCounts(db, filter)).reduce(
    (sum, one) => ({ part: sum.part + one.digitized, whole: sum.whole + one.components }),
    { part: 0, whole: 0 },
  );
  const tiers = Object.entries(IN_2022).map(([tier, before]) => {
    const { numerator: part = 0, denominator: whole = 0 } = byTier.get(tier)?.["4.2"] ?? {};
    return { name: `Hồ sơ ${(TIER_NAMES[tier] ?? tier).toLocaleLowerCase("vi")}`, part, whole, before };
  });
  return {
    ...{ month, to: filter.to, units, total: withSums(total) },
    rates: [
      ...tiers,
      { name: "Hồ sơ toàn tỉnh", part: counts["4.2"].numerator, whole: counts["4.2"].denominator },
      { name: "Thành phần hồ sơ", ...papers },
      { name: "Kết quả", part: counts["4.1"].numerator, whole: counts["4.1"].denominator },
    ],
  };
}

/** The month of a day and those before it: "2026-11", "2026-10", … */
function lastMonths(today: string, many: number): string[] {
  return Array.from({ length: many }, (_, back) =>
    new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1 - back, 1))
      .toISOString()
      .slice(0, 7),
  );
}

function unitTable({ month, units, total }: Figures, nameOf: (code: string) => string): ShownTable {
  const cells = (name: string, { c4, c5, c6, c7, c8, c9, c10, c11, c13 }: FormColumns) => [
    ...[name, percentOf(c8 + c9, c7), c8 + c9, c7, c10, c4 + c5, c6, c11, c13],
  ];
  return {
    ...{
      fileName: `so-lieu-${month}`,
      title: "Kết quả giải quyết hồ sơ theo đơn vị",
      unitName: nameOf(CHAIR),
    },
    period: `Tháng ${month.slice(5)} năm ${month.slice(0, 4)}`,
    measure: "Đơn vị tính: Số hồ sơ TTHC",
    columns: [
      { name: "unit", title: "Đơn vị", kind: "text", width: 44 },
      { name: "rate", title: "Trước và đúng hạn (%)", kind: "percent" },
      { name: "inTime", title: "Trước và đúng hạn", kind: "number" },
      { name: "handled", title: "Đã giải quyết", kind: "number" },
      { name: "late", title: "Quá hạn", kind: "number" },
      { name: "received", title: "Tiếp nhận trong tháng", kind: "number" },
      { name: "carried", title: "Tháng trước chuyển sang", kind: "number" },
      { name: "open", title: "Đang giải quyết", kind: "number" },
      { name: "overdue", title: "Trong đó quá hạn", kind: "number" },
    ],
    notes: ["Hồ sơ không có thời hạn theo quy định không nằm trong bảng."],
    rows: [
      { cells: cells("Toàn tỉnh", total), strong: true },
      ...units
        .map((unit) => ({ cells: cells(nameOf(unit.unit), unit) }))
        .sort((a, b) => String(a.cells[0]).localeCompare(String(b.cells[0]), "vi")),
    ],
  };
}

function PublicPage(props: {
  owner: string | undefined;
  figures: Figures;
  months: readonly string[];
  table: ShownTable;
  asOf: string | null;
  warning: string;
}): VNode {
  const { owner, figures, months, table, asOf, warning } = props;
  const { month, total, rates } = figures;
  const { c4, c5, c7, c8, c9 } = total;
  const name = `tháng ${month.slice(5)} năm ${month.slice(0, 4)}`;
  return (
    <Page title={`Số liệu giải quyết hồ sơ ${name}`} owner={owner} wide styles={["base.css"]}>
      <div class="stack">
        <h1>{`Số liệu giải quyết hồ sơ ${name}`}</h1>
        {warning !== "" && (
          <div class="notice soon" role="status">
            {warning}
          </div>
        )}
        <form class="work-filters stat-filter" method="get" action="/so-lieu" aria-label="Chọn tháng">
          <div class="work-filter-line">
            <div class="work-filter">
              <label for="thang">Tháng</label>
              <select id="thang" name="thang" class="govuk-select">
                {months.map((one) => (
                  <option value={one} selected={one === month}>
                    {one.split("-").reverse().join("/")}
                  </option>
                ))}
              </select>
            </div>
            <button type="submit" class="second">
              Xem
            </button>
          </div>
        </form>
        <dl class="figure-row">
          <div>
            <dt>Tiếp nhận trong tháng</dt>
            <dd>{count(c4 + c5)}</dd>
          </div>
          <div>
            <dt>Đã giải quyết</dt>
            <dd>{count(c7)}</dd>
          </div>
          <div>
            <dt>Trước và đúng hạn</dt>
            <dd>{c7 === 0 ? "–" : `${percentText(c8 + c9, c7)} %`}</dd>
            <dd class="stat-parts">{`${count(c8 + c9)} trên ${count(c7)} hồ sơ`}</dd>
          </div>
          <div>
            <dt>Nộp trực tuyến</dt>
            <dd>{c4 + c5 === 0 ? "–" : `${percentText(c4, c4 + c5)} %`}</dd>
            <dd class="stat-parts">{`${count(c4)} trên ${count(c4 + c5)} hồ sơ`}</dd>
          </div>
        </dl>
        <section class="card">
          <h2>Số hóa, so với năm 2022</h2>
          <div class="scroll" tabIndex={0} role="region" aria-label="Số hóa, so với năm 2022">
            <table class="govuk-table dense stat-rates">
              <thead>
                <tr>
                  <th scope="col">Được số hóa</th>
                  <th scope="col" class="amount">
                    Tỷ lệ
                  </th>
                  <th scope="col" class="amount">
                    Năm 2022
                  </th>
                  <th scope="col" class="amount">
                    Số lượng
                  </th>
                </tr>
              </thead>
              <tbody>
                {rates.map(({ name: what, part, whole, before }) => (
                  <tr>
                    <th scope="row">{what}</th>
                    <td class="amount">{whole === 0 ? "–" : `${percentText(part, whole)} %`}</td>
                    <td class="amount">
                      {before === undefined ? "–" : `${before.toFixed(2).replace(".", ",")} %`}
                    </td>
                    <td class="amount">{`${count(part)} / ${count(whole)}`}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
        <section class="card">
          <h2>{table.title}</h2>
          <TableView table={table} caption={`${table.title}, ${name}`} />
          {(table.notes ?? []).map((note) => (
            <p class="hint">{note}</p>
          ))}
          <Downloads address={`/so-lieu?thang=${month}`} what="số liệu" />
        </section>
        <p class="hint">
          {closedText(asOf)} Tỷ lệ trước và đúng hạn là số hồ sơ giải quyết trước hoặc trong ngày hẹn, đến giờ
          hẹn, trên số hồ sơ đã giải quyết.
        </p>
      </div>
    </Page>
  );
}
