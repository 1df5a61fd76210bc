import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, it } from "mocha";
import { ConfigError, readConfig, type Environment } from "../../server/config.ts";

/** All that is wrong with an environment, in one text. */
function problemsOf(env: Environment, options?: { withOwner: boolean }): string[] {
  try {
    readConfig(env, options);
  } catch (cause) {
    assert.ok(cause instanceof ConfigError);
    return cause.problems;
  }
  return [];
}

describe("the settings", () => {
  it("need nothing at all on a fresh machine", () => {
    const config = readConfig({});
    assert.equal(config.port, 3000);
    assert.equal(config.dataDir, resolve(".data"));
    assert.equal(config.publicUrl, "http://localhost:3000");
    assert.equal(config.databaseUrl, undefined);
    assert.deepEqual(config.portal, {
      url: "http://localhost:4000",
      username: "motcua",
      password: undefined,
      unit: "000.00.00.H30",
      stubPort: 4000,
    });
    assert.equal(config.rateLimits, true);
    assert.equal(config.processes, 1);
    assert.equal(config.production, false);
  });

  it("say where the virus scanner listens, in one way", () => {
    assert.equal(readConfig({}).scanner, undefined);
    assert.deepEqual(readConfig({ CLAMD_HOST: "clamd" }).scanner, { host: "clamd", port: 3310 });
    assert.deepEqual(readConfig({ CLAMD_SOCKET: "/run/clamd.ctl" }).scanner, { socket: "/run/clamd.ctl" });
    assert.equal(problemsOf({ CLAMD_HOST: "clamd", CLAMD_SOCKET: "/run/clamd.ctl" }).length, 1);
    assert.equal(problemsOf({ CLAMD_PORT: "3310" }).length, 1);
  });

  it("let the public address follow the port, and lose its last slash", () => {
    assert.equal(readConfig({ PORT: "8080" }).publicUrl, "http://localhost:8080");
    assert.equal(readConfig({ PUBLIC_URL: "https://motcua.example/" }).publicUrl, "https://motcua.example");
  });

  it("report everything that is wrong together", () => {
    const problems = problemsOf({
      PORT: "0",
      PROCESSES: "two",
      RATE_LIMITS: "no",
      LOG_LEVEL: "loud",
      NODE_ENV: "prod",
      PUBLIC_URL: "motcua.example",
      DEMO_PASSWORD: "short",
      PORTAL_INBOUND_TOKEN: "short",
    });
    for (const name of [
      "PORT",
      "PROCESSES",
      "RATE_LIMITS",
      "LOG_LEVEL",
      "NODE_ENV",
      "PUBLIC_URL",
      "DEMO_PASSWORD",
    ])
      assert.ok(
        problems.some((problem) => problem.startsWith(name)),
        name,
      );
    assert.equal(problems.length, 8);
  });

  it("never repeat the address of a database, which holds a password", () => {
    const problems = problemsOf({ DATABASE_URL: "mysql://a:geheim@b/c", DATABASE_OWNER_URL: "geheim" });
    assert.equal(problems.length, 2);
    assert.ok(!problems.join().includes("geheim"));
  });

  it("refuse in production what is for trying out", () => {
    assert.deepEqual(problemsOf({ NODE_ENV: "production" }), []);
    assert.deepEqual(problemsOf({ NODE_ENV: "production", CLOCK_START: "2026-11-23T08:00:00+07:00" }), [
      "CLOCK_START is refused in production",
    ]);
    assert.deepEqual(problemsOf({ NODE_ENV: "production", RATE_LIMITS: "off" }), [
      "RATE_LIMITS=off is refused in production",
    ]);
  });

  it("take a moment with its zone for the clock, and nothing else", () => {
    for (const start of ["2026-11-23T08:00:00+07:00", "2026-11-23T01:00Z", "2026-11-23T01:00:00.000Z"])
      assert.equal(readConfig({ CLOCK_START: start }).clock?.start, start);
    for (const start of [
      "2026-11-23",
      "2026-11-23T08:00:00",
      "yesterday",
      "2026-13-01T00:00Z",
      "2026-02-29T08:00Z",
      "2026-11-23T24:00Z",
    ])
      assert.equal(problemsOf({ CLOCK_START: start }).length, 1, start);
  });

  it("start no stub for a portal elsewhere, and then want to know how to log in there", () => {
    assert.deepEqual(problemsOf({ PORTAL_URL: "https://portal.example" }).sort(), [
      "PORTAL_PASSWORD is missing: PORTAL_URL is not our own stub",
      "PORTAL_UNIT is missing: PORTAL_URL is not our own stub",
      "PORTAL_USERNAME is missing: PORTAL_URL is not our own stub",
    ]);
    const elsewhere = readConfig({
      PORTAL_URL: "https://portal.example/",
      PORTAL_USERNAME: "u",
      PORTAL_PASSWORD: "p",
      PORTAL_UNIT: "000.00.00.H30",
    });
    assert.equal(elsewhere.portal.stubPort, undefined);
    assert.equal(elsewhere.portal.url, "https://portal.example");
  });

  it("know the stub under its own address", () => {
    const portal = readConfig({ PORTAL_URL: "http://127.0.0.1:4100/", PORTAL_STUB_PORT: "4100" }).portal;
    assert.equal(portal.stubPort, 4100);
    assert.deepEqual(problemsOf({ PORT: "4000" }), ["PORT and PORTAL_STUB_PORT are both 4000"]);
  });

  it("want an outside database's owner only where there are migrations to run", () => {
    const env = { DATABASE_URL: "postgres://motcua:p@db/motcua" };
    assert.deepEqual(problemsOf(env), []);
    assert.match(problemsOf(env, { withOwner: true }).join(), /DATABASE_OWNER_URL is missing/);
    assert.match(
      problemsOf({ ...env, DATABASE_OWNER_URL: env.DATABASE_URL }, { withOwner: true }).join(),
      /the same user/,
    );
    assert.match(
      problemsOf({ DATABASE_OWNER_URL: "postgres://o:p@db/motcua" }).join(),
      /without DATABASE_URL/,
    );
  });
});
