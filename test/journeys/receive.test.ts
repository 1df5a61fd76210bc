import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { SIZES, overflow, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";

const DESK = SIZES[0];
const DONE = /\/tiep-nhan\/xong\//;

describe("an officer receives dossiers", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const browser = withBrowser();

  async function seated(options: { scripts: boolean; size?: (typeof SIZES)[number] }): Promise<Page> {
    const page = await browser.open(options.size ?? DESK, { scripts: options.scripts });
    await page.goto(`${app.url}/dang-nhap`);
    await logIn(page);
    await page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
    await page.goto(`${app.url}/tiep-nhan`);
    return page;
  }

  async function logIn(page: Page): Promise<void> {
    await page.fill("#username", "commune.frontdesk");
    await page.fill("#password", TEST_PASSWORD);
    await page.keyboard.press("Enter");
  }

  /** How many dossiers of this person there are. */
  async function dossiersOf(name: string): Promise<number> {
    const { body } = await app
      .as("commune.frontdesk")
      .get<{ items: unknown[] }>(`/api/v1/dossiers?q=${encodeURIComponent(name)}`);
    return body.items.length;
  }

  /** From the number on, by Tab alone. */
  async function typePerson(page: Page, number: string, name: string): Promise<void> {
    await page.keyboard.press("F3");
    await page.keyboard.type(number);
    await page.keyboard.press("Tab");
    await page.keyboard.type(name);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("0909123456");
  }

  /** The same, until all of it is in the draft. */
  async function typeDraft(page: Page, number: string, name: string): Promise<void> {
    const saved = page.waitForResponse(
      (answer) =>
        answer.url().endsWith("/tiep-nhan/nhap") &&
        (answer.request().postData() ?? "").includes("0909123456"),
    );
    await typePerson(page, number, name);
    await saved;
    await page.waitForSelector("text=Nháp đã lưu");
  }

  it("by keyboard alone, from the procedure to the receipt", async () => {
    const page = await seated({ scripts: true });
    await page.keyboard.press("F2");
    await page.keyboard.type("khai sinh", { delay: 20 });
    await page.waitForSelector("#goi-y li");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#ho-so-moi");
    assert.match((await page.textContent(".promised")) ?? "", /giờ/);
    await typePerson(page, "093199111001", "Lê Thị Bàn Phím");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(DONE);
    assert.match((await page.textContent("h1")) ?? "", /Đã tiếp nhận/);
    assert.equal(await dossiersOf("Lê Thị Bàn Phím"), 1);
    await Promise.all([page.waitForRequest(/receipt\.pdf/), page.keyboard.press("p")]);
    await page.context().close();
  });

  it("opens the dossier that is scanned, from any field, and leaves the field as it was", async () => {
    const page = await seated({ scripts: true });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    const code = `000.15.32.H30-${new Date(app.clock.now()).toISOString().slice(2, 10).replaceAll("-", "")}-0001`;
    await page.keyboard.press("F3");
    await page.keyboard.type("093");
    await page.waitForTimeout(200);
    await page.keyboard.type(`http://mot-cua.test/tra-cuu/${code}`);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === `/ho-so/${code}`);
    await page.goBack();
    await page.waitForSelector("#ho-so-moi");
    await page.reload();
    // Nothing of the code stays behind in the draft.
    assert.ok(!(await page.inputValue("#applicant\\.identity\\.number")).includes("H30"));
    await page.context().close();
  });

  it("loses nothing when the session ends in the middle of a form", async () => {
    const page = await seated({ scripts: true });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    await typePerson(page, "093199111002", "Phạm Văn Hết Phiên");
    await page.context().clearCookies();
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#password");
    await page.fill("#password", TEST_PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Bạn đã đăng nhập lại");
    await page.keyboard.press("Enter");
    await page.waitForURL(DONE);
    assert.equal(await dossiersOf("Phạm Văn Hết Phiên"), 1);
    await page.context().close();
  });

  it("loses and doubles nothing when the line is cut while saving", async () => {
    const page = await seated({ scripts: true });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    await typePerson(page, "093199111003", "Võ Thị Mất Mạng");
    // The request arrives, its answer does not.
    let cut = true;
    await page.route("**/tiep-nhan", async (route) => {
      if (route.request().method() !== "POST" || !cut) return route.continue();
      cut = false;
      const { method, url, headers, postData } = {
        method: "POST",
        url: route.request().url(),
        headers: await route.request().allHeaders(),
        postData: route.request().postData() ?? "",
      };
      await fetch(url, {
        method,
        headers: { cookie: headers.cookie ?? "", "content-type": headers["content-type"] ?? "" },
        body: postData,
        redirect: "manual",
      });
      return route.abort("connectionreset");
    });
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("text=Chưa gửi được vì mất kết nối");
    assert.equal(await page.inputValue("#applicant\\.name"), "Võ Thị Mất Mạng");
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(DONE);
    assert.equal(await dossiersOf("Võ Thị Mất Mạng"), 1);
    await page.context().close();
  });

  it("finds the draft again after a reload, and in the list", async () => {
    // F4 opens the draft that was touched last: other tests' drafts are older by now.
    app.clock.advance(60_000);
    const page = await seated({ scripts: true });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    await typeDraft(page, "093199111004", "Đỗ Văn Nháp");
    await page.reload();
    assert.equal(await page.inputValue("#applicant\\.name"), "Đỗ Văn Nháp");
    await page.goto(`${app.url}/tiep-nhan`);
    await page.keyboard.press("F4");
    await page.waitForSelector("#ho-so-moi");
    assert.equal(await page.inputValue("#applicant\\.name"), "Đỗ Văn Nháp");
    await page.click("text=Bỏ nháp, hồ sơ mới");
    await page.waitForSelector("#ho-so-moi", { state: "detached" });
    assert.equal(await page.getByText("Đỗ Văn Nháp").count(), 0);
    await page.context().close();
  });

  it("in two tabs, each with a person of its own", async () => {
    const left = await seated({ scripts: true });
    const right = await left.context().newPage();
    for (const [tab, number, name] of [
      [left, "093199111007", "Hồ Thị Bên Trái"],
      [right, "093199111008", "Hồ Văn Bên Phải"],
    ] as const) {
      await tab.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
      await tab.bringToFront();
      await typeDraft(tab, number, name);
    }
    const nameIn = (tab: Page) => tab.inputValue("#applicant\\.name");
    await left.reload();
    await right.reload();
    assert.deepEqual([await nameIn(left), await nameIn(right)], ["Hồ Thị Bên Trái", "Hồ Văn Bên Phải"]);
    await left.bringToFront();
    await left.keyboard.press("Control+Enter");
    await left.waitForURL(DONE);
    await right.reload();
    assert.equal(await nameIn(right), "Hồ Văn Bên Phải");
    // With the line cut, each keeps its own copy on this machine.
    const third = await left.context().newPage();
    await third.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    await left.context().route("**/tiep-nhan/nhap", (route) => route.abort("connectionreset"));
    for (const [tab, name] of [
      [right, "Hồ Văn Bên Phải Sửa"],
      [third, "Hồ Thị Thứ Ba"],
    ] as const) {
      await tab.bringToFront();
      await tab.fill("#applicant\\.name", name);
      await tab.waitForSelector("text=Mất kết nối");
      await tab.reload();
      await tab.waitForSelector("text=Đã lấy lại nội dung");
    }
    assert.deepEqual([await nameIn(right), await nameIn(third)], ["Hồ Văn Bên Phải Sửa", "Hồ Thị Thứ Ba"]);
    await left.context().unroute("**/tiep-nhan/nhap");
    await right.bringToFront();
    await right.keyboard.press("Control+Enter");
    await right.waitForURL(DONE);
    assert.equal(await dossiersOf("Hồ Thị Bên Trái"), 1);
    assert.equal(await dossiersOf("Hồ Văn Bên Phải Sửa"), 1);
    await left.context().close();
  });

  it("takes whoever has a tax code for a company, unless told otherwise", async () => {
    const page = await seated({ scripts: true });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    const type = "#applicant\\.identity\\.type";
    const kind = () => page.inputValue("#applicant\\.kind");
    await page.selectOption(type, "taxCode");
    assert.equal(await kind(), "business");
    await page.selectOption(type, "cccd");
    assert.equal(await kind(), "citizen");
    await page.selectOption("#applicant\\.kind", "organisation");
    await page.selectOption(type, "taxCode");
    assert.equal(await kind(), "organisation");
    await page.context().close();
  });

  it("keeps fields side by side in line where one of them has an error", async () => {
    const page = await seated({ scripts: false });
    await page.goto(`${app.url}/tiep-nhan?thuTuc=1.001193`);
    await page.click("text=Tiếp nhận và in phiếu");
    await page.waitForSelector("#applicant\\.identity\\.number-error");
    const top = async (selector: string) => (await page.locator(selector).boundingBox())?.y ?? NaN;
    for (const part of ["label[for='applicant.identity.#']", "[id='applicant.identity.#']"]) {
      const type = await top(part.replace("#", "type"));
      assert.ok(Math.abs(type - (await top(part.replace("#", "number")))) < 1.5, part);
    }
    await page.context().close();
  });

  it("without scripts", async () => {
    const page = await seated({ scripts: false });
    await page.fill("#tim", "khai sinh");
    await page.keyboard.press("Enter");
    await page.click("text=Thủ tục đăng ký khai sinh >> nth=0");
    await page.fill("#applicant\\.identity\\.number", "093199111005");
    await page.fill("#applicant\\.name", "Bùi Thị Không Script");
    await page.fill("#applicant\\.phone", "0909123456");
    await page.click("text=Tiếp nhận và in phiếu");
    await page.waitForURL(DONE);
    assert.equal(await dossiersOf("Bùi Thị Không Script"), 1);
    await page.context().close();
  });

  for (const size of SIZES)
    it(`on pages in which axe finds nothing wrong, at ${size.width}x${size.height}`, async () => {
      const page = await seated({ scripts: true, size });
      for (const path of ["/tiep-nhan", "/tiep-nhan?tim=ket+hon", "/tiep-nhan?thuTuc=1.001193"]) {
        await page.goto(app.url + path);
        assert.deepEqual(await violations(page), [], path);
        assert.equal(await overflow(page), 0, path);
      }
      await page.context().close();
    });
});
