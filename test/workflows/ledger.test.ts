/** Rule 11: the ledger explains the due date line by line, and the due date is what it adds up to. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import calendarSeed from "../../seeds/calendar.json" with { type: "json" };
import type { Calendar } from "../../workflows/calendar.ts";
import type { ClockFacts, Limit } from "../../workflows/clock.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { deadlineLedger } from "../../workflows/ledger.ts";

const calendar: Calendar = calendarSeed;

function ledgerOf(facts: ClockFacts): string[] {
  return deadlineLedger(facts, calendar).map(({ from, to, counted, minutes, reason }) => {
    const time = (iso: string) => iso.slice(5, 16).replace("T", " ");
    return `${time(from)} – ${time(to)} ${counted ? `+${minutes}` : "·"} ${reason}`;
  });
}

function factsOf(unit: Limit["unit"], value: number, acceptedAt: string, ...pauses: string[][]): ClockFacts {
  return {
    acceptedAt: `${acceptedAt}:00+07:00`,
    limit: { unit, value },
    pauses: pauses.map(([from, to, reason]) => ({
      from: `${from ?? ""}:00+07:00`,
      to: to === "" ? null : `${to ?? ""}:00+07:00`,
      reason: reason ?? "",
    })),
  };
}

describe("the ledger", () => {
  it("of an hour limit counts to the minute and names break, night, weekend, holiday and pause", () => {
    const facts = factsOf("working-hour", 8, "2026-11-20T17:20", [
      "2026-11-23T16:00",
      "2026-11-25T08:00",
      "chờ bổ sung hồ sơ",
    ]);
    assert.deepEqual(ledgerOf(facts), [
      "11-20 17:20 – 11-21 00:00 · ngoài giờ làm việc",
      "11-21 00:00 – 11-23 00:00 · cuối tuần",
      "11-23 00:00 – 11-23 07:00 · ngoài giờ làm việc",
      "11-23 07:00 – 11-23 11:30 +270 giờ làm việc",
      "11-23 11:30 – 11-23 13:30 · nghỉ trưa",
      "11-23 13:30 – 11-23 16:00 +150 giờ làm việc",
      "11-23 16:00 – 11-25 08:00 · tạm dừng: chờ bổ sung hồ sơ",
      "11-25 08:00 – 11-25 09:00 +60 giờ làm việc",
    ]);
    assert.equal(reckonDeadline(facts, calendar).dueAt, "2026-11-25T09:00:00+07:00");
  });

  it("of working days leaves out the day of acceptance and ends with the closing", () => {
    const facts = factsOf("working-day", 1, "2026-11-23T16:00", [
      "2026-11-25T10:00",
      "2026-11-25T11:00",
      "chờ bổ sung",
    ]);
    assert.deepEqual(ledgerOf(facts), [
      "11-23 16:00 – 11-23 17:00 · ngày tiếp nhận, không tính",
      "11-23 17:00 – 11-24 00:00 · ngoài giờ làm việc",
      "11-24 00:00 – 11-25 00:00 · Ngày Văn hóa Việt Nam",
      "11-25 00:00 – 11-25 07:00 · ngoài giờ làm việc",
      "11-25 07:00 – 11-25 10:00 +180 giờ làm việc",
      "11-25 10:00 – 11-25 11:00 · tạm dừng: chờ bổ sung",
      "11-25 11:00 – 11-25 11:30 +30 giờ làm việc",
      "11-25 11:30 – 11-25 13:30 · nghỉ trưa",
      "11-25 13:30 – 11-25 17:00 +210 giờ làm việc",
      "11-25 17:00 – 11-26 07:00 · ngoài giờ làm việc",
      "11-26 07:00 – 11-26 08:00 +60 giờ làm việc",
      "11-26 08:00 – 11-26 11:30 · đã đủ thời hạn, hạn trả là lúc hết giờ làm việc",
      "11-26 11:30 – 11-26 13:30 · nghỉ trưa",
      "11-26 13:30 – 11-26 17:00 · đã đủ thời hạn, hạn trả là lúc hết giờ làm việc",
    ]);
  });

  it("of days counts from closing to closing, rounds the pause up, and moves off the weekend", () => {
    const facts = factsOf("day", 9, "2026-11-25T08:00", [
      "2026-11-26T08:00",
      "2026-11-26T20:00",
      "chờ bổ sung",
    ]);
    assert.deepEqual(ledgerOf(facts), [
      "11-25 08:00 – 11-25 17:00 · ngày tiếp nhận, không tính",
      "11-25 17:00 – 11-26 08:00 +900 tính theo ngày lịch, kể cả ngày nghỉ",
      "11-26 08:00 – 11-26 20:00 · tạm dừng: chờ bổ sung",
      "11-26 20:00 – 12-05 05:00 +12060 tính theo ngày lịch, kể cả ngày nghỉ",
      "12-05 05:00 – 12-05 17:00 · thời gian tạm dừng làm tròn lên trọn ngày",
      "12-05 17:00 – 12-07 00:00 · cuối tuần",
      "12-07 00:00 – 12-07 07:00 · ngoài giờ làm việc",
      "12-07 07:00 – 12-07 11:30 · đã đủ thời hạn, hạn trả là lúc hết giờ làm việc",
      "12-07 11:30 – 12-07 13:30 · nghỉ trưa",
      "12-07 13:30 – 12-07 17:00 · đã đủ thời hạn, hạn trả là lúc hết giờ làm việc",
    ]);
    assert.equal(900 + 12060, 9 * 1440);
  });

  it("of the same day says when 15:00 had passed, and that a pause starts it afresh", () => {
    assert.deepEqual(ledgerOf(factsOf("same-day", 1, "2026-11-26T15:30")).slice(0, 3), [
      "11-26 15:30 – 11-26 17:00 · sau 15 giờ, trả kết quả trong ngày làm việc kế tiếp",
      "11-26 17:00 – 11-27 07:00 · ngoài giờ làm việc",
      "11-27 07:00 – 11-27 11:30 +270 giờ làm việc",
    ]);
    const paused = factsOf("same-day", 1, "2026-11-26T08:00", [
      "2026-11-26T09:00",
      "2026-11-26T14:00",
      "chờ bổ sung",
    ]);
    assert.deepEqual(ledgerOf(paused), [
      "11-26 08:00 – 11-26 09:00 · trước khi tạm dừng, tính lại từ khi hết tạm dừng",
      "11-26 09:00 – 11-26 14:00 · tạm dừng: chờ bổ sung",
      "11-26 14:00 – 11-26 17:00 +180 giờ làm việc",
    ]);
  });

  it("names each of several pauses, and both where they overlap", () => {
    const facts = factsOf(
      "working-hour",
      1,
      "2026-11-26T08:00",
      ["2026-11-26T08:30", "2026-11-26T09:30", "chờ bổ sung hồ sơ"],
      ["2026-11-26T09:00", "2026-11-26T10:00", "công dân yêu cầu rút"],
    );
    assert.deepEqual(ledgerOf(facts), [
      "11-26 08:00 – 11-26 08:30 +30 giờ làm việc",
      "11-26 08:30 – 11-26 09:00 · tạm dừng: chờ bổ sung hồ sơ",
      "11-26 09:00 – 11-26 09:30 · tạm dừng: chờ bổ sung hồ sơ; công dân yêu cầu rút",
      "11-26 09:30 – 11-26 10:00 · tạm dừng: công dân yêu cầu rút",
      "11-26 10:00 – 11-26 10:30 +30 giờ làm việc",
    ]);
  });

  it("ends where a pause that lasts began, behind the due moment too", () => {
    const open = factsOf("working-hour", 4, "2026-11-26T08:00", ["2026-11-26T09:00", "", "chờ bổ sung"]);
    assert.deepEqual(ledgerOf(open), [
      "11-26 08:00 – 11-26 09:00 +60 giờ làm việc",
      "11-26 09:00 – 11-26 09:00 · tạm dừng: chờ bổ sung",
    ]);
    const late = factsOf("working-hour", 1, "2026-11-26T08:00", ["2026-11-27T09:00", "", "chờ bổ sung"]);
    assert.deepEqual(ledgerOf(late), [
      "11-26 08:00 – 11-26 09:00 +60 giờ làm việc",
      "11-26 09:00 – 11-27 09:00 · quá hạn",
      "11-27 09:00 – 11-27 09:00 · tạm dừng: chờ bổ sung",
    ]);
  });

  it("of an extension counts the time that it gave", () => {
    const facts = {
      ...factsOf("working-day", 2, "2026-11-25T08:00"),
      extension: { at: "2026-11-26T16:00:00+07:00", dueAt: "2026-11-27" },
    };
    assert.deepEqual(ledgerOf(facts), [
      "11-25 08:00 – 11-26 16:00 · đã gia hạn: thời gian trước khi gia hạn không tính vào hạn mới",
      "11-26 16:00 – 11-26 17:00 · ngày gia hạn, không tính",
      "11-26 17:00 – 11-27 07:00 · ngoài giờ làm việc",
      "11-27 07:00 – 11-27 11:30 +270 giờ làm việc",
      "11-27 11:30 – 11-27 13:30 · nghỉ trưa",
      "11-27 13:30 – 11-27 17:00 +210 giờ làm việc",
    ]);
  });

  it("adds up to whole minutes though a dossier comes in at an odd second", () => {
    const facts = { ...factsOf("working-hour", 8, ""), acceptedAt: "2026-11-26T09:10:41+07:00" };
    const minutes = deadlineLedger(facts, calendar).map((line) => line.minutes);
    assert.deepEqual(minutes, [139, 0, 210, 0, 131]);
    assert.equal(reckonDeadline(facts, calendar).dueAt, "2026-11-27T09:10:41+07:00");
  });

  it("is empty without a limit", () => {
    const facts: ClockFacts = { acceptedAt: "2026-11-26T08:00:00+07:00", limit: null, pauses: [] };
    assert.deepEqual(deadlineLedger(facts, calendar), []);
  });
});
