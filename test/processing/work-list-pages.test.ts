import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, digitized, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import type { PageClient } from "../support/pages.ts";
import { applicant } from "../support/people.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";

/** The codes of a page's rows, in their order. */
const codesOf = (html: string) =>
  [...html.matchAll(/class="work-code"><a href="\/ho-so\/([^"]+)"/g)].map(([, code]) => code ?? "");

/** The counts of the left column by the list's key. */
const countsOf = (html: string) =>
  new Map(
    [
      ...html.matchAll(
        /href="\/ho-so\?loc=([a-z-]+)"[^>]*><span>[^<]*<\/span> <span class="work-count[^"]*">([^<]*)</g,
      ),
    ].map(([, key, count]) => [key ?? "", count ?? ""]),
  );

describe("the work lists", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let desk: PageClient;
  let waiting: DossierBody;
  let working: DossierBody;

  const birth = (name: string, phone: string, changes: Record<string, unknown> = {}) =>
    filed(app, "commune.frontdesk", BIRTH, COMMUNE, {
      applicant: applicant({ name, phone }),
      accept: true,
      ...changes,
    });

  before(async function () {
    this.timeout(60_000);
    await birth("Trần Văn Mẫu", "0900000002");
    waiting = await birth("Đỗ Thị Ước", "0912345678");
    await acted(app.as("commune.frontdesk"), waiting.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh chưa đọc được.",
      items: [{ documentCode: "02" }],
    });
    working = await digitized(app, "commune.frontdesk", await birth("Lê Thị Hạn", "0900000003"), BIRTH);
    working = await acted(app.as("commune.frontdesk"), working.code, { type: "TRANSFER", agency: COMMUNE });
    await acted(app.as("commune.specialist"), working.code, {
      type: "ASSIGN",
      assignee: "commune.specialist",
    });
    await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { applicant: applicant({ name: "Ngô Văn Chờ" }) });
    for (let n = 0; n < 55; n++) await birth(`Phạm Thị Thử ${n}`, `09870000${String(n).padStart(2, "0")}`);
    desk = await atDesk(app.url, "commune.frontdesk");
  });

  const rows = async (query: string, client = desk) => {
    const page = await client.get(`/ho-so?${query}`);
    assert.equal(page.status, 200, page.text.slice(0, 500));
    return codesOf(page.text);
  };

  it("show each list as long as its count says", async () => {
    for (const username of ["commune.frontdesk", "commune.specialist", "commune.leader", "commune.clerk"]) {
      const client = await atDesk(app.url, username);
      const { text } = await client.get("/ho-so?loc=don-vi");
      const counts = countsOf(text);
      assert.ok(counts.size >= 6, `${username} sees ${[...counts.keys()].join(", ")}`);
      assert.equal(counts.get("don-vi"), "59");
      for (const [key, count] of counts) {
        let found = 0;
        let path = `/ho-so?loc=${key}`;
        while (path !== "") {
          const page = await client.get(path);
          found += codesOf(page.text).length;
          path = nextOf(page.text);
        }
        assert.equal(String(found), count, `${username}: ${key}`);
      }
    }
  });

  it("go on where the page before ended, each dossier once, in every order", async () => {
    for (const order of ["han", "nop", "ma"]) {
      const first = await desk.get(`/ho-so?loc=don-vi&sapXep=${order}`);
      assert.equal(codesOf(first.text).length, 50);
      const second = await desk.get(nextOf(first.text));
      const all = [...codesOf(first.text), ...codesOf(second.text)];
      assert.equal(all.length, 59, order);
      assert.equal(new Set(all).size, 59, order);
      assert.equal(nextOf(second.text), "", order);
      if (order === "ma") assert.deepEqual(all, [...all].sort());
      if (order === "nop") assert.deepEqual(all, [...all].sort().reverse());
    }
    const reply = await desk.get("/ho-so?loc=don-vi&sau=gi-day");
    assert.equal(reply.status, 400);
  });

  it("find by name without diacritics, by phone and by code, also in parts", async () => {
    assert.deepEqual(await rows("loc=don-vi&q=do+thi+uoc"), [waiting.code]);
    assert.deepEqual(await rows(`loc=don-vi&q=${encodeURIComponent("ước đỗ")}`), [waiting.code]);
    assert.deepEqual(await rows("loc=don-vi&q=0912+345+678"), [waiting.code]);
    for (const phone of ["0912.345.678", "+84 912 345 678", "84912345678", "912 345"])
      assert.deepEqual(await rows(`loc=don-vi&q=${encodeURIComponent(phone)}`), [waiting.code], phone);
    assert.deepEqual(await rows(`loc=tat-ca&q=${waiting.code.toLowerCase()}`), [waiting.code]);
    assert.deepEqual(await rows(`loc=tat-ca&q=${waiting.code.slice(-11)}`), [waiting.code]);
    assert.deepEqual(await rows("loc=don-vi&q=100%25"), []);
    const nothing = await desk.get("/ho-so?loc=don-vi&q=khong-co-ai");
    assert.match(nothing.text, /Không có hồ sơ nào phù hợp/);
    assert.match(nothing.text, /loc=tat-ca&amp;q=khong-co-ai/);
  });

  it("narrow by status, procedure, field, date and person, and keep that in the form", async () => {
    assert.deepEqual(await rows("loc=don-vi&trangThai=5"), [waiting.code]);
    assert.deepEqual(await rows("loc=don-vi&nguoiXuLy=commune.specialist"), [working.code]);
    assert.equal((await rows("loc=don-vi&nguoiXuLy=chua-giao&trangThai=4")).length, 0);
    assert.equal((await rows("loc=don-vi&thuTuc=khai+sinh")).length, 50);
    assert.equal((await rows("loc=don-vi&thuTuc=ket+hon")).length, 0);
    assert.equal((await rows(`loc=don-vi&linhVuc=${encodeURIComponent("Không có")}`)).length, 0);
    assert.equal((await rows("loc=don-vi&hanTu=2026-11-23&hanDen=2026-11-23")).length, 50);
    assert.equal((await rows("loc=don-vi&hanTu=2026-11-30")).length, 0);
    const { text } = await desk.get("/ho-so?loc=don-vi&trangThai=5&hanTu=2026-11-30&q=abc");
    assert.match(text, /<option value="5" selected>/);
    assert.match(text, /name="hanTu"[^>]*value="2026-11-30"/);
    assert.match(text, /name="q"[^>]*value="abc"/);
  });

  it("put what waits for the citizen, and what is one's own, where they belong", async () => {
    assert.deepEqual(await rows("loc=cho-cong-dan"), [waiting.code]);
    const specialist = await atDesk(app.url, "commune.specialist");
    assert.deepEqual(await rows("", specialist), [working.code], "his own list comes first");
    const { text } = await specialist.get("/ho-so?loc=cua-toi");
    assert.match(text, /class="work-step">[^<]+<span class="second">Cán bộ Thử/);
    assert.match(text, /Đang chờ/, "the portal has not been told yet");
  });

  it("show nothing of another unit", async () => {
    const elsewhere = await atDesk(app.url, "district.frontdesk");
    for (const query of [
      "loc=don-vi",
      "loc=tat-ca",
      `loc=tat-ca&q=${waiting.code}`,
      "loc=tat-ca&q=do+thi+uoc",
    ])
      assert.deepEqual(await rows(query, elsewhere), [], query);
  });

  it("say what is late, late things first", async () => {
    app.clock.moveTo("2026-11-23T15:00:00+07:00");
    const today = await desk.get("/ho-so?loc=don-vi");
    assert.ok(Number(countsOf(today.text).get("han-hom-nay")) > 50, "due in the afternoon");
    assert.equal(countsOf(today.text).get("qua-han"), "0");
    app.clock.moveTo("2026-11-25T09:00:00+07:00");
    const again = await atDesk(app.url, "commune.frontdesk");
    const { text } = await again.get("/ho-so?loc=qua-han");
    assert.ok(Number(countsOf(text).get("qua-han")) > 50);
    assert.equal(countsOf(text).get("han-hom-nay"), "0");
    assert.match(text, /<span class="chip late">Quá hạn 2 ngày<\/span>/);
  });
});

function nextOf(html: string): string {
  const address = /<a href="([^"]+)"[^>]*rel="next"/.exec(html)?.[1] ?? "";
  return address.replaceAll("&amp;", "&");
}
