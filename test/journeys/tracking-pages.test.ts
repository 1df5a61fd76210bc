import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { acted, filed, type DossierBody } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";

/** Set PICTURES to a directory to see the pages as the tests see them. */
async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env.PICTURES;
  if (directory !== undefined)
    await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

describe("a citizen with a browser follows the dossier", function () {
  this.timeout(120_000);
  const browser = withBrowser();
  const app = withTestApp();
  let waiting: DossierBody;
  let accepted: DossierBody;
  let working: DossierBody;
  let done: DossierBody;

  before(async function () {
    const birth = (changes: Record<string, unknown>) =>
      filed(app, "commune.frontdesk", "1.001193", COMMUNE, changes);
    accepted = await birth({ accept: true });
    waiting = await birth({ accept: true });
    app.clock.moveTo("2026-11-23T10:20:00+07:00");
    await acted(app.as("commune.frontdesk"), waiting.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh chưa đọc được họ tên người mẹ.",
      items: [
        { documentCode: "02", note: "Bản chính hoặc bản sao có chứng thực, đọc rõ số và họ tên." },
        { text: "Giấy xác nhận nơi cư trú của người mẹ" },
      ],
    });
    const sample = SAMPLES.find(({ process }) => process === "c");
    assert.ok(sample);
    const open = await received(app, sample);
    working = { ...(await walk(app, sample, { until: ({ status }) => status === 4 })).dossier };
    const finished = await walk(app, sample, { from: open, until: ({ status }) => status === 9 });
    done = { ...finished.dossier, secret: open.secret };
  });

  for (const size of SIZES) {
    const at = `${size.width}x${size.height}`;

    it(`by keyboard alone and without scripts, from the code to the list of papers, at ${at}`, async () => {
      const page = await browser.open(size);
      const elsewhere: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith(app.url)) elsewhere.push(request.url());
      });
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.goto(`${app.url}/tra-cuu`);
      await picture(page, `tra-cuu-${at}`);
      await tabTo(page, "ma");
      await page.keyboard.type(waiting.code.toLowerCase().replaceAll(".", " "));
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/tra-cuu/${waiting.code}`);
      assert.match(await page.innerText(".told"), /^Hồ sơ đang chờ bạn bổ sung giấy tờ\.$/);
      await picture(page, `bo-sung-${at}`);
      await tabTo(page, "secret");
      await page.keyboard.type(waiting.secret.toLowerCase());
      await page.keyboard.press("Enter");
      await page.getByText("Giấy xác nhận nơi cư trú của người mẹ").waitFor();
      assert.ok(!page.url().includes(waiting.secret), "the secret is in no address");
      assert.match(await page.innerText(".box"), /Bản chính hoặc bản sao có chứng thực/);
      await picture(page, `bo-sung-co-ma-${at}`);
      assert.deepEqual(elsewhere, []);
      assert.deepEqual(complaints, []);
    });

    it(`and downloads the signed result with the secret, at ${at}`, async () => {
      const page = await browser.open(size);
      await page.goto(`${app.url}/tra-cuu/${done.code}`);
      await page.fill("#secret", done.secret);
      await page.click("button:has-text('Xem chi tiết')");
      await page.getByRole("button", { name: "Tải kết quả (PDF)" }).waitFor();
      await picture(page, `ket-qua-${at}`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.click("text=Tải kết quả (PDF)"),
      ]);
      assert.equal(download.suggestedFilename(), `ket-qua-${done.code}.pdf`);
      const file = await readFile(await download.path());
      assert.equal(file.subarray(0, 5).toString(), "%PDF-");
      assert.ok(!page.url().includes(done.secret));
    });

    it(`on pages in which axe finds nothing wrong, at ${at}`, async () => {
      const page = await browser.open(size, { scripts: true });
      const found: string[] = [];
      const look = async (name: string) => {
        found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
        assert.equal(await overflow(page), 0, `${name} is too wide`);
        await picture(page, `${name}-${at}`);
      };
      const visit = async (name: string, path: string) => {
        await page.goto(app.url + path);
        await look(name);
      };
      await visit("tim", "/tra-cuu");
      await visit("trong", "/tra-cuu?ma=%20");
      await visit("khong-thay", "/tra-cuu/000.15.32.H30-261123-9999");
      await visit("da-nhan", `/tra-cuu/${accepted.code}`);
      await visit("dang-xu-ly", `/tra-cuu/${working.code}`);
      await visit("cho-bo-sung", `/tra-cuu/${waiting.code}`);
      await page.click("summary");
      await look("vi-sao");
      await page.fill("#secret", waiting.secret);
      await page.press("#secret", "Enter");
      await page.getByText("Giấy xác nhận nơi cư trú của người mẹ").waitFor();
      await look("mo-bang-ma");
      await visit("xong", `/tra-cuu/${done.code}`);
      await page.fill("#secret", "22222222");
      await page.press("#secret", "Enter");
      await page.getByRole("heading", { name: "Chưa mở được hồ sơ" }).waitFor();
      await look("sai-ma");
      await visit("loi", "/tra-cuu/%zz");
      await visit("api", "/api/docs");
      assert.deepEqual(found, []);
    });
  }

  for (const [name, size, zoom] of [
    ["on a screen 320 pixels wide", { width: 320, height: 640 }, 1],
    ["magnified to 200 % on a phone", { width: 390, height: 844 }, 2],
    ["magnified to 200 % on an office's screen", { width: 1366, height: 768 }, 2],
  ] as const)
    it(`without scrolling sideways ${name}`, async () => {
      const page = await browser.open(size, { zoom });
      for (const path of ["/tra-cuu", `/tra-cuu/${waiting.code}`, `/tra-cuu/${done.code}`, "/tra-cuu/9"]) {
        await page.goto(app.url + path);
        await picture(page, `${size.width}-${zoom}-${path.length}`);
        assert.equal(await overflow(page), 0, path);
      }
    });
});

/** Presses Tab until the field has the focus, as a hand without a mouse does; fails after 20. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let n = 0; n < 20; n++) {
    await page.keyboard.press("Tab");
    if ((await page.locator("*:focus").getAttribute("id")) === id) return;
  }
  throw new Error(`the keyboard does not reach #${id}`);
}
