import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lateRisk, type LateRisk, type Standing } from "../../server/statistics/early-warning.ts";
import { stepSamples, type StepEvent } from "../../server/statistics/step-samples.ts";
import { toVietnamIso } from "../../workflows/vietnam-time.ts";
import { calendar as CALENDAR } from "../workflows/charts.ts";

const at = (text: string) => new Date(`${text}:00+07:00`);
const told = (moment: Date | null) => (moment === null ? null : toVietnamIso(moment.getTime()).slice(0, 16));

function risk(standing: Standing): Record<keyof LateRisk, string | null> {
  const found = lateRisk(standing, CALENDAR);
  return Object.fromEntries(
    Object.entries(found).map(([name, moment]) => [name, told(moment as Date)]),
  ) as never;
}

/** Of office time: from 7:00 to 11:30 and from 13:30 to 17:00 are eight hours a day. */
const HOUR = 60;
const DAY = 8 * HOUR;

describe("the early warning", () => {
  it("tells two working days ahead, over the weekend", () => {
    // Due on a Tuesday: the working days before are Monday and Friday.
    const found = risk({
      dueAt: at("2026-11-17T17:00"),
      since: at("2026-11-10T07:00"),
      steps: [{ median: DAY, p90: 2 * DAY }],
    });
    assert.equal(found.toldFrom, "2026-11-13T00:00");
    assert.equal(found.prepareFrom, "2026-11-16T00:00");
  });

  it("tells two working days ahead, over Tết", () => {
    // Tết 2026 is off from Monday 16 to Friday 20 February, between two weekends.
    const found = risk({
      dueAt: at("2026-02-23T17:00"),
      since: at("2026-02-09T07:00"),
      steps: [{ median: DAY, p90: DAY }],
    });
    assert.equal(found.toldFrom, "2026-02-12T00:00");
    assert.equal(found.prepareFrom, "2026-02-13T00:00");
    assert.equal(found.suggestedDue, "2026-02-24T17:00");
  });

  it("warns from the moment at which what follows no longer fits, in office hours alone", () => {
    const steps = [
      { median: HOUR, p90: 2 * HOUR },
      { median: 4 * HOUR, p90: DAY },
      { median: 2 * HOUR, p90: DAY },
    ];
    // Of sixteen hours that follow for the slow tenth: Friday 13 has eight, Monday 23 has eight; Tết has none.
    const found = risk({ dueAt: at("2026-02-23T17:00"), since: at("2026-02-09T07:00"), steps });
    assert.equal(found.possibleFrom, "2026-02-13T07:00");
    // Six hours: from 9:00 on Monday (2.5 h to 11:30, 3.5 h in the afternoon).
    assert.equal(found.likelyFrom, "2026-02-23T09:00");
  });

  it("warns at once where the step and what follows will not be done in time", () => {
    const found = risk({
      dueAt: at("2026-11-17T17:00"),
      since: at("2026-11-16T13:30"),
      steps: [
        { median: HOUR, p90: DAY },
        { median: HOUR, p90: DAY },
      ],
    });
    assert.equal(found.possibleFrom, "2026-11-16T13:30");
    assert.equal(found.likelyFrom, "2026-11-17T16:00");
    // 3.5 h on Monday, 8 h on Tuesday, 4.5 h on Wednesday.
    assert.equal(found.suggestedDue, "2026-11-18T17:00");
  });

  it("is silent where the last step fits, and promises the next working day at least", () => {
    const found = risk({
      dueAt: at("2026-11-20T17:00"),
      since: at("2026-11-16T07:00"),
      steps: [{ median: HOUR, p90: 2 * HOUR }],
    });
    assert.deepEqual([found.possibleFrom, found.likelyFrom], [null, null]);
    assert.equal(found.suggestedDue, "2026-11-23T17:00");
  });
});

describe("how long steps take", () => {
  const event = (seq: number, moment: string, more: Partial<StepEvent>): StepEvent => ({
    ...{ seq, at: at(moment), fromState: "examining", toState: "examining", status: 4, actorAgency: "u" },
    ...more,
  });

  it("is counted in office minutes, over a weekend, without what was paused", () => {
    const events = [
      event(1, "2026-11-13T15:00", { fromState: "", toState: "accepted", status: 2 }),
      event(2, "2026-11-13T16:00", { fromState: "accepted", toState: "examining" }),
      event(3, "2026-11-13T16:30", { status: 5 }),
      event(4, "2026-11-16T10:00", { status: 4 }),
      event(5, "2026-11-16T11:00", { fromState: "examining", toState: "approving" }),
      event(6, "2026-11-16T14:00", { fromState: "approving", toState: "signing", actorAgency: null }),
    ];
    const found = stepSamples(events, "deciding", () => CALENDAR);
    assert.deepEqual(
      found.map(({ state, unit, minutes, seq }) => ({ state, unit, minutes, seq })),
      [
        { state: "accepted", unit: "u", minutes: 60, seq: 2 },
        { state: "examining", unit: "u", minutes: 90, seq: 5 },
        { state: "approving", unit: "deciding", minutes: 60, seq: 6 },
      ],
    );
  });

  it("leaves out what lies in a year without a calendar", () => {
    const events = [
      event(1, "2019-12-30T15:00", { fromState: "", toState: "accepted" }),
      event(2, "2019-12-31T15:00", { fromState: "accepted", toState: "examining" }),
    ];
    assert.deepEqual(
      stepSamples(events, "u", () => CALENDAR),
      [],
    );
  });
});
