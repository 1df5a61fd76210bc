import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { checkHistory } from "../../server/dossier/check-history.ts";
import type { Deps } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { applyCalendars } from "../../server/processing/apply-calendars.ts";
import { passLimits } from "../../server/processing/pass-limits.ts";
import { withTestApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { acted, applicationFor, expectStatus, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const DESK = "commune.frontdesk";
const DAY = 24 * 3_600_000;

interface HistoryBody {
  items: { type: string; actor: string; status: number; data?: Record<string, unknown> }[];
}

const eventsOf = async (app: TestApp, person: string, code: string) =>
  expectStatus(await app.as(person).get<HistoryBody>(`/dossiers/${code}/events`), 200).items;
const told = async (app: TestApp, person: string, code: string, type: string) =>
  (await eventsOf(app, person, code)).filter((event) => event.type === type);
/** Reckoned anew: what another part remembers of the calendar may be some seconds old. */
const historyIsWhole = async (app: TestApp) =>
  assert.deepEqual((await checkHistory(await openDeps(app.parts))).findings, []);
const look = async (app: TestApp, person: string, code: string) =>
  expectStatus(await app.as(person).get<DossierBody>(`/dossiers/${code}`), 200);

describe("limits of consulted agencies", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const sample = SAMPLES.find(({ consulted }) => consulted !== undefined)!;
  const SPECIALIST = "district.specialist";
  let deps: Deps;
  before(async () => {
    deps = await openDeps(app.parts);
  });

  /** A dossier that waits for three agencies until this time tomorrow. */
  async function consulting(): Promise<DossierBody> {
    const { dossier } = await walk(app, sample, { until: ({ state }) => state === "examining" });
    const { body } = await app
      .as()
      .get<{ consulted: { agency: string }[] }>(`/procedures/${sample.procedure}`);
    const agencies = body.consulted.map(({ agency }) => agency);
    assert.equal(agencies.length, 3);
    const dueAt = new Date(app.clock.now().getTime() + DAY).toISOString();
    return acted(app.as(SPECIALIST), dossier.code, {
      type: "CONSULT",
      agencies,
      dueAt,
    });
  }

  it("do not pass early; when they have passed, the work goes on", async () => {
    const { code } = await consulting();
    assert.equal(await passLimits(deps), 0);
    await acted(app.as("sxd.specialist"), code, { type: "ANSWER", opinion: "Thống nhất." });
    app.clock.advance(DAY + 1_000);
    assert.equal((await look(app, SPECIALIST, code)).state, "consulting");
    assert.equal(await passLimits(deps), 2);
    const after = await look(app, SPECIALIST, code);
    assert.equal(after.state, "drafting");
    assert.equal(after.status, 4);
    assert.ok(after.allowedEvents.some(({ type }) => type === "DRAFT_RESULT"));
    const passed = await told(app, SPECIALIST, code, "LIMIT_PASSED");
    assert.deepEqual(
      passed.map(({ actor, status }) => [actor, status]),
      [
        ["worker", 4],
        ["worker", 4],
      ],
    );
    // Who is late is not heard any more, and nobody is told twice.
    assert.equal(await passLimits(deps), 0);
    const late = await app
      .as("sgtvt.specialist")
      .post(`/dossiers/${code}/events`, { type: "ANSWER", opinion: "Muộn." });
    assert.ok([403, 409].includes(late.status), String(late.status));
  });

  it("wait for the end of a supplement in which they pass", async () => {
    const { code } = await consulting();
    await acted(app.as(SPECIALIST), code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu.",
      items: [{ text: "Bản vẽ" }],
    });
    app.clock.advance(2 * DAY);
    assert.equal(await passLimits(deps), 0);
    const waiting = await look(app, SPECIALIST, code);
    assert.deepEqual([waiting.status, waiting.state], [5, "consulting"]);
    await acted(app.as("district.frontdesk"), code, { type: "SUPPLEMENT", documents: [] });
    assert.equal(await passLimits(deps), 3);
    assert.equal((await look(app, SPECIALIST, code)).state, "drafting");
  });

  it("are told once by two workers at the same time, and an answer in that moment counts or comes too late", async () => {
    const dossiers = [await consulting(), await consulting(), await consulting()];
    app.clock.advance(DAY + 1_000);
    const other = await openDeps(app.parts);
    const [one, two, answer] = await Promise.all([
      passLimits(deps),
      passLimits(other),
      app
        .as("sxd.specialist")
        .post(`/dossiers/${dossiers[0]!.code}/events`, { type: "ANSWER", opinion: "Kịp." }),
    ]);
    const answered = answer.status === 200 ? 1 : 0;
    assert.ok(answered === 1 || [403, 409].includes(answer.status), String(answer.status));
    assert.equal(one + two + answered, 9);
    for (const { code } of dossiers) {
      const events = await eventsOf(app, SPECIALIST, code);
      const ends = events.filter(({ type }) => type === "LIMIT_PASSED" || type === "ANSWER");
      assert.equal(ends.length, 3, code);
      assert.equal((await look(app, SPECIALIST, code)).state, "drafting");
    }
    await historyIsWhole(app);
  });
});

describe("a year that is entered", function () {
  this.timeout(60_000);
  // A Wednesday: whatever has a limit of some working days is due in the next year.
  const app = withTestApp("2026-12-30T08:00:00+07:00");
  let deps: Deps;
  before(async () => {
    deps = await openDeps(app.parts);
  });

  const PROCEDURE = "1.001776";
  const ONLINE = "2.000930";
  const dossier = (changes: Record<string, unknown> = {}) =>
    filed(app, DESK, PROCEDURE, COMMUNE, { accept: true, ...changes });
  /** As if it had been entered a while ago: every process knows it by now. */
  const enter = (year: number, version: number, more: { date: string; name: string }[]) =>
    app.database.open().raw(
      `insert into calendar_years (year, version, source, provisional, days, entered_by, entered_at)
       select year, ?, 'Thông báo thử nghiệm', false, jsonb_set(days, '{off}', days -> 'off' || ?::jsonb), 'admin',
              now() - interval '1 minute'
         from calendar_years where year = ? order by version desc limit 1`,
      [version, JSON.stringify(more), year],
    );
  const nextDay = (iso: string) => new Date(Date.parse(iso) + DAY).toISOString().slice(0, 10);

  it("changes nothing while it is the one that was reckoned with", async () => {
    const { code } = await dossier();
    await applyCalendars(deps);
    assert.deepEqual(await told(app, DESK, code, "CALENDAR_CHANGED"), []);
  });

  it("re-derives each open dossier by an event, leaves closed ones, and changes nothing when run again", async () => {
    const open = await Promise.all([dossier(), dossier(), dossier()]);
    const paused = await dossier();
    await acted(app.as(DESK), paused.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu.",
      items: [{ text: "Bản sao" }],
    });
    const closed = await dossier();
    await acted(app.as(DESK), closed.code, { type: "REQUEST_WITHDRAWAL", reason: "Không còn nhu cầu." });
    await acted(app.as(DESK), closed.code, { type: "CONFIRM_WITHDRAWAL" });
    const before = await Promise.all(open.map(({ code }) => look(app, DESK, code)));
    const closedBefore = await look(app, DESK, closed.code);
    assert.ok(before.every(({ dueAt, provisional }) => dueAt?.startsWith("2027-") && provisional === true));

    // The worker has just reckoned with the old table: it must not take that for the new one.
    await deps.calendarOf(COMMUNE);
    await enter(2027, 2, [{ date: "2027-01-04", name: "Ngày nghỉ thử" }]);
    const count = await applyCalendars(deps);
    assert.ok(count >= 4, String(count));
    for (const [at, { code }] of open.entries()) {
      const after = await look(app, DESK, code);
      assert.equal(after.provisional, false);
      assert.ok(after.dueAt! > before[at]!.dueAt!, `${before[at]!.dueAt} → ${after.dueAt}`);
      assert.equal(after.status, before[at]!.status);
      const [event, ...others] = await told(app, DESK, code, "CALENDAR_CHANGED");
      assert.equal(event?.actor, "worker");
      assert.deepEqual(others, []);
    }
    assert.equal((await told(app, DESK, paused.code, "CALENDAR_CHANGED")).length, 1);
    assert.equal((await look(app, DESK, paused.code)).status, 5);
    const closedAfter = await look(app, DESK, closed.code);
    assert.deepEqual([closedAfter.dueAt, closedAfter.version], [closedBefore.dueAt, closedBefore.version]);
    assert.deepEqual(await told(app, DESK, closed.code, "CALENDAR_CHANGED"), []);

    assert.equal(await applyCalendars(deps), 0);
    const other = await openDeps(app.parts);
    assert.deepEqual(await Promise.all([applyCalendars(deps), applyCalendars(other)]), [0, 0]);
    await historyIsWhole(app);
    // The portal hears of the new date, and of no progress.
    const messages = await app.database
      .open("app")
      .select<{ kind: string }[]>("o.kind")
      .from("outbox as o")
      .join("events as e", { "e.dossier_id": "o.dossier_id", "e.seq": "o.seq" })
      .where({ "e.type": "CALENDAR_CHANGED", "o.dossier_code": open[0].code });
    assert.deepEqual(messages, [{ kind: "dossier" }]);
  });

  it("is told once to each dossier by two workers at the same time", async () => {
    const codes = (await Promise.all(Array.from({ length: 6 }, () => dossier()))).map(({ code }) => code);
    const dues = await Promise.all(codes.map(async (code) => (await look(app, DESK, code)).dueAt!));
    await enter(2027, 3, [
      { date: nextDay(dues[0]!.replace(/.{6}$/, "Z")), name: "Ngày nghỉ thử" },
      { date: dues[0]!.slice(0, 10), name: "Ngày nghỉ thử" },
    ]);
    const other = await openDeps(app.parts);
    await Promise.all([applyCalendars(deps), applyCalendars(other)]);
    for (const code of codes) assert.equal((await told(app, DESK, code, "CALENDAR_CHANGED")).length, 1, code);
  });

  it("moves the time for an answer of a dossier that is not accepted yet", async () => {
    const application = await applicationFor(app, ONLINE, COMMUNE);
    const body = { ...application, channel: undefined };
    const reply = await fetch(`${app.url}/api/v1/inbound/dossiers`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${app.inboundToken}` },
      body: JSON.stringify({ ...body, MaHoSo: "G22.99-261230-000001", TaiLieuNop: [] }),
    });
    const answer = (await reply.json()) as { error_code: number; code: string; message: string };
    assert.equal(answer.error_code, 0, answer.message);
    const { code } = answer;
    const before = await look(app, DESK, code);
    const day = String(before.answerBy).slice(0, 10);
    await enter(Number(day.slice(0, 4)), 9, [{ date: day, name: "Ngày nghỉ thử" }]);
    await applyCalendars(deps);
    const after = await look(app, DESK, code);
    assert.ok(
      String(after.answerBy) > String(before.answerBy),
      `${String(before.answerBy)} → ${String(after.answerBy)}`,
    );
    assert.equal((await told(app, DESK, code, "CALENDAR_CHANGED")).length, 1);
    await historyIsWhole(app);
  });

  it("counts as applied only when every process must know it", async () => {
    const applied = async () =>
      Number(
        (
          await app.database
            .open("app")("calendar_applied")
            .where({ year: 2027, version: 20 })
            .count<{ n: number }[]>("* as n")
        )[0]?.n,
      );
    const owner = app.database.open();
    await enter(2027, 20, []);
    await owner.raw("update calendar_years set entered_at = now() where year = 2027 and version = 20");
    await applyCalendars(deps);
    assert.equal(await applied(), 0);
    await owner.raw("update calendar_years set entered_at = now() - interval '1 minute' where version = 20");
    await applyCalendars(deps);
    assert.equal(await applied(), 1);
  });
});

describe("a dossier received when the year was missing", function () {
  this.timeout(60_000);
  const app = withTestApp("2026-12-30T08:00:00+07:00");
  let deps: Deps;
  let year: Record<string, unknown> | undefined;
  before(async () => {
    const owner = app.database.open();
    year = await owner("calendar_years").where({ year: 2027 }).first<Record<string, unknown>>();
    await owner("calendar_years").where({ year: 2027 }).delete();
    deps = await openDeps(app.parts);
  });

  it("has no date and says why; it gets it when the year is there", async () => {
    const received = await filed(app, DESK, "1.001776", COMMUNE, { accept: true });
    assert.deepEqual([received.status, received.dueAt, received.dueReason], [2, null, "calendar-missing"]);
    assert.equal(await applyCalendars(deps), 0);
    await app.database
      .open()("calendar_years")
      .insert({
        ...year,
        days: JSON.stringify(year?.days),
        entered_by: "admin",
        entered_at: new Date(Date.now() - 60_000),
      });
    assert.equal(await applyCalendars(deps), 1);
    const after = await look(app, DESK, received.code);
    assert.match(String(after.dueAt), /^2027-01-/);
    assert.equal(after.dueReason, undefined);
    assert.equal((await told(app, DESK, received.code, "CALENDAR_CHANGED")).length, 1);
    assert.equal(await applyCalendars(deps), 0);
    await historyIsWhole(app);
  });
});
