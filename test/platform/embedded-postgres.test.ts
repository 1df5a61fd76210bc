import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import pg from "pg";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../server/platform/embedded-postgres.ts";

/** One statement on a connection of its own; answers the first column of the first row. */
async function ask(postgres: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl("postgres") });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
}

describe("the embedded PostgreSQL", function () {
  this.timeout(60_000);
  let directory: string;
  let postgres: EmbeddedPostgres;
  const settings = { shared_buffers: "32MB" };
  const start = async () => (postgres = await startEmbeddedPostgres({ directory, settings }));

  before(async () => {
    directory = makeTemporaryFolder("embedded");
    await start();
  });
  after(async () => {
    await postgres.stop();
    await rm(postgres.directory, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  });

  it("is PostgreSQL 18 that flushes each commit, sorts alike everywhere and knows Vietnamese letters", async () => {
    assert.equal(postgres.startedHere, true);
    assert.match(String(await ask(postgres, "show server_version")), /^18\./);
    assert.equal(await ask(postgres, "show fsync"), "on");
    assert.equal(await ask(postgres, "show synchronous_commit"), "on");
    assert.equal(
      await ask(postgres, "select datlocale from pg_database where datname = 'postgres'"),
      "C.UTF-8",
    );
    assert.equal(await ask(postgres, "select lower('ĐĂNG KÝ HỘ TỊCH')"), "đăng ký hộ tịch");
  });

  it("listens on this machine alone, and asks for the password", async () => {
    assert.equal(await ask(postgres, "show listen_addresses"), "127.0.0.1");
    assert.equal(await ask(postgres, "show unix_socket_directories"), "");
    const stranger = new pg.Client({
      host: "127.0.0.1",
      port: postgres.port,
      user: "postgres",
      password: "x",
    });
    await assert.rejects(stranger.connect(), /password authentication failed/);
  });

  it("is taken over by whoever comes second, and keeps running", async () => {
    const second = await startEmbeddedPostgres({ directory, settings });
    assert.equal(second.startedHere, false);
    assert.equal(second.pid, postgres.pid);
    assert.equal(await ask(second, "select 1"), 1);
  });

  it("keeps data and port over a clean stop", async () => {
    await ask(postgres, "create table kept as select 42 as n");
    const { port } = postgres;
    await postgres.stop();
    assert.equal(postgres.isRunning(), false);
    await start();
    assert.equal(postgres.startedHere, true);
    assert.equal(postgres.port, port);
    assert.equal(await ask(postgres, "select n from kept"), 42);
  });

  it("recovers what was committed before it was killed", async () => {
    await ask(postgres, "insert into kept values (43)");
    process.kill(postgres.pid, "SIGKILL");
    await start();
    assert.equal(await ask(postgres, "select sum(n)::int from kept"), 85);
  });

  it("starts again on its port at once when it is killed while others are in the middle of long work", async () => {
    const { port, pid } = postgres;
    const busy = new pg.Client({ connectionString: postgres.superuserUrl("postgres") });
    busy.on("error", () => undefined);
    await busy.connect();
    // Busy with itself: it does not look whether its server still lives.
    const work = busy.query("select count(*) from generate_series(1, 1e10::bigint)").catch(() => undefined);
    await sleep(200);
    process.kill(pid, "SIGKILL");
    const begun = performance.now();
    postgres = await startEmbeddedPostgres({ directory, settings, port });
    assert.ok(performance.now() - begun < 20_000);
    assert.equal(postgres.port, port);
    assert.equal(await ask(postgres, "select sum(n)::int from kept"), 85);
    await work;
    await busy.end().catch(() => undefined);
  });

  it("takes another port when somebody else has the old one", async () => {
    const { port } = postgres;
    await postgres.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await start();
    assert.notEqual(postgres.port, port);
    assert.equal(await readFile(join(directory, "port"), "utf8"), `${postgres.port}\n`);
    other.close();
  });

  it("is not deceived by a pid file that names another program", async () => {
    await postgres.stop();
    await writeFile(join(postgres.directory, "cluster", "postmaster.pid"), `${process.pid}\n\n0\n5432\n`);
    await start();
    assert.equal(postgres.startedHere, true);
    assert.notEqual(postgres.pid, process.pid);
  });
});
