import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { freePort } from "../../server/platform/ports.ts";

/** The whole program as `npm start` runs it, on ports and a folder of its own, with the embedded database. */
describe("npm start", function () {
  this.timeout(180_000);
  let dataDir: string;
  let main: ChildProcess;
  let output = "";
  let messages = "";
  /** What the processes had told in their logs when the address was said. */
  let toldBefore = "";
  let port: number;
  let stubPort: number;

  async function start(extra: NodeJS.ProcessEnv = {}): Promise<void> {
    output = messages = toldBefore = "";
    const env = { ...process.env, DATABASE_URL: undefined, DATABASE_OWNER_URL: undefined };
    main = spawn(process.execPath, ["server/main.js"], {
      env: {
        ...{ ...env, PORT: String(port), PORTAL_STUB_PORT: String(stubPort), DATA_DIR: dataDir },
        ...{ LOG_LEVEL: "info", ...extra },
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    main.stdout?.on("data", (chunk) => (output += String(chunk)));
    main.stderr?.on("data", (chunk) => (messages += String(chunk)));
    await new Promise<void>((resolve, reject) => {
      main.stdout?.on("data", () => {
        if (output.includes(`ready http://localhost:${port}\n`)) resolve();
      });
      main.once("exit", () => reject(new Error(`it ended before it was ready:\n${output}\n${messages}`)));
    });
    // The other pipe may be read a moment later; a process takes longer than this to start.
    await pause(50);
    toldBefore = messages;
  }

  /** Sends the signal; answers how many milliseconds it took to end, and with which code. */
  async function stop(signal: NodeJS.Signals): Promise<{ took: number; code: number | null }> {
    const begun = performance.now();
    const ended = new Promise<number | null>((resolve) => main.once("exit", (code) => resolve(code)));
    main.kill(signal);
    const code = await ended;
    return { code, took: performance.now() - begun };
  }

  const get = (path: string) => fetch(`http://localhost:${port}${path}`);
  const logIn = (password: string) =>
    fetch(`http://localhost:${port}/api/v1/sessions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "commune.frontdesk", password }),
    });

  before(async () => {
    dataDir = join(makeTemporaryFolder("start"), "data");
    port = await freePort();
    stubPort = await freePort();
    await start();
  });
  after(async () => {
    if (main.exitCode === null && main.signalCode === null) await stop("SIGTERM");
    const location = await readFile(join(dataDir, "postgres", "location"), "utf8").catch(() => undefined);
    if (location !== undefined) await rm(location.trim(), { recursive: true, force: true });
    await rm(join(dataDir, ".."), { recursive: true, force: true });
  });

  it("ends its output with the address, and says before where to log in", async () => {
    assert.ok(output.endsWith(`ready http://localhost:${port}\n`), output);
    assert.match(toldBefore, /"serving"/);
    assert.match(toldBefore, /"worker started"/);
    assert.ok(output.includes(`portal stub ready http://localhost:${stubPort}`), output);
    const password = (await readFile(join(dataDir, "demo-password"), "utf8")).trim();
    assert.ok(output.includes(password));
    assert.equal((await logIn(password)).status, 201);
  });

  it("serves, is healthy, and has a portal to talk to", async () => {
    assert.equal((await get("/health/live")).status, 200);
    assert.equal((await get("/health/ready")).status, 200);
    assert.match(await (await get("/metrics")).text(), /^http_request_seconds_count/m);
    const summary = await fetch(`http://localhost:${stubPort}/_summary`);
    assert.equal(summary.status, 200);
    const found = (await (await get("/api/v1/procedures?q=1.001193")).json()) as { total: number };
    assert.ok(found.total >= 1);
  });

  it("starts a second time on the same folder only to say that it runs already", async () => {
    const second = spawn(process.execPath, ["server/main.js"], {
      env: {
        ...process.env,
        DATABASE_URL: undefined,
        DATABASE_OWNER_URL: undefined,
        PORT: "1",
        DATA_DIR: dataDir,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    second.stderr.on("data", (chunk) => (said += String(chunk)));
    const code = await new Promise((resolve) => second.once("close", resolve));
    assert.equal(code, 1);
    assert.match(said, /runs already/);
    assert.equal((await get("/health/live")).status, 200);
  });

  it("stops within ten seconds and leaves nothing running", async () => {
    const { took, code } = await stop("SIGTERM");
    assert.equal(code, 0);
    assert.ok(took < 10_000, `${took} ms`);
    await assert.rejects(get("/health/live"));
    await assert.rejects(fetch(`http://localhost:${stubPort}/_summary`));
    await assert.rejects(readFile(join(dataDir, "postgres", "cluster", "postmaster.pid")), {
      code: "ENOENT",
    });
  });

  it("starts again with its data, under a clock and a password that are set, and as several web processes", async () => {
    await start({
      CLOCK_START: "2025-06-02T08:00:00+07:00",
      DEMO_PASSWORD: "mat-khau-dat-san",
      PROCESSES: "2",
    });
    assert.ok(!output.includes("mat-khau-dat-san"));
    assert.equal(toldBefore.match(/"serving"/g)?.length, 2, "each of them, before the address is said");
    assert.match(toldBefore, /"worker started"/);
    const answer = await logIn("mat-khau-dat-san");
    assert.equal(answer.status, 201);
    const { expiresAt } = (await answer.json()) as { expiresAt: string };
    assert.match(new Date(expiresAt).toISOString(), /^2025-06-02T1[34]:/);
  });

  it("outlives its own death: the next start takes over what a killed one left", async () => {
    await stop("SIGKILL");
    await start({ NODE_ENV: "production" });
    assert.ok(!output.includes("password"), output);
    assert.equal((await logIn("mat-khau-dat-san")).status, 401);
    assert.equal((await stop("SIGINT")).code, 0);
  });
});
