import { Router } from "express";
import type { VNode } from "preact";
import { CHAIR } from "../../catalogue/units.ts";
import { queryText } from "../../platform/http.ts";
import { deskOf, type Desk } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { TIER_NAMES } from "../aggregates.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { readProcedures } from "../form-06a.ts";
import { LIVE_NAMES, liveCounts, liveMoment, sumLive, type LiveKey, type LiveRow } from "../live.ts";
import { nightsStanding, type NightsStanding } from "../nights.ts";
import { samplesOf, slowestSteps, type SlowStep } from "../slowest-steps.ts";
import { twelveMonths, type TrendMonth } from "../trend.ts";
import { addressOf, askedOf, monthSoFar, ownOf, type Asked } from "./asked.ts";
import { drawChart } from "./chart.ts";
import { lookOf, type Look, type StatisticsPagesDeps } from "./deps.ts";
import { allName } from "./form-pages.tsx";
import { ChartFigure, Downloads, StatisticsFilter, StatisticsPage } from "./frame.tsx";
import { exported, TableView, type ShownTable } from "./shown-table.tsx";
import { closedText, count, percentOf } from "./words.ts";

const TOP = 10;
/** So many lines of a table stand beside its chart: a year's months. */
const MOST_ROWS = 12;
/** What the tables by unit and field show. */
const KEYS: readonly LiveKey[] = ["open", "overdue", "today", "soon", "paused", "risk"];

/** `/thong-ke`: how it stands now, by unit and field, the year's course, the slowest steps. */
export function overviewPages(deps: StatisticsPagesDeps): Router {
  const { db, clock } = deps;
  const router = Router();

  router.get("/thong-ke", async (req, res) => {
    const look = lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, monthSoFar(today)));
    const { filter, today } = look;
    const moment = liveMoment(clock.now(), await deps.calendarOf(CHAIR));
    const rows = await liveCounts(db, moment, filter);
    const procedures = await readProcedures(db);
    const nights = await nightsStanding(db, clock.now());
    const which = {
      ...(filter.units === undefined ? {} : { units: filter.units }),
      ...(filter.tiers === undefined ? {} : { tiers: filter.tiers }),
      ...(filter.fields === undefined ? {} : { fields: filter.fields }),
    };
    const tables = {
      "don-vi": unitTable(deps, look, rows),
      "linh-vuc": fieldTable(look, rows, (code) => procedures.get(code)?.field ?? fieldOf(deps, code)),
      thang: trendTable(look, await twelveMonths(db, today, which), nights.lastClosed),
      buoc: stepTable(deps, look, await slowestSteps(db, filter.units, TOP)),
    };
    const kind = exportKind(queryText(req, "dang"));
    const wanted = queryText(req, "bang") ?? "don-vi";
    if (kind !== undefined) {
      const table = tables[wanted in tables ? (wanted as keyof typeof tables) : "don-vi"];
      await sendTable(res, kind, exported(table.table));
      return;
    }
    // One table alone is shown whole, of each of several the first lines.
    const only = queryText(req, "bang");
    const shown = Object.entries<Drawn>(tables).filter(
      ([name]) => only === undefined || !(only in tables) || name === only,
    );
    const charts: Record<string, string> = {};
    for (const [name, { chart }] of shown) if (chart !== undefined) charts[name] = await drawChart(chart);
    const sum = sumLive(rows, () => "").get("");
    sendPage(
      res,
      200,
      <Overview desk={deskOf(req)} look={look} nights={nights} sum={sum} tables={shown} charts={charts} />,
    );
  });

  router.get("/thong-ke/buoc", async (req, res) => {
    const look = lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, monthSoFar(today)));
    const [tier, state] = [queryText(req, "cap") ?? "", queryText(req, "buoc") ?? ""];
    const unit = look.asked.unit ?? "";
    const samples = await samplesOf(db, { unit, tier, state });
    const title = `${stepName(deps, state)}, ${deps.agencies.get(unit)?.name ?? unit}`;
    const procedures = await readProcedures(db);
    const table: ShownTable = {
      ...{ fileName: "buoc", title, unitName: look.unitName, period: "Các lần gần nhất" },
      columns: [
        { name: "code", title: "Mã hồ sơ", kind: "text" },
        { name: "procedure", title: "Thủ tục", kind: "text" },
        { name: "leftAt", title: "Rời bước lúc", kind: "moment" },
        { name: "hours", title: "Giờ làm việc", kind: "percent" },
      ],
      rows: samples.map(({ code, procedureCode, leftAt, minutes }) => ({
        cells: [
          { value: code, href: `/ho-so/${code}` },
          `${procedureCode} ${procedures.get(procedureCode)?.name ?? ""}`,
          leftAt,
          hours(minutes),
        ],
      })),
    };
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      await sendTable(res, kind, exported(table));
      return;
    }
    const nights = await nightsStanding(db, clock.now());
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={title} nights={nights}>
        <section class="card">
          <div class="stat-over">
            <p>{`${count(samples.length)} lần gần nhất rời bước này`}</p>
            <Downloads address={addressOf("/thong-ke/buoc", { unit, tier }, { buoc: state })} />
          </div>
          <TableView table={table} caption={title} />
        </section>
      </StatisticsPage>,
    );
  });
  return router;
}

interface Drawn {
  table: ShownTable;
  chart?: Parameters<typeof drawChart>[0];
}

function Overview(props: {
  desk: Desk;
  look: Look;
  nights: NightsStanding;
  sum: Record<LiveKey, number> | undefined;
  tables: [string, Drawn][];
  charts: Record<string, string>;
}): VNode {
  const { desk, look, nights, sum, tables, charts } = props;
  const { asked, units, sight, today, unitName } = look;
  const figure = (key: LiveKey, tone = "") => (
    <div class={(sum?.[key] ?? 0) > 0 ? tone : ""}>
      <dt>{LIVE_NAMES[key]}</dt>
      <dd>
        <a href={addressOf("/thong-ke/ho-so", nowOf(look), { nay: key })}>{count(sum?.[key] ?? 0)}</a>
      </dd>
    </div>
  );
  return (
    <StatisticsPage desk={desk} title={`Thống kê: ${unitName}`} nights={nights}>
      <StatisticsFilter
        path="/thong-ke"
        asked={asked}
        today={today}
        units={units}
        allName={allName(sight.all, sight.name)}
        tiers={false}
        period={false}
        {...(tables.length === 1 ? { kept: { bang: tables[0]?.[0] ?? "" } } : {})}
      />
      <dl class="figure-row stat-now">
        {figure("received")}
        {figure("handled")}
        {figure("overdue", "late")}
        {figure("soon", "soon")}
        {figure("risk", "soon")}
      </dl>
      {tables.map(([name, { table }]) => (
        <section class="card stat-part">
          <h2>{table.title}</h2>
          <div class="stat-pair">
            {charts[name] !== undefined && (
              <ChartFigure svg={charts[name]} caption={`Biểu đồ: ${table.title}`} />
            )}
            <div>
              <TableView
                table={tables.length === 1 ? table : { ...table, rows: table.rows.slice(0, MOST_ROWS) }}
                caption={table.title}
              />
              {tables.length > 1 && table.rows.length > MOST_ROWS && (
                <p>
                  <a href={addressOf("/thong-ke", asked, { bang: name })}>
                    {`Xem tất cả ${count(table.rows.length)} dòng`}
                    <span class="hidden-label">{` của bảng ${table.title}`}</span>
                  </a>
                </p>
              )}
              {tables.length === 1 && (
                <p>
                  <a href={addressOf("/thong-ke", asked)}>Về tổng quan</a>
                </p>
              )}
              {(table.notes ?? []).map((note) => (
                <p class="hint">{note}</p>
              ))}
              <Downloads
                address={addressOf("/thong-ke", asked, { bang: name })}
                what={`bảng ${table.title}`}
              />
            </div>
          </div>
        </section>
      ))}
    </StatisticsPage>
  );
}

/** What is asked of this moment: all but the period and the tier. */
function nowOf({ asked: { unit, alone = false, field, group } }: Look): Partial<Asked> {
  return { unit, alone, field, group };
}

function unitTable({ agencies }: StatisticsPagesDeps, look: Look, rows: readonly LiveRow[]): Drawn {
  const sums = [...sumLive(rows, ({ unit }) => unit)].sort(worst);
  return standing(look, "Hiện trạng theo đơn vị", "Đơn vị giải quyết", sums, (unit, key) => ({
    name: agencies.get(unit)?.name ?? unit,
    href: addressOf("/thong-ke/ho-so", { ...nowOf(look), ...ownOf(unit, agencies) }, { nay: key }),
  }));
}

function fieldTable(look: Look, rows: readonly LiveRow[], fieldOfCode: (code: string) => string): Drawn {
  const sums = [...sumLive(rows, ({ procedureCode }) => fieldOfCode(procedureCode))].sort(worst);
  return standing(look, "Hiện trạng theo lĩnh vực", "Lĩnh vực", sums, (field, key) => ({
    name: field,
    href: addressOf("/thong-ke/ho-so", { ...nowOf(look), field }, { nay: key }),
  }));
}

type Sums = [string, Record<LiveKey, number>][];

/** The most overdue first, then those with most to come. */
function worst([a, one]: Sums[number], [b, two]: Sums[number]): number {
  return two.overdue - one.overdue || two.soon - one.soon || two.open - one.open || (a < b ? -1 : 1);
}

function standing(
  look: Look,
  title: string,
  what: string,
  sums: Sums,
  linkOf: (key: string, column: LiveKey) => { name: string; href: string },
): Drawn {
  const top = sums.filter(([, { overdue, soon }]) => overdue + soon > 0).slice(0, TOP);
  const table: ShownTable = {
    ...{ fileName: "hien-trang", title, unitName: look.unitName, period: "Lúc này" },
    columns: [
      { name: "name", title: what, kind: "text", width: 44 },
      ...KEYS.map((key) => ({ name: key, title: LIVE_NAMES[key], kind: "number" as const, width: 16 })),
    ],
    rows: sums
      .filter(([, sum]) => KEYS.some((key) => sum[key] > 0))
      .map(([key, sum]) => ({
        cells: [
          linkOf(key, "open").name,
          ...KEYS.map((column) => ({
            value: sum[column],
            href: linkOf(key, column).href,
            label: `${LIVE_NAMES[column]}, ${linkOf(key, column).name}`,
          })),
        ],
      })),
  };
  if (top.length === 0) return { table };
  return {
    table,
    chart: {
      ...{
        title: `${title}: đang quá hạn và đến hạn trong hai ngày làm việc, ${top.length} dòng đầu`,
        lying: true,
        stacked: true,
      },
      names: top.map(([key]) => linkOf(key, "open").name),
      series: [
        { name: "Đang quá hạn", tone: "late", values: top.map(([, { overdue }]) => overdue) },
        { name: "Đến hạn trong 2 ngày", tone: "soon", values: top.map(([, { soon }]) => soon) },
      ],
    },
  };
}

function trendTable(
  { asked, unitName }: Look,
  months: readonly TrendMonth[],
  lastClosed: string | null,
): Drawn {
  const rate = ({ c7, c10 }: TrendMonth) => percentOf(c7 - c10, c7);
  const link = (month: TrendMonth, cot: string) =>
    addressOf("/thong-ke/ho-so", { ...asked, from: month.from, to: month.to }, { cot });
  const columns = [
    ["c4", "Tiếp nhận trực tuyến"],
    ["c5", "Tiếp nhận trực tiếp, bưu chính"],
    ["c7", "Đã giải quyết"],
    ["c10", "Trong đó quá hạn"],
    ["c13", "Quá hạn chưa xong cuối tháng"],
  ] as const;
  return {
    table: {
      ...{ fileName: "dien-bien-12-thang", title: "Diễn biến 12 tháng", unitName, period: "Theo dương lịch" },
      columns: [
        { name: "month", title: "Tháng", kind: "text", width: 12 },
        ...columns.map(([name, title]) => ({ name, title, kind: "number" as const, width: 16 })),
        { name: "rate", title: "Trước và đúng hạn (%)", kind: "percent", width: 14 },
      ],
      notes: [closedText(lastClosed)],
      // The latest first: that is what is looked for, and the table is longer than its frame.
      rows: months.toReversed().map((month) => ({
        cells: [
          month.month.split("-").reverse().join("/"),
          ...columns.map(([name, title]) => ({
            value: month[name],
            href: link(month, name),
            label: `${title}, tháng ${month.month}`,
          })),
          rate(month),
        ],
      })),
    },
    chart: {
      title: "Diễn biến 12 tháng: số hồ sơ tiếp nhận, đã giải quyết và tỷ lệ trước, đúng hạn",
      percent: true,
      names: months.map(({ month }) => `${month.slice(5)}/${month.slice(2, 4)}`),
      series: [
        { name: "Tiếp nhận", tone: "muted", values: months.map(({ c4, c5 }) => c4 + c5) },
        { name: "Đã giải quyết", tone: "lam", values: months.map(({ c7 }) => c7) },
        { name: "Trước và đúng hạn (%)", tone: "done", line: true, values: months.map(rate) },
      ],
    },
  };
}

function stepTable(deps: StatisticsPagesDeps, { unitName }: Look, steps: readonly SlowStep[]): Drawn {
  const nameOf = ({ unit, tier, state }: SlowStep) =>
    `${stepName(deps, state)} (${(TIER_NAMES[tier] ?? tier).toLowerCase()}), ${deps.agencies.get(unit)?.name ?? unit}`;
  const shortNameOf = ({ unit, tier, state }: SlowStep) => {
    const isOfTiers = steps.some((one) => one.unit === unit && one.state === state && one.tier !== tier);
    const step = `${stepName(deps, state)}${isOfTiers ? ` (${(TIER_NAMES[tier] ?? tier).toLowerCase()})` : ""}`;
    return `${step}\n${deps.agencies.get(unit)?.name ?? unit}`;
  };
  const table: ShownTable = {
    ...{ fileName: "buoc-cham-nhat", title: "Các bước chậm nhất", unitName, period: "Các lần gần nhất" },
    columns: [
      { name: "step", title: "Bước, đơn vị", kind: "text", width: 60 },
      { name: "samples", title: "Số lần", kind: "number" },
      { name: "median", title: "Trung vị (giờ làm việc)", kind: "percent", width: 14 },
      { name: "p90", title: "9 trên 10 lần không quá (giờ làm việc)", kind: "percent", width: 18 },
    ],
    notes: [
      "Giờ làm việc trong bước, không tính lúc tạm dừng; đếm trên tối đa 100 lần gần nhất của mỗi bước.",
    ],
    rows: steps.map((step) => ({
      cells: [
        nameOf(step),
        {
          value: step.samples,
          href: addressOf("/thong-ke/buoc", { unit: step.unit, tier: step.tier }, { buoc: step.state }),
          label: `các hồ sơ của bước ${nameOf(step)}`,
        },
        hours(step.medianMinutes),
        hours(step.p90Minutes),
      ],
    })),
  };
  if (steps.length === 0) return { table };
  return {
    table,
    chart: {
      ...{ title: "Các bước chậm nhất: giờ làm việc, trung vị và mức 9 trên 10 lần", lying: true },
      names: steps.map(shortNameOf),
      series: [
        {
          name: "Trung vị",
          tone: "lam",
          values: steps.map(({ medianMinutes }) => Math.round(medianMinutes / 6) / 10),
        },
        {
          name: "9 trên 10 lần",
          tone: "soon",
          values: steps.map(({ p90Minutes }) => Math.round(p90Minutes / 6) / 10),
        },
      ],
    },
  };
}

const STATES: Readonly<Record<string, string>> = {
  accepted: "Tiếp nhận và số hóa",
  digitized: "Chuyển xử lý",
  done: "Trả kết quả",
  filed: "Chờ tiếp nhận",
  consulting: "Chờ ý kiến cơ quan phối hợp",
};

/** What a state is called: as the declarations name it most; they all use the same few words. */
function stepName({ catalogue }: StatisticsPagesDeps, state: string): string {
  const known = STATES[state];
  if (known !== undefined) return known;
  for (const { declaration } of catalogue.all)
    for (const { steps } of Object.values(declaration.charts)) {
      const step = steps.find((one) => one.state === state);
      if (step !== undefined) return step.name;
    }
  return state;
}

function fieldOf({ catalogue }: StatisticsPagesDeps, code: string): string {
  return catalogue.all.find((version) => version.code === code)?.declaration.field ?? "";
}

function hours(minutes: number): number {
  return Math.round((minutes / 60) * 100) / 100;
}
