import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { acted, filed } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";

/** Set PICTURES to a directory to see the pages as the tests see them. */
async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env.PICTURES;
  if (directory !== undefined)
    await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

describe("officers at the page of a dossier", function () {
  this.timeout(120_000);
  const browser = withBrowser();
  const app = withTestApp();
  let fresh = "";
  let working = "";
  let finished = "";

  before(async function () {
    fresh = (await filed(app, "commune.frontdesk", "1.001193", COMMUNE)).code;
    const sample = SAMPLES.find(({ process }) => process === "h");
    assert.ok(sample);
    const open = await received(app, sample);
    working = (await walk(app, sample, { from: open, until: ({ state }) => state === "drafting" })).dossier
      .code;
    const other = SAMPLES.find(({ process }) => process === "a");
    assert.ok(other);
    finished = (await walk(app, other, { until: ({ status }) => status === 9 })).dossier.code;
    await acted(app.as("commune.frontdesk"), fresh, {
      type: "CORRECT",
      fields: [{ path: "applicant.phone", before: "0900000001", after: "0900000002" }],
      reason: "Gõ nhầm số điện thoại.",
    });
  });

  async function sit(size: { width: number; height: number }, username: string, scripts = true, zoom = 1) {
    const page = await browser.open(size, { scripts, zoom });
    await page.goto(`${app.url}/dang-nhap`);
    await page.fill("#username", username);
    await page.fill("#password", TEST_PASSWORD);
    await page.press("#password", "Enter");
    await page.waitForURL((url) => url.pathname !== "/dang-nhap");
    return page;
  }

  it("begin to type at once, and are asked before what they typed is thrown away", async () => {
    const { code } = await filed(app, "commune.frontdesk", "1.001193", COMMUNE);
    const page = await sit(SIZES[0], "commune.frontdesk");
    await page.goto(`${app.url}/ho-so/${code}`);
    await page.keyboard.press("b");
    await page.getByRole("heading", { name: "Yêu cầu bổ sung hồ sơ" }).waitFor();
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest("form[data-guard]") !== null),
      true,
    );
    await page.fill("#reason", "Thiếu giấy chứng sinh.");
    const asked: string[] = [];
    page.once("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await page.keyboard.press("Escape");
    await page.waitForTimeout(500);
    assert.deepEqual(asked, ["beforeunload"]);
    assert.equal(await page.inputValue("#reason"), "Thiếu giấy chứng sinh.");
    await page.getByRole("checkbox").first().check();
    // Sent is not thrown away: nobody asks.
    await page.keyboard.press("Control+Enter");
    await page.getByText("Đã ghi: Yêu cầu bổ sung hồ sơ.").waitFor();
    await page.context().close();
  });

  it("scan at the counter of results and come to the handing over, however fast the scanner types", async () => {
    const page = await sit(SIZES[0], "commune.frontdesk");
    await page.goto(`${app.url}/tra-ket-qua`);
    await page.keyboard.type(`http://mot-cua.test/tra-cuu/${finished}`);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === `/tra-ket-qua/${finished}`);
    await page.goto(`${app.url}/ho-so/${fresh}`);
    await page.keyboard.press("F4");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("details") !== null), true);
    await page.context().close();
  });

  it("two at one dossier: the second is told who did what, and his text is kept", async () => {
    const { code } = await filed(app, "commune.frontdesk", "1.001193", COMMUNE);
    const [first, second] = await Promise.all([
      sit(SIZES[0], "commune.frontdesk"),
      sit(SIZES[0], "commune.frontdesk"),
    ]);
    await second.goto(`${app.url}/ho-so/${code}`);
    await second.keyboard.press("b");
    await second.getByRole("heading", { name: "Yêu cầu bổ sung hồ sơ" }).waitFor();
    await second.fill("#reason", "Giấy chứng sinh chưa đọc được họ tên người mẹ.");
    await second.getByRole("checkbox").first().check();
    await first.goto(`${app.url}/ho-so/${code}`);
    await first.keyboard.press("t");
    await first.getByText("không cần nhập gì thêm").waitFor();
    await first.keyboard.press("Control+Enter");
    await first.getByText("Đã ghi: Tiếp nhận hồ sơ.").waitFor();
    await second.keyboard.press("Control+Enter");
    await second.getByText("Hồ sơ đã thay đổi từ khi bạn mở.").waitFor();
    assert.match(
      await second.innerText(".notice"),
      /Cán bộ Thử \d+ \(Bộ phận Một cửa\) đã làm “Tiếp nhận hồ sơ”/,
    );
    assert.equal(await second.inputValue("#reason"), "Giấy chứng sinh chưa đọc được họ tên người mẹ.");
    assert.ok(await second.getByRole("checkbox").first().isChecked());
    await picture(second, "hai-nguoi");
    await second.keyboard.press("Control+Enter");
    await second.getByText("Đã ghi: Yêu cầu bổ sung hồ sơ.").waitFor();
    await second.getByText("Giấy chứng sinh chưa đọc được họ tên người mẹ.").waitFor();
  });

  for (const size of SIZES) {
    const at = `${size.width}x${size.height}`;
    it(`finds pages in which axe finds nothing wrong, at ${at}`, async () => {
      const found: string[] = [];
      const visit = async (page: Page, name: string, path: string) => {
        await page.goto(app.url + path);
        await page.evaluate(() => {
          const { document } = globalThis as unknown as {
            document: {
              querySelectorAll(what: string): Iterable<{ setAttribute(n: string, v: string): void }>;
            };
          };
          for (const folded of document.querySelectorAll("details")) folded.setAttribute("open", "");
        });
        found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
        await picture(page, `${name}-${at}`);
        if ((await overflow(page)) !== 0) found.push(`${name} is too wide`);
      };
      const front = await sit(size, "commune.frontdesk");
      await visit(front, "ho-so-moi", `/ho-so/${fresh}`);
      await visit(front, "yeu-cau-bo-sung", `/ho-so/${fresh}/viec/REQUEST_SUPPLEMENT`);
      await visit(front, "sua-sai-sot", `/ho-so/${fresh}/viec/CORRECT`);
      await visit(front, "thu-phi-ho-so", `/ho-so/${fresh}/viec/PAY`);
      await visit(front, "tra-ket-qua", "/tra-ket-qua");
      await visit(front, "trao-ket-qua", `/tra-ket-qua/${finished}`);
      const specialist = await sit(size, "svhttdl.specialist");
      await visit(specialist, "ho-so-dang-xu-ly", `/ho-so/${working}`);
      await visit(specialist, "du-thao", `/ho-so/${working}/viec/DRAFT_RESULT`);
      assert.deepEqual(found, []);
    });
  }

  for (const [name, size, zoom] of [
    ["on a screen 320 pixels wide", { width: 320, height: 640 }, 1],
    ["magnified to 200 % on an office's screen", { width: 1366, height: 768 }, 2],
  ] as const)
    it(`works without scripts and without scrolling sideways ${name}`, async () => {
      const page = await sit(size, "commune.frontdesk", false, zoom);
      for (const path of [
        `/ho-so/${finished}`,
        `/ho-so/${fresh}/viec/REQUEST_SUPPLEMENT`,
        `/ho-so/${fresh}/viec/CORRECT`,
        "/tra-ket-qua",
        `/tra-ket-qua/${finished}`,
      ]) {
        await page.goto(app.url + path);
        assert.equal(await overflow(page), 0, path);
      }
    });
});
