import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { passLimits } from "../../server/processing/pass-limits.ts";
import { isGood, tellDay } from "../../tools/demo/report.ts";
import { playWorkingDay } from "../../tools/demo/working-day.ts";
import { withTestApp } from "../support/app.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { withTestPortal } from "../support/portal.ts";

describe("a small working day of the demonstration", function () {
  this.timeout(300_000);
  const app = withTestApp();
  const portal = withTestPortal(app);
  const ticking: NodeJS.Timeout[] = [];

  // The day needs a clock that goes, and a worker that says when a consulted agency's limit has passed.
  beforeEach(async () => {
    const deps = await openDeps(app.parts);
    ticking.push(setInterval(() => app.clock.advance(100), 100));
    ticking.push(setInterval(() => void passLimits(deps).catch(() => undefined), 1_000));
  });
  afterEach(() => ticking.splice(0).forEach((timer) => clearInterval(timer)));

  it("carries every process, and the portal ends with what we hold although it failed on the way", async () => {
    await portal.faults({ latencyMs: 3 });
    const undoings: (() => Promise<void>)[] = [];
    const report = await playWorkingDay(
      {
        url: app.url,
        portalUrl: portal.url,
        password: TEST_PASSWORD,
        databaseUrl: () => Promise.resolve(app.database.url),
      },
      { dossiers: 16, seed: 44, atOnce: 4 },
      { say: () => undefined, lastly: (undo) => void undoings.push(undo) },
    );
    assert.ok(isGood(report), tellDay(report));
    assert.deepEqual([...new Set(report.made.map(({ process }) => process))].sort(), "abcdefghij".split(""));
    const statuses = new Set(report.made.map(({ status }) => status));
    assert.ok(statuses.has(10) && statuses.size >= 3, tellDay(report));
    assert.ok(report.deliveries.repeated > 0, "the portal failed, and nothing was sent again");
    assert.equal(report.deliveries.delivered, report.deliveries.messages);
    assert.equal(report.portalAfter.outOfOrder, 0);
    const faults = await portal.get<{ latencyMs: number; errorRate: number }>("/_faults");
    assert.deepEqual(
      { latencyMs: faults.latencyMs, errorRate: faults.errorRate },
      { latencyMs: 3, errorRate: 0 },
    );
    assert.equal(undoings.length, 1);
  });
});
