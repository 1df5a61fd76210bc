import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { acted, filed } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";

const COMMUNE = "000.15.32.H30";
const PAGES = [
  "/ho-so?loc=don-vi",
  "/ho-so?loc=don-vi&hanTu=2026-11-01&trangThai=2",
  "/ho-so?loc=don-vi&q=khong-co-ai",
  "/ho-so?loc=don-vi&chua=chon",
  "/ho-so/ban-giao",
];

/** Set PICTURES to a directory to see the pages as the tests see them. */
async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env.PICTURES;
  if (directory !== undefined) await page.screenshot({ path: join(directory, `${name}.png`) });
}

describe("an officer with a browser at the work list", function () {
  this.timeout(120_000);
  const browser = withBrowser();
  const app = withTestApp();
  const open = async (size: { width: number; height: number }, username: string, scripts = true) => {
    const page = await browser.open(size, { scripts });
    await page.goto(`${app.url}/dang-nhap?den=/ho-so`);
    await page.fill("#username", username);
    await page.fill("#password", TEST_PASSWORD);
    await page.press("#password", "Enter");
    await page.waitForURL("**/ho-so");
    return page;
  };

  before(async function () {
    this.timeout(60_000);
    const names = ["Nguyễn Thị Thử", "Trần Văn Mẫu", "Công Tằng Tôn Nữ Thị Thử Nghiệm Dài", "Lê Thị Hạn"];
    for (const name of names) {
      const { code } = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, {
        applicant: applicant({ name }),
        accept: true,
      });
      if (name.startsWith("Trần"))
        await acted(app.as("commune.frontdesk"), code, {
          type: "REQUEST_SUPPLEMENT",
          reason: "Chưa đọc được.",
          items: [{ documentCode: "02" }],
        });
    }
    await filed(app, "commune.frontdesk", "2.000815", COMMUNE, { accept: true });
  });

  it("goes through the list, chooses and searches by keyboard alone", async () => {
    const page = await open(SIZES[0], "commune.frontdesk");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const second = await page.locator("[data-row] .work-code a").nth(1).innerText();
    assert.equal(await page.locator("*:focus").innerText(), second);
    await page.keyboard.press("x");
    assert.equal(await page.locator("[data-row] input:checked").count(), 1);
    assert.match(await page.innerText("[data-chosen]"), /Đã chọn 1 hồ sơ/);
    await page.keyboard.press("k");
    await page.keyboard.press("/");
    await page.keyboard.type("tran van mau");
    await page.keyboard.press("Enter");
    await page.waitForURL("**q=tran*");
    assert.equal(await page.locator("[data-row]").count(), 1);
    await page.keyboard.press("j");
    const code = await page.locator("*:focus").innerText();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/ho-so/${code}`);
  });

  it("does something with many without scripts", async () => {
    const page = await open(SIZES[1], "commune.frontdesk", false);
    for (const box of await page.locator("[data-row] input[type=checkbox]").all()) await box.check();
    await page.click("text=In phiếu kiểm soát");
    await page.getByText("Xong cả 5 hồ sơ").waitFor();
    await picture(page, "ket-qua-hang-loat");
    assert.equal(await overflow(page), 0);
  });

  for (const size of SIZES)
    it(`on pages in which axe finds nothing wrong, at ${size.width}x${size.height}`, async () => {
      const page = await open(size, "commune.leader");
      const found: string[] = [];
      for (const [at, path] of PAGES.entries()) {
        await page.goto(app.url + path);
        found.push(...(await violations(page)).map((line) => `${path}: ${line}`));
        assert.equal(await overflow(page), 0, `${path} is too wide`);
        await picture(page, `ho-so-${at}-${size.width}`);
      }
      assert.deepEqual(found, []);
    });

  it("without scrolling sideways on a screen 320 pixels wide", async () => {
    const page = await open({ width: 320, height: 640 }, "commune.leader");
    for (const path of PAGES) {
      await page.goto(app.url + path);
      assert.equal(await overflow(page), 0, path);
    }
    await picture(page, "ho-so-320");
  });
});
