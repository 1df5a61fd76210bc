import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { amountInWords } from "../../server/cash/amount-in-words.ts";
import { withTestApp } from "../support/app.ts";
import { acted, filed } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";
import { atDesk } from "../support/pages.ts";
import type { PageClient } from "../support/pages.ts";

const COMMUNE = "000.15.32.H30";
const read = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");

describe("the cash pages", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let desk: PageClient;
  const codes: string[] = [];

  before(async () => {
    for (const [at, amount, method] of [
      ["2026-11-23T08:30:00+07:00", 15_000, "cash"],
      ["2026-11-23T16:59:00+07:00", 8_000, "transfer"],
      ["2026-11-24T00:10:00+07:00", 50_000, "cash"],
    ] as const) {
      app.clock.moveTo(at);
      const { code } = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
      await acted(app.as("commune.frontdesk"), code, {
        type: "PAY",
        feeCode: "other",
        amount,
        method,
        reference: `CT-${amount}`,
        ground: "Cấp bản sao trích lục (thử)",
      });
      codes.push(code);
    }
    app.clock.moveTo("2026-11-24T08:00:00+07:00");
    desk = await atDesk(app.url, "commune.frontdesk");
  });

  it("show what was taken on a day of Vietnam, with payer, fee, method and reference", async () => {
    const page = await desk.get("/thu-phi?ngay=2026-11-23");
    assert.equal(page.status, 200);
    const told = read(page.text);
    assert.match(told, /2 khoản thu/);
    for (const part of [
      codes[0],
      codes[1],
      "CT-15000",
      "CT-8000",
      "Tiền mặt",
      "Chuyển khoản",
      applicant().name,
    ])
      assert.ok(told.includes(part ?? "?"), part);
    assert.ok(!told.includes(codes[2] ?? "?"), "ten past midnight is the next day");
    assert.match(
      told,
      /Theo hình thức .*Tiền mặt 1 khoản 15\.000 đồng Chuyển khoản 1 khoản 8\.000 đồng Cộng 2 khoản 23\.000 đồng/,
    );
    // Without a day it is today's.
    assert.match(read((await desk.get("/thu-phi")).text), /ngày 24\/11\/2026.*Cộng 1 khoản 50\.000 đồng/);
  });

  it("filter by officer, and take a day that is none for today", async () => {
    const other = read((await desk.get("/thu-phi?ngay=2026-11-23&can-bo=nobody")).text);
    assert.match(other, /0 khoản thu/);
    assert.match(read((await desk.get("/thu-phi?ngay=2026-02-31")).text), /ngày 24\/11\/2026/);
  });

  it("give a receipt for each payment, marked as internal, with the amount in words", async () => {
    const page = await desk.get("/thu-phi?ngay=2026-11-23");
    const [, address = ""] = /href="(\/thu-phi\/bien-lai\/[^"]+)"/.exec(page.text) ?? [];
    const receipt = read((await desk.get(address)).text);
    for (const part of [
      /BIÊN LAI THU PHÍ, LỆ PHÍ/,
      /15\.000 đồng/,
      /Mười lăm nghìn đồng/,
      /CT-15000/,
      /Chứng từ nội bộ/,
    ])
      assert.match(receipt, part);
    assert.equal((await desk.get(address.replace(/\d+$/, "1"))).status, 404, "no other event is a payment");
  });

  it("close an officer's day with sums by method and fee and the cash to hand over", async () => {
    const sheet = read((await desk.get("/thu-phi/chot?ngay=2026-11-23&can-bo=commune.frontdesk")).text);
    assert.match(sheet, /PHIẾU CHỐT CA/);
    assert.match(sheet, /Tiền mặt phải bàn giao: 15\.000 đồng/);
    assert.match(sheet, /Cộng 2 khoản 23\.000 đồng/);
    const empty = read((await desk.get("/thu-phi/chot?ngay=2026-11-20")).text);
    assert.match(empty, /bàn giao: 0 đồng \( ?Không đồng/);
    assert.equal((await desk.get("/thu-phi/chot?can-bo=stp.clerk")).status, 404);
  });

  it("tell no other unit and no other role", async () => {
    const district = await atDesk(app.url, "district.frontdesk");
    assert.match(read((await district.get("/thu-phi?ngay=2026-11-23")).text), /0 khoản thu/);
    const page = await desk.get("/thu-phi?ngay=2026-11-23");
    const [, address = ""] = /href="(\/thu-phi\/bien-lai\/[^"]+)"/.exec(page.text) ?? [];
    assert.equal((await district.get(address)).status, 404);
    assert.equal((await (await atDesk(app.url, "commune.clerk")).get("/thu-phi")).status, 403);
  });

  for (const [amount, words] of [
    [0, "Không đồng"],
    [15_000, "Mười lăm nghìn đồng"],
    [21_000, "Hai mươi mốt nghìn đồng"],
    [1_505_000, "Một triệu năm trăm linh năm nghìn đồng"],
    [2_000_010, "Hai triệu không trăm mười đồng"],
    [1_000_000_000, "Một tỷ đồng"],
    [
      12_345_678_901_000,
      "Mười hai nghìn ba trăm bốn mươi lăm tỷ sáu trăm bảy mươi tám triệu chín trăm linh một nghìn đồng",
    ],
  ] as const)
    it(`write ${amount} as “${words}”`, () => assert.equal(amountInWords(amount), words));
});
