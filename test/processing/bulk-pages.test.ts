import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, digitized, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import type { PageClient } from "../support/pages.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";
const BULK = "/ho-so/hang-loat";

describe("work with many dossiers", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let desk: PageClient;
  let leader: PageClient;
  let specialist: PageClient;
  const ready: DossierBody[] = [];
  let untouched: DossierBody;

  const events = async (code: string) =>
    (
      await app.as("commune.leader").get<{ items: { type: string }[] }>(`/dossiers/${code}/events`)
    ).body.items.map(({ type }) => type);
  const dossier = async (code: string) =>
    (await app.as("commune.leader").get<DossierBody>(`/dossiers/${code}`)).body;

  before(async function () {
    this.timeout(60_000);
    await app.database.open().raw(
      `insert into accounts (username, name, agency, roles, password_hash)
         select 'commune.other', 'Trần Thị Mẫu', agency, roles, password_hash from accounts where username = 'commune.specialist'`,
    );
    for (let n = 0; n < 3; n++)
      ready.push(
        await digitized(
          app,
          "commune.frontdesk",
          await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept: true }),
          BIRTH,
        ),
      );
    untouched = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, {});
    desk = await atDesk(app.url, "commune.frontdesk");
    leader = await atDesk(app.url, "commune.leader");
    specialist = await atDesk(app.url, "commune.specialist");
  });

  const codes = () => ready.map(({ code }) => code);

  it("hands over what can be handed over, and names what cannot, to be tried again", async () => {
    const list = await desk.get("/ho-so?loc=don-vi");
    const reply = await desk.send(list, BULK, { viec: "chuyen", ma: [untouched.code, ...codes()] });
    assert.equal(reply.status, 200, reply.text.slice(0, 600));
    assert.match(reply.text, /Xong 3 trên 4 hồ sơ; 1 hồ sơ chưa làm được/);
    assert.match(reply.text, /Làm lại 1 hồ sơ chưa được/);
    assert.equal((await dossier(codes()[0] ?? "")).status, 4);
    assert.equal((await dossier(untouched.code)).status, 1);
    const again = await desk.send(reply, BULK, {});
    assert.match(again.text, /1 hồ sơ chưa làm được/, "the form holds just what failed");
    assert.equal((await dossier(untouched.code)).status, 1);
  });

  it("does each once when the form is sent twice", async () => {
    const list = await specialist.get("/ho-so?loc=don-vi");
    const entered = { viec: "nhan", ma: codes() };
    const first = await specialist.send(list, BULK, entered);
    const second = await specialist.send(list, BULK, entered);
    assert.match(first.text, /Xong cả 3 hồ sơ/);
    assert.match(second.text, /Xong cả 3 hồ sơ/);
    for (const code of codes()) {
      assert.equal((await dossier(code)).assignee, "commune.specialist");
      assert.equal((await events(code)).filter((type) => type === "ASSIGN").length, 1);
    }
  });

  it("asks for what is missing and keeps what was ticked", async () => {
    const list = await leader.get("/ho-so?loc=don-vi&trangThai=4");
    const nobody = await leader.send(list, BULK, { viec: "giao", ma: codes() });
    assert.equal(nobody.status, 303);
    const page = await leader.get(nobody.location ?? "");
    assert.match(page.text, /Chưa chọn người được giao/);
    assert.equal(page.text.match(/name="ma"[^>]* checked/g)?.length, 3);
    const none = await leader.send(list, BULK, { viec: "in-control" });
    assert.match((await leader.get(none.location ?? "")).text, /Chưa chọn hồ sơ nào/);
  });

  it("gives work only by whom the rules let, and to nobody of another unit", async () => {
    const list = await specialist.get("/ho-so?loc=don-vi");
    const stolen = await specialist.send(list, BULK, { viec: "giao", giaoCho: "commune.other", ma: codes() });
    assert.match(stolen.text, /chỉ được nhận hồ sơ về cho chính mình/);
    const stranger = await atDesk(app.url, "district.leader");
    const theirs = await stranger.get("/ho-so/ban-giao");
    const { _csrf = "" } = { _csrf: /name="_csrf" value="([^"]+)"/.exec(theirs.text)?.[1] };
    const reply = await stranger.post(BULK, { _csrf, _lan: "x", viec: "nhan", ma: codes() });
    assert.match(reply.text, /Không tìm thấy hồ sơ này/);
    assert.equal((await dossier(codes()[0] ?? "")).assignee, "commune.specialist");
  });

  it("moves an absent colleague's dossiers in one step", async () => {
    const waiting = codes()[2] ?? "";
    await acted(app.as("commune.specialist"), waiting, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Chưa đọc được.",
      items: [{ documentCode: "02" }],
    });
    const page = await leader.get("/ho-so/ban-giao");
    assert.match(page.text, /– 3 hồ sơ/);
    const wrong = await leader.send(page, "/ho-so/ban-giao", {
      tu: "commune.specialist",
      den: "commune.specialist",
    });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /<option value="commune.specialist" selected>/);
    const reply = await leader.send(page, "/ho-so/ban-giao", {
      tu: "commune.specialist",
      den: "commune.other",
    });
    assert.match(reply.text, /Xong 2 trên 3 hồ sơ/);
    assert.match(reply.text, /đang chờ công dân bổ sung/);
    assert.match(reply.text, /Đã giao cho Trần Thị Mẫu/);
    assert.equal((await dossier(codes()[0] ?? "")).assignee, "commune.other");
    assert.equal((await dossier(waiting)).assignee, "commune.specialist");
    assert.equal((await specialist.get("/ho-so/ban-giao")).status, 403);
  });

  it("prints many as one file", async () => {
    const list = await desk.get("/ho-so?loc=don-vi");
    const reply = await desk.send(list, BULK, { viec: "in-receipt", ma: [...codes(), untouched.code] });
    assert.match(reply.text, /chưa được tiếp nhận nên chưa có giấy tiếp nhận/);
    const paper = /href="(\/ho-so\/in\/receipt\.pdf[^"]+)"/.exec(reply.text)?.[1] ?? "";
    const answer = await fetch(app.url + paper, { headers: { cookie: desk.cookie } });
    assert.equal(answer.headers.get("content-type"), "application/pdf");
    const { PDFDocument } = await import("@cantoo/pdf-lib");
    const pdf = await PDFDocument.load(await answer.arrayBuffer());
    assert.ok(pdf.getPageCount() >= 3);
    const stranger = await atDesk(app.url, "district.frontdesk");
    assert.equal((await stranger.get(paper)).status, 404);
  });
});
