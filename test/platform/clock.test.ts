import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { clockFrom, openClock, systemClock } from "../../server/platform/clock.ts";
import { movableClock } from "../support/clock.ts";

describe("the clock", () => {
  it("starts where it is told and runs on at normal speed", () => {
    const reference = Date.now() - 90_000;
    const shown = clockFrom("2025-01-02T08:00:00+07:00", reference).now().getTime();
    const expected = Date.parse("2025-01-02T08:01:30+07:00");
    assert.ok(shown >= expected && shown < expected + 5_000, String(shown - expected));
  });

  it("shows the same in every process that shares start and reference", () => {
    const setting = { start: "2031-05-06T07:00:00+07:00", reference: 1_700_000_000_000 };
    const difference =
      openClock(setting).now().getTime() -
      openClock({ ...setting })
        .now()
        .getTime();
    assert.ok(Math.abs(difference) < 50);
  });

  it("is the machine's own without a setting", () => {
    assert.equal(openClock(undefined), systemClock);
    assert.ok(Math.abs(systemClock.now().getTime() - Date.now()) < 50);
  });

  it("refuses a start that is no moment", () => {
    assert.throws(() => clockFrom("soon"), RangeError);
  });

  it("stands still for a test until it is moved", () => {
    const clock = movableClock("2026-11-23T08:00:00+07:00");
    assert.equal(clock.now().toISOString(), "2026-11-23T01:00:00.000Z");
    clock.advance(60_000);
    assert.equal(clock.now().toISOString(), "2026-11-23T01:01:00.000Z");
    clock.moveTo("2027-01-01T00:00:00+07:00");
    assert.equal(clock.now().toISOString(), "2026-12-31T17:00:00.000Z");
  });
});
