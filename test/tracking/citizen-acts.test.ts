import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, filed, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { hiddenFields, pageClient } from "../support/pages.ts";
import type { PageReply } from "../support/pages.ts";

const COMMUNE = "000.15.32.H30";

describe("the citizen's buttons on the tracking page", function () {
  this.timeout(60_000);
  const app = withTestApp();
  let dossier: DossierBody;

  beforeEach(async () => {
    dossier = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
  });

  const address = (rest = "") => `/tra-cuu/${dossier.code}${rest}`;
  const opened = () => pageClient(app.url).post(address(), { secret: dossier.secret });
  const read = () => app.as("commune.frontdesk").get<DossierBody>(`/dossiers/${dossier.code}`);
  const askForPaper = () =>
    acted(app.as("commune.frontdesk"), dossier.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh chưa đọc được.",
      items: [{ documentCode: "02", note: "Bản rõ" }, { text: "Giấy xác nhận nơi cư trú" }],
    });

  async function sendFile(
    fields: Record<string, string>,
    file: { bytes: Buffer; name: string; type: string } = SCAN,
  ) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
    const answer = await fetch(app.url + address("/giay-to"), { method: "POST", body: form });
    return { status: answer.status, text: await answer.text() };
  }
  const uploadFields = (page: PageReply) => hiddenFields(page.text, address("/giay-to"));

  it("send a scan for each asked paper, once for one form, then hand in and the clock runs on", async () => {
    await askForPaper();
    const page = await opened();
    assert.equal([...page.text.matchAll(/type="file"/g)].length, 2);
    const fields = uploadFields(page);
    assert.equal(fields.component, "02");
    for (let press = 0; press < 2; press += 1) {
      const after = await sendFile(fields);
      assert.equal(after.status, 200);
      assert.match(after.text, /Đã nhận tệp bản quét\.png/);
      assert.match(after.text, /Đã gửi: bản quét\.png/);
    }
    assert.equal((await read()).body.documents.length, 1, "sent twice, kept once");

    const again = await opened();
    const done = await pageClient(app.url).send(again, address("/bo-sung"), {});
    assert.equal(done.status, 200);
    assert.match(done.text, /Đã nộp bổ sung/);
    assert.doesNotMatch(done.text, /type="file"/);
    const { body } = await read();
    assert.equal(body.status, 2);
    assert.notEqual(body.dueAt, null);
    // The same button pressed again gives the same answer and no second event.
    const twice = await pageClient(app.url).send(again, address("/bo-sung"), {});
    assert.equal(twice.status, 200);
    assert.equal((await read()).body.version, body.version);
  });

  it("refuse to hand in nothing, no file, and what is no scan, in plain words and with the forms still there", async () => {
    await askForPaper();
    const page = await opened();
    const empty = await pageClient(app.url).send(page, address("/bo-sung"), {});
    assert.equal(empty.status, 422);
    assert.match(empty.text, /Chưa có tệp nào được gửi/);
    const noFile = await sendFile(uploadFields(page), {
      bytes: Buffer.alloc(0),
      name: "",
      type: "text/plain",
    });
    assert.ok(noFile.status >= 400 && noFile.status < 500);
    const program = { bytes: Buffer.from("MZ not a scan at all"), name: "x.pdf", type: "application/pdf" };
    const wrong = await sendFile(uploadFields(page), program);
    assert.ok(wrong.status >= 400 && wrong.status < 500, String(wrong.status));
    assert.match(wrong.text, /role="alert"/);
    assert.match(wrong.text, /type="file"/);
    assert.equal((await read()).body.documents.length, 0);
    assert.equal((await read()).body.status, 5);
  });

  it("do nothing without the right secret, and look as for an unknown code", async () => {
    await askForPaper();
    const fields = { ...uploadFields(await opened()), secret: "SAI00000" };
    const wrong = await sendFile(fields);
    assert.equal(wrong.status, 404);
    assert.match(wrong.text, /Mã hồ sơ hoặc mã tra cứu không đúng/);
    for (const rest of ["/bo-sung", "/rut-ho-so"]) {
      const answer = await pageClient(app.url).post(address(rest), {
        secret: "SAI00000",
        reason: "x",
        _lan: "a",
      });
      assert.equal(answer.status, 404);
    }
    assert.equal((await read()).body.documents.length, 0);
  });

  it("ask for withdrawal with a reason, and be told what happens next", async () => {
    const page = await opened();
    assert.match(page.text, /Yêu cầu rút hồ sơ/);
    const without = await pageClient(app.url).send(page, address("/rut-ho-so"), { reason: " " });
    assert.equal(without.status, 422);
    assert.match(without.text, /Hãy cho biết lý do rút hồ sơ/);
    assert.match(without.text, /<details class="card" open/);
    const asked = await pageClient(app.url).send(page, address("/rut-ho-so"), {
      reason: "Tôi nộp nhầm thủ tục.",
    });
    assert.equal(asked.status, 200);
    assert.match(asked.text, /Cơ quan đang xem xét/);
    assert.equal((await read()).body.status, 7);
    // Not offered a second time.
    assert.doesNotMatch((await opened()).text, /rut-ho-so/);
  });

  it("put the secret in no address", async () => {
    const page = await opened();
    await pageClient(app.url).send(page, address("/rut-ho-so"), { reason: "Tôi nộp nhầm." });
    assert.ok(!page.text.includes(`${address()}?`));
    assert.doesNotMatch(page.text, new RegExp(`(href|action)="[^"]*${dossier.secret}`));
  });
});
