import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isToRemind } from "../../server/processing/result-reminders.ts";
import type { Unclaimed } from "../../server/processing/result-reminders.ts";

const DAY = 86_400_000;

describe("whoever has not come for a result", () => {
  const now = new Date("2026-11-23T08:00:00+07:00");
  const waiting = (days: number, change: Partial<Unclaimed> = {}): Unclaimed => ({
    code: "000.15.32.H30-261101-0001",
    name: "Nguyễn Thị Thử",
    phone: "0900000001",
    procedureName: "Thủ tục thử nghiệm",
    finishedAt: new Date(now.getTime() - days * DAY),
    method: "counter",
    reminders: 0,
    remindedAt: null,
    ...change,
  });

  it("is reminded after seven days, and again seven days after each reminder", () => {
    assert.equal(isToRemind(waiting(6.9), now), false);
    assert.equal(isToRemind(waiting(7), now), true);
    const reminded = (days: number) => ({ reminders: 1, remindedAt: new Date(now.getTime() - days * DAY) });
    assert.equal(isToRemind(waiting(20, reminded(6)), now), false);
    assert.equal(isToRemind(waiting(20, reminded(7)), now), true);
  });

  it("is not reminded where the result goes to him by post", () => {
    assert.equal(isToRemind(waiting(30, { method: "postal" }), now), false);
  });
});
