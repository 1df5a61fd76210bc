import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { before, describe, it } from "mocha";
import { createAccount } from "../../server/accounts/change-accounts.ts";
import { applyCalendars } from "../../server/processing/apply-calendars.ts";
import { openDeps } from "../../server/open-deps.ts";
import { withTestApp } from "../support/app.ts";
import { filed } from "../support/dossiers.ts";
import { atDesk, pageClient } from "../support/pages.ts";
import type { PageClient } from "../support/pages.ts";

const ACCOUNTS = "/quan-tri/tai-khoan";
const COMMUNE = "000.15.32.H30";

describe("the administrator's pages", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let admin: PageClient;

  before(async () => {
    admin = await atDesk(app.url, "admin");
  });

  const oneTime = (html: string) => /class="one-time figures">([^<]+)</.exec(html)?.[1] ?? "";
  const make = async (username: string, roles = ["frontdesk"]) => {
    const form = await admin.get(`${ACCOUNTS}/moi`);
    const entered = { username, name: "Nguyễn Thị Thử", agency: COMMUNE, roles };
    return { form, entered, reply: await admin.send(form, `${ACCOUNTS}/moi`, entered) };
  };
  const changes = async (username: string) =>
    app.database
      .open()
      .select<{ what: string; by_username: string; detail: unknown }[]>("what", "by_username", "detail")
      .from("account_changes")
      .where({ username })
      .orderBy("id");

  it("are for administrators alone", async () => {
    const other = await atDesk(app.url, "commune.frontdesk");
    for (const path of ["/quan-tri/cong-dvc", ACCOUNTS, `${ACCOUNTS}/moi`, "/quan-tri/lich"]) {
      assert.equal((await other.get(path)).status, 403, path);
      assert.equal((await pageClient(app.url).get(path)).status, 303, path);
      assert.equal((await admin.get(path)).status, 200, path);
    }
    assert.equal((await other.get("/tai-khoan")).status, 200);
  });

  it("make an account whose password is shown once and must be changed first", async () => {
    const { form, entered, reply } = await make("thu.mot");
    assert.equal(reply.status, 200);
    const password = oneTime(reply.text);
    assert.match(password, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    // Pressed twice: the same account with the same password.
    assert.equal(oneTime((await admin.send(form, `${ACCOUNTS}/moi`, entered)).text), password);
    assert.ok(!(await admin.get(`${ACCOUNTS}/thu.mot`)).text.includes(password));

    const own = await atDesk(app.url, "thu.mot", password);
    assert.equal((await own.get("/thu-phi")).location, "/tai-khoan");
    const page = await own.get("/tai-khoan");
    assert.match(page.text, /dùng một lần/);
    const wrong = await own.send(page, "/tai-khoan", { present: "sai", next: "ngan", again: "khac" });
    assert.equal(wrong.status, 422);
    for (const error of [/hiện tại không đúng/, /từ 10 đến/, /không giống nhau/])
      assert.match(wrong.text, error);
    const next = "mat khau moi cua toi";
    const done = await own.send(page, "/tai-khoan", { present: password, next, again: next });
    assert.equal(done.location, "/tai-khoan?xong=1");
    assert.equal((await own.get("/thu-phi")).status, 200);
    await atDesk(app.url, "thu.mot", next);
    assert.deepEqual(
      (await changes("thu.mot")).map(({ what, by_username: by }) => `${what} ${by}`),
      ["created admin", "password-changed thu.mot"],
    );
  });

  it("say what is wrong with an account, keeping what was typed", async () => {
    const form = await admin.get(`${ACCOUNTS}/moi`);
    const reply = await admin.send(form, `${ACCOUNTS}/moi`, {
      username: "Có Dấu",
      name: "",
      agency: "không có",
    });
    assert.equal(reply.status, 422);
    for (const error of [/chữ thường không dấu/, /họ và tên/, /Hãy chọn một đơn vị/, /ít nhất một vai trò/])
      assert.match(reply.text, error);
    assert.match(reply.text, /value="Có Dấu"/);
    await make("thu.hai");
    const twice = await make("thu.hai");
    assert.equal(twice.reply.status, 422);
    assert.match(twice.reply.text, /đã có người dùng/);
  });

  it("disable an account, which ends its sessions, and enable it; reset its password; change its roles", async () => {
    const { reply } = await make("thu.ba");
    const password = oneTime(reply.text);
    const own = await atDesk(app.url, "thu.ba", password);
    const address = `${ACCOUNTS}/thu.ba`;
    let page = await admin.get(address);
    assert.equal((await admin.send(page, `${address}/trang-thai`, {})).location, `${address}?xong=khoa`);
    const refused = await pageClient(app.url).post("/dang-nhap", { username: "thu.ba", password, den: "/" });
    assert.equal(refused.status, 401);
    assert.equal(
      await app.database
        .open()("sessions as s")
        .join("accounts as a", "a.id", "s.account_id")
        .where("a.username", "thu.ba")
        .count()
        .first()
        .then((row) => Number(row?.count)),
      0,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    assert.match((await own.get("/tai-khoan")).location ?? "", /^\/dang-nhap/);

    page = await admin.get(address);
    await admin.send(page, `${address}/trang-thai`, {});
    const reset = await admin.send(await admin.get(address), `${address}/mat-khau`, {});
    await atDesk(app.url, "thu.ba", oneTime(reset.text));
    const roles = await admin.send(await admin.get(address), `${address}/vai-tro`, {
      roles: ["clerk", "leader"],
    });
    assert.equal(roles.location, `${address}?xong=vai-tro`);
    assert.match((await admin.get(address)).text, /Bộ phận Một cửa → Lãnh đạo, Văn thư/);
    assert.deepEqual(
      (await changes("thu.ba")).map(({ what }) => what),
      ["created", "disabled", "enabled", "password-reset", "roles"],
    );
    const moved = { name: "Nguyễn Thị Thử Nghiệm", agency: "000.15.32.H30" };
    const nobody = await admin.send(await admin.get(address), `${address}/nguoi`, { ...moved, name: " " });
    assert.equal(nobody.status, 422);
    assert.match(nobody.text, /Hãy nhập họ và tên/);
    const person = await admin.send(await admin.get(address), `${address}/nguoi`, moved);
    assert.equal(person.location, `${address}?xong=nguoi`);
    assert.match((await admin.get(address)).text, /Đổi họ tên, đơn vị: .* → Nguyễn Thị Thử Nghiệm, /);
    const noRole = await admin.send(await admin.get(address), `${address}/vai-tro`, {});
    assert.equal(noRole.status, 422);
  });

  it("never let an administrator lock himself out", async () => {
    const page = await admin.get(`${ACCOUNTS}/admin`);
    assert.equal((await admin.send(page, `${ACCOUNTS}/admin/trang-thai`, {})).status, 409);
    const roles = await admin.send(page, `${ACCOUNTS}/admin/vai-tro`, { roles: ["clerk"] });
    assert.equal(roles.status, 409);
    assert.match(roles.text, /không thể tự bỏ vai trò quản trị/);
  });

  it("keep the record of changes append-only, and refuse forged forms", async () => {
    const db = app.database.open("app");
    await assert.rejects(db("account_changes").delete(), /permission denied/);
    await assert.rejects(db("account_changes").update({ what: "enabled" }), /permission denied/);
    const forged = await admin.post(`${ACCOUNTS}/thu.ba/trang-thai`, { active: "khong", _csrf: "x" });
    assert.equal(forged.status, 403);
  });

  it("find accounts without diacritics, by name and unit", async () => {
    assert.match((await admin.get(`${ACCOUNTS}?q=so+tu+phap`)).text, /stp\.specialist/);
    assert.match((await admin.get(`${ACCOUNTS}?q=nguyen+thi+thu`)).text, /thu\.mot/);
    assert.match((await admin.get(`${ACCOUNTS}?q=100%25`)).text, /Không có tài khoản nào khớp/);
  });

  it("show what the portal refused and why, and put one or all back", async () => {
    await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    const owner = app.database.open();
    await owner("outbox").update({ state: "failed", attempts: 9, last_error: "Thiếu trường MaDonVi <thử>" });
    const total = Number((await owner("outbox").count().first())?.count);
    assert.ok(total >= 2);
    const page = await admin.get("/quan-tri/cong-dvc");
    assert.match(page.text, /Thiếu trường MaDonVi &lt;thử>/);
    const ids = [...page.text.matchAll(/name="thu" value="(\d+)"/g)].map(([, id]) => id);
    assert.equal(ids.length, total);
    const fields = { _csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "" };
    const one = await admin.post("/quan-tri/cong-dvc", { ...fields, thu: ids[0] ?? "" });
    assert.equal(one.location, "/quan-tri/cong-dvc?da-gui=1");
    const all = await admin.post("/quan-tri/cong-dvc", { ...fields, thu: "tat-ca" });
    assert.equal(all.location, `/quan-tri/cong-dvc?da-gui=${total - 1}`);
    assert.match((await admin.get(all.location)).text, new RegExp(`Đã đưa ${total - 1} tin về hàng chờ`));
    assert.match((await admin.get("/quan-tri/cong-dvc")).text, /Không có tin nào bị lỗi/);
  });

  it("enter a new version of a year, checked, and the open dossiers get their new date", async () => {
    const dossier = await filed(app, "commune.frontdesk", "1.001776", COMMUNE, { accept: true });
    const due = String(dossier.dueAt).slice(0, 10);
    const address = "/quan-tri/lich/2026";
    const page = await admin.get(address);
    const [, off = ""] = /<textarea[^>]*name="off"[^>]*>([^<]*)/.exec(page.text) ?? [];
    const day = due.split("-").reverse().join("/");
    const fields = { notice: "999/TB-BNV", noticeDate: "20/11/2026" };
    for (const [wrong, says] of [
      ["31/02/2026 Không có", /không phải là một ngày của năm 2026/],
      ["22/11/2026 Chủ nhật", /vốn đã nghỉ/],
      ["hôm nào đó", /Không đọc được dòng/],
      [`${day} Một\n${day} Hai`, /ghi hai lần/],
    ] as const) {
      const reply = await admin.send(page, address, { ...fields, off: wrong });
      assert.equal(reply.status, 422, wrong);
      assert.match(reply.text, says);
      assert.match(reply.text, /999\/TB-BNV/);
    }
    const saved = await admin.send(page, address, { ...fields, off: `${off}\n${day} Nghỉ đột xuất (thử)` });
    assert.equal(saved.location, "/quan-tri/lich?xong=2026");
    const list = await admin.get("/quan-tri/lich?xong=2026");
    assert.match(list.text, /999\/TB-BNV ngày 20\/11\/2026/);
    assert.match(list.text, /Đang tính lại ngày hẹn/);
    assert.ok((await applyCalendars(await openDeps(app.parts))) >= 1);
    const { body } = await app.as("commune.frontdesk").get<{ dueAt: string }>(`/dossiers/${dossier.code}`);
    assert.ok(body.dueAt.slice(0, 10) > due, `${body.dueAt} after ${due}`);
  });

  it("are not needed for the first account: a command makes it, and says what is wrong", async () => {
    const run = promisify(execFile);
    const env = {
      ...process.env,
      DATABASE_URL: app.database.url,
      DATABASE_OWNER_URL: app.database.ownerUrl,
      DATA_DIR: app.parts.config.dataDir,
    };
    const account = (...args: string[]) =>
      run("node", ["--import", "tsx", "tools/account.ts", ...args], { env });
    const given = ["--name", "Trần Văn Mẫu", "--unit", "000.00.00.H30", "--roles", "admin"];
    const { stdout } = await account("--username", "quan.tri", ...given);
    const password = /one-time password: (\S+)/.exec(stdout)?.[1] ?? "";
    const own = await atDesk(app.url, "quan.tri", password);
    assert.equal((await own.get("/quan-tri/cong-dvc")).location, "/tai-khoan");
    await assert.rejects(account("--username", "quan.tri", ...given), /đã có người dùng/);
    assert.deepEqual(
      (await changes("quan.tri")).map(({ what, by_username: by }) => `${what} ${by}`),
      ["created command"],
    );
  });

  it("let of two who make the same account at once only one succeed", async () => {
    const db = app.database.open("app");
    const account = { username: "thu.dua", name: "Nguyễn Thị Thử", agency: COMMUNE, roles: ["clerk"] };
    const results = await Promise.allSettled(
      ["a", "b"].map((by) => db.transaction((trx) => createAccount({ trx, clock: app.clock, by }, account))),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });
});
