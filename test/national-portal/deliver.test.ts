import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import type pg from "pg";
import { startDelivery, type Delivery } from "../../server/national-portal/deliver.ts";
import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import { compareWithPortal } from "../../server/national-portal/reconcile.ts";
import { resend } from "../../server/national-portal/resend.ts";
import { portalSync } from "../../server/national-portal/status.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLog } from "../../server/platform/log.ts";
import { ACCOUNT, startPortalAtWork, type PortalAtWork } from "../national-portal-stub/portal-at-work.ts";
import { makeDossier, makeProgress } from "./messages.ts";
import { commit, makeOutbox, readOutbox, until, untilDelivered, type Told } from "./outbox.ts";
import { startPortalInBetween } from "./portal-in-between.ts";
import { makeScratchDatabase } from "./scratch-database.ts";

interface Received {
  dossier: Record<string, string>;
  progress: Record<string, string>[];
}
interface Summary {
  messages: number;
  duplicatesIgnored: number;
  outOfOrder: number;
}

describe("delivery to the portal", function () {
  this.timeout(60_000);
  let ours: Awaited<ReturnType<typeof makeScratchDatabase>>;
  let theirs: Awaited<ReturnType<typeof makeScratchDatabase>>;
  let db: pg.Pool;
  let portal: PortalAtWork;
  let working: Delivery[] = [];
  let children: ChildProcess[] = [];

  before(async () => {
    [ours, theirs] = await Promise.all([makeScratchDatabase(), makeScratchDatabase()]);
    db = openPortalPool(ours.url);
    await makeOutbox(db);
  });
  beforeEach(async () => {
    await db.query("truncate dossiers, outbox, portal_sessions, reconciliations restart identity");
    portal = await startPortalAtWork(theirs.url);
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(working.map((delivery) => delivery.stop()));
    [working, children] = [[], []];
    await portal.stop();
  });
  after(async () => {
    await db.end();
    await Promise.all([ours.drop(), theirs.drop()]);
  });

  let next = 0;
  const newCode = () => `000.00.03.H30-231124-${String(++next).padStart(4, "0")}`;
  const deps = (url = portal.url, pool = db) => ({
    db: pool,
    portal: { url, ...ACCOUNT, timeoutMs: 5000 },
    clock: systemClock,
    log: silentLog,
    publicUrl: "https://motcua.example",
  });
  function work(url?: string, lanes?: number): Delivery {
    const delivery = startDelivery({ ...deps(url), ...(lanes === undefined ? {} : { lanes }) });
    working.push(delivery);
    return delivery;
  }
  const received = (code: string) => portal.get<Received>(`/_received/${code}`);

  /** Accepted, with the specialist, finished, returned: four dossier records and as many steps. */
  function story(code: string): Told[] {
    return [2, 4, 9, 10].flatMap((status, step) => [
      { dossier: makeDossier(code, { status }) },
      { progress: makeProgress(code, status, step) },
    ]);
  }
  async function storiesArrived(codes: readonly string[]): Promise<void> {
    for (const code of codes) {
      const { dossier, progress } = await received(code);
      assert.equal(dossier.TrangThaiHoSo, "10", code);
      assert.deepEqual(
        progress.map(({ TrangThai }) => TrangThai),
        ["2", "4", "9", "10"],
        code,
      );
    }
    assert.equal((await portal.get<Summary>("/_summary")).outOfOrder, 0);
    assert.deepEqual((await compareWithPortal(deps(), codes)).differences, []);
  }

  it("brings a commit to the portal within five seconds, the dossier before its progress", async () => {
    work();
    const code = newCode();
    const start = performance.now();
    await commit(db, code, [{ dossier: makeDossier(code) }, { progress: makeProgress(code, 2, 0) }]);
    await untilDelivered(db, 5000);
    assert.ok(performance.now() - start < 5000);
    const { dossier, progress } = await received(code);
    assert.equal(dossier.TenLinhVuc, "Hộ tịch");
    assert.match(String(dossier.MaLinhVuc), /^LV-[0-9A-F]{6}$/);
    assert.equal(progress.length, 1);
    assert.deepEqual(
      (await readOutbox(db)).map(({ state, attempts, claimed_by }) => [state, attempts, claimed_by]),
      [
        ["delivered", 1, null],
        ["delivered", 1, null],
      ],
    );
  });

  it("keeps the order of each dossier over many, in batches", async () => {
    const codes = Array.from({ length: 120 }, newCode);
    for (const code of codes) await commit(db, code, story(code));
    work();
    await untilDelivered(db, 30_000);
    await storiesArrived(codes);
  });

  it("sends under the number that the portal gave", async () => {
    const number = "G22.99-231124-000777";
    await commit(db, newCode(), [{ dossier: makeDossier(number) }], number);
    work();
    await untilDelivered(db);
    const { dossier } = await received(number);
    assert.deepEqual([dossier.MaHoSo, dossier.NoiNopHoSo], [number, "1"]);
  });

  it("turns a dossier that exists already into an update", async () => {
    const code = newCode();
    await commit(db, code, [{ dossier: makeDossier(code) }]);
    work();
    await untilDelivered(db);
    // As if we had never heard that it arrived.
    await db.query(
      "update outbox set state = 'pending', payload = jsonb_set(payload, '{phone}', '\"0900000002\"')",
    );
    await untilDelivered(db);
    assert.equal((await received(code)).dossier.SoDienThoai, "0900000002");
  });

  it("turns an update of a dossier that the portal does not hold into an add", async () => {
    const code = newCode();
    await commit(db, code, [
      { dossier: makeDossier(code) },
      { dossier: makeDossier(code, { dueAt: "2023-12-01T17:00:00+07:00" }) },
    ]);
    await db.query("update outbox set state = 'delivered' where id = (select min(id) from outbox)");
    work();
    await untilDelivered(db);
    assert.equal((await received(code)).dossier.NgayHenTra, "20231201170000");
  });

  it("shows what the portal refuses, holds only that dossier, and sends it again when asked", async () => {
    const [bad, good] = [newCode(), newCode()];
    const procedure = { code: "9.999999.000.00.00.H30", name: "Không có" };
    await commit(db, bad, [
      { dossier: makeDossier(bad, { procedure }) },
      { progress: makeProgress(bad, 2, 0) },
    ]);
    await commit(db, good, story(good));
    work();
    await until("the good one", async () =>
      (await readOutbox(db, good)).every(({ state }) => state === "delivered"),
    );
    await until("the bad one", async () => (await readOutbox(db, bad))[0]?.state === "failed");
    const rows = await readOutbox(db, bad);
    assert.match(String(rows[0]?.last_error), /MaTTHC 9\.999999/);
    assert.equal(rows[1]?.state, "pending");
    const sync = await portalSync(db);
    assert.equal(sync.failed, 1);
    assert.equal(sync.pending, 1);
    assert.match(String(sync.oldestPendingAt), /\+07:00$/);

    await db.query(
      `update outbox set payload = jsonb_set(payload, '{procedure,code}', '"1.001193.000.00.00.H30"') where id = $1`,
      [rows[0]?.id],
    );
    assert.equal(await resend({ db }, { outboxId: rows[0]!.id }), 1);
    await untilDelivered(db);
    assert.equal((await received(bad)).progress.length, 1);
    assert.equal(await resend({ db }, { dossierId: 1 }), 0);
  });

  it("shows what cannot be mapped as failed with the field", async () => {
    const [bad, good] = [newCode(), newCode()];
    await commit(db, bad, [{ dossier: makeDossier(bad, { phone: "" }) }]);
    await commit(db, good, [{ dossier: makeDossier(good) }]);
    await db.query("update outbox set payload = '{}' where dossier_code = 'none'");
    work();
    await until("both judged", async () => (await readOutbox(db)).every(({ state }) => state !== "pending"));
    assert.match(String((await readOutbox(db, bad))[0]?.last_error), /^SoDienThoai: còn thiếu/);
    assert.equal((await readOutbox(db, good))[0]?.state, "delivered");
  });

  it("survives a payload without any shape", async () => {
    const [bad, good] = [newCode(), newCode()];
    await commit(db, bad, [{ dossier: makeDossier(bad) }]);
    await commit(db, good, [{ dossier: makeDossier(good) }]);
    await db.query("update outbox set payload = '{}' where dossier_code = $1", [bad]);
    work();
    await until("both judged", async () => (await readOutbox(db)).every(({ state }) => state !== "pending"));
    assert.equal((await readOutbox(db, bad))[0]?.state, "failed");
  });

  it("renews an expired session without anybody noticing", async () => {
    work();
    const code = newCode();
    await commit(db, code, [{ dossier: makeDossier(code) }]);
    await untilDelivered(db);
    await portal.setFaults({ expireSessions: true });
    await commit(db, code, [{ progress: makeProgress(code, 2, 0) }]);
    await untilDelivered(db);
    assert.deepEqual(
      (await readOutbox(db)).map(({ attempts }) => attempts),
      [1, 1],
    );
  });

  it("tries one message at a time while the portal is down, and catches up by itself", async () => {
    await portal.setFaults({ down: true });
    const codes = Array.from({ length: 30 }, newCode);
    work();
    for (const code of codes) await commit(db, code, story(code));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const rows = await readOutbox(db);
    assert.ok(rows.every(({ state }) => state === "pending"));
    // An outage is no fault of a message.
    assert.ok(rows.every(({ attempts }) => attempts === 0));
    await portal.setFaults({});
    await untilDelivered(db, 30_000);
    await storiesArrived(codes);
  });

  it("waits for a portal that is not there at all", async () => {
    await portal.stop();
    const port = Number(new URL(portal.url).port);
    const code = newCode();
    await commit(db, code, story(code));
    work();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    portal = await startPortalAtWork(theirs.url, { port });
    await untilDelivered(db, 30_000);
    await storiesArrived([code]);
  });

  it("goes on past a message at which the portal breaks each time", async () => {
    const [poison, ...others] = Array.from({ length: 61 }, newCode);
    const gateway = await startPortalInBetween(portal.url, async ({ request, pass }) =>
      request.includes(poison!) ? 500 : pass(),
    );
    await commit(db, poison!, story(poison!));
    for (const code of others) await commit(db, code, story(code));
    work(gateway.url);
    const isThere = async () =>
      (await readOutbox(db)).every(
        ({ dossier_code: code, state }) => code === poison || state === "delivered",
      );
    await until("all others", isThere, 40_000);
    await storiesArrived(others);
    const rows = await readOutbox(db, poison);
    assert.ok(rows[0]!.attempts > 2);
    assert.match(String(rows[0]!.last_error), /HTTP 500/);
    gateway.stop();
  });

  it("finds the one at fault when the portal refuses a batch without saying which", async () => {
    const bad = newCode();
    const good = Array.from({ length: 5 }, newCode);
    const gateway = await startPortalInBetween(portal.url, async ({ pass }) => {
      const answer = JSON.parse(await pass()) as { error_code: string; result?: unknown };
      if (answer.error_code === "1") delete answer.result;
      return JSON.stringify(answer);
    });
    await commit(db, bad, [{ dossier: makeDossier(bad, { status: 9 }) }]);
    for (const code of good) await commit(db, code, story(code).slice(0, 1));
    work(gateway.url);
    await until("all judged", async () => (await readOutbox(db)).every(({ state }) => state !== "pending"));
    assert.match(String((await readOutbox(db, bad))[0]?.last_error), /9 không được theo sau/);
    for (const code of good) assert.equal((await readOutbox(db, code))[0]?.state, "delivered");
    gateway.stop();
  });

  it("loses and doubles nothing while the portal misbehaves in every way", async () => {
    await portal.setFaults({
      errorRate: 0.1,
      dropAckRate: 0.1,
      garbageRate: 0.1,
      codeZeroFailureRate: 0.1,
      latencyMs: 5,
    });
    const codes = Array.from({ length: 40 }, newCode);
    work();
    for (const code of codes) await commit(db, code, story(code));
    const end = setTimeout(() => void portal.setFaults({}), 15_000);
    await untilDelivered(db, 50_000);
    clearTimeout(end);
    await portal.setFaults({});
    await storiesArrived(codes);
  });

  it("ignores at the portal what was kept there although we were cut off", async () => {
    await portal.setFaults({ dropAckRate: 1 });
    const code = newCode();
    await commit(db, code, [{ dossier: makeDossier(code) }, { progress: makeProgress(code, 2, 0) }]);
    // What is asked before the first message is cut off too.
    work();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await portal.setFaults({});
    await untilDelivered(db, 20_000);
    assert.equal((await received(code)).progress.length, 1);
  });

  it("shares the work between two workers without doubling any", async () => {
    const before = await portal.get<Summary>("/_summary");
    await portal.setFaults({ latencyMs: 10 });
    const codes = Array.from({ length: 80 }, newCode);
    work();
    work();
    await Promise.all(codes.map((code) => commit(db, code, story(code))));
    await untilDelivered(db, 40_000);
    await storiesArrived(codes);
    const after = await portal.get<Summary>("/_summary");
    assert.equal(after.messages - before.messages, 80 * 8);
    assert.equal(after.duplicatesIgnored - before.duplicatesIgnored, 0);
    assert.ok((await readOutbox(db)).every(({ attempts }) => attempts === 1));
  });

  async function startChild(): Promise<ChildProcess> {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "test/national-portal/worker-process.ts", ours.url, portal.url],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    await once(child.stdout, "data");
    return child;
  }

  it("takes up at once what a killed worker had claimed", async () => {
    await portal.setFaults({ latencyMs: 4000 });
    const codes = Array.from({ length: 10 }, newCode);
    for (const code of codes) await commit(db, code, story(code));
    const child = await startChild();
    // Logging in takes the first four seconds; the claim is there before.
    await until("a claim", async () => (await readOutbox(db)).some(({ claimed_by }) => claimed_by !== null));
    child.kill("SIGKILL");
    await once(child, "exit");
    await portal.setFaults({});
    assert.ok((await readOutbox(db)).some(({ claimed_by }) => claimed_by !== null));
    const start = performance.now();
    work();
    await untilDelivered(db, 10_000);
    assert.ok(performance.now() - start < 5000);
    await storiesArrived(codes);
  });

  it("keeps order when workers are killed at random", async () => {
    await portal.setFaults({ latencyMs: 30 });
    const codes = Array.from({ length: 60 }, newCode);
    const filing = (async () => {
      for (const code of codes) await commit(db, code, story(code));
    })();
    for (let round = 0; round < 3; round++) {
      const child = await startChild();
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 250));
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await filing;
    work();
    await untilDelivered(db, 30_000);
    await storiesArrived(codes);
  });

  it("goes on after the database has cut its connections", async () => {
    const code = newCode();
    work();
    await commit(db, code, [{ dossier: makeDossier(code) }]);
    await untilDelivered(db);
    await db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
    );
    await commit(db, code, [{ progress: makeProgress(code, 2, 0) }]);
    await untilDelivered(db);
  });

  it("stops within four seconds although the portal is silent, and keeps no claim", async () => {
    await portal.setFaults({ latencyMs: 8000 });
    const code = newCode();
    await commit(db, code, story(code));
    const delivery = work();
    await until("a claim", async () => (await readOutbox(db)).some(({ claimed_by }) => claimed_by !== null));
    const start = performance.now();
    await delivery.stop();
    assert.ok(performance.now() - start < 4000);
    assert.ok(
      (await readOutbox(db)).every(({ state, claimed_by }) => state === "pending" && claimed_by === null),
    );
  });

  it("finds what differs from the portal", async () => {
    const [same, behind, missing] = [newCode(), newCode(), newCode()];
    work();
    for (const code of [same, behind]) await commit(db, code, story(code).slice(0, 2));
    await untilDelivered(db);
    await working[0]!.stop();
    await commit(db, behind, story(behind).slice(2, 4));
    await db.query("update dossiers set due_at = '2023-12-01T17:00:00+07:00' where code = $1", [behind]);
    await commit(db, missing, story(missing).slice(0, 1));
    const { compared, differences } = await compareWithPortal(deps(), [same, behind, missing, "x"], "test");
    assert.equal(compared, 3);
    assert.deepEqual(
      differences.map(({ dossierCode, what, ours: us, theirs: them }) => [dossierCode, what, us, them]),
      [
        [behind, "TrangThaiHoSo", "4", "2"],
        [behind, "NgayHenTra", "20231201170000", ""],
        [behind, "SoLuongTienTrinh", "2", "1"],
        [missing, "missing", missing, ""],
      ],
    );
    assert.equal((await portalSync(db)).differences, 4);
  });
});
