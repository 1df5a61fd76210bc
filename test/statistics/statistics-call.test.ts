import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import excel from "exceljs";
import { before, describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { rollUpNight } from "../../server/statistics/roll-up-night.ts";
import { endOf } from "../../server/statistics/vietnam-days.ts";
import { withTestApp } from "../support/app.ts";
import { filed } from "../support/dossiers.ts";

interface Answer {
  form: string;
  until: string | null;
  rows: Record<string, unknown>[];
  total: Record<string, number>;
  nights: { complete: boolean; lastClean: string | null; missing: string[] };
  code?: string;
}

describe("GET /statistics", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const inspector = () => app.as("inspector");
  const ask = (query: string) => inspector().get<Answer>(`/statistics${query}`);

  before(async () => {
    await filed(app, "commune.frontdesk", "1.001193", "000.15.32.H30", { accept: true });
    await filed(app, "centre.frontdesk", "1.000664", "000.00.06.H30", { accept: true });
    await filed(app, "centre.frontdesk", "1.000664", "000.00.06.H30");
  });

  it("knows nothing before the first night, and says so", async () => {
    const { status, body } = await ask("");
    assert.equal(status, 200);
    assert.deepEqual([body.form, body.until, body.rows, body.total.c3], ["II.06a", null, [], 0]);
  });

  it("answers by field what the night has closed; what was never accepted is not counted", async () => {
    app.clock.moveTo("2026-11-24T06:00:00+07:00");
    const deps = { ...(await openDeps(app.parts)), db: app.parts.db };
    const night = { day: "2026-11-23", asOf: endOf("2026-11-23"), now: app.clock.now() };
    assert.deepEqual((await rollUpNight(deps, night)).failed, []);
    const { body } = await ask("?from=2026-11-01&to=2026-11-30");
    assert.equal(body.until, "2026-11-23");
    assert.deepEqual([body.total.c3, body.total.c5, body.total.c11], [2, 2, 2]);
    assert.equal(body.rows.length, 2);
    assert.deepEqual(Object.keys(body.rows[0] ?? {}).slice(0, 4), ["field", "c3", "c4", "c5"]);
    // Rolled up, and neither reported nor compared: the night is still missing.
    assert.deepEqual(body.nights.missing, ["2026-11-23"]);
  });

  it("takes a unit with all under it, a field, and the aggregated forms", async () => {
    const period = "from=2026-11-01&to=2026-11-30";
    assert.equal((await ask(`?${period}&agency=000.00.32.H30`)).body.total.c3, 1);
    assert.equal((await ask(`?${period}&agency=000.00.06.H30`)).body.total.c3, 1);
    assert.equal((await ask(`?${period}&agency=000.00.00.H30`)).body.total.c3, 2);
    assert.equal((await ask(`?${period}&field=Không%20có`)).body.total.c3, 0);
    for (const [form, rows] of [
      ["II.06b", 1],
      ["II.06c", 1],
      ["II.06d", 1],
      ["II.06đ", 2],
    ] as const) {
      const { body } = await ask(`?${period}&form=${encodeURIComponent(form)}`);
      assert.equal(body.rows.length, rows, form);
    }
    // The birth was due the same day, and still lay at the counter.
    const overdue = (await ask(`?${period}&form=II.07a`)).body.rows.filter(({ open }) => open !== 0);
    assert.deepEqual(
      overdue.map(({ cause, open, handled }) => ({ cause, open, handled })),
      [{ cause: "intake", open: 1, handled: 0 }],
    );
  });

  it("puts the overdue ones together by unit, each with its causes", async () => {
    const { body } = await ask("?from=2026-11-01&to=2026-11-30&form=II.07b");
    assert.deepEqual(body.rows, [
      {
        ...{ key: "000.15.32.H30", name: "UBND xã Đại Thành", handled: 0, open: 1 },
        causes: [{ cause: "intake", name: "Chưa chuyển hồ sơ từ Bộ phận Một cửa", handled: 0, open: 1 }],
      },
    ]);
    const department = await ask("?from=2026-11-01&to=2026-11-30&form=II.07b&agency=000.00.06.H30");
    assert.deepEqual(department.body.rows, []);
  });

  it("hands out every form as XLSX and CSV with the numbers of the answer", async () => {
    for (const form of ["II.06a", "II.06b", "II.06c", "II.06d", "II.06đ", "II.07a", "II.07b", "766"]) {
      const query = `?from=2026-11-01&to=2026-11-30&form=${encodeURIComponent(form)}`;
      const { body } = await ask(query);
      const numbers = ["c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13"];
      const sum = (part: string) => body.rows.reduce((total, row) => total + Number(row[part]), 0);
      const synced = body.rows.find(({ id }) => id === "1.4");
      const [begins, expected] =
        form === "766"
          ? [
              "1.4",
              ["numerator", "denominator", "rate", "target", "most", "points"].map((of) => synced?.[of]),
            ]
          : form.startsWith("II.07")
            ? ["", [sum("handled"), sum("open")]]
            : ["", numbers.map((column) => body.total[column])];
      const from = form === "766" ? 3 : 2;

      const csv = await inspector().get<{ bytes: Buffer }>(`/statistics.csv${query}`);
      assert.deepEqual([csv.status, csv.headers.get("content-type")?.split(";")[0]], [200, "text/csv"]);
      const lines = parse(csv.body.bytes, { bom: true });
      const inCsv = lines.slice(1).find(([first]) => first === begins) ?? [];
      assert.deepEqual(
        inCsv.slice(from, from + expected.length).map((text) => (text === "" ? null : Number(text))),
        expected.map((value) => value ?? null),
        form,
      );

      const xlsx = await inspector().get<{ bytes: Buffer }>(`/statistics.xlsx${query}`);
      assert.equal(xlsx.status, 200);
      assert.match(xlsx.headers.get("content-disposition") ?? "", /^attachment; filename="[\w.-]+\.xlsx"$/);
      const book = new excel.Workbook();
      await book.xlsx.load(xlsx.body.bytes as unknown as excel.Buffer);
      const sheet = book.worksheets[0];
      const rows: unknown[][] = [];
      sheet?.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
      const inSheet =
        rows.find((cells) => (form === "766" ? cells[0] === begins : cells[1] === "Tổng số")) ?? [];
      assert.deepEqual(
        expected.map((_, at) => inSheet[from + at] ?? null),
        expected.map((value) => value ?? null),
        form,
      );
    }
  });

  it("answers the index of decision 766, nothing of other systems as 0", async () => {
    const { status, body } = await ask("?from=2026-11-01&to=2026-11-30&form=766");
    assert.equal(status, 200);
    const { points, most } = body as unknown as { points: number; most: number };
    const of = (id: string) => body.rows.find((row) => row.id === id);
    // Both were received; the portal has heard of neither, and the birth is overdue.
    const synced = of("1.4");
    assert.deepEqual([synced?.numerator, synced?.denominator, synced?.rate, synced?.points], [0, 2, 0, 0]);
    const inTime = of("2.1");
    assert.deepEqual([inTime?.numerator, inTime?.denominator, inTime?.rate, inTime?.points], [1, 2, 50, 10]);
    // None of them is done: nothing to divide by is neither 0 nor full marks.
    const issued = of("4.1");
    assert.deepEqual([issued?.denominator, issued?.rate, issued?.points], [0, null, null]);
    const satisfied = of("5.2");
    assert.deepEqual(
      [satisfied?.fromHere, satisfied?.numerator, satisfied?.rate, satisfied?.points, satisfied?.most],
      [false, null, null, null, 6],
    );
    assert.match(String(satisfied?.source), /phản ánh, kiến nghị/);
    const summed = body.rows.filter((row) => typeof row.points === "number");
    assert.equal(
      points,
      summed.reduce((sum, row) => sum + Number(row.points), 0),
    );
    assert.equal(
      most,
      summed.reduce((sum, row) => sum + Number(row.most), 0),
    );
    assert.ok(most < 100, "the rest of the hundred comes from elsewhere");
    const commune = await ask("?from=2026-11-01&to=2026-11-30&form=766&agency=000.15.32.H30");
    assert.equal(commune.body.rows.find((row) => row.id === "1.4")?.denominator, 1);
  });

  it("refuses what is no period, form or unit, and whoever has not logged in", async () => {
    assert.deepEqual((await ask("?from=2026-11-31")).body.code, "bad-period");
    assert.deepEqual((await ask("?from=2026-11-02&to=2026-11-01")).body.code, "bad-period");
    assert.deepEqual((await ask("?form=9")).body.code, "bad-form");
    assert.deepEqual((await ask("?agency=x")).body.code, "unknown-agency");
    assert.deepEqual((await inspector().get<Answer>("/statistics.xlsx?form=9")).body.code, "bad-form");
    for (const path of ["/statistics", "/statistics.xlsx", "/statistics.csv"])
      assert.equal((await app.as().get(path)).status, 401);
  });

  it("tells health and Prometheus that a night is missing", async () => {
    const ready = await app.as().get<{ status: string; nightly: { state: string } }>("/health/ready");
    assert.deepEqual([ready.body.status, ready.body.nightly.state], ["ready", "missing"]);
    const answer = await fetch(`${app.url}/metrics`);
    const text = await answer.text();
    assert.match(text, /^nightly_missing\{part="test"\} 1$/m);
    // The birth was due on the day it came; the licence of the department has time.
    for (const line of [
      'dossiers_now{tier="commune",state="open",part="test"} 1',
      'dossiers_now{tier="commune",state="overdue",part="test"} 1',
      'dossiers_now{tier="province",state="open",part="test"} 1',
      'dossiers_now{tier="province",state="overdue",part="test"} 0',
      'dossiers_now{tier="district",state="at-risk",part="test"} 0',
    ])
      assert.ok(text.split("\n").includes(line), line);
  });
});
