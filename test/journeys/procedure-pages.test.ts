import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { SCAN, acted, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";

const COMMUNE = "000.15.32.H30";

/** Set PICTURES to a directory to see the pages as the tests see them. */
async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env.PICTURES;
  if (directory !== undefined)
    await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

describe("procedures, the citizen's papers, administration and cash in a browser", function () {
  this.timeout(120_000);
  const browser = withBrowser();
  const app = withTestApp();
  let waiting: DossierBody;
  let paid: DossierBody;

  before(async function () {
    paid = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    for (const [amount, method] of [
      [15_000, "cash"],
      [1_508_000, "transfer"],
    ] as const)
      await acted(app.as("commune.frontdesk"), paid.code, {
        type: "PAY",
        feeCode: "other",
        amount,
        method,
        reference: `CT-${amount}`,
        ground: "Cấp bản sao trích lục hộ tịch (thử nghiệm)",
      });
    waiting = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    await acted(app.as("commune.frontdesk"), waiting.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh chưa đọc được họ tên người mẹ.",
      items: [{ documentCode: "02", note: "Bản đọc rõ số và họ tên." }, { text: "Giấy xác nhận nơi cư trú" }],
    });
    const owner = app.database.open();
    await owner("outbox").where({ dossier_code: paid.code }).update({
      state: "failed",
      attempts: 9,
      last_error: "Cổng từ chối: thiếu trường DonViXuLy (thử nghiệm)",
    });
  });

  async function logIn(page: Page, username: string, to: string): Promise<void> {
    await page.goto(`${app.url}/dang-nhap?den=${encodeURIComponent(to)}`);
    await page.fill("[name=username]", username);
    await page.fill("[name=password]", TEST_PASSWORD);
    await page.click("main button[type=submit]");
    await page.waitForURL(`**${to}`);
  }

  for (const size of SIZES) {
    const at = `${size.width}x${size.height}`;

    it(`lead a citizen without scripts from a word to the papers and the way of a procedure, at ${at}`, async () => {
      const page = await browser.open(size);
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.goto(`${app.url}/thu-tuc`);
      await picture(page, `thu-tuc-${at}`);
      await page.fill("#q", "khai sinh");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/thu-tuc?q=khai+sinh**");
      await picture(page, `thu-tuc-tim-${at}`);
      await page.click('a[href="/thu-tuc/1.001193"]');
      await page.getByText("Giấy chứng sinh").first().waitFor();
      assert.ok(await page.locator("svg.flow").isVisible());
      await picture(page, `thu-tuc-khai-sinh-${at}`);
      await page.goto(`${app.url}/thu-tuc/1.013225`);
      await picture(page, `thu-tuc-lay-y-kien-${at}`);
      assert.deepEqual(complaints, []);
    });

    it(`let a citizen without scripts send an asked paper, at ${at}`, async () => {
      const page = await browser.open(size);
      await page.goto(`${app.url}/tra-cuu/${waiting.code}`);
      await page.fill("#secret", waiting.secret);
      await page.keyboard.press("Enter");
      await page.getByText("Giấy xác nhận nơi cư trú").waitFor();
      await picture(page, `tra-cuu-bo-sung-${at}`);
      assert.equal(await page.locator("input[type=file]").count(), 2);
      const file = { name: SCAN.name, mimeType: SCAN.type, buffer: SCAN.bytes };
      await page.locator("input[type=file]").first().setInputFiles(file);
      await page.locator("text=Gửi tệp").first().click();
      await page.getByText(`Đã gửi: ${SCAN.name}`).first().waitFor();
      assert.ok(!page.url().includes(waiting.secret), "the secret is in no address");
      assert.equal(await overflow(page), 0);
    });

    for (const [name, who, path] of [
      ["the list of procedures", "", "/thu-tuc?q=ho+chieu"],
      ["a procedure", "", "/thu-tuc/1.013225"],
      ["a procedure with cases", "", "/thu-tuc/1.013699"],
      ["a procedure as an officer sees it", "commune.frontdesk", "/thu-tuc/1.001193"],
      ["the delivery to the portal", "admin", "/quan-tri/cong-dvc"],
      ["the accounts", "admin", "/quan-tri/tai-khoan"],
      ["an account", "admin", "/quan-tri/tai-khoan/stp.leader"],
      ["a new account", "admin", "/quan-tri/tai-khoan/moi"],
      ["the calendars", "admin", "/quan-tri/lich"],
      ["a calendar year", "admin", "/quan-tri/lich/2026"],
      ["the own account", "admin", "/tai-khoan"],
      ["the cash", "commune.frontdesk", "/thu-phi"],
      ["a closing sheet", "commune.frontdesk", "/thu-phi/chot"],
    ] as const)
      it(`find nothing wrong with ${name} at ${at}, nor at 320 px`, async () => {
        const page = await browser.open(size, { scripts: true });
        if (who !== "") await logIn(page, who, path);
        else await page.goto(app.url + path);
        await picture(
          page,
          `${path.slice(1).replaceAll(/[/?=+]/g, "-")}${who === "" ? "" : `-${who}`}-${at}`,
        );
        assert.deepEqual(await violations(page), []);
        assert.equal(await overflow(page), 0, "no sideways scrolling");
        await page.setViewportSize({ width: 320, height: size.height });
        assert.equal(await overflow(page), 0, "no sideways scrolling at 320 px");
        await page.context().close();
      });
  }

  it("print a receipt that axe finds nothing wrong with", async () => {
    const page = await browser.open(SIZES[0], { scripts: true });
    await logIn(page, "commune.frontdesk", "/thu-phi");
    await page.click('a[href^="/thu-phi/bien-lai/"]');
    await page.locator(".printed-title").waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "bien-lai");
    await page.emulateMedia({ media: "print" });
    assert.ok(!(await page.locator(".desk-head").isVisible()), "the head line is not printed");
    assert.ok(await page.locator(".printed").isVisible());
  });
});
