import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { SIZES, overflow, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";

describe("an officer logs in", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const browser = withBrowser();

  for (const size of SIZES)
    it(`by keyboard, on pages in which axe finds nothing wrong, at ${size.width}x${size.height}`, async () => {
      const page = await browser.open(size, { scripts: true });
      await page.goto(`${app.url}/dang-nhap`);
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      await page.keyboard.type("commune.frontdesk");
      await page.keyboard.press("Tab");
      await page.keyboard.type("sai mật khẩu");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[role=alert]");
      assert.deepEqual(await violations(page), []);
      // The cursor is where the next word goes.
      await page.keyboard.type(TEST_PASSWORD);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
    });
});
