import { Router } from "express";
import type { Request } from "express";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { TIER_NAMES } from "../aggregates.ts";
import { componentCounts } from "../components.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import {
  INDICATORS,
  NOT_FROM_HERE,
  scoreIndex,
  sumOfPoints,
  type Counted,
  type IndicatorId,
} from "../index-766.ts";
import {
  addUp,
  DOSSIER_INDICATORS,
  indexCounts,
  indexProcedures,
  serviceCounts,
  timeTaken,
  type DossierIndicator,
} from "../index-counts.ts";
import { lastDay } from "../form-06a.ts";
import { INDEX_COLUMNS, INDEX_TITLE } from "../index-table.ts";
import { nightsStanding } from "../nights.ts";
import { addressOf, askedOf, reportingMonth } from "./asked.ts";
import { aboutOf, fieldsOf, lookOf, type Look, type StatisticsPagesDeps } from "./deps.ts";
import { allName } from "./form-pages.tsx";
import { Downloads, StatisticsFilter, StatisticsPage } from "./frame.tsx";
import { exported, TableView, type Linked, type ShownRow, type ShownTable } from "./shown-table.tsx";
import { percentOf, periodText } from "./words.ts";

/** What the province reached in 2022, as its report told it: dossiers digitized at each tier, in percent. */
export const IN_2022: Readonly<Record<string, number>> = { province: 50.62, district: 27.85, commune: 28.55 };

/** The index of decision 766 and the rates of digitization, per unit and for the province. */
export function indexPages(deps: StatisticsPagesDeps): Router {
  const { db, clock } = deps;
  const router = Router();
  const lookAt = (req: Request) =>
    lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, reportingMonth(today)));

  router.get("/thong-ke/chi-so-766", async (req, res) => {
    const look = lookAt(req);
    const counts = addUp(await indexCounts(db, look.filter));
    const procedures = await indexProcedures(db, deps, look.filter);
    const about = aboutOf(look, clock.now(), await lastDay(db, look.asked.to));
    const table = indexTable(
      look,
      { ...counts, ...serviceCounts(procedures) },
      await timeTaken(db, look.filter),
      about,
    );
    await answer(req, res, look, table, "/thong-ke/chi-so-766", "Chỉ số 766");
  });

  router.get("/thong-ke/so-hoa", async (req, res) => {
    const look = lookAt(req);
    const about = aboutOf(look, clock.now(), await lastDay(db, look.asked.to));
    const table = digitizationTable(
      look,
      await indexCounts(db, look.filter),
      await componentCounts(db, look.filter),
      about,
    );
    await answer(req, res, look, table, "/thong-ke/so-hoa", "Tỷ lệ số hóa");
  });

  async function answer(
    req: Request,
    res: Parameters<typeof sendPage>[0],
    look: Look,
    table: ShownTable,
    path: string,
    title: string,
  ): Promise<void> {
    const kind = exportKind(queryText(req, "dang"));
    if (kind !== undefined) {
      await sendTable(res, kind, exported(table));
      return;
    }
    const { asked, today, units, sight, unitName } = look;
    const nights = await nightsStanding(db, clock.now());
    sendPage(
      res,
      200,
      <StatisticsPage desk={deskOf(req)} title={title} nights={nights}>
        <StatisticsFilter
          {...{ path, asked, today, units }}
          allName={allName(sight.all, sight.name)}
          fields={fieldsOf(deps)}
        />
        <section class="card">
          <div class="stat-over">
            <p>
              <strong>{table.title}</strong> · {unitName} · {periodText(asked, today)}
            </p>
            <Downloads address={addressOf(path, asked)} />
          </div>
          <TableView table={table} caption={`${table.title}, ${unitName}`} />
          {(table.notes ?? []).map((note) => (
            <p class="hint">{note}</p>
          ))}
        </section>
      </StatisticsPage>,
    );
  }
  return router;
}

type AboutTable = ReturnType<typeof aboutOf>;

function indexTable(
  { asked }: Look,
  counts: Record<IndicatorId, Counted>,
  taken: { dossiers: number; days: number },
  about: AboutTable,
): ShownTable {
  const scored = scoreIndex(counts);
  const { points, most } = sumOfPoints(scored);
  const link = (id: IndicatorId, phan: "tu" | "mau", value: number): Linked => {
    const isOfDossiers = DOSSIER_INDICATORS.includes(id as DossierIndicator);
    const path = isOfDossiers ? "/thong-ke/ho-so" : "/thong-ke/thu-tuc";
    const part = phan === "tu" ? "tử số" : "mẫu số";
    return { value, href: addressOf(path, asked, { chiSo: id, phan }), label: `chỉ số ${id}, ${part}` };
  };
  const rows: { id: string; row: ShownRow }[] = INDICATORS.map(
    ({ id, group, name, most: max, target, formula }) => {
      const one = scored.find((score) => score.id === id);
      const { numerator = 0, denominator = 0, rate = null, points: got = null } = one ?? {};
      return {
        id,
        row: {
          cells: [
            ...[id, name, group],
            ...[link(id, "tu", numerator), link(id, "mau", denominator)],
            rate ?? "Không có mẫu số",
            target ?? null,
            max,
            got ?? (max === null ? "Không rõ thang điểm" : "–"),
            formula,
          ],
        },
      };
    },
  );
  const taken22: Linked = {
    value: taken.dossiers,
    href: addressOf("/thong-ke/ho-so", asked, { chiSo: "2.2", phan: "mau" }),
    label: "các hồ sơ đã xong của chỉ số 2.2",
  };
  rows.push({
    id: "2.2",
    row: {
      cells: [
        ...["2.2", "Thời gian giải quyết trung bình (ngày)", "Tiến độ giải quyết"],
        ...[`${taken.days.toFixed(2).replace(".", ",")} ngày`, taken22],
        taken.dossiers === 0
          ? "Không có mẫu số"
          : `${(taken.days / taken.dossiers).toFixed(2).replace(".", ",")} ngày`,
        ...[null, null, "Không tính điểm"],
        "Tổng số ngày (theo lịch) của hồ sơ tiếp nhận và xong trong kỳ ÷ số hồ sơ đó.",
      ],
    },
  });
  for (const { id, group, name, most: max, where } of NOT_FROM_HERE)
    rows.push({
      id,
      row: {
        cells: [
          id.replace("4.x", "4"),
          name,
          group,
          null,
          null,
          "Không từ hệ thống này",
          null,
          max,
          "–",
          `Nguồn: ${where}.`,
        ],
      },
    });
  return {
    ...{
      fileName: `chi-so-766-${about.from}-${about.to}`,
      title: INDEX_TITLE,
    },
    ...{
      unitName: about.unitName,
      parentName: about.parentName,
      period: about.period,
      madeOn: about.madeOn,
      signed: true,
    },
    columns: [...INDEX_COLUMNS, { name: "formula", title: "Cách tính", kind: "text", width: 60 }],
    notes: [
      `Các chỉ số tính được ở đây có thang điểm: ${points.toFixed(2).replace(".", ",")} trên ${most} điểm. Không cộng được thành tổng 100 điểm: các chỉ số “Không từ hệ thống này” do Cổng Dịch vụ công quốc gia và các hệ thống khác tính.`,
      "Mẫu số bằng 0 thì không có tỷ lệ và không có điểm, không phải 0 điểm hay điểm tối đa. Số liệu theo trạng thái hồ sơ lúc này của các hồ sơ trong kỳ.",
    ],
    rows: rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ row }) => row),
  };
}

function digitizationTable(
  { asked }: Look,
  byTier: Awaited<ReturnType<typeof indexCounts>>,
  components: Awaited<ReturnType<typeof componentCounts>>,
  about: AboutTable,
): ShownTable {
  const all = addUp(byTier);
  const sum = components.reduce(
    (total, one) => ({
      components: total.components + one.components,
      digitized: total.digitized + one.digitized,
    }),
    { components: 0, digitized: 0 },
  );
  const row = (
    name: string,
    tier: string | undefined,
    counts: Record<DossierIndicator, Counted>,
    papers: { components: number; digitized: number },
  ): ShownRow => {
    const rateOf = (id: DossierIndicator) => {
      const { numerator, denominator } = counts[id];
      const href = (phan: string) =>
        addressOf("/thong-ke/ho-so", { ...asked, tier: tier ?? asked.tier }, { chiSo: id, phan });
      return [
        { value: numerator, href: href("tu"), label: `${name}: tử số của chỉ số ${id}` },
        { value: denominator, href: href("mau"), label: `${name}: mẫu số của chỉ số ${id}` },
        percentOf(numerator, denominator),
      ];
    };
    const paperLink = (phan: string, value: number): Linked => ({
      value,
      href: addressOf("/thong-ke/giay-to", { ...asked, tier: tier ?? asked.tier }, { phan }),
      label: `${name}: thành phần hồ sơ ${phan === "tu" ? "đã số hóa" : "đã nộp"}`,
    });
    return {
      cells: [
        name,
        ...rateOf("4.2"),
        tier === undefined ? null : (IN_2022[tier] ?? null),
        ...[paperLink("tu", papers.digitized), paperLink("mau", papers.components)],
        percentOf(papers.digitized, papers.components),
        ...rateOf("4.1"),
        ...rateOf("4.3"),
      ],
      strong: tier === undefined,
    };
  };
  return {
    ...{
      fileName: `so-hoa-${about.from}-${about.to}`,
      title: "Tỷ lệ số hóa hồ sơ, thành phần hồ sơ, kết quả và sử dụng lại",
    },
    ...{
      unitName: about.unitName,
      parentName: about.parentName,
      period: about.period,
      madeOn: about.madeOn,
      signed: true,
    },
    columns: [
      { name: "tier", title: "Cấp", kind: "text", width: 22 },
      ...(["Hồ sơ", "Thành phần", "Kết quả", "Sử dụng lại"] as const).flatMap((what, at) => [
        { name: `part${at}`, title: `${what}: đã số hóa`, kind: "number" as const },
        { name: `whole${at}`, title: `${what}: tổng số`, kind: "number" as const },
        { name: `rate${at}`, title: `${what}: tỷ lệ (%)`, kind: "percent" as const },
        ...(at === 0 ? [{ name: "in2022", title: "Hồ sơ: năm 2022 (%)", kind: "percent" as const }] : []),
      ]),
    ],
    head: [
      { text: "Cấp", column: 1, line: 1, lines: 2 },
      { text: "Số hóa hồ sơ", column: 2, line: 1, columns: 4 },
      { text: "Năm 2022, %", column: 5, line: 2 },
      { text: "Số hóa thành phần hồ sơ", column: 6, line: 1, columns: 3 },
      { text: "Số hóa kết quả", column: 9, line: 1, columns: 3 },
      { text: "Sử dụng lại giấy tờ", column: 12, line: 1, columns: 3 },
      ...[2, 6, 9, 12].flatMap((column) => [
        { text: column === 12 ? "Có dùng lại" : "Đã số hóa", column, line: 2 },
        { text: "Tổng số", column: column + 1, line: 2 },
        { text: "%", column: column + 2, line: 2 },
      ]),
    ],
    notes: [
      "Hồ sơ tiếp nhận trong kỳ. Thành phần: giấy tờ đã nộp, trừ giấy tờ chỉ xuất trình hoặc được ghi là không cần số hóa.",
    ],
    rows: [
      ...[...byTier].map(([tier, counts]) =>
        row(
          TIER_NAMES[tier] ?? tier,
          tier,
          counts,
          components.find((one) => one.tier === tier) ?? { components: 0, digitized: 0 },
        ),
      ),
      row("Tổng số", undefined, all, sum),
    ],
  };
}
