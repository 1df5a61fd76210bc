import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, filed } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import { applicant } from "../support/people.ts";
import { walk } from "../support/walk.ts";
import { installed, textOf } from "../signing/papers.ts";

const COMMUNE = "000.15.32.H30";

describe("the follow-up book of a front desk", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const book = (who: string, query = "") =>
    app.as(who).get<{ bytes: Buffer; code?: string }>(`/forms/follow-up-book.pdf${query}`);

  it("has what the desk received in the period, returned or not, and nothing of others", async function () {
    const sample = {
      process: "b",
      procedure: "1.001653",
      agency: COMMUNE,
      frontdesk: "commune.frontdesk",
      units: ["commune"],
    };
    const { dossier: returned } = await walk(app, sample);
    const open = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, {
      accept: true,
      applicant: applicant({ name: "Phạm Thị Ỡ Ẵng" }),
    });
    const waiting = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    await acted(app.as("commune.frontdesk"), waiting.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu bản sao.",
      items: [{ text: "Bản sao" }],
    });
    const unreceived = await filed(app, "commune.frontdesk", "1.001193", COMMUNE);
    const elsewhere = await filed(app, "district.frontdesk", "1.003702", "000.00.32.H30", { accept: true });
    const reply = await book("commune.frontdesk");
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get("content-type"), "application/pdf");
    if (!installed("pdftotext")) return this.skip();
    const text = textOf(reply.body.bytes);
    const numberOf = (code: string) => code.slice(code.indexOf("-") + 1);
    for (const { code } of [returned, open, waiting]) assert.ok(text.includes(numberOf(code)), code);
    assert.ok(!text.includes(numberOf(unreceived.code)));
    assert.ok(!text.includes(elsewhere.code.split("-")[0] ?? "?"));
    assert.match(text, /Mẫu số 07 .*03\/2025/);
    assert.match(text, /Phạm Thị Ỡ/);
    assert.match(textOf(reply.body.bytes, { inCells: true }), /Chờ bổ sung/);
    assert.match(text, /Tại quầy/);
    const before = textOf((await book("commune.frontdesk", "?from=2026-11-01&to=2026-11-22")).body.bytes);
    assert.match(before, /Không có hồ sơ nào/);
  });

  it("is the front desk's alone, for a period that is one", async () => {
    assert.equal((await book("commune.specialist")).status, 403);
    assert.equal((await book("admin")).status, 403);
    for (const query of ["?from=2026-11-24&to=2026-11-23", "?from=hom-qua", "?to=2026-02-30"]) {
      const reply = await book("commune.frontdesk", query);
      assert.equal(reply.status, 400, query);
      assert.equal(reply.body.code, "bad-period");
    }
    const early = await book("commune.frontdesk", "?from=2017-01-01&to=2017-12-31");
    assert.equal(early.status, 409);
    assert.equal(early.body.code, "form-not-in-force");
  });

  it("tells the officer whose name cannot be printed, instead of a book that breaks off", async () => {
    const odd = await filed(app, "district.frontdesk", "1.003702", "000.00.32.H30", {
      accept: true,
      applicant: applicant({ name: "Lý 李 Thử" }),
    });
    const reply = await book("district.frontdesk");
    assert.equal(reply.status, 422);
    assert.equal(reply.body.code, "character-not-printable");
    assert.ok(JSON.stringify(reply.body).includes(odd.code));
  });

  it("has its page, with the period, what is in it, and the way to print", async () => {
    const client = await atDesk(app.url, "commune.frontdesk");
    const page = await client.get("/ho-so/so-theo-doi");
    assert.equal(page.status, 200);
    assert.match(page.text, /3 hồ sơ được tiếp nhận trong kỳ/);
    assert.match(page.text, /name="tu" value="2026-11-01"/);
    assert.match(page.text, /Phạm Thị Ỡ Ẵng/);
    const link = /href="(\/ho-so\/so-theo-doi\.pdf[^"]*)"/.exec(page.text)?.[1]?.replaceAll("&amp;", "&");
    assert.equal(link, "/ho-so/so-theo-doi.pdf?tu=2026-11-01&den=2026-11-23");
    const pdf = await client.get(link);
    assert.equal(pdf.status, 200);
    assert.equal(pdf.headers.get("content-type"), "application/pdf");
    const none = await client.get("/ho-so/so-theo-doi?tu=2026-10-01&den=2026-10-31");
    assert.match(none.text, /Không có hồ sơ nào được tiếp nhận trong kỳ/);
    const wrong = await client.get("/ho-so/so-theo-doi?tu=2026-12-01&den=2026-10-31");
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /ngày đầu không sau ngày cuối/);
    assert.match((await client.get("/ho-so")).text, /href="\/ho-so\/so-theo-doi"/);
    const specialist = await atDesk(app.url, "commune.specialist");
    assert.equal((await specialist.get("/ho-so/so-theo-doi")).status, 403);
  });
});
