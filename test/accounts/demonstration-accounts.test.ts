import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  applyDemonstrationAccounts,
  disableDemonstrationAccounts,
} from "../../server/accounts/demonstration-accounts.ts";
import { logIn, openSessions } from "../../server/accounts/sessions.ts";
import { systemClock as clock } from "../../server/platform/clock.ts";
import { TEST_PASSWORD, withTestDatabase } from "../support/database.ts";

describe("the demonstration accounts", () => {
  const database = withTestDatabase();
  const logsIn = async (username: string, password: string) => {
    const { account } = await logIn({ db: database.open("app"), clock }, { username, password });
    return `${account.agency} ${account.roles.join()}`;
  };

  const who: [string, string][] = [
    ["admin", "000.00.00.H30 administrator"],
    ["inspector", "000.00.00.H30 inspector"],
    ["centre.frontdesk", "000.00.20.H30 frontdesk"],
    ["stp.frontdesk", "000.00.03.H30 frontdesk"],
    ["stnmt.head", "000.00.10.H30 head"],
    ["syt.clerk", "000.00.16.H30 clerk"],
    ["district.leader", "000.00.32.H30 leader"],
    ["commune.specialist", "000.15.32.H30 specialist"],
    ["chair.leader", "000.00.00.H30 leader"],
  ];
  for (const [username, is] of who)
    it(`know ${username}`, async () => {
      assert.equal(await logsIn(username, TEST_PASSWORD), is);
    });

  it("are five for each department, the district, the commune and the chair, and three more", async () => {
    const usernames = await applyDemonstrationAccounts(database.open(), TEST_PASSWORD);
    assert.equal(usernames.length, 5 * (19 + 1 + 3) + 3);
    assert.equal(new Set(usernames).size, usernames.length);
  });

  it("stay as they are when applied again with the same password", async () => {
    const owner = database.open();
    const state = () => owner("accounts").orderBy("id").select("id", "username", "password_hash");
    const before = await state();
    await applyDemonstrationAccounts(owner, TEST_PASSWORD);
    assert.deepEqual(await state(), before);
  });

  it("take a new password, which ends the sessions of the old one", async () => {
    const db = database.open("app");
    const { token } = await logIn({ db, clock }, { username: "stp.leader", password: TEST_PASSWORD });
    await applyDemonstrationAccounts(database.open(), "mot-mat-khau-khac");
    assert.equal(await logsIn("stp.leader", "mot-mat-khau-khac"), "000.00.03.H30 leader");
    await assert.rejects(logsIn("stp.leader", TEST_PASSWORD), { code: "wrong-credentials" });
    assert.equal(await openSessions({ db, clock }).find(token), undefined);
  });

  it("leave a real account of the same name alone", async () => {
    const owner = database.open();
    await owner("accounts")
      .where("username", "admin")
      .update({ demonstration: false, password_hash: "real" });
    await applyDemonstrationAccounts(owner, "lai-mot-mat-khau");
    const admin = await owner("accounts").where("username", "admin").first<{ password_hash: string }>();
    assert.equal(admin.password_hash, "real");
  });

  it("are all disabled for production, their sessions ended", async () => {
    const owner = database.open();
    await applyDemonstrationAccounts(owner, TEST_PASSWORD);
    await logsIn("stp.clerk", TEST_PASSWORD);
    assert.equal(await disableDemonstrationAccounts(owner), 117);
    await assert.rejects(logsIn("stp.clerk", TEST_PASSWORD), { code: "wrong-credentials" });
    const { rows } = await owner.raw<{ rows: unknown[] }>(
      "select from sessions s join accounts a on a.id = s.account_id where a.demonstration",
    );
    assert.equal(rows.length, 0);
    assert.equal(await disableDemonstrationAccounts(owner), 0);
  });
});
