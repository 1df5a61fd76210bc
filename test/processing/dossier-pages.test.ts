import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { acted, filed, papersOf, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { atDesk, hiddenFields } from "../support/pages.ts";
import type { PageClient, PageReply } from "../support/pages.ts";

const COMMUNE = "000.15.32.H30";
const SPORTS = "000.00.13.H30";
const BIRTH = "1.001193";
const GYM = "1.001029";

/** Sends one action's form as it stands, with what is entered. */
async function does(
  officer: PageClient,
  code: string,
  event: string,
  entered: Record<string, string | string[]> = {},
): Promise<PageReply> {
  const path = `/ho-so/${code}/viec/${event}`;
  const page = await officer.get(path);
  assert.equal(page.status, 200, `${event}: ${page.text.replace(/<[^>]*>/g, " ").slice(0, 600)}`);
  return officer.send(page, path, entered);
}

async function done(...asked: Parameters<typeof does>): Promise<void> {
  const [officer, code, event] = asked;
  const answer = await does(...asked);
  assert.equal(answer.status, 303, `${event}: ${textOf(answer)}`);
  const after = await officer.get(answer.location ?? "");
  assert.equal(after.status, 200);
  assert.match(after.text, /Đã ghi: /);
  assert.equal(answer.location, `/ho-so/${code}?xong=${event}`);
}

const textOf = ({ text }: PageReply) =>
  text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .slice(0, 1500);

async function upload(app: TestApp, officer: PageClient, code: string, component: string): Promise<Response> {
  const page = await officer.get(`/ho-so/${code}`);
  const form = new FormData();
  const fields = { ...hiddenFields(page.text, `/ho-so/${code}/giay-to`), component };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(SCAN.bytes)], { type: SCAN.type }), SCAN.name);
  return fetch(`${app.url}/ho-so/${code}/giay-to`, {
    method: "POST",
    body: form,
    headers: { cookie: officer.cookie },
    redirect: "manual",
  });
}

describe("the page of a dossier", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const people = new Map<string, PageClient>();
  const at = (username: string): PageClient => {
    const officer = people.get(username);
    assert.ok(officer !== undefined);
    return officer;
  };

  before(async () => {
    const units = ["specialist", "head", "leader", "clerk"].map((role) => `svhttdl.${role}`);
    for (const name of ["centre.frontdesk", ...units, "commune.frontdesk", "commune.specialist"])
      people.set(name, await atDesk(app.url, name));
  });

  const birth = (changes: Record<string, unknown> = {}) =>
    filed(app, "commune.frontdesk", BIRTH, COMMUNE, changes);

  it("carries a dossier from acceptance to the hand-over by its forms alone", async () => {
    const { code } = await filed(app, "centre.frontdesk", GYM, SPORTS);
    const front = at("centre.frontdesk");
    await done(front, code, "ACCEPT");
    for (const component of (await papersOf(app, GYM)).toScan) {
      const answer = await upload(app, front, code, component);
      assert.equal(answer.status, 303, (await answer.text()).slice(0, 300));
    }
    const scanned = await front.get(`/ho-so/${code}`);
    const file = /href="(\/ho-so\/[^"]*\/giay-to\/\d+)"/.exec(scanned.text)?.[1] ?? "";
    assert.equal((await front.get(file)).headers.get("content-type"), "image/png");
    await done(front, code, "DIGITIZE");
    const fees = await front.get(`/ho-so/${code}/viec/PAY`);
    if (fees.status === 200) {
      const fee = /<option value="([^"]+)"/.exec(fees.text.split('name="feeCode"')[1] ?? "")?.[1] ?? "";
      await done(front, code, "PAY", {
        feeCode: fee,
        amount: "1.000.000",
        method: "cash",
        reference: "BL-0001",
        ground: "Biểu phí thử nghiệm",
      });
    }
    await done(front, code, "TRANSFER", { agency: SPORTS });
    await done(at("svhttdl.head"), code, "ASSIGN", { assignee: "svhttdl.specialist" });
    const specialist = at("svhttdl.specialist");
    await done(specialist, code, "RECORD_MINUTES", { finding: "Đủ điều kiện theo biên bản kiểm tra." });
    await done(specialist, code, "DRAFT_RESULT", {
      "fields.name.1": "Nội dung giải quyết",
      "fields.text.1": "Đủ điều kiện hoạt động.",
    });
    const unsure = await does(specialist, code, "PROPOSE", { outcome: "deny" });
    assert.equal(unsure.status, 422);
    assert.match(textOf(unsure), /Đề xuất từ chối phải nêu lý do/);
    await done(specialist, code, "PROPOSE", { outcome: "grant" });
    await done(at("svhttdl.head"), code, "APPROVE");
    await done(at("svhttdl.leader"), code, "APPROVE");
    await done(at("svhttdl.leader"), code, "SIGN");
    await done(at("svhttdl.clerk"), code, "SEAL");
    assert.equal(
      (await front.get(`/ho-so/${code}/ket-qua.pdf`)).headers.get("content-type"),
      "application/pdf",
    );

    const counter = await front.get("/tra-ket-qua");
    assert.ok(counter.text.includes(code), "the result waits at the counter");
    assert.equal((await front.get(`/tra-ket-qua?ma=${code.toLowerCase()}`)).location, `/tra-ket-qua/${code}`);
    const hand = await front.get(`/tra-ket-qua/${code}`);
    const unsaid = await front.send(hand, `/tra-ket-qua/${code}/nhac`, { note: "Chiều sẽ đến." });
    assert.equal(unsaid.status, 422);
    assert.match(textOf(unsaid), /Hãy chọn đã báo cho người nộp bằng cách nào/);
    assert.match(unsaid.text, /Chiều sẽ đến\./, "what was typed stands there again");
    const said = { how: "phone", note: "Chiều sẽ đến." };
    for (const time of ["once", "twice"])
      assert.equal(
        (await front.send(hand, `/tra-ket-qua/${code}/nhac`, said)).location,
        `/tra-ket-qua?nhac=${code}`,
        time,
      );
    assert.match(textOf(await front.get("/tra-ket-qua")), /1 lần/, "pressed twice, it is one reminder");
    assert.match(textOf(await front.get(`/tra-ket-qua/${code}`)), /gọi điện thoại.*Chiều sẽ đến/);
    const nobody = await front.send(hand, `/tra-ket-qua/${code}`, {
      "recipient.name": "",
      "recipient.number": "1",
    });
    assert.equal(nobody.status, 422);
    assert.match(textOf(nobody), /Hãy nhập họ tên người nhận/);
    const handed = await front.send(hand, `/tra-ket-qua/${code}`, {
      "recipient.name": "Nguyễn Thị Thử",
      "recipient.type": "cccd",
      "recipient.number": "093190000001",
      "recipient.method": "counter",
    });
    assert.equal(handed.location, `/tra-ket-qua?xong=${code}`, textOf(handed));
    assert.match(textOf(await front.get(`/tra-ket-qua/${code}/ky-nhan`)), /Nguyễn Thị Thử/);
    assert.ok(!(await front.get("/tra-ket-qua")).text.includes(code), "it waits no longer");
    const { body } = await app.as("centre.frontdesk").get<DossierBody>(`/dossiers/${code}`);
    assert.equal(body.status, 10);
    const end = textOf(await front.get(`/ho-so/${code}`));
    assert.match(end, /Đã trả kết quả/);
  });

  it("tells the second of two officers who did what, and keeps what he typed", async () => {
    const { code } = await birth({ accept: true });
    const path = `/ho-so/${code}/viec/REQUEST_SUPPLEMENT`;
    const front = at("commune.frontdesk");
    const page = await front.get(path);
    await acted(app.as("commune.frontdesk"), code, {
      type: "CORRECT",
      fields: [{ path: "applicant.phone", before: "0900000001", after: "0900000002" }],
      reason: "Gõ nhầm.",
    });
    const typed = { reason: "Giấy chứng sinh mờ.", "items.text.1": "Giấy chứng sinh đọc được" };
    const stale = await front.send(page, path, typed);
    assert.equal(stale.status, 412);
    assert.match(textOf(stale), /Cán bộ Thử \d+ \(Bộ phận Một cửa\) đã làm “ ?Sửa sai sót ?” lúc/);
    assert.match(stale.text, /Giấy chứng sinh mờ\./);
    assert.match(stale.text, /value="Giấy chứng sinh đọc được"/);
    const again = await front.send(stale, path, typed);
    assert.equal(again.status, 303, textOf(again));
  });

  it("shows what was typed where the action is gone, and does nothing", async () => {
    const { code } = await birth({});
    const front = at("commune.frontdesk");
    const page = await front.get(`/ho-so/${code}/viec/REFUSE`);
    await acted(app.as("commune.frontdesk"), code, { type: "ACCEPT" });
    const late = await front.send(page, `/ho-so/${code}/viec/REFUSE`, { reason: "Không thuộc thẩm quyền." });
    assert.equal(late.status, 412);
    assert.match(textOf(late), /“ ?Tiếp nhận hồ sơ ?”/);
    assert.match(late.text, /Không thuộc thẩm quyền\./);
    assert.equal((await front.get(`/ho-so/${code}/viec/REFUSE`)).status, 409);
  });

  it("does once what is sent twice, at the same time too", async () => {
    const { code } = await birth({});
    const front = at("commune.frontdesk");
    const path = `/ho-so/${code}/viec/ACCEPT`;
    const page = await front.get(path);
    const both = await Promise.all([front.send(page, path, {}), front.send(page, path, {})]);
    const third = await front.send(page, path, {});
    assert.deepEqual(
      [...both, third].map(({ location }) => location),
      Array.from({ length: 3 }, () => `/ho-so/${code}?xong=ACCEPT`),
    );
    const { body } = await app
      .as("commune.frontdesk")
      .get<{ items: { type: string }[] }>(`/dossiers/${code}/events`);
    assert.equal(body.items.filter(({ type }) => type === "ACCEPT").length, 1);
  });

  it("mends a mistyped name, with before, after and reason, and a receipt that replaces the first", async () => {
    const { code } = await birth({ accept: true });
    const front = at("commune.frontdesk");
    const path = `/ho-so/${code}/viec/CORRECT`;
    const page = await front.get(path);
    assert.match(page.text, /value="Nguyễn Thị Thử"/);
    const same = await front.send(page, path, {
      "fields.applicant.name": "Nguyễn Thị Thử",
      reason: "Không đổi",
    });
    assert.equal(same.status, 422);
    const mended = await front.send(page, path, {
      "fields.applicant.name": "Nguyễn Thị Thủ",
      reason: "Gõ nhầm dấu.",
    });
    const shown = await front.get(mended.location ?? "");
    assert.match(textOf(shown), /in giấy tiếp nhận mới/);
    const text = shown.text.replace(/<[^>]*>/g, " ");
    assert.match(text, /Họ tên người nộp: “Nguyễn Thị Thử” → “Nguyễn Thị Thủ”/);
    assert.match(text, /Gõ nhầm dấu\./);
    const receipt = await front.get(`/ho-so/${code}/in/receipt.pdf`);
    assert.equal(receipt.headers.get("content-type"), "application/pdf");
  });

  it("offers exactly what the machine allows, and says why not the rest", async () => {
    const { code } = await birth({});
    const { body } = await app.as("commune.frontdesk").get<DossierBody>(`/dossiers/${code}`);
    const { text } = await at("commune.frontdesk").get(`/ho-so/${code}`);
    const offered = [...text.matchAll(/\/viec\/([A-Z_]+)"/g)].map(([, type]) => type);
    assert.deepEqual(offered.sort(), body.allowedEvents.map(({ type }) => type).sort());
    assert.match(text, /Vì sao không\?/);
    assert.match(text, /Hồ sơ đang ở bước “Mới đăng ký”/);
    const bare = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { documents: [] });
    const why = await at("commune.frontdesk").get(`/ho-so/${bare.code}`);
    assert.match(why.text, /Chưa nhận đủ giấy tờ bắt buộc: “[^”]*Giấy chứng sinh/, "papers by their names");
    assert.match(text, /Đang chờ gửi|Cổng DVCQG đã nhận lúc/);
  });

  it("is for the units concerned alone, and leaves other addresses to others", async () => {
    const { code } = await birth({});
    assert.equal((await at("svhttdl.head").get(`/ho-so/${code}`)).status, 404);
    assert.notEqual((await at("svhttdl.head").get("/tra-ket-qua")).status, 200);
    const foreign = await at("commune.frontdesk").post(`/ho-so/${code}/viec/ACCEPT`, { _csrf: "sai" });
    assert.equal(foreign.status, 403);
    assert.match((await at("commune.frontdesk").get("/ho-so/mo?ma=x")).location ?? "", /^\/ho-so\?/);
  });
});
