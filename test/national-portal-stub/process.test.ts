import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import { makeScratchDatabase } from "../national-portal/scratch-database.ts";

describe("the portal stub as a process", () => {
  let database: Awaited<ReturnType<typeof makeScratchDatabase>>;
  before(async function () {
    this.timeout(60_000);
    database = await makeScratchDatabase();
  });
  after(() => database.drop());

  function start(environment: Record<string, string>): ChildProcess {
    const { PATH = "" } = process.env;
    return spawn(process.execPath, ["--import", "tsx", "server/national-portal-stub/main.ts"], {
      env: { PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  it("says when it is ready and stops within three seconds of SIGTERM", async () => {
    const child = start({
      PORTAL_STUB_PORT: "0",
      STUB_DATABASE_URL: database.url,
      PORTAL_USERNAME: "a",
      PORTAL_PASSWORD: "b",
      PROGRAM_URL: "http://127.0.0.1:9",
      PORTAL_INBOUND_TOKEN: "c",
      CLOCK_START: "2023-11-24T08:00:00+07:00",
    });
    const [line] = (await once(child.stdout!, "data")) as [Buffer];
    const url = /^portal stub ready (http:\S+)$/m.exec(line.toString())?.[1];
    assert.ok(url, line.toString());
    // A kept-alive connection must not hold up the stop.
    const summary: unknown = await (await fetch(`${url}/_summary`)).json();
    assert.deepEqual(summary, { byStatus: {}, messages: 0, duplicatesIgnored: 0, outOfOrder: 0 });
    const asked = performance.now();
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    assert.ok(performance.now() - asked < 3000);
  });

  it("names everything that is missing from its environment", async () => {
    const child = start({ PORTAL_USERNAME: "a" });
    const [line] = (await once(child.stderr!, "data")) as [Buffer];
    assert.match(line.toString(), /STUB_DATABASE_URL, PORTAL_PASSWORD, PROGRAM_URL, PORTAL_INBOUND_TOKEN/);
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 1);
  });
});
