import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { atDesk, cookieOf, hiddenFields, pageClient } from "../support/pages.ts";

const credentials = { username: "commune.frontdesk", password: TEST_PASSWORD };

describe("the login page", () => {
  const app = withTestApp();

  it("leads back to the page that was asked for, and nowhere outside", async () => {
    const nobody = pageClient(app.url);
    const asked = await nobody.get("/ban-lam-viec?x=1");
    assert.equal(asked.status, 303);
    assert.equal(asked.location, "/dang-nhap?den=%2Fban-lam-viec%3Fx%3D1");
    const page = await nobody.get(asked.location);
    assert.equal(page.status, 200);
    assert.equal(hiddenFields(page.text, "/dang-nhap").den, "/ban-lam-viec?x=1");
    const back = await nobody.send(page, "/dang-nhap", credentials);
    assert.equal(back.location, "/ban-lam-viec?x=1");
    for (const outside of ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"])
      assert.equal(
        (await nobody.post("/dang-nhap", { ...credentials, den: outside })).location,
        "/ban-lam-viec",
      );
  });

  it("gives a cookie that no script and no other site can use, and takes it back at log-out", async () => {
    const answer = await pageClient(app.url).post("/dang-nhap", credentials);
    const [cookie] = answer.headers.getSetCookie();
    assert.match(cookie ?? "", /^phien=[\w-]{43};/);
    for (const part of [/HttpOnly/i, /SameSite=Lax/i, /Path=\//i]) assert.match(cookie ?? "", part);
    const officer = pageClient(app.url, cookieOf(answer));
    assert.equal((await officer.get("/ban-lam-viec")).location, "/tiep-nhan");
    const out = await officer.post("/dang-xuat", {});
    assert.equal(out.location, "/dang-nhap");
    assert.equal(out.headers.get("clear-site-data"), '"storage"');
    assert.match((await officer.get("/ban-lam-viec")).location ?? "", /^\/dang-nhap/);
  });

  it("says the same of an unknown name and of a wrong password, and keeps the name", async () => {
    const nobody = pageClient(app.url);
    const wrong = await nobody.post("/dang-nhap", { ...credentials, password: "sai" });
    const unknown = await nobody.post("/dang-nhap", { username: "khong.co", password: "sai" });
    assert.deepEqual([wrong.status, unknown.status], [401, 401]);
    for (const { text } of [wrong, unknown]) assert.match(text, /Tên đăng nhập hoặc mật khẩu không đúng/);
    assert.match(wrong.text, /value="commune\.frontdesk"/);
    assert.equal((await nobody.post("/dang-nhap", { username: "", password: "" })).status, 422);
  });

  it("leads each role to its own desk", async () => {
    const desks = new Map<string, string | null>();
    for (const name of ["commune.frontdesk", "commune.specialist", "commune.leader", "admin"])
      desks.set(name, (await (await atDesk(app.url, name)).get("/ban-lam-viec")).location);
    assert.deepEqual(
      [...desks],
      [
        ["commune.frontdesk", "/tiep-nhan"],
        ["commune.specialist", "/ho-so"],
        ["commune.leader", "/ho-so"],
        ["admin", "/quan-tri"],
      ],
    );
  });

  it("opens the dossier of a scanned code, however it was printed or typed", async () => {
    const officer = await atDesk(app.url, "commune.frontdesk");
    for (const typed of [
      "000.15.32.H30-261123-0001",
      " 000.15.32.h30-261123-0001 ",
      "0001532H30 261123 0001",
      "http://mot-cua.test/tra-cuu/000.15.32.H30-261123-0001",
    ])
      assert.equal(
        (await officer.get(`/ho-so/mo?ma=${encodeURIComponent(typed)}`)).location,
        "/ho-so/000.15.32.H30-261123-0001",
      );
    assert.equal((await officer.get("/ho-so/mo?ma=%2Ftra-cuu%2F%25zz")).status, 303);
    assert.equal(
      (await officer.get("/ho-so/mo?ma=Nguy%E1%BB%85n")).location,
      "/ho-so?loc=tat-ca&q=Nguy%E1%BB%85n",
    );
  });
});

describe("a form that is sent when the session has ended", () => {
  const app = withTestApp();
  const entered = { hoTen: "Nguyễn Thị Thử <b>", giayTo: ["a", "b"], _lan: "mot-lan" };

  it("is kept in the login page and sent on afterwards, with all that was typed", async () => {
    const late = await pageClient(app.url, "phien=" + "x".repeat(43)).post("/ho-so/gi-do", {
      ...entered,
      _csrf: "cu",
      _nguoi: "commune.frontdesk",
    });
    assert.equal(late.status, 401);
    assert.match(late.text, /Phiên làm việc đã hết hạn/);
    const again = await pageClient(app.url).send(late, "/dang-nhap", credentials);
    assert.equal(again.status, 200);
    assert.match(again.text, /Bạn đã đăng nhập lại/);
    const { _csrf: csrf, ...sent } = hiddenFields(again.text, "/ho-so/gi-do");
    assert.ok(csrf !== undefined && csrf !== "cu");
    assert.deepEqual(sent, { hoTen: "Nguyễn Thị Thử <b>", giayTo: "b", _lan: "mot-lan" });
    assert.match(again.text, /name="giayTo" value="a"/);
  });

  it("is not handed to another account", async () => {
    const late = await pageClient(app.url).post("/ho-so/gi-do", { ...entered, _nguoi: "commune.frontdesk" });
    const other = await pageClient(app.url).send(late, "/dang-nhap", {
      username: "commune.specialist",
      password: TEST_PASSWORD,
    });
    assert.equal(other.status, 409);
    assert.match(other.text, /là của tài khoản commune\.frontdesk/);
    assert.equal(other.headers.getSetCookie().length, 0);
    for (const { text } of [late, other])
      assert.doesNotMatch(text, /Nguyễn Thị Thử/, "nor can it be read in the page");
  });

  it("says that files must be chosen again, and leads back to the page they were chosen on", async () => {
    const body = new FormData();
    body.append("file", new Blob([new Uint8Array(300_000)]), "giay-to.pdf");
    const answer = await fetch(`${app.url}/ho-so/X/giay-to`, {
      method: "POST",
      body,
      headers: { referer: `${app.url}/ho-so/X?xong=ACCEPT` },
    });
    assert.equal(answer.status, 401);
    const page = await answer.text();
    assert.match(page, /tệp chưa được nhận/);
    assert.match(page, /name="den" value="\/ho-so\/X\?xong=ACCEPT"/);
  });
});

describe("an address where nothing is", () => {
  const app = withTestApp();

  it("is told in a page to whoever reads it, and in a problem document to programs", async () => {
    const read = await fetch(`${app.url}/khong-co`, { headers: { accept: "text/html,*/*" } });
    assert.equal(read.status, 404);
    assert.match(await read.text(), /Không tìm thấy trang này/);
    for (const [path, accept] of [
      ["/khong-co", "application/json"],
      ["/api/v1/khong-co", "text/html"],
    ] as const) {
      const answer = await fetch(app.url + path, { headers: { accept } });
      assert.equal(answer.status, 404);
      assert.equal(((await answer.json()) as { code: string }).code, "no-such-address");
    }
  });
});
