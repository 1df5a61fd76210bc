import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { atDesk, pageClient } from "../support/pages.ts";

const text = (html: string) =>
  html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");

describe("the public pages about procedures", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const open = (path: string) => pageClient(app.url).get(path);
  const links = (html: string) => [...html.matchAll(/href="\/thu-tuc\/([0-9.]+)"/g)].map(([, code]) => code);

  it("show all procedures page by page, each exactly once", async () => {
    const first = await open("/thu-tuc");
    assert.equal(first.status, 200);
    assert.match(text(first.text), /Tất cả 1\.851 thủ tục/);
    const seen = new Set<string | undefined>();
    for (let page = 1; page <= 75; page += 1) {
      const found = links((await open(`/thu-tuc?trang=${page}`)).text);
      assert.equal(found.length, page === 75 ? 1 : 25, `page ${page}`);
      for (const code of found) seen.add(code);
    }
    assert.equal(seen.size, 1851);
    assert.deepEqual(links((await open("/thu-tuc?trang=76")).text), []);
  });

  it("find as the officers' search does, in the same order, and say where to go for what is done elsewhere", async () => {
    for (const q of ["khai sinh", "dang ky ket hon", "xay nha", "1.001193"]) {
      const { body } = await app
        .as()
        .get<{ items: { code: string }[] }>(`/procedures?limit=25&q=${encodeURIComponent(q)}`);
      const page = await open(`/thu-tuc?q=${encodeURIComponent(q)}`);
      assert.deepEqual(
        links(page.text),
        body.items.map(({ code }) => code),
      );
      assert.ok(body.items.length > 0, q);
    }
    const elsewhere = await app
      .as()
      .get<{ referral: { title: string; where: string } }>(`/procedures?q=${encodeURIComponent("ho chieu")}`);
    const page = await open("/thu-tuc?q=ho+chieu");
    assert.ok(text(page.text).includes(elsewhere.body.referral.where));
  });

  it("filter by field, level, agency and online level, and keep the filter while paging", async () => {
    const page = await open("/thu-tuc?linh-vuc=H%E1%BB%99+t%E1%BB%8Bch&cap=commune&muc-do=2");
    const api = await app
      .as()
      .get<{ items: { code: string }[]; total: number }>(
        "/procedures?field=H%E1%BB%99%20t%E1%BB%8Bch&level=commune&onlineLevel=2&limit=25",
      );
    assert.ok(api.body.total > 0);
    assert.deepEqual(
      links(page.text),
      api.body.items.map(({ code }) => code),
    );
    const agency = await open("/thu-tuc?co-quan=000.00.03.H30&trang=2");
    assert.match(agency.text, /href="\/thu-tuc\?co-quan=000\.00\.03\.H30&amp;trang=3"/);
    assert.match(
      agency.text,
      /<option selected value="000\.00\.03\.H30">|<option value="000\.00\.03\.H30" selected/,
    );
    // A mistyped filter filters nothing rather than failing.
    assert.equal((await open("/thu-tuc?muc-do=9&cap=xx&trang=-1")).status, 200);
  });

  it("tell of one procedure what a citizen must know, by its short and its full code", async () => {
    for (const code of ["1.001193", "1.001193.000.00.00.H30"]) {
      const page = await open(`/thu-tuc/${code}`);
      assert.equal(page.status, 200);
      const told = text(page.text);
      for (const part of [
        /đăng ký khai sinh/,
        /1\.001193\.000\.00\.00\.H30/,
        /Trong ngày làm việc/,
        /Giấy chứng sinh Bắt buộc 1 0/,
        /chỉ xuất trình để đối chiếu/,
        /Bộ phận Một cửa UBND xã, phường, thị trấn/,
        /Giấy khai sinh/,
        /Thẩm tra hồ sơ : Chuyên viên, đơn vị xử lý; 3\/7 thời hạn/,
      ])
        assert.match(told, part);
      // Level 2 offers forms only, whatever the channels say.
      assert.doesNotMatch(told, /Trực tuyến trên Cổng/);
    }
  });

  it("draw the steps that the procedure declares, without a style that the page's policy forbids", async () => {
    const page = await open("/thu-tuc/1.013225");
    const { body } = await app.as().get<{ steps: { name: string }[] }>("/procedures/1.013225");
    const [drawing = ""] = /<svg class="flow"[\s\S]*?<\/svg>/.exec(page.text) ?? [];
    assert.equal([...drawing.matchAll(/class="flow-dot"/g)].length, body.steps.length);
    for (const { name } of body.steps)
      assert.ok(text(drawing).includes(name.split(" ").slice(0, 3).join(" ")), name);
    assert.match(text(drawing), /• Sở/);
    assert.doesNotMatch(page.text, / style=/);
    assert.doesNotMatch(page.text, /<script/);
  });

  it("list the papers of each case and the limit of each", async () => {
    const page = text((await open("/thu-tuc/1.013699")).text);
    const { body } = await app.as().get<{ cases: { name: string }[] }>("/procedures/1.013699");
    assert.ok(body.cases.length > 1);
    for (const { name } of body.cases) assert.ok(page.includes(name), name);
  });

  it("can be drawn for every procedure", async () => {
    const { body } = await app.as().get<{ items: { code: string }[] }>("/procedures?limit=200&cursor=900");
    for (const { code } of body.items) {
      const page = await open(`/thu-tuc/${code}`);
      assert.equal(page.status, 200, code);
      assert.doesNotMatch(page.text, /undefined|NaN|\[object/, code);
      assert.ok(page.text.length < 300_000, code);
    }
  });

  it("may be kept for five minutes, answer 304, and never give one reader another's head line", async () => {
    const page = await open("/thu-tuc/1.001193");
    assert.equal(page.headers.get("cache-control"), "public, max-age=300");
    assert.equal(page.headers.get("vary")?.includes("Cookie"), true);
    const etag = page.headers.get("etag") ?? "";
    const again = await fetch(`${app.url}/thu-tuc/1.001193`, { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    const officer = await (await atDesk(app.url, "commune.frontdesk")).get("/thu-tuc/1.001193");
    assert.equal(officer.headers.get("cache-control"), "no-store");
    assert.match(officer.text, /Đăng xuất/);
    assert.match(officer.text, /Giấy chứng sinh/);
  });

  it("say so of a procedure that there is not, escape what was typed, and link with tracking", async () => {
    const unknown = await open("/thu-tuc/9.999999");
    assert.equal(unknown.status, 404);
    const typed = await open(`/thu-tuc?q=${encodeURIComponent('"><b>x</b>')}`);
    assert.ok(!typed.text.includes("<b>x</b>"));
    assert.match((await open("/tra-cuu")).text, /href="\/thu-tuc"/);
    assert.match((await open("/thu-tuc")).text, /href="\/tra-cuu"/);
  });
});
