import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Page } from "playwright-core";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { acted, filed } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";
const KB = 1_000;

/** What a page costs on the line, as the browser counted it. */
interface Weight {
  page: number;
  fonts: number;
  /** Addresses outside this machine. */
  outside: string[];
  /** What the browser complained about. */
  complaints: string[];
}

describe("every page", function () {
  this.timeout(240_000);
  const browser = withBrowser();
  const app = withTestApp();
  /** Who looks at what; "" is a citizen. */
  const pages = new Map<string, string[]>();

  before(async function () {
    const front = app.as("commune.frontdesk");
    const birth = (accept = true) => filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept });
    const fresh = (await birth(false)).code;
    const waiting = (await birth()).code;
    await acted(front, waiting, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh chưa đọc được họ tên người mẹ.",
      items: [{ documentCode: "02", note: "Bản đọc rõ." }, { text: "Giấy xác nhận nơi cư trú" }],
    });
    const paid = (await birth()).code;
    const paying = await acted(front, paid, {
      type: "PAY",
      feeCode: "other",
      amount: 15_000,
      method: "cash",
      reference: "CT-15000",
      ground: "Cấp bản sao trích lục hộ tịch (thử nghiệm)",
    });
    const sample = (name: string) => {
      const found = SAMPLES.find(({ process }) => process === name);
      assert.ok(found);
      return found;
    };
    const open = await received(app, sample("h"));
    const working = (await walk(app, sample("h"), { from: open, until: ({ state }) => state === "drafting" }))
      .dossier.code;
    const finished = (await walk(app, sample("a"), { until: ({ status }) => status === 9 })).dossier.code;
    const returned = (await walk(app, sample("a"), { until: ({ status }) => status === 10 })).dossier.code;
    pages.set("", [
      "/dang-nhap",
      "/tra-cuu",
      "/tra-cuu/000.00.00.H30-000000-0000",
      ...[fresh, waiting, working, finished, returned].map((code) => `/tra-cuu/${code}`),
      "/thu-tuc",
      "/thu-tuc?q=khai+sinh",
      "/thu-tuc?q=khong+co+gi+nhu+the",
      `/thu-tuc/${BIRTH}`,
      "/thu-tuc/1.013225",
      "/khong-co-trang-nay",
    ]);
    const lists = ["don-vi", "han-hom-nay", "qua-han", "cho-cong-dan", "cho-tra", "tat-ca"];
    pages.set("commune.frontdesk", [
      "/tiep-nhan",
      `/tiep-nhan?thuTuc=${BIRTH}`,
      `/tiep-nhan/xong/${fresh}`,
      ...lists.map((list) => `/ho-so?loc=${list}`),
      "/ho-so?loc=tat-ca&q=khong-co-ai",
      `/ho-so/${fresh}`,
      ...["ACCEPT", "REQUEST_SUPPLEMENT", "REJECT", "CORRECT", "PAY"].map(
        (event) => `/ho-so/${fresh}/viec/${event}`,
      ),
      `/ho-so/${waiting}`,
      `/ho-so/${finished}`,
      "/ho-so/000.00.00.H30-000000-0000",
      "/tra-ket-qua",
      `/tra-ket-qua/${finished}`,
      `/tra-ket-qua/${returned}/ky-nhan`,
      "/thu-phi",
      "/thu-phi/chot",
      `/thu-phi/bien-lai/${paid}/${paying.version}`,
      "/tai-khoan",
    ]);
    pages.set("svhttdl.specialist", ["/ho-so", `/ho-so/${working}`, `/ho-so/${working}/viec/DRAFT_RESULT`]);
    pages.set("svhttdl.leader", [
      "/ho-so",
      ...["EXTEND", "STOP"].map((event) => `/ho-so/${working}/viec/${event}`),
    ]);
    pages.set("svhttdl.head", ["/ho-so", "/ho-so/ban-giao"]);
    pages.set("admin", [
      "/quan-tri",
      "/quan-tri/cong-dvc",
      "/quan-tri/tai-khoan",
      "/quan-tri/tai-khoan/moi",
      "/quan-tri/tai-khoan/stp.leader",
      "/quan-tri/lich",
      "/quan-tri/lich/2026",
    ]);
  });

  async function sit(who: string, size: { width: number; height: number }, scripts: boolean, zoom = 1) {
    const page = await browser.open(size, { scripts, zoom });
    if (who === "") return page;
    await page.goto(`${app.url}/dang-nhap`);
    await page.fill("#username", who);
    await page.fill("#password", TEST_PASSWORD);
    await page.press("#password", "Enter");
    await page.waitForURL((url) => url.pathname !== "/dang-nhap");
    return page;
  }

  /** Opens a page as if for the first time, and weighs what came over the line. */
  async function weigh(page: Page, path: string): Promise<Weight> {
    const line = await page.context().newCDPSession(page);
    await line.send("Network.enable");
    await line.send("Network.setCacheDisabled", { cacheDisabled: true });
    const addresses = new Map<string, string>();
    const weight: Weight = { page: 0, fonts: 0, outside: [], complaints: [] };
    line.on("Network.requestWillBeSent", ({ requestId, request }) => {
      addresses.set(requestId, request.url);
      if (!request.url.startsWith(app.url) && !request.url.startsWith("data:"))
        weight.outside.push(request.url);
    });
    line.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const isFont = addresses.get(requestId)?.endsWith(".woff2") === true;
      weight[isFont ? "fonts" : "page"] += encodedDataLength;
    });
    const complain = (text: string) => weight.complaints.push(text);
    const heard = (message: { type(): string; text(): string }) => {
      // A page that answers 404 is one that is looked at here.
      if (message.type() === "error" && !message.text().includes("status of 404")) complain(message.text());
    };
    page.on("console", heard);
    page.on("pageerror", ({ message }) => complain(message));
    await page.goto(app.url + path, { waitUntil: "load" });
    await page.evaluate("document.fonts.ready.then(() => true)");
    page.removeListener("console", heard);
    await line.detach();
    return weight;
  }

  for (const size of SIZES)
    it(`is light, from this machine alone, and nothing in it is wrong to axe, at ${size.width}x${size.height}`, async () => {
      const found: string[] = [];
      let heaviest = 0;
      for (const [who, paths] of pages) {
        const page = await sit(who, size, true);
        for (const path of paths) {
          const { page: bytes, fonts, outside, complaints } = await weigh(page, path);
          heaviest = Math.max(heaviest, bytes);
          assert.ok(bytes > KB, `${path} was not weighed`);
          if (bytes > 300 * KB) found.push(`${path} weighs ${bytes} bytes`);
          if (fonts > 120 * KB) found.push(`${path} loads ${fonts} bytes of fonts`);
          found.push(...outside.map((address) => `${path} asks ${address}`));
          found.push(...complaints.map((text) => `${path}: ${text}`));
          await page.evaluate(
            "for (const folded of document.querySelectorAll('details')) folded.setAttribute('open', '')",
          );
          found.push(...(await violations(page)).map((line) => `${path}: ${line}`));
          if ((await overflow(page)) !== 0) found.push(`${path} is too wide`);
        }
        await page.context().close();
      }
      assert.deepEqual(found, []);
      assert.ok(heaviest > 0);
    });

  for (const [name, size, zoom] of [
    ["on a screen 320 pixels wide", { width: 320, height: 640 }, 1],
    ["magnified to 200 % on an office's screen", { width: 1366, height: 768 }, 2],
  ] as const)
    it(`shows all of itself without scripts and without scrolling sideways ${name}`, async () => {
      const found: string[] = [];
      for (const [who, paths] of pages) {
        const page = await sit(who, size, false, zoom);
        for (const path of paths) {
          await page.goto(app.url + path);
          if ((await page.locator("h1").count()) !== 1) found.push(`${path} has no heading, or several`);
          if ((await overflow(page)) !== 0) found.push(`${path} is too wide`);
        }
        await page.context().close();
      }
      assert.deepEqual(found, []);
    });
});
