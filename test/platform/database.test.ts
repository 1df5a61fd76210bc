import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { assertUnprivileged, openDatabase, TooPowerful } from "../../server/platform/database.ts";
import { makeStubDatabase, migrate } from "../../server/platform/migrate.ts";
import { withTestDatabase } from "../support/database.ts";

const rejects = (work: PromiseLike<unknown>, what: RegExp) => assert.rejects(Promise.resolve(work), what);

describe("the database", () => {
  const database = withTestDatabase();

  it("lets each process act as its role alone", async () => {
    for (const role of ["app", "worker", "tracking", "statistics"] as const) {
      const { rows } = await database.open(role).raw<{ rows: unknown[] }>("select current_user::text as who");
      assert.deepEqual(rows, [{ who: role }]);
    }
  });

  it("gives the login nothing before it has taken a role", async () => {
    const bare = openDatabase(database.url);
    await rejects(bare("agencies").select(), /permission denied/);
    await bare.destroy();
  });

  it("lets no role change, delete or empty history", async () => {
    for (const role of ["app", "worker", "tracking", "statistics"] as const) {
      const db = database.open(role);
      await rejects(db("events").update({ type: "X" }), /permission denied/);
      await rejects(db("events").delete(), /permission denied/);
      await rejects(db.raw("truncate events cascade"), /permission denied/);
    }
  });

  it("shows the public no person", async () => {
    const tracking = database.open("tracking");
    await rejects(tracking("dossier_people").select(), /permission denied/);
    await rejects(tracking("event_personal").select(), /permission denied/);
    await rejects(tracking("dossiers").select("secret_cipher"), /permission denied/);
    assert.deepEqual(await tracking("dossiers").select("code", "status"), []);
  });

  it("reads counts as numbers, days as text and moments as dates", async () => {
    const { rows } = await database
      .open("app")
      .raw<{ rows: unknown[] }>(
        "select count(*) as n, date '2026-11-24' as day, timestamptz '2026-11-24T08:00+07' as at from agencies",
      );
    assert.deepEqual(rows, [{ n: 458, day: "2026-11-24", at: new Date("2026-11-24T01:00:00Z") }]);
  });

  it("refuses to round a number that is too large", async () => {
    await rejects(database.open("app").raw("select 9007199254740993::bigint"), /does not fit/);
  });

  it("accepts the program's login and refuses the owner's", async () => {
    await assertUnprivileged(database.open("app"), ["events"]);
    await assert.rejects(assertUnprivileged(database.open(), ["events"]), TooPowerful);
  });

  it("refuses a login whose role may change an append-only table", async () => {
    await database.open().raw("grant delete on calendar_years to worker");
    await assertUnprivileged(database.open("app"), ["events"]);
    await assert.rejects(
      assertUnprivileged(database.open("app"), ["events", "calendar_years"]),
      /can change history: calendar_years \(worker\)/,
    );
  });

  it("migrates once and then finds nothing to do", async () => {
    assert.deepEqual(await migrate(database.ownerUrl, database.url), []);
  });

  it("gives the portal's stub a database that the program cannot enter", async () => {
    const url = await makeStubDatabase(database.ownerUrl, "mật khẩu thử");
    const stub = openDatabase(url);
    try {
      await stub.raw("create table proof (id int)");
      const intruder = openDatabase(database.url.replace(/\/[^/]*$/, new URL(url).pathname));
      await rejects(intruder.raw("select 1"), /permission denied for database/);
      await intruder.destroy();
      const curious = openDatabase(url.replace(/\/[^/]*$/, new URL(database.url).pathname));
      await rejects(curious.raw("select 1"), /permission denied for database/);
      await curious.destroy();
    } finally {
      await stub.destroy();
      const owner = database.open();
      const name = new URL(url).pathname.slice(1);
      await owner.raw("drop database ?? with (force)", [name]);
      await owner.raw("drop role ??", [name]);
    }
  });
});

describe("the seeds", () => {
  const database = withTestDatabase();

  it("are the province's 458 agencies in one tree", async () => {
    const { rows } = await database.open("app").raw<{ rows: { kind: string; n: number }[] }>(
      `with recursive tree as (
         select code, kind from agencies where parent is null
         union all select a.code, a.kind from agencies a join tree t on a.parent = t.code)
       select kind, count(*) as n from tree group by kind order by kind`,
    );
    assert.deepEqual(Object.fromEntries(rows.map(({ kind, n }) => [kind, n])), {
      centre: 1,
      committee: 1,
      commune: 75,
      department: 19,
      district: 8,
      division: 354,
    });
  });

  it("are the calendar years, the last of them provisional", async () => {
    const years = await database
      .open("app")("calendar_years")
      .select("year", "version", "provisional")
      .orderBy("year");
    assert.deepEqual(
      years,
      [2021, 2022, 2023, 2024, 2025, 2026, 2027].map((year) => ({
        year,
        version: 1,
        provisional: year === 2027,
      })),
    );
  });
});
