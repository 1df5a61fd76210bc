import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import {
  logIn,
  logOut,
  openSessions,
  removeExpiredSessions,
  SESSION_LENGTH,
} from "../../server/accounts/sessions.ts";
import { Unauthenticated } from "../../server/platform/errors.ts";
import type { Database } from "../../server/platform/database.ts";
import { movableClock } from "../support/clock.ts";
import { TEST_PASSWORD, withTestDatabase } from "../support/database.ts";

describe("sessions", () => {
  const database = withTestDatabase();
  const clock = movableClock("2026-11-23T08:00:00+07:00");
  /** What the cache takes for the time that has passed, in milliseconds. */
  let passed = 0;
  let db: Database;
  before(() => {
    db = database.open("app");
  });
  const process = () => openSessions({ db, clock }, () => passed);
  const open = (username = "stp.specialist") => logIn({ db, clock }, { username, password: TEST_PASSWORD });

  it("open with name and password, for the account behind them", async () => {
    const { token, account, expiresAt } = await open();
    assert.equal(account.username, "stp.specialist");
    assert.equal(account.agency, "000.00.03.H30");
    assert.deepEqual(account.roles, ["specialist"]);
    assert.equal(expiresAt.getTime(), clock.now().getTime() + SESSION_LENGTH);
    assert.deepEqual(await process().find(token), account);
  });

  it("stay closed to a wrong password, an unknown name and a disabled account, in the same words", async () => {
    await database.open()("accounts").where("username", "sxd.clerk").update({ active: false });
    const messages = new Set<string>();
    for (const [username, password] of [
      ["stp.specialist", "sai-mat-khau"],
      ["stp.nobody", TEST_PASSWORD],
      ["sxd.clerk", TEST_PASSWORD],
      ["stp.specialist", TEST_PASSWORD.repeat(20)],
    ] as const)
      await assert.rejects(logIn({ db, clock }, { username, password }), (cause) => {
        assert.ok(cause instanceof Unauthenticated);
        messages.add(cause.publicMessage);
        return true;
      });
    assert.equal(messages.size, 1);
  });

  it("keep no token, only its hash", async () => {
    const { token } = await open();
    const { rows } = await db.raw<{ rows: { kept: string }[] }>(
      "select encode(token_hash, 'base64') as kept from sessions",
    );
    const kept = rows.map((row) => row.kept.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""));
    assert.ok(kept.length > 0 && !kept.includes(token));
  });

  it("are unknown to a made-up token", async () => {
    const sessions = process();
    for (const token of ["", "x", "A".repeat(43), `${"A".repeat(42)}'`, "A".repeat(10_000)])
      assert.equal(await sessions.find(token), undefined);
  });

  it("end after twelve hours, even when just looked up", async () => {
    const { token } = await open();
    const sessions = process();
    clock.advance(SESSION_LENGTH - 1);
    assert.equal((await sessions.find(token))?.username, "stp.specialist");
    clock.advance(1);
    assert.equal(await sessions.find(token), undefined);
    assert.ok((await removeExpiredSessions(db, clock)) >= 1);
  });

  it("end at once where somebody logs out, elsewhere within two seconds", async () => {
    const { token } = await open();
    const [here, elsewhere] = [process(), process()];
    assert.ok(await here.find(token));
    assert.ok(await elsewhere.find(token));
    await logOut(here, { db }, token);
    assert.equal(await here.find(token), undefined);
    passed += 2_000;
    assert.equal(await elsewhere.find(token), undefined);
  });

  it("end within two seconds when the account is disabled", async () => {
    const { token } = await open("syt.head");
    const sessions = process();
    assert.ok(await sessions.find(token));
    await database.open()("accounts").where("username", "syt.head").update({ active: false });
    passed += 2_000;
    assert.equal(await sessions.find(token), undefined);
  });

  it("cost no query while they are fresh", async () => {
    const { token } = await open();
    const sessions = process();
    await sessions.find(token);
    let queries = 0;
    const count = () => queries++;
    db.on("query", count);
    for (let n = 0; n < 50; n++) assert.ok(await sessions.find(token));
    db.removeListener("query", count);
    assert.equal(queries, 0);
  });
});
