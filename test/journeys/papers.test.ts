import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { openDeps } from "../../server/open-deps.ts";
import { readNext } from "../../server/recognition/read-next.ts";
import { findTools } from "../../server/recognition/tools.ts";
import { EXTRACT, printed } from "../recognition/papers.ts";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { filed, SCAN } from "../support/dossiers.ts";

const SHOTS = process.env.PICTURES;

describe("the papers of a dossier, in a browser", function () {
  this.timeout(90_000);
  const app = withTestApp();
  const browser = withBrowser();
  let code: string;
  before(async () => {
    ({ code } = await filed(app, "commune.frontdesk", "2.000815", "000.15.32.H30", { accept: true }));
  });

  async function at(who: string, path: string, size: (typeof SIZES)[number]): Promise<Page> {
    const page = await browser.open(size, { scripts: true });
    await page.goto(`${app.url}/dang-nhap`);
    await page.fill("[name=username]", who);
    await page.fill("[name=password]", TEST_PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
    await page.goto(app.url + path);
    return page;
  }
  async function looksRight(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
    assert.deepEqual(await violations(page), [], name);
    assert.equal(await overflow(page), 0, name);
  }

  it("are uploaded one by one, each with its own answer", async () => {
    const page = await at("commune.frontdesk", `/ho-so/${code}`, SIZES[0]);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.keyboard.press("F4");
    await page.setInputFiles("#file", [
      { name: "trích lục.pdf", mimeType: "application/pdf", buffer: await printed(EXTRACT) },
      { name: "hỏng.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 hỏng") },
    ]);
    await page.selectOption("#component", "other");
    await page.getByRole("button", { name: "Tải lên" }).click();
    await page.locator(".upload-list .refused").waitFor();
    assert.match(
      await page.locator(".upload-list").innerText(),
      /trích lục\.pdf.*Đã tải lên\.[^]*hỏng\.pdf.*Tệp bị hỏng/,
    );
    await looksRight(page, "tai-len-1366");
    await page.setInputFiles("#file", { name: "một.png", mimeType: SCAN.type, buffer: SCAN.bytes });
    await page.getByRole("button", { name: "Tải lên" }).click();
    await page.waitForURL("**?xong=tep");
    assert.ok(await page.getByRole("link", { name: "trích lục.pdf", exact: true }).isVisible());
    assert.deepEqual(complaints, []);
  });

  it("show what was read in them, their copies, and stand well at both sizes", async () => {
    const deps = await openDeps(app.parts);
    const tools = { ...(await findTools()), tesseract: undefined };
    while (await readNext(deps, tools)) continue;
    for (const size of SIZES) {
      const page = await at("commune.frontdesk", `/ho-so/${code}/ban-sao`, size);
      await looksRight(page, `ky-ban-sao-${size.width}`);
      await page.getByRole("checkbox").last().uncheck();
      await page.getByRole("button", { name: "Ký số" }).click();
      await page.waitForURL("**?xong=ban-sao");
      if (tools.poppler !== undefined) await page.getByText(/Đề xuất từ bản quét/).click();
      await looksRight(page, `giay-to-${size.width}`);
      const admin = await at("admin", "/quan-tri/so-hoa", size);
      await looksRight(admin, `quan-tri-so-hoa-${size.width}`);
      if (size === SIZES[0])
        await app
          .as("commune.frontdesk")
          .upload(
            `/dossiers/${code}/documents`,
            { component: "other" },
            { ...SCAN, bytes: Buffer.concat([SCAN.bytes, Buffer.of(9)]) },
          );
    }
  });
});
