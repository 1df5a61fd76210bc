import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { checkHistory } from "../../server/dossier/check-history.ts";
import { openDeps } from "../../server/open-deps.ts";
import type { Database } from "../../server/platform/database.ts";
import { makeDossiers } from "../../tools/generate/make-dossiers.ts";
import { lookForRoom } from "../../tools/generate/room.ts";
import { WrongUsage, readSettings } from "../../tools/generate/settings.ts";
import { withTestApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { makeTestDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { acted, expectStatus } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";

const SETTINGS = readSettings("--dossiers 300 --from 2026-09-01 --to 2026-11-20 --seed 11".split(" "));

function make(app: TestApp, database: TestDatabase, settings = SETTINGS) {
  const { files, secrets } = app.parts;
  const [now, publicUrl] = [app.clock.now(), "http://mot-cua.test"];
  return makeDossiers(settings, {
    database,
    files,
    secrets,
    publicUrl,
    now,
    threads: 2,
    say: () => undefined,
  });
}

interface Made {
  code: string;
  status: number;
  process: string;
  closed: boolean;
  history: string;
}

async function readMade(db: Database): Promise<Made[]> {
  const { rows } = await db.raw<{ rows: Made[] }>(
    `select d.code, d.status, v.machines -> d.tier -> 'meta' -> 'declared' ->> 'process' as process,
        d.closed_at is not null as closed,
        (select string_agg(e.type || ' ' || e.at || ' ' || e.actor, ', ' order by e.seq) from events e
          where e.dossier_id = d.id) as history
       from dossiers d join procedure_versions v on v.id = d.procedure_version_id order by d.code`,
  );
  return rows;
}

describe("dossiers made in bulk", function () {
  this.timeout(120_000);
  const app = withTestApp();
  let db: Database;
  let made: Made[];

  before(async () => {
    await make(app, app.database);
    db = app.database.open();
    made = await readMade(db);
  });

  it("are as many as were asked for, of every process, open and closed, and end in every way", () => {
    assert.equal(made.length, 300);
    assert.deepEqual(
      [...new Set(made.map(({ process }) => process))].sort(),
      "a b c d e f g h i j".split(" "),
    );
    const open = made.filter(({ closed }) => !closed).length;
    assert.ok(open > 5 && open < 150, `${open} are open`);
    const statuses = new Set(made.map(({ status }) => status));
    for (const status of [3, 4, 9, 10]) assert.ok(statuses.has(status), `none has status ${status}`);
  });

  it("carry a history, state, dates and files that hold", async () => {
    const { dossiers, files, findings } = await checkHistory(await openDeps(app.parts));
    assert.deepEqual(findings, []);
    assert.equal(dossiers, 300);
    assert.ok(files > 3);
  });

  it("are numbered without gaps by unit and day, and so are outgoing documents", async () => {
    const days = new Map<string, number[]>();
    for (const { code } of made) {
      const [, day = "", number = ""] = /^(.*)-(\d{4,})$/.exec(code) ?? [];
      days.set(day, [...(days.get(day) ?? []), Number(number)]);
    }
    for (const [day, numbers] of days)
      assert.deepEqual(
        numbers.sort((a, b) => a - b),
        [...numbers.keys()].map((at) => at + 1),
        day,
      );
    const { rows } = await db.raw<{ rows: { agency: string }[] }>(
      `select n.agency from document_numbers n join document_counters c using (agency, year)
        group by n.agency, n.year, c.last having count(*) <> c.last or max(n.number) <> c.last
           or bool_or(n.reserved_at < (select m.reserved_at from document_numbers m
                where m.agency = n.agency and m.year = n.year and m.number = n.number - 1))`,
    );
    assert.deepEqual(rows, []);
  });

  it("are handled in office hours, and filed at the counter on worked days", async () => {
    const { rows } = await db.raw<{ rows: { type: string; at: string }[] }>(
      `select type, (at at time zone 'Asia/Ho_Chi_Minh')::text as at from events
        where actor_role not in ('portal', 'citizen', 'worker')
          and (extract(isodow from at at time zone 'Asia/Ho_Chi_Minh') > 5
            or (at at time zone 'Asia/Ho_Chi_Minh')::time not between '07:00' and '17:00:00')`,
    );
    assert.deepEqual(rows, []);
  });

  it("leave every index and key in its place", async () => {
    const fresh = await makeTestDatabase();
    try {
      assert.deepEqual(await guardsOf(db), await guardsOf(fresh.open()));
    } finally {
      await fresh.drop();
    }
  });

  it("are the same for the same seed, and others for another", async () => {
    const again = await makeTestDatabase();
    const other = await makeTestDatabase();
    try {
      await make(app, again);
      assert.deepEqual(await readMade(again.open()), made);
      await make(app, other, { ...SETTINGS, seed: 12, dossiers: 20 });
      const codes = new Set(made.map(({ code, history }) => code + history));
      const others = await readMade(other.open());
      assert.ok(others.every(({ code, history }) => !codes.has(code + history)));
    } finally {
      await again.drop();
      await other.drop();
    }
  });

  it("are opened and acted upon like any other", async () => {
    const desk = app.as("centre.frontdesk");
    const open = await db.raw<{ rows: { code: string }[] }>(
      "select code from dossiers where closed_at is null and intake_agency = '000.00.20.H30' order by id limit 1",
    );
    const code = open.rows[0]?.code ?? "";
    const dossier = expectStatus(await desk.get<DossierBody>(`/dossiers/${code}`), 200);
    const after = await acted(desk, code, {
      type: "CORRECT",
      fields: [{ path: "note", before: "", after: "Đã gọi điện cho người nộp." }],
      reason: "Bổ sung ghi chú.",
    });
    assert.equal(after.version, dossier.version + 1);
    const { findings } = await checkHistory(await openDeps(app.parts), { withFiles: false });
    assert.deepEqual(findings, []);
  });

  it("are added beside those that are there, their numbers going on", async () => {
    await make(app, app.database, { ...SETTINGS, seed: 13, dossiers: 40 });
    const { dossiers, findings } = await checkHistory(await openDeps(app.parts), { withFiles: false });
    assert.deepEqual({ dossiers, findings }, { dossiers: 340, findings: [] });
  });
});

async function guardsOf(db: Database): Promise<unknown[]> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid::regclass::text !~ '^pg_'
     union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
     order by definition`,
  );
  return rows;
}

describe("the command line of the generator", () => {
  it("says what it takes", () => {
    assert.throws(() => readSettings(["--dossiers", "many"]), WrongUsage);
    assert.throws(() => readSettings([]), WrongUsage);
    assert.throws(
      () => readSettings("--dossiers 5 --from 2026-02-01 --to 2026-01-01".split(" ")),
      WrongUsage,
    );
    assert.equal(readSettings(["--dossiers", "5"]).from, "2025-01-01");
  });

  it("knows that ten thousand million dossiers have no room", async () => {
    const { needed, free } = await lookForRoom(".", 10_000_000_000);
    assert.ok(needed > free);
  });
});
