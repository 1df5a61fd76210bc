import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";
import { handPaper } from "../support/attacks/signed-by-hand.ts";
import { update, wholePdf } from "../support/attacks/pdf-writer.ts";

describe("the page that checks signed papers", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const browser = withBrowser();
  let dossier: DossierBody;
  let result: Buffer;

  before(async () => {
    const sample = SAMPLES.find(({ process }) => process === "c");
    assert.ok(sample);
    const open = await received(app, sample);
    const done = await walk(app, sample, { from: open, until: ({ status }) => status === 9 });
    dossier = { ...done.dossier, secret: open.secret };
    const { body } = await app
      .as(sample.frontdesk)
      .get<{ bytes: Buffer }>(`/dossiers/${dossier.code}/result.pdf`);
    result = body.bytes;
  });

  async function upload(bytes: Buffer | undefined) {
    const form = new FormData();
    if (bytes !== undefined) form.append("file", new Blob([new Uint8Array(bytes)]), "ket-qua.pdf");
    const answer = await fetch(`${app.url}/kiem-tra`, { method: "POST", body: form });
    return { status: answer.status, text: await answer.text() };
  }

  it("says of our own result that it is the one that was issued, and keeps nothing", async () => {
    const { status, text } = await upload(result);
    assert.equal(status, 200);
    assert.match(text, /<h1[^>]*>Chữ ký hợp lệ<\/h1>/);
    assert.match(text, /Đúng là bản do .+ phát hành ngày/);
    assert.match(text, /Con dấu 2: /);
    const left = await readdir(join(app.parts.config.dataDir, "files", "unfinished"));
    assert.deepEqual(left, []);
  });

  it("says of a changed one that it is not", async () => {
    const { status, text } = await upload(update(result, [{ number: 9000, body: "<< /X 1 >>" }]));
    assert.equal(status, 200);
    assert.match(text, /<h1[^>]*>Chữ ký không hợp lệ<\/h1>/);
    assert.match(text, /Sau khi ký, có đối tượng lạ được thêm vào tệp/);
    assert.doesNotMatch(text, /Đúng là bản do/);
  });

  it("says plainly when there is nothing to check", async () => {
    assert.match((await upload(Buffer.from("xin chào"))).text, /Đây không phải là tệp PDF/);
    const plain = handPaper().filter(({ number }) => number !== 5);
    assert.match((await upload(wholePdf(plain))).text, /Tệp này không có chữ ký số/);
    const none = await upload(undefined);
    assert.equal(none.status, 422);
    assert.match(none.text, /Hãy chọn tệp PDF cần kiểm tra/);
    const empty = await upload(Buffer.alloc(0));
    assert.equal(empty.status, 422);
    assert.match(empty.text, /Tệp rỗng/);
    const large = await upload(Buffer.alloc(50 * 1024 * 1024 + 1));
    assert.equal(large.status, 413);
    assert.match(large.text, /lớn hơn 50 MB/);
  });

  it("shows by the code, or the address in the QR code, who signed and when, and nothing of a person", async () => {
    for (const typed of [dossier.code, `http://mot-cua.test/tra-cuu/${dossier.code}`]) {
      const answer = await fetch(`${app.url}/kiem-tra?so=${encodeURIComponent(typed)}`);
      const text = await answer.text();
      assert.equal(answer.status, 200);
      assert.match(text, /kết quả do .+ phát hành ngày/);
      assert.match(text, /Ký lúc/);
      const { applicant } = dossier as unknown as { applicant: { name: string } };
      assert.ok(!text.includes(applicant.name), "the applicant is not named");
      assert.doesNotMatch(text, new RegExp(dossier.secret));
    }
    const unknown = await fetch(`${app.url}/kiem-tra?so=000.15.32.H30-261123-9999`);
    assert.equal(unknown.status, 404);
    assert.match(await unknown.text(), /Không có kết quả nào đã phát hành/);
    assert.equal((await fetch(`${app.url}/kiem-tra?so=`)).status, 200);
  });

  it("answers programs the same", async () => {
    const file = { bytes: result, name: "a.pdf", type: "application/pdf" };
    const { status, body } = await app.as().upload<{
      verdict: string;
      signatures: { role: string; intact: boolean }[];
      issued: { number: string } | null;
    }>("/signature-checks", {}, file);
    assert.equal(status, 200);
    assert.equal(body.verdict, "valid");
    assert.deepEqual(
      body.signatures.filter(({ role }) => role !== "timestamp").map(({ role }) => role),
      ["person", "agency"],
    );
    assert.ok(body.signatures.every(({ intact }) => intact));
    assert.ok(body.issued?.number);
    assert.equal((await app.as().upload("/signature-checks", {}, undefined)).status, 422);
    assert.equal((await app.as().post("/signature-checks", {})).status, 415);
  });

  it("is one click from tracking", async () => {
    assert.match(await (await fetch(`${app.url}/tra-cuu`)).text(), /href="\/kiem-tra"/);
    assert.match(await (await fetch(`${app.url}/tra-cuu/${dossier.code}`)).text(), /href="\/kiem-tra\?so=/);
  });

  for (const size of SIZES) {
    const at = `${size.width}x${size.height}`;
    it(`works in a browser without scripts, and axe finds nothing wrong, at ${at}`, async () => {
      const forged = update(result, [{ number: 9000, body: "<< /X 1 >>" }]);
      for (const [name, buffer] of [
        ["hop-le", result],
        ["gia", forged],
      ] as const) {
        const page = await browser.open(size);
        await page.goto(`${app.url}/kiem-tra`);
        await page.setInputFiles("#file", { name: "ket-qua.pdf", mimeType: "application/pdf", buffer });
        await page.click("button:has-text('Kiểm tra')");
        await page.waitForSelector(".verdict");
        assert.match(await page.innerText(".verdict"), name === "gia" ? /không hợp lệ/ : /hợp lệ/);
        await picture(page, `${name}-${at}`);
      }
      const found: string[] = [];
      const page = await browser.open(size, { scripts: true });
      for (const path of ["/kiem-tra", "/kiem-tra?so=", `/kiem-tra?so=${dossier.code}`, "/kiem-tra?so=1"]) {
        await page.goto(app.url + path);
        found.push(...(await violations(page)).map((line) => `${path}: ${line}`));
        assert.equal(await overflow(page), 0, `${path} is too wide`);
        await picture(page, `${path.length}-${at}`);
      }
      await page.goto(`${app.url}/kiem-tra`);
      await page.setInputFiles("#file", { name: "a.pdf", mimeType: "application/pdf", buffer: forged });
      await page.click("button:has-text('Kiểm tra')");
      await page.waitForSelector(".verdict");
      await page.click("summary");
      found.push(...(await violations(page)));
      assert.equal(await overflow(page), 0);
      assert.deepEqual(found, []);
    });
  }

  it("does not scroll sideways on a screen 320 pixels wide", async () => {
    const page = await browser.open({ width: 320, height: 640 });
    for (const path of ["/kiem-tra", `/kiem-tra?so=${dossier.code}`]) {
      await page.goto(app.url + path);
      assert.equal(await overflow(page), 0, path);
    }
  });
});

/** Set PICTURES to a directory to see the pages as the tests see them. */
async function picture(page: import("playwright-core").Page, name: string): Promise<void> {
  const directory = process.env.PICTURES;
  if (directory !== undefined)
    await page.screenshot({ path: join(directory, `kiem-tra-${name}.png`), fullPage: true });
}
