import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { before, describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { noteTools } from "../../server/recognition/keep-reading.ts";
import { readNext } from "../../server/recognition/read-next.ts";
import { findTools } from "../../server/recognition/tools.ts";
import { EXTRACT, printed } from "../recognition/papers.ts";
import { withTestApp } from "../support/app.ts";
import { filed, SCAN } from "../support/dossiers.ts";
import { atDesk, hiddenFields, type PageClient } from "../support/pages.ts";
import { applicant } from "../support/people.ts";

describe("the papers on the page of a dossier", function () {
  this.timeout(90_000);
  const app = withTestApp();
  let front: PageClient;
  let code: string;
  before(async () => {
    front = await atDesk(app.url, "commune.frontdesk");
    const changes = {
      applicant: applicant({ name: "Nguyễn Thị Thủ", identity: { type: "cccd", number: "093190001239" } }),
      accept: true,
    };
    ({ code } = await filed(app, "commune.frontdesk", "2.000815", "000.15.32.H30", changes));
  });

  async function upload(files: { name: string; bytes: Buffer }[], accept = "text/html") {
    const page = await front.get(`/ho-so/${code}`);
    const form = new FormData();
    const fields = { ...hiddenFields(page.text, `/ho-so/${code}/giay-to`), component: "other" };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const { name, bytes } of files) form.append("file", new Blob([new Uint8Array(bytes)]), name);
    return fetch(`${app.url}/ho-so/${code}/giay-to`, {
      method: "POST",
      body: form,
      headers: { cookie: front.cookie, accept },
      redirect: "manual",
    });
  }

  it("takes several files at once, and answers for each by itself", async () => {
    const good = await upload([
      { name: "một.png", bytes: SCAN.bytes },
      { name: "hai.png", bytes: Buffer.concat([SCAN.bytes, Buffer.of(1)]) },
    ]);
    assert.equal(good.status, 303);
    const mixed = await upload([
      { name: "tốt.png", bytes: Buffer.concat([SCAN.bytes, Buffer.of(2)]) },
      { name: "hỏng.pdf", bytes: Buffer.from("%PDF-1.7 hỏng") },
      { name: "rỗng.pdf", bytes: Buffer.alloc(0) },
    ]);
    assert.equal(mixed.status, 422);
    const text = await mixed.text();
    assert.match(text, /Đã tải lên 1 trong 3 tệp/);
    assert.match(text, /hỏng\.pdf: Tệp bị hỏng/);
    assert.match(text, /rỗng\.pdf: Tệp không có nội dung/);
    const told = await upload(
      [{ name: "bốn.png", bytes: Buffer.concat([SCAN.bytes, Buffer.of(3)]) }],
      "application/json",
    );
    assert.deepEqual(await told.json(), {
      files: [
        { name: "bốn.png", taken: true, text: "Đã tải lên; nên quét lại trang 1 (mờ, nhỏ hoặc trắng)." },
      ],
    });
    const page = await front.get(`/ho-so/${code}`);
    for (const name of ["một.png", "hai.png", "tốt.png", "bốn.png"])
      assert.ok(page.text.includes(name), name);
    assert.match(page.text, /1 trang, 1 kB/);
  });

  it("signs copies of single papers and of all that are left in one go", async () => {
    const page = await front.get(`/ho-so/${code}`);
    const single = /href="(\/ho-so\/[^"]+\/ban-sao\?giayTo=\d+)"/.exec(page.text)?.[1] ?? "";
    const asked = await front.get(single);
    const chosen = /name="giayTo"[^>]*value="(\d+)"[^>]*checked/.exec(asked.text)?.[1] ?? "";
    assert.ok(single.endsWith(`=${chosen}`));
    const none = await front.send(asked, `/ho-so/${code}/ban-sao`, { form: "sao-y" });
    assert.equal(none.status, 422);
    const one = await front.send(asked, `/ho-so/${code}/ban-sao`, { giayTo: chosen, form: "sao-y" });
    assert.equal(one.location, `/ho-so/${code}?xong=ban-sao`, one.text.slice(0, 2_000));
    const all = await front.get(`/ho-so/${code}/ban-sao`);
    const left = [...all.text.matchAll(/name="giayTo"[^>]*value="(\d+)"/g)].map(([, id = ""]) => id);
    assert.equal(left.length, 3);
    const rest = await front.send(all, `/ho-so/${code}/ban-sao`, { giayTo: left, form: "sao-y" });
    assert.equal(rest.status, 303);
    const after = await front.get(`/ho-so/${code}`);
    assert.equal(after.text.match(/Bản sao điện tử \(sao y\)/g)?.length, 4);
    assert.doesNotMatch(after.text, /Ký bản sao điện tử</);
  });

  it("proposes what a scan says; a name is used by a correction, filled in with its reason", async function () {
    const tools = await findTools();
    if (tools.poppler === undefined || spawnSync("pdftotext", ["-v"]).error) this.skip();
    const deps = await openDeps(app.parts);
    while (await readNext(deps, { ...tools, tesseract: undefined })) continue;
    assert.equal((await upload([{ name: "trích lục.pdf", bytes: await printed(EXTRACT) }])).status, 303);
    assert.match((await front.get(`/ho-so/${code}`)).text, /Đang chờ nhận dạng chữ/);
    await readNext(deps, { ...tools, tesseract: undefined });
    const page = await front.get(`/ho-so/${code}`);
    assert.match(page.text, /Đề xuất từ bản quét \(5\)/);
    assert.match(page.text, /Hồ sơ: Nguyễn Thị Thủ, chỉ khác dấu\./);
    const giayTo = /name="giayTo" value="(\d+)"/.exec(page.text)?.[1] ?? "";
    const decide = (truong: string, quyetDinh: string) =>
      front.send(page, `/ho-so/${code}/de-xuat`, { giayTo, truong, quyetDinh });

    const used = await decide("name", "dung");
    assert.equal(used.location, `/ho-so/${code}/viec/CORRECT?deXuat=${giayTo}.name`);
    const form = await front.get(used.location);
    assert.match(form.text, /value="Nguyễn Thị Thử"/);
    assert.match(form.text, /Theo giấy tờ đã quét/);
    const before = await app
      .as("commune.frontdesk")
      .get<{ applicant: { name: string } }>(`/dossiers/${code}`);
    assert.equal(before.body.applicant.name, "Nguyễn Thị Thủ", "nothing is applied by itself");

    assert.equal((await decide("number", "dung")).status, 303);
    assert.equal((await decide("birth", "bo")).status, 303);
    const after = await front.get(`/ho-so/${code}`);
    assert.match(after.text, /Đề xuất từ bản quét \(4\)/);
    assert.match(after.text, /123\/TLKS-BS<\/span> <span[^>]*>đã dùng/);
    const row = await app.parts.db
      .first<{ value: Buffer; by_username: string }>()
      .from("proposal_decisions")
      .where({ document_id: giayTo, field: "number" });
    assert.equal(deps.secrets.decrypt(row.value), "123/TLKS-BS");
    assert.equal((await decide("phone", "dung")).status, 422);
    const elsewhere = await atDesk(app.url, "district.frontdesk");
    const foreign = await elsewhere.get("/ho-so");
    const answer = await elsewhere.post(`/ho-so/${code}/de-xuat`, {
      ...hiddenFields(foreign.text, "/dang-xuat"),
      ...{ giayTo, truong: "date", quyetDinh: "bo" },
    });
    assert.equal(answer.status, 404);
  });

  it("tells the administrator that no scanner is set up and what recognition has", async () => {
    const deps = await openDeps(app.parts);
    await noteTools(deps, {
      tesseract: undefined,
      vietnamese: false,
      orientation: false,
      poppler: "22.12.0",
    });
    const admin = await atDesk(app.url, "admin");
    const page = await admin.get("/quan-tri/so-hoa");
    assert.match(page.text, /Chưa cấu hình quét mã độc/);
    assert.match(page.text, /Không có bộ nhận dạng/);
    const [{ sha256 } = { sha256: "" }] = await app.parts.db
      .select<{ sha256: string }[]>("sha256")
      .from("recognitions")
      .limit(1);
    await app.parts
      .db("recognitions")
      .where({ sha256 })
      .update({ state: "failed", reason: "recogniser-failed", ended_at: app.clock.now() });
    const failed = await admin.get("/quan-tri/so-hoa");
    assert.match(failed.text, /Đọc lại 1 tệp/);
    const again = await admin.send(failed, "/quan-tri/so-hoa", {});
    assert.equal(again.location, "/quan-tri/so-hoa?doc-lai=1");
    assert.equal((await front.get("/quan-tri/so-hoa")).status, 403);
  });
});
