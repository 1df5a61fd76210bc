/**
 * Working time and the due date, rule by rule, each row worked by hand on the civil service's calendar.
 * 2026: Tết 16–20/02, Giỗ Tổ bù 27/04, Quốc khánh 31/08–02/09, 24/11 (a Tuesday) off; Saturdays 10/01 and
 * 22/08 worked. Office hours 07:00–11:30 and 13:30–17:00.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import calendarSeed from "../../seeds/calendar.json" with { type: "json" };
import {
  CalendarMissing,
  addOfficeMinutes,
  answerBy,
  closingOf,
  isWorkingDay,
  mayExtend,
  nextWorkingDay,
  officeMinutesBetween,
  previousWorkingDay,
  toVietnamIso,
  workingDaysBetween,
  type Calendar,
} from "../../workflows/calendar.ts";
import type { ClockFacts, Limit, Pause } from "../../workflows/clock.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { shortPauses } from "../../workflows/pauses.ts";
import { stepDueDates } from "../../workflows/step-due.ts";
import { isDate, isMoment } from "../../workflows/vietnam-time.ts";

const calendar: Calendar = calendarSeed;
const eightToFive: Calendar = {
  ...calendar,
  officeHours: [
    { from: "08:00", to: "12:00" },
    { from: "13:00", to: "17:00" },
  ],
};

/** "2026-11-25 17:00" as ISO of Vietnam. */
function vn(text: string): string {
  return `${text.replace(" ", "T")}${text.length === 16 ? ":00" : ""}+07:00`;
}

function limitOf(text: string): Limit {
  const [value, unit] = text.split(" ");
  return { value: Number(value), unit: unit as Limit["unit"] };
}

function pausesOf(...spans: string[]): Pause[] {
  return spans.map((span) => {
    const [from = "", to = ""] = span.split(" / ");
    return { from: vn(from), to: to === "…" ? null : vn(to), reason: "chờ bổ sung hồ sơ" };
  });
}

function factsOf(limit: string, acceptedAt: string, ...pauses: string[]): ClockFacts {
  return { acceptedAt: vn(acceptedAt), limit: limitOf(limit), pauses: pausesOf(...pauses) };
}

type Row = [why: string, limit: string, accepted: string, due: string, ...pauses: string[]];

function eachRow(rows: Row[], on = calendar): void {
  for (const [why, limit, accepted, due, ...pauses] of rows) {
    it(`${limit}, accepted ${accepted}: ${due} (${why})`, () => {
      assert.equal(reckonDeadline(factsOf(limit, accepted, ...pauses), on).dueAt, vn(due));
    });
  }
}

describe("rule 0: an answer within 8 office hours of filing online", () => {
  for (const [filed, answer, why] of [
    ["2026-03-02 07:00", "2026-03-02 17:00", "one whole working day"],
    ["2026-03-02 09:00", "2026-03-03 09:00", "the lunch break and the night do not count"],
    ["2026-11-20 17:00", "2026-11-23 17:00", "Friday after closing counts from Monday"],
    ["2026-11-22 10:15", "2026-11-23 17:00", "Sunday"],
    ["2026-02-13 16:00", "2026-02-23 16:00", "an hour before Tết, seven after it"],
  ] as const) {
    it(`filed ${filed}: by ${answer} (${why})`, () => {
      assert.equal(answerBy(vn(filed), calendar), vn(answer));
    });
  }
  it("a supplement before acceptance starts 8 new hours and is never a pause of the limit", () => {
    assert.equal(answerBy(vn("2026-03-03 10:00"), calendar), vn("2026-03-04 10:00"));
    const facts = factsOf("2 working-day", "2026-03-04 09:00", "2026-03-02 09:00 / 2026-03-04 08:00");
    assert.equal(reckonDeadline(facts, calendar).dueAt, vn("2026-03-06 17:00"));
  });
});

describe("rule 1: the start", () => {
  for (const [accepted, start, why] of [
    ["2026-11-25 06:59:59", "2026-11-25 07:00", "before opening"],
    ["2026-11-25 07:00", "2026-11-25 07:00", "opening itself"],
    ["2026-11-25 11:29:59", "2026-11-25 11:29:59", "the last second of the morning"],
    ["2026-11-25 11:30", "2026-11-25 13:30", "the break begins"],
    ["2026-11-25 13:29:59", "2026-11-25 13:30", "the break ends"],
    ["2026-11-25 16:59:59", "2026-11-25 16:59:59", "the last second of the day"],
    ["2026-11-25 17:00", "2026-11-26 07:00", "closing itself"],
    ["2026-11-20 18:00", "2026-11-23 07:00", "Friday evening"],
    ["2026-11-21 09:00", "2026-11-23 07:00", "Saturday"],
    ["2026-11-23 17:00", "2026-11-25 07:00", "the evening before a holiday"],
    ["2026-01-10 08:00", "2026-01-10 08:00", "a Saturday that is worked"],
    ["2026-02-18 08:00", "2026-02-23 07:00", "in Tết"],
  ] as const) {
    it(`accepted ${accepted}: starts ${start} (${why})`, () => {
      assert.equal(reckonDeadline(factsOf("4 working-hour", accepted), calendar).startAt, vn(start));
    });
  }
  it("reads any zone and drops what is less than a second", () => {
    const facts = { ...factsOf("4 working-hour", ""), acceptedAt: "2026-11-25T02:00:00.999Z" };
    assert.equal(reckonDeadline(facts, calendar).startAt, vn("2026-11-25 09:00"));
  });
  // prettier-ignore
  eachRow([
    ["after 15:00 it moves on next morning, its due date does not", "1 working-day", "2026-11-25 16:30", "2026-11-26 17:00"],
    ["from 17:00 the next day is the day of the start", "1 working-day", "2026-11-25 17:00", "2026-11-27 17:00"],
  ]);

  describe("Saturday hours of reception, where a unit publishes them", () => {
    const reception = { saturday: [{ from: "07:30", to: "11:30" }] };
    for (const [limit, accepted, withHours, without] of [
      ["1 working-day", "2026-11-21 08:00", "2026-11-23 17:00", "2026-11-25 17:00"],
      ["5 day", "2026-11-21 08:00", "2026-11-26 17:00", "2026-11-30 17:00"],
      ["1 month", "2026-11-21 08:00", "2026-12-21 17:00", "2026-12-23 17:00"],
      ["4 working-hour", "2026-11-21 08:00", "2026-11-23 11:00", "2026-11-23 11:00"],
      ["1 same-day", "2026-11-21 08:00", "2026-11-23 17:00", "2026-11-23 17:00"],
      ["1 working-day", "2026-11-21 11:30", "2026-11-25 17:00", "2026-11-25 17:00"],
    ] as const) {
      it(`${limit}, accepted ${accepted}: ${withHours}, without them ${without}`, () => {
        const facts = factsOf(limit, accepted);
        assert.equal(reckonDeadline({ ...facts, reception }, calendar).dueAt, vn(withHours));
        assert.equal(reckonDeadline(facts, calendar).dueAt, vn(without));
      });
    }
  });
});

describe("rule 2: working hours", () => {
  // prettier-ignore
  eachRow([
    ["90 minutes, the break, 150 minutes", "4 working-hour", "2026-03-05 10:00", "2026-03-05 16:00"],
    ["to the second", "2 working-hour", "2026-03-05 10:00:30", "2026-03-05 14:00:30"],
    ["used up at closing is due at closing", "1 working-hour", "2026-03-05 16:00", "2026-03-05 17:00"],
    ["over a weekend and a substitute holiday", "8 working-hour", "2026-04-24 14:00", "2026-04-28 14:00"],
    ["the Saturday worked is a day like any other", "24 working-hour", "2026-08-21 07:00", "2026-08-24 17:00"],
  ]);
  describe("of a unit with hours of its own", () => {
    // prettier-ignore
    eachRow(
      [["its break is 12 to 1", "4 working-hour", "2026-03-05 09:00", "2026-03-05 14:00"], ["its break is over at 13:00", "1 working-hour", "2026-03-05 12:30", "2026-03-05 14:00"], ["it opens at 8", "2 working-hour", "2026-03-05 07:10", "2026-03-05 10:00"]],
      eightToFive,
    );
  });
});

describe("rule 3: working days; the day of the start does not count", () => {
  // prettier-ignore
  eachRow([
    ["Friday to Monday", "1 working-day", "2026-11-20 09:00", "2026-11-23 17:00"],
    ["24/11 is off", "2 working-day", "2026-11-20 09:00", "2026-11-25 17:00"],
    ["Tết: two days before, three after", "5 working-day", "2026-02-11 09:00", "2026-02-25 17:00"],
    ["a Saturday worked counts", "3 working-day", "2026-08-19 09:00", "2026-08-22 17:00"],
    ["a Saturday worked may be the due day", "1 working-day", "2026-01-09 09:00", "2026-01-10 17:00"],
    ["a Saturday worked may be the day of the start", "1 working-day", "2026-01-10 09:00", "2026-01-12 17:00"],
    ["Quốc khánh, four days off", "5 working-day", "2026-08-27 09:00", "2026-09-08 17:00"],
    ["Friday from 17:00 starts on Monday", "1 working-day", "2026-11-20 17:00", "2026-11-25 17:00"],
    ["29/02", "1 working-day", "2024-02-28 09:00", "2024-02-29 17:00"],
  ]);
});

describe("rule 4: days of the calendar, moved off a day without work", () => {
  eachRow([
    ["Friday and three days", "3 day", "2026-11-20 09:00", "2026-11-23 17:00"],
    ["Saturday moves to Monday", "1 day", "2026-11-20 09:00", "2026-11-23 17:00"],
    ["a holiday moves to the day after", "4 day", "2026-11-20 09:00", "2026-11-25 17:00"],
    ["into Tết, moved behind it", "5 day", "2026-02-12 09:00", "2026-02-23 17:00"],
    ["a Saturday worked is not moved", "2 day", "2026-08-20 09:00", "2026-08-22 17:00"],
    ["counted from the start, not from the evening before", "1 day", "2026-11-25 17:00", "2026-11-27 17:00"],
  ]);
});

describe("rule 5: months", () => {
  eachRow([
    ["the same day number", "2 month", "2026-03-10 09:00", "2026-05-11 17:00"],
    ["no 30 February: its last day, a Saturday", "1 month", "2026-01-30 09:00", "2026-03-02 17:00"],
    ["29 February in a leap year", "1 month", "2024-01-31 09:00", "2024-02-29 17:00"],
    ["from 29 February to a year without", "12 month", "2024-02-29 09:00", "2025-02-28 17:00"],
    ["over the end of two years", "15 month", "2024-11-29 09:00", "2026-03-02 17:00"],
  ]);
});

describe("rule 6: the same day", () => {
  // prettier-ignore
  eachRow([
    ["early", "1 same-day", "2026-11-25 06:00", "2026-11-25 17:00"],
    ["at 15:00:00", "1 same-day", "2026-11-25 15:00:00", "2026-11-25 17:00"],
    ["a second later", "1 same-day", "2026-11-25 15:00:01", "2026-11-26 17:00"],
    ["the day before a holiday", "1 same-day", "2026-11-23 15:00:01", "2026-11-25 17:00"],
    ["Friday evening starts on Monday", "1 same-day", "2026-11-20 17:00", "2026-11-23 17:00"],
    ["pause over by 15:00:00", "1 same-day", "2026-11-25 08:00", "2026-11-25 17:00", "2026-11-25 09:00 / 2026-11-25 15:00"],
    ["pause over a second later", "1 same-day", "2026-11-25 08:00", "2026-11-26 17:00", "2026-11-25 09:00 / 2026-11-25 15:00:01"],
    ["pause to the next morning", "1 same-day", "2026-11-25 08:00", "2026-11-26 17:00", "2026-11-25 09:00 / 2026-11-26 10:00"],
    ["pause to Friday evening", "1 same-day", "2026-11-25 08:00", "2026-11-30 17:00", "2026-11-25 09:00 / 2026-11-27 17:30"],
    ["pause after the due moment", "1 same-day", "2026-11-25 08:00", "2026-11-25 17:00", "2026-11-25 17:00 / 2026-11-27 10:00"],
  ]);
});

describe("rule 7: pauses do not count", () => {
  describe("hours (4 from 08:00 are due at 14:00)", () => {
    const row = (why: string, due: string, ...pauses: string[]): Row => {
      return [why, "4 working-hour", "2026-11-25 08:00", due, ...pauses];
    };
    // prettier-ignore
    eachRow([
      row("none", "2026-11-25 14:00"),
      row("an hour", "2026-11-25 15:00", "2026-11-25 09:00 / 2026-11-25 10:00"),
      row("thirty seconds", "2026-11-25 14:00:30", "2026-11-25 09:00:00 / 2026-11-25 09:00:30"),
      row("only its office time moves", "2026-11-25 14:45", "2026-11-25 11:00 / 2026-11-25 13:45"),
      row("inside the break", "2026-11-25 14:00", "2026-11-25 11:30 / 2026-11-25 13:30"),
      row("across the night", "2026-11-26 14:00", "2026-11-25 10:00 / 2026-11-26 10:00"),
      row("overlapping", "2026-11-25 15:30", "2026-11-25 09:30 / 2026-11-25 10:30", "2026-11-25 09:00 / 2026-11-25 10:00"),
      row("touching", "2026-11-25 16:00", "2026-11-25 09:00 / 2026-11-25 10:00", "2026-11-25 10:00 / 2026-11-25 11:00"),
      row("one inside the other", "2026-11-25 16:00", "2026-11-25 09:00 / 2026-11-25 11:00", "2026-11-25 09:30 / 2026-11-25 10:00"),
      row("before the start", "2026-11-25 14:00", "2026-11-24 06:00 / 2026-11-25 08:00"),
      row("clipped to the start", "2026-11-25 15:00", "2026-11-24 06:00 / 2026-11-25 09:00"),
      row("from the due moment on", "2026-11-25 14:00", "2026-11-25 14:00 / 2026-11-26 14:00"),
      row("empty", "2026-11-25 14:00", "2026-11-25 10:00 / 2026-11-25 10:00"),
    ]);
  });

  describe("working days (2 from Wednesday 25/11 are due on Friday 27/11)", () => {
    const row = (why: string, due: string, ...pauses: string[]): Row => {
      return [why, "2 working-day", "2026-11-25 08:00", due, ...pauses];
    };
    // prettier-ignore
    eachRow([
      row("on the day of the start", "2026-11-27 17:00", "2026-11-25 09:00 / 2026-11-25 16:00"),
      row("a minute of a counted day moves it by a day", "2026-11-30 17:00", "2026-11-26 10:00 / 2026-11-26 10:01"),
      row("the lunch break", "2026-11-27 17:00", "2026-11-26 11:30 / 2026-11-26 13:30"),
      row("the night", "2026-11-27 17:00", "2026-11-26 17:00 / 2026-11-27 07:00"),
      row("a whole day", "2026-11-30 17:00", "2026-11-26 07:00 / 2026-11-27 07:00"),
      row("180 + 360 + 480 ≥ 960", "2026-11-30 17:00", "2026-11-26 10:00 / 2026-11-27 09:00"),
      row("a morning and an afternoon make one day", "2026-11-30 17:00", "2026-11-26 07:00 / 2026-11-26 11:30", "2026-11-27 13:30 / 2026-11-27 17:00"),
      row("and one second more", "2026-12-01 17:00", "2026-11-26 07:00 / 2026-11-26 11:30", "2026-11-27 13:29:59 / 2026-11-27 17:00", "2026-11-30 07:00:00 / 2026-11-30 07:00:01"),
      row("when the due day has already given enough", "2026-11-30 17:00", "2026-11-26 07:00 / 2026-11-26 08:00", "2026-11-30 09:00 / 2026-11-30 16:00"),
      row("over the weekend", "2026-12-01 17:00", "2026-11-26 17:00 / 2026-11-30 09:00"),
    ]);
  });

  describe("days and months: the date moves by the paused time in days, rounded up once", () => {
    // prettier-ignore
    eachRow([
      ["none", "12 day", "2026-11-25 08:00", "2026-12-07 17:00"],
      ["a second is a day", "12 day", "2026-11-25 08:00", "2026-12-08 17:00", "2026-11-26 08:00:00 / 2026-11-26 08:00:01"],
      ["two days", "12 day", "2026-11-25 08:00", "2026-12-09 17:00", "2026-11-26 08:00 / 2026-11-28 08:00"],
      ["two days and a second", "12 day", "2026-11-25 08:00", "2026-12-10 17:00", "2026-11-26 08:00:00 / 2026-11-28 08:00:01"],
      ["two half days are one", "12 day", "2026-11-25 08:00", "2026-12-08 17:00", "2026-11-26 00:00 / 2026-11-26 12:00", "2026-11-27 00:00 / 2026-11-27 12:00"],
      ["on the day of the start too", "12 day", "2026-11-25 08:00", "2026-12-08 17:00", "2026-11-25 09:00 / 2026-11-25 10:00"],
      ["the Saturday is moved by it before it is moved to Monday", "10 day", "2026-11-25 08:00", "2026-12-07 17:00", "2026-11-26 08:00 / 2026-11-28 08:00"],
      ["a pause once the date has passed gives nothing back", "12 day", "2026-11-25 08:00", "2026-12-07 17:00", "2026-12-08 08:00 / 2026-12-18 08:00"],
      ["three days of a month", "1 month", "2026-11-25 08:00", "2026-12-28 17:00", "2026-12-01 08:00 / 2026-12-04 08:00"],
    ]);
  });

  describe("while a pause lasts there is no due date", () => {
    // prettier-ignore
    for (const [limit, pauses, lastDueAt, pausedSince, remaining] of [
      ["4 working-hour", ["2026-11-25 09:00 / …"], "2026-11-25 14:00", "2026-11-25 09:00", { officeMinutes: 180 }],
      ["4 working-hour", ["2026-11-25 16:00 / …"], "2026-11-25 14:00", "2026-11-25 16:00", { officeMinutes: 0 }],
      ["2 working-day", ["2026-11-25 10:00 / …"], "2026-11-27 17:00", "2026-11-25 10:00", { days: 2 }],
      ["2 working-day", ["2026-11-26 10:00 / …"], "2026-11-27 17:00", "2026-11-26 10:00", { days: 1.63 }],
      ["2 working-day", ["2026-11-26 10:00 / 2026-11-26 11:00", "2026-11-27 07:00 / …"], "2026-11-30 17:00", "2026-11-27 07:00", { days: 1.13 }],
      ["2 working-day", ["2026-11-27 09:00 / …", "2026-11-26 10:00 / 2026-11-27 10:00"], "2026-11-27 17:00", "2026-11-26 10:00", { days: 1.63 }],
      ["12 day", ["2026-11-30 10:00 / …"], "2026-12-07 17:00", "2026-11-30 10:00", { days: 7 }],
      ["12 day", ["2026-12-20 10:00 / …"], "2026-12-07 17:00", "2026-12-20 10:00", { days: 0 }],
      ["1 same-day", ["2026-11-25 10:00 / …"], "2026-11-25 17:00", "2026-11-25 10:00", null],
    ] as const) {
      it(`${limit}, paused ${pauses.join(" and ")}`, () => {
        assert.deepEqual(reckonDeadline(factsOf(limit, "2026-11-25 08:00", ...pauses), calendar), {
          startAt: vn("2026-11-25 08:00"),
          dueAt: null,
          lastDueAt: vn(lastDueAt),
          provisional: false,
          pausedSince: vn(pausedSince),
          remaining,
          noLimit: false,
        });
      });
    }
    it("and the same dossier has one again, and nothing of the pause, when it ends", () => {
      const facts = factsOf("2 working-day", "2026-11-25 08:00", "2026-11-26 10:00 / 2026-11-30 10:00");
      assert.deepEqual(reckonDeadline(facts, calendar), {
        startAt: vn("2026-11-25 08:00"),
        dueAt: vn("2026-12-01 17:00"),
        lastDueAt: null,
        provisional: false,
        pausedSince: null,
        remaining: null,
        noLimit: false,
      });
    });
  });

  it("pauses under 60 office minutes are listed for the inspector", () => {
    const [short, night, hour, open] = pausesOf(
      "2026-11-25 09:00 / 2026-11-25 09:59:59",
      "2026-11-25 16:30 / 2026-11-26 07:20",
      "2026-11-25 09:00 / 2026-11-25 10:00",
      "2026-11-25 09:00 / …",
    );
    assert.deepEqual(shortPauses([short!, night!, hour!, open!], calendar), [short, night]);
  });
});

describe("rule 8: the hours of the deciding agency count throughout", () => {
  it("nothing but acceptance, pauses and extension moves the date; its hours set the closing", () => {
    const early: Calendar = { ...calendar, officeHours: [{ from: "07:30", to: "16:00" }] };
    const facts = factsOf("2 working-day", "2026-11-25 08:00");
    assert.equal(reckonDeadline(facts, early).dueAt, vn("2026-11-27 16:00"));
    assert.equal(
      reckonDeadline(factsOf("2 working-day", "2026-11-25 16:30"), early).dueAt,
      vn("2026-11-30 16:00"),
    );
  });
});

describe("rule 9: the extension", () => {
  for (const [now, due, may] of [
    ["2026-11-23 23:59", "2026-11-25 17:00", true],
    ["2026-11-24 08:00", "2026-11-25 17:00", false],
    ["2026-11-25 08:00", "2026-11-25 17:00", false],
    ["2026-11-27 16:00", "2026-11-30 17:00", true],
    ["2026-11-28 08:00", "2026-11-30 17:00", false],
    ["2026-08-22 08:00", "2026-08-24 17:00", true],
    ["2026-12-24 08:00", "2026-11-30 17:00", false],
  ] as const) {
    it(`due ${due}: ${may ? "may" : "may not"} be extended at ${now}`, () => {
      assert.equal(mayExtend(vn(now), vn(due), calendar), may);
    });
  }

  // prettier-ignore
  for (const [why, limit, at, to, due, ...pauses] of [
    ["the new date at its closing", "2 working-day", "2026-11-26 09:00", "2026-12-02", "2026-12-02 17:00"],
    ["a pause before it is past", "2 working-day", "2026-11-26 09:00", "2026-12-02", "2026-12-02 17:00", "2026-11-26 07:30 / 2026-11-26 08:30"],
    ["the day of EXTEND does not count", "2 working-day", "2026-11-26 09:00", "2026-12-02", "2026-12-02 17:00", "2026-11-26 14:00 / 2026-11-26 15:00"],
    ["a later pause moves it by a day", "2 working-day", "2026-11-26 09:00", "2026-12-02", "2026-12-03 17:00", "2026-11-30 10:00 / 2026-11-30 11:00"],
    ["hours: closing of the new date", "8 working-hour", "2026-11-25 16:00", "2026-11-27", "2026-11-27 17:00"],
    ["hours: later pause of 120 minutes", "8 working-hour", "2026-11-25 16:00", "2026-11-27", "2026-11-30 09:00", "2026-11-26 08:00 / 2026-11-26 10:00"],
    ["days: later pause of a day and a half", "12 day", "2026-12-01 09:00", "2026-12-10", "2026-12-14 17:00", "2026-12-02 08:00 / 2026-12-03 20:00"],
    ["days: a new date without work is moved", "12 day", "2026-12-01 09:00", "2026-12-12", "2026-12-14 17:00"],
    ["months: later pause", "1 month", "2026-12-01 09:00", "2026-12-29", "2026-12-30 17:00", "2026-12-02 08:00 / 2026-12-02 09:00"],
    ["same day: counted in working days from then on", "1 same-day", "2026-11-25 15:40", "2026-11-30", "2026-12-01 17:00", "2026-11-26 08:00 / 2026-11-26 09:00"],
  ] as const) {
    it(`${limit}, extended ${at} to ${to}: ${due} (${why})`, () => {
      const facts = {
        ...factsOf(limit, "2026-11-25 15:30", ...pauses),
        extension: { at: vn(at), dueAt: to },
      };
      assert.equal(reckonDeadline(facts, calendar).dueAt, vn(due));
    });
  }

  it("in a pause after it, the extended date is the last one and what is left is counted to it", () => {
    const facts = factsOf("2 working-day", "2026-11-25 08:00", "2026-11-30 13:30 / …");
    const extended = { ...facts, extension: { at: vn("2026-11-26 09:00"), dueAt: vn("2026-12-02 17:00") } };
    const { dueAt, lastDueAt, remaining } = reckonDeadline(extended, calendar);
    assert.deepEqual([dueAt, lastDueAt, remaining], [null, vn("2026-12-02 17:00"), { days: 2.44 }]);
  });
});

describe("rule 12: steps have their own shares of the limit", () => {
  const share = (text: string) =>
    text.split(" ").map((each) => {
      const [numerator, denominator] = each.split("/").map(Number);
      return { numerator: numerator!, denominator: denominator! };
    });
  // prettier-ignore
  for (const [why, limit, accepted, shares, dues, ...pauses] of [
    ["hours", "8 working-hour", "2026-11-25 07:00", "1/4 1/2 1/4", ["2026-11-25 09:00", "2026-11-25 15:00", "2026-11-25 17:00"]],
    ["2.5, 5 and 10 working days", "10 working-day", "2026-11-25 08:00", "1/4 1/4 1/2", ["2026-11-30 17:00", "2026-12-02 17:00", "2026-12-09 17:00"]],
    ["thirds are exact", "10 working-day", "2026-11-25 08:00", "1/3 1/3 1/3", ["2026-12-01 17:00", "2026-12-04 17:00", "2026-12-09 17:00"]],
    ["thirds of days of the calendar", "10 day", "2026-11-25 08:00", "1/3 1/3 1/3", ["2026-11-30 17:00", "2026-12-02 17:00", "2026-12-07 17:00"]],
    ["the office time of the day", "1 same-day", "2026-11-25 07:00", "1/2 1/2", ["2026-11-25 11:00", "2026-11-25 17:00"]],
    ["a step without a share ends with the start", "4 working-day", "2026-11-25 08:00", "0/1 1/2 1/2", ["2026-11-25 17:00", "2026-11-27 17:00", "2026-12-01 17:00"]],
    ["a pause moves only the steps not yet due", "4 working-day", "2026-11-25 08:00", "1/4 3/4", ["2026-11-26 17:00", "2026-12-02 17:00"], "2026-11-27 08:00 / 2026-11-27 10:00"],
    ["in a pause, what was due before it", "4 working-day", "2026-11-25 08:00", "1/4 3/4", ["2026-11-26 17:00", null], "2026-11-27 08:00 / …"],
  ] as const) {
    it(`${limit}, ${shares}: ${why}`, () => {
      const facts = factsOf(limit, accepted, ...pauses);
      const expected = dues.map((due) => (due === null ? null : vn(due)));
      assert.deepEqual(stepDueDates(facts, share(shares), calendar), expected);
    });
  }
  it("sevenths and elevenths that make one whole end with the dossier", () => {
    for (const unit of ["working-hour", "working-day", "day", "month"] as const) {
      const facts = factsOf(`13 ${unit}`, "2026-03-05 10:07");
      const dues = stepDueDates(facts, share("3/7 1/11 2/7 2/11 2/7 -3/11"), calendar);
      assert.equal(dues.at(-1), reckonDeadline(facts, calendar).dueAt);
    }
  });
  it("an extension is shared by the steps that were not yet due", () => {
    const facts = factsOf("10 working-day", "2026-11-25 08:00");
    const extended = (at: string) => ({ ...facts, extension: { at: vn(at), dueAt: "2026-12-16" } });
    assert.deepEqual(stepDueDates(extended("2026-12-07 09:00"), share("1/2 1/2"), calendar), [
      vn("2026-12-02 17:00"),
      vn("2026-12-16 17:00"),
    ]);
    assert.deepEqual(stepDueDates(extended("2026-11-30 09:00"), share("1/2 1/2"), calendar), [
      vn("2026-12-08 17:00"),
      vn("2026-12-16 17:00"),
    ]);
  });
});

describe("rule 13: without a known limit", () => {
  const facts: ClockFacts = { acceptedAt: vn("2026-11-25 18:00"), limit: null, pauses: [] };
  it("there is no due date, and it says so; no calendar is needed", () => {
    const empty: Calendar = { ...calendar, years: {} };
    const { dueAt, noLimit, remaining } = reckonDeadline(facts, empty);
    assert.deepEqual([dueAt, noLimit, remaining], [null, true, null]);
    assert.deepEqual(stepDueDates(facts, [{ numerator: 1, denominator: 1 }], empty), [null]);
  });
  it("a wait is still known", () => {
    const waiting = { ...facts, pauses: pausesOf("2026-11-26 08:00 / …") };
    assert.equal(reckonDeadline(waiting, calendar).pausedSince, vn("2026-11-26 08:00"));
  });
  it("a limit that is no whole number is refused", () => {
    assert.throws(() => reckonDeadline(factsOf("0 day", "2026-11-25 08:00"), calendar), RangeError);
    assert.throws(() => reckonDeadline(factsOf("1.5 day", "2026-11-25 08:00"), calendar), RangeError);
  });
});

describe("years: provisional, or missing", () => {
  for (const [limit, accepted, provisional] of [
    ["3 working-day", "2026-12-28 09:00", false],
    ["4 working-day", "2026-12-28 09:00", true],
    ["6 month", "2026-08-28 09:00", true],
    ["1 working-day", "2027-03-01 09:00", true],
  ] as const) {
    it(`${limit} from ${accepted} is ${provisional ? "" : "not "}provisional`, () => {
      assert.equal(reckonDeadline(factsOf(limit, accepted), calendar).provisional, provisional);
    });
  }
  // prettier-ignore
  eachRow([
    ["New Year is off", "10 working-day", "2026-12-28 09:00", "2027-01-12 17:00"],
    ["the last day of the table", "1 working-day", "2027-12-30 09:00", "2027-12-31 17:00"],
    ["hours to its last minute", "8 working-hour", "2027-12-31 07:00", "2027-12-31 17:00"],
    ["a pause behind the due date is not touched", "1 working-day", "2027-12-30 09:00", "2027-12-31 17:00", "2028-01-03 08:00 / 2028-01-05 08:00"],
  ]);
  for (const [limit, accepted, year, ...pauses] of [
    ["2 working-day", "2027-12-30 09:00", 2028],
    ["9 working-hour", "2027-12-31 07:00", 2028],
    ["1 day", "2027-12-31 09:00", 2028],
    ["1 month", "2027-12-01 09:00", 2028],
    ["1 working-hour", "2027-12-31 17:00", 2028],
    ["1 same-day", "2027-12-31 15:00:01", 2028],
    ["1 day", "2020-12-31 18:00", 2020],
    ["1 day", "2031-06-05 08:00", 2031],
    ["1 working-day", "2027-12-30 09:00", 2028, "2027-12-31 08:00 / 2027-12-31 09:00"],
    ["5 working-hour", "2027-12-30 09:00", 2028, "2027-12-30 10:00 / 2028-01-05 09:00"],
  ] as const) {
    it(`${limit} from ${accepted}${pauses.join("")} touches ${year}, which the table lacks`, () => {
      const missing = { name: "CalendarMissing", code: "calendar-missing", year };
      assert.throws(() => reckonDeadline(factsOf(limit, accepted, ...pauses), calendar), missing);
    });
  }
  it("a gap between two years is no bridge", () => {
    const years = Object.fromEntries(Object.entries(calendar.years).filter(([year]) => year !== "2026"));
    const gapped = { ...calendar, years };
    for (const limit of ["300 working-day", "400 day", "14 month"]) {
      assert.throws(() => reckonDeadline(factsOf(limit, "2025-12-01 09:00"), gapped), { year: 2026 });
    }
    assert.equal(reckonDeadline(factsOf("1 day", "2027-12-01 09:00"), gapped).dueAt, vn("2027-12-02 17:00"));
  });
});

describe("the calendar's own questions", () => {
  it("names working days around holidays, weekends and worked Saturdays", () => {
    assert.equal(isWorkingDay("2026-11-24", calendar), false);
    assert.equal(isWorkingDay("2026-08-22", calendar), true);
    assert.equal(isWorkingDay("2026-08-23", calendar), false);
    assert.equal(previousWorkingDay("2026-02-23", calendar), "2026-02-13");
    assert.equal(nextWorkingDay("2026-11-23", calendar), "2026-11-25");
    assert.equal(nextWorkingDay(vn("2026-08-21 23:30"), calendar), "2026-08-22");
    assert.equal(closingOf("2026-11-25", eightToFive), vn("2026-11-25 17:00"));
  });
  it("counts between and adds on", () => {
    assert.equal(officeMinutesBetween(vn("2026-11-23 16:00"), vn("2026-11-25 08:00"), calendar), 120);
    assert.equal(officeMinutesBetween(vn("2026-11-25 08:00"), vn("2026-11-25 08:00:59"), calendar), 0);
    assert.equal(officeMinutesBetween(vn("2026-11-25 08:00"), vn("2026-11-23 08:00"), calendar), 0);
    assert.equal(workingDaysBetween("2026-11-20", "2026-11-25", calendar), 2);
    assert.equal(workingDaysBetween("2026-08-21", "2026-08-22", calendar), 1);
    assert.equal(workingDaysBetween("2026-11-21", "2026-11-22", calendar), 0);
    assert.equal(addOfficeMinutes(vn("2026-11-23 16:30"), 45, calendar), vn("2026-11-25 07:15"));
    assert.throws(() => workingDaysBetween("2027-12-30", "2028-01-03", calendar), CalendarMissing);
  });
  it("writes Vietnam's time in whole seconds", () => {
    assert.equal(toVietnamIso(Date.UTC(2026, 10, 25, 10, 0, 0, 999)), "2026-11-25T17:00:00+07:00");
    assert.equal(toVietnamIso(Date.UTC(2026, 11, 31, 17)), "2027-01-01T00:00:00+07:00");
  });
  it("does not accept a date that is none", () => {
    for (const date of ["2026-02-29", "2026-13-01", "25/11/2026", "2026-11-25T24:01:00+07:00"]) {
      assert.throws(() => isWorkingDay(date, calendar), RangeError);
    }
  });
  it("takes as a moment only what every reader of it can reckon with", () => {
    for (const moment of ["2026-11-25T23:59+07:00", "2024-02-29T00:00:00.123Z", "0000-02-29T00:00:00Z"])
      assert.ok(isMoment(moment), moment);
    for (const moment of [
      "2026-12-15T24:00:00+07:00",
      "2026-02-29T08:00:00+07:00",
      "2026-12-15T08:60:00+07:00",
      "2026-12-15T08:00:00+24:00",
      "9999-12-31T23:00:00Z",
      "2026-12-15T08:00:00",
      "2026-12-15",
    ])
      assert.ok(!isMoment(moment), moment);
    assert.ok(isDate("2024-02-29") && !isDate("2026-02-29") && !isDate("0000-01-01"));
  });
  it("refuses a table whose dates or hours are wrong", () => {
    const year = { source: "thử", off: [{ date: "2025-01-01", name: "Tết Dương lịch" }], worked: [] };
    assert.throws(() => isWorkingDay("2026-01-01", { ...calendar, years: { "2026": year } }), RangeError);
    const backwards = [
      { from: "13:30", to: "17:00" },
      { from: "07:00", to: "11:30" },
    ];
    assert.throws(() => closingOf("2026-01-05", { ...calendar, officeHours: backwards }), RangeError);
  });
  it("the declared table names weekdays off and Saturdays worked, in NFC", () => {
    for (const { off, worked, source } of Object.values(calendar.years)) {
      assert.ok(source.length > 0);
      for (const { date, name } of off) {
        const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
        assert.ok(weekday >= 1 && weekday <= 5, date);
        assert.equal(name, name.normalize("NFC"));
      }
      for (const date of worked) assert.equal(new Date(`${date}T00:00:00Z`).getUTCDay(), 6, date);
    }
  });
});

it("a due date costs well under 50 µs of the processor", () => {
  const facts = factsOf("250 working-day", "2026-01-20 09:00", "2026-03-05 10:00 / 2026-03-25 09:00");
  const runs = 1000;
  // the best of ten: the first ones warm up, and a busy machine must not decide
  const micros = Array.from({ length: 10 }, () => {
    const began = process.cpuUsage();
    for (let run = 0; run < runs; run += 1) reckonDeadline(facts, calendar);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / runs;
  });
  assert.ok(Math.min(...micros) < 50, `${micros.join(", ")} µs`);
});
