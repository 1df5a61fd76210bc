import assert from "node:assert/strict";
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
    assert.equal((await app.as().get("/statistics")).status, 401);
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
