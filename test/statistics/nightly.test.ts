import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type pg from "pg";
import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import { runMissedNights, runNight, type NightDeps, type NightResult } from "../../server/nightly.ts";
import { openDeps } from "../../server/open-deps.ts";
import { nightDeps } from "../../server/open-night.ts";
import { missedNights, nightsStanding } from "../../server/statistics/nights.ts";
import { verifyStatistics } from "../../server/statistics/verify.ts";
import { withTestApp } from "../support/app.ts";
import { applicationFor, filed } from "../support/dossiers.ts";
import { ACCOUNT, withTestPortal } from "../support/portal.ts";
import { SAMPLES, walk } from "../support/walk.ts";

/** The whole night over the real program and the strict stub: report, comparison, failures, repetition. */
describe("the nightly job", function () {
  this.timeout(180_000);
  const app = withTestApp();
  const portal = withTestPortal(app);
  const codes: string[] = [];
  let deps: NightDeps;
  let pool: pg.Pool;

  before(async () => {
    pool = openPortalPool(app.database.url, "worker");
    app.database.closeFirst(() => pool.end());
    deps = nightDeps(await openDeps(app.parts), pool, { url: portal.url, ...ACCOUNT });
    for (const sample of SAMPLES.filter(({ process }) => ["a", "b", "c", "j"].includes(process)))
      codes.push((await walk(app, sample)).dossier.code);
    for (const sample of SAMPLES.filter(({ process }) => ["b", "d"].includes(process)))
      codes.push(
        (await filed(app, sample.frontdesk, sample.procedure, sample.agency, { accept: true })).code,
      );
    await portal.settled();
  });

  const night = (day: string, more: object = {}): Promise<NightResult> =>
    runNight(deps, { day, report: true, patienceMs: 20_000, ...more });
  const figures = async (day: string) =>
    (
      await app.database
        .open()
        .raw<{ rows: object[] }>(
          "select unit, state, figures_hash from nightly_units where day = ? order by unit",
          [day],
        )
    ).rows;
  const stub = (sql: string, values: unknown[] = []) => app.database.open().raw(sql, values as string[]);

  it("refuses a day to come, and counts a day that is not over without calling it done", async () => {
    await assert.rejects(night("2026-11-24"), /has not begun/);
    const early = await night("2026-11-23");
    assert.deepEqual(early.errors, []);
    assert.equal(early.state, "partial");
  });

  it("shows loudly that a night is missing, runs it and is quiet", async () => {
    app.clock.moveTo("2026-11-24T00:30:00+07:00");
    const { db } = app.parts;
    const standing = await nightsStanding(db, app.clock.now());
    assert.equal(standing.ok, false);
    assert.deepEqual(standing.missing, ["2026-11-23"]);
    assert.match(standing.warning, /chưa được chốt cho ngày 23\/11\/2026/);
    const said: string[] = [];
    assert.equal(await runMissedNights(deps, (line) => said.push(line)), true);
    assert.ok(
      said.some((line) => line.includes("clean")),
      said.join("\n"),
    );
    const after = await nightsStanding(db, app.clock.now());
    assert.deepEqual([after.ok, after.lastClean, after.warning, after.leftOver], [true, "2026-11-23", "", 0]);
  });

  it("reports each unit and the province as the portal takes it, and keeps the answer", async () => {
    const { rows } = await app.database
      .open()
      .raw<{ rows: { record: Record<string, string>; unit: string }[] }>(
        "select unit, record from portal_stub.statistics where year = '2026' and month = '11'",
      );
    assert.equal(rows.length, deps.agencies.all.length);
    const province = rows.find(({ unit }) => unit === "000.00.00.H30")?.record;
    assert.equal(province?.SoNhanTrongKy, String(codes.length));
    assert.equal(province.TongDaXuLy, "4");
    assert.equal(province.TongChuaXuLy, "2");
    assert.equal(province.PhanTramXuLyDungHan, "100.00");
    const quiet = rows.find(({ unit }) => unit === "000.00.05.H30")?.record;
    assert.deepEqual([quiet?.SoNhanTrongKy, quiet?.PhanTramXuLyDungHan, quiet?.Thang], ["0", "0.00", "11"]);
    const { rows: kept } = await app.database
      .open()
      .raw<{ rows: { n: number }[] }>(
        "select count(*)::int as n from statistic_reports where accepted and answer <> ''",
      );
    assert.equal(kept[0]?.n, deps.agencies.all.length);
  });

  it("changes nothing when it runs again, and twice at once", async () => {
    const before = await figures("2026-11-23");
    const again = await night("2026-11-23");
    assert.deepEqual(again.reported, { accepted: 0, refused: 0, unchanged: deps.agencies.all.length });
    const [one, two] = await Promise.all([night("2026-11-23"), night("2026-11-23")]);
    assert.deepEqual([again.state, one.state, two.state], ["clean", "clean", "clean"]);
    assert.deepEqual(await figures("2026-11-23"), before);
  });

  it("finds, explains and mends each kind of difference, and the night after finds none", async () => {
    const [lost = "", back = "", due = "", received = "", steps = "", refused = ""] = codes;
    await stub("delete from portal_stub.progress where code = ?", [lost]);
    await stub("delete from portal_stub.dossiers where code = ?", [lost]);
    await stub(
      `update portal_stub.dossiers set status = 4, record = jsonb_set(record, '{TrangThaiHoSo}', '"4"') where code = ?`,
      [back],
    );
    await stub(
      `update portal_stub.dossiers set record = jsonb_set(record, '{NgayHenTra}', '"20260101000000"') where code = ?`,
      [due],
    );
    await stub(
      `update portal_stub.dossiers set record = jsonb_set(record, '{NgayTiepNhan}', '"20260101000000"') where code = ?`,
      [received],
    );
    await stub(
      "delete from portal_stub.progress where id = (select max(id) from portal_stub.progress where code = ?)",
      [steps],
    );
    // A message that the portal refused some time ago, and would take now.
    await app.database.open().raw(
      `update outbox set state = 'failed', last_error = 'thử nghiệm' where id = (
         select max(id) from outbox where dossier_code = ? and kind = 'progress')`,
      [refused],
    );
    await stub(
      "delete from portal_stub.progress where id = (select max(id) from portal_stub.progress where code = ?)",
      [refused],
    );
    await app.database.open().raw("update nightly_runs set reconciled_at = null where day = '2026-11-23'");
    const { reconciled, errors } = await night("2026-11-23");
    assert.deepEqual(errors, []);
    const { rows } = await app.database.open().raw<{
      rows: { dossier_code: string; what: string; cause: string; settled: boolean }[];
    }>("select dossier_code, what, cause, settled from reconciliation_differences order by dossier_code, what");
    const found = (code: string) =>
      rows.filter((row) => row.dossier_code === code).map(({ what, cause }) => `${what} ${cause}`);
    assert.deepEqual(found(lost), ["missing lost"]);
    assert.deepEqual(found(back), ["TrangThaiHoSo behind"]);
    assert.deepEqual(found(due), ["NgayHenTra differs"]);
    assert.deepEqual(found(received), ["NgayTiepNhan differs"]);
    assert.deepEqual(found(steps), ["SoLuongTienTrinh behind"]);
    assert.deepEqual(found(refused), ["SoLuongTienTrinh refused"]);
    assert.deepEqual(
      rows.filter(({ settled }) => !settled),
      [],
    );
    assert.deepEqual([reconciled?.found, reconciled?.left], [6, 0]);
    app.clock.moveTo("2026-11-25T00:30:00+07:00");
    const next = await night("2026-11-24");
    assert.equal(next.state, "clean");
    assert.equal(next.reconciled?.found, 0);
  });

  it("tells the portal whole what it was never sent, step by step, and goes on from there", async () => {
    const owner = app.database.open();
    const [done = "", , , , , open = ""] = codes;
    const before = new Map<string, number>();
    for (const code of [done, open]) {
      before.set(code, (await portal.received(code)).progress.length);
      await stub("delete from portal_stub.progress where code = ?", [code]);
      await stub("delete from portal_stub.dossiers where code = ?", [code]);
      await owner.raw("delete from outbox where dossier_code = ?", [code]);
      await owner.raw("update dossiers set portal_digest = null where code = ?", [code]);
    }
    await owner.raw("update nightly_runs set reconciled_at = null where day = '2026-11-23'");
    // Of the first there was a finding already.
    const { reconciled, state } = await night("2026-11-23");
    assert.deepEqual([reconciled?.found, reconciled?.left, state], [7, 0, "clean"]);
    const { rows } = await owner.raw<{ rows: { cause: string; mended_by: string; settled: boolean }[] }>(
      `select cause, mended_by, settled from reconciliation_differences
        where dossier_code = any(?) and cause = 'never-sent'`,
      [[done, open]],
    );
    const told = { cause: "never-sent", mended_by: "told-whole", settled: true };
    assert.deepEqual(rows, [told, told]);
    for (const code of [done, open]) {
      const { dossier, progress } = await portal.received(code);
      const { rows: ours } = await owner.raw<{ rows: { status: number; events: number }[] }>(
        `select d.status, (select count(*)::int from events e where e.dossier_id = d.id) as events
           from dossiers d where code = ?`,
        [code],
      );
      assert.equal(dossier.TrangThaiHoSo, String(ours[0]?.status), code);
      assert.equal(progress.length, ours[0]?.events, "each event is a step");
      assert.ok(progress.length >= (before.get(code) ?? 0));
    }
  });

  it("tells whole what the portal does not know though messages of it were refused, or its first ones are gone", async () => {
    const owner = app.database.open();
    const [gone = "", refused = "", late = ""] = codes;
    const before = new Map<string, number>();
    for (const code of [gone, refused, late]) {
      before.set(code, (await portal.received(code)).progress.length);
      await stub("delete from portal_stub.progress where code = ?", [code]);
      await stub("delete from portal_stub.dossiers where code = ?", [code]);
    }
    // As after an archive that was brought in with its last day's messages: the rest was never made, or is gone.
    for (const code of [gone, late])
      await owner.raw(
        `delete from outbox where dossier_code = :code and id < (
           select min(id) from outbox where dossier_code = :code and payload ->> 'status' = '9')`,
        { code },
      );
    // Numbers of which the later has more digits are in order, too.
    await owner.raw("alter table outbox alter column id restart with 99999");
    await owner.raw(
      `with moved as (delete from outbox where dossier_code = ? returning *)
       insert into outbox (dossier_id, dossier_code, seq, kind, payload, state, delivered_at)
       select dossier_id, dossier_code, seq, kind, payload, state, delivered_at from moved order by id`,
      [late],
    );
    await owner.raw(
      `update outbox set state = 'failed', last_error = 'TrangThaiHoSo 9 không được theo sau lần gửi đầu tiên'
        where id in (select min(id) from outbox where dossier_code = ?
                     union select max(id) from outbox where dossier_code = ?)`,
      [late, refused],
    );
    await owner.raw("update nightly_runs set reconciled_at = null where day = '2026-11-23'");
    await owner.raw("delete from reconciliation_differences where day = '2026-11-23'");
    const { reconciled, state } = await night("2026-11-23");
    assert.deepEqual([reconciled?.found, reconciled?.left, state], [3, 0, "clean"]);
    const { rows } = await owner.raw<{ rows: { code: string; cause: string; mended_by: string }[] }>(
      "select dossier_code as code, cause, mended_by from reconciliation_differences where day = '2026-11-23'",
    );
    const found = (code: string) => rows.find((row) => row.code === code);
    assert.deepEqual(found(gone), { code: gone, cause: "lost", mended_by: "told-whole" });
    assert.deepEqual(found(late), { code: late, cause: "refused", mended_by: "told-whole" });
    assert.deepEqual(found(refused), { code: refused, cause: "refused", mended_by: "failed-again" });
    for (const code of [gone, refused, late]) {
      const { dossier, progress } = await portal.received(code);
      assert.equal(dossier.TrangThaiHoSo, "10", code);
      // Filed and accepted at the counter is one step at first, and two when told whole.
      assert.ok(progress.length >= (before.get(code) ?? Infinity), code);
    }
    const unsent = await owner("outbox").whereNot("state", "delivered").select("dossier_code", "last_error");
    assert.deepEqual(unsent, []);
  });

  it("brings the portal what was filed there under a number that it forgot or somebody else gave", async () => {
    const body = await applicationFor(app, "1.000664", "000.00.06.H30", { channel: undefined });
    const sent = await app
      .as()
      .post<{ error_code: number; message: string }>(
        "/inbound/dossiers",
        { ...body, MaHoSo: "QG-S7V5HQUS", TaiLieuNop: [] },
        { Authorization: `Bearer ${app.inboundToken}` },
      );
    assert.equal(sent.body.error_code, 0, sent.body.message);
    const filedThere = await portal.post<{ MaHoSo: string }>("/_file", body);
    await portal.settled();
    // A new disk: the portal's stub knows neither the dossiers nor its own numbers.
    const numbers = ["QG-S7V5HQUS", filedThere.MaHoSo];
    for (const table of ["progress", "dossiers", "filings"])
      await stub(`delete from portal_stub.${table} where code = any(?)`, [numbers]);
    app.clock.moveTo("2026-11-25T00:40:00+07:00");
    await app.database.open().raw("update nightly_runs set reconciled_at = null where day = '2026-11-24'");
    const { reconciled, state } = await night("2026-11-24");
    assert.deepEqual([reconciled?.left, state], [0, "clean"]);
    for (const code of numbers) {
      const { dossier, progress } = await portal.received(code);
      assert.deepEqual([dossier.NoiNopHoSo, dossier.TrangThaiHoSo, progress.length], ["1", "1", 1], code);
    }
  });

  it("does the other units when one fails, names it, and repeats it alone", async () => {
    const [unit = ""] = [SAMPLES.find(({ process }) => process === "d")?.agency];
    const owner = app.database.open();
    await owner.raw(`create function planted() returns trigger language plpgsql as $$
      begin if new.unit = '${unit}' then raise exception 'planted failure'; end if; return new; end $$`);
    await owner.raw(
      "create trigger planted before insert on statistic_open for each row execute function planted()",
    );
    app.clock.moveTo("2026-11-26T00:30:00+07:00");
    const failed = await night("2026-11-25");
    assert.equal(failed.state, "failed");
    assert.deepEqual(
      failed.rolled.failed.map((one) => one.unit),
      [unit],
    );
    assert.match(failed.rolled.failed[0]?.error ?? "", /planted failure/);
    const { failedUnits, missing } = await nightsStanding(app.parts.db, app.clock.now());
    assert.deepEqual(
      failedUnits.map((one) => one.unit),
      [unit],
    );
    assert.deepEqual(missing, ["2026-11-25"]);
    const others = (await figures("2026-11-25")).filter((row) => (row as { unit: string }).unit !== unit);
    await owner.raw("drop trigger planted on statistic_open");
    const { rolled, state } = await night("2026-11-25");
    assert.deepEqual([rolled.rolled, rolled.failed.length, state], [1, 0, "clean"]);
    assert.deepEqual(
      (await figures("2026-11-25")).filter((row) => (row as { unit: string }).unit !== unit),
      others,
    );
  });

  it("goes on where it was ended, and catches up the nights it missed in order", async () => {
    app.clock.moveTo("2026-11-29T00:30:00+07:00");
    // Ends somewhere among the units, after some have been committed.
    let asked = 0;
    const inTheMiddle = () => {
      if (++asked > deps.agencies.all.length - 100) throw new Error("ended in the middle");
    };
    const ending = Object.assign(new AbortController().signal, { throwIfAborted: inTheMiddle });
    await assert.rejects(
      runMissedNights(deps, () => undefined, ending),
      /in the middle/,
    );
    const done = (await figures("2026-11-26")).length;
    assert.ok(done > 0 && done < deps.agencies.all.length, `${done} units were done`);
    assert.deepEqual(await missedNights(app.parts.db, app.clock.now()), [
      "2026-11-26",
      "2026-11-27",
      "2026-11-28",
    ]);
    assert.equal(await runMissedNights(deps, () => undefined), true);
    assert.deepEqual(await missedNights(app.parts.db, app.clock.now()), []);
    const { nights, findings } = await verifyStatistics({ ...deps, db: app.parts.db });
    assert.equal(nights, 6);
    assert.deepEqual(findings, []);
  });

  it("is not clean with a difference left, is not repeated for it, and the next compares from the last clean one", async () => {
    const [kept = ""] = codes;
    const { db } = app.parts;
    const hold = (status: number) =>
      stub(
        `update portal_stub.dossiers set status = ?, record = jsonb_set(record, '{TrangThaiHoSo}', to_jsonb(?::text))
          where code = ?`,
        [status, String(status), kept],
      );
    // Where the portal stands nothing may follow: sending again mends nothing. No event of it is new either; it comes up
    // only because the night before left it.
    await hold(3);
    await stub("update nightly_runs set left_over = 1 where day = '2026-11-28'");
    await stub(
      `insert into reconciliation_differences (day, dossier_code, what, ours, theirs, cause, mended_by, found_at)
       values ('2026-11-28', ?, 'TrangThaiHoSo', '10', '3', 'differs', 'none', now())`,
      [kept],
    );
    app.clock.moveTo("2026-11-30T00:30:00+07:00");
    const differing = await night("2026-11-29", { patienceMs: 5_000 });
    assert.deepEqual([differing.state, differing.ok, differing.reconciled?.left], ["differing", true, 1]);
    const standing = await nightsStanding(db, app.clock.now());
    assert.deepEqual(
      [standing.ok, standing.lastClosed, standing.leftOver, standing.missing],
      [true, "2026-11-29", 1, []],
    );
    assert.ok((standing.lastClean ?? "") < "2026-11-29");
    // Done: the program does not go on repeating it every five minutes.
    assert.deepEqual(await missedNights(db, app.clock.now()), []);

    app.clock.moveTo("2026-12-01T00:30:00+07:00");
    const late = await filed(app, "commune.frontdesk", "1.001193", "000.15.32.H30");
    await portal.settled();
    await stub("delete from portal_stub.progress where code = ?", [late.code]);
    await stub("delete from portal_stub.dossiers where code = ?", [late.code]);
    const again = await night("2026-11-30", { patienceMs: 5_000 });
    assert.deepEqual([again.state, again.reconciled?.left], ["differing", 1]);
    await hold(10);
    const mended = await night("2026-11-30");
    assert.deepEqual([mended.state, mended.reconciled?.left], ["clean", 0]);
    assert.equal((await nightsStanding(db, app.clock.now())).lastClean, "2026-11-30");
  });
});
