import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Caller } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openSigning } from "../../server/signing/open-signing.ts";
import { signResult } from "../../server/signing/sign-result.ts";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { acted } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import { SAMPLES, walk } from "../support/walk.ts";

describe("the pages of signing, in a browser", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const browser = withBrowser();
  const sample = SAMPLES.find(({ process }) => process === "b")!;
  let unstamped: string;
  let failed: string;

  before(async () => {
    const deps = await openDeps(app.parts);
    const signing = await openSigning(deps, { dataDir: app.parts.config.dataDir, production: false });
    const leader: Caller = {
      kind: "staff",
      username: "commune.leader",
      name: "Lãnh đạo Thử",
      roles: ["leader"],
      agency: "000.15.32.H30",
    };
    const waiting = async () =>
      (await walk(app, sample, { until: ({ state }) => state === "signing" })).dossier.code;
    const sign = (code: string, sign?: () => Promise<Buffer>, patience = 60_000) =>
      signResult(
        deps,
        {
          ...signing,
          patience,
          timestamp: undefined,
          keyOf: async (signer) => ({
            ...(await signing.keyOf(signer)),
            ...(sign === undefined ? {} : { sign }),
          }),
        },
        { code, caller: leader, type: "SIGN", payload: {} },
      );
    await walk(app, sample, { until: ({ status }) => status === 9 });
    unstamped = await waiting();
    await sign(unstamped);
    await acted(app.as("commune.clerk"), unstamped, { type: "SEAL" });
    failed = await waiting();
    await assert.rejects(sign(failed, () => Promise.reject(new Error("away"))));
    await sign(await waiting(), () => new Promise(() => undefined), 100);
  });

  it("are sound for axe and no wider than their window, on an old screen and on a phone", async () => {
    const { cookie } = await atDesk(app.url, "commune.leader");
    const [name = "", value = ""] = cookie.split("=");
    for (const size of [...SIZES, { width: 320, height: 640 }]) {
      const page = await browser.open(size, { scripts: true });
      await page.context().addCookies([{ name, value, url: app.url }]);
      for (const path of [
        "/ho-so/ky-so",
        "/ho-so/so-van-ban",
        "/ho-so/so-van-ban?nam=2020&q=khong-co",
        `/ho-so/${unstamped}`,
        `/ho-so/${failed}/viec/SIGN`,
      ]) {
        await page.goto(app.url + path);
        assert.deepEqual(await violations(page), [], `${path} at ${size.width}`);
        assert.equal(await overflow(page), 0, `${path} at ${size.width}`);
        if (process.env.SHOTS !== undefined)
          await page.screenshot({
            path: `${process.env.SHOTS}/${path.replace(/\W+/g, "-")}-${size.width}.png`,
            fullPage: true,
          });
      }
      await page.context().close();
    }
  });

  it("list the results whose signatures have no timestamp, by themselves", async () => {
    const { text } = await (await atDesk(app.url, "commune.clerk")).get("/ho-so/ky-so");
    const part = text.split('id="thieu-dau-thoi-gian"')[1]?.split("</section>")[0] ?? "";
    assert.ok(part.includes(unstamped), "the leader's signature has none, though the seal has");
    assert.equal(part.match(/<tr>/g)?.length, 2, "and no other: head and one row");
  });

  it("print the register alone: no head line, no filter, its unit and year on top", async () => {
    const { cookie } = await atDesk(app.url, "commune.clerk");
    const [name = "", value = ""] = cookie.split("=");
    const page = await browser.open(SIZES[0]);
    await page.context().addCookies([{ name, value, url: app.url }]);
    await page.goto(`${app.url}/ho-so/so-van-ban`);
    await page.emulateMedia({ media: "print" });
    const seen = (selector: string) => page.locator(selector).first().isVisible();
    assert.equal(await seen(".desk-head"), false);
    assert.equal(await seen(".inline-search"), false);
    assert.equal(await seen(".desk-action"), false);
    assert.match((await page.locator(".register-unit").innerText()).trim(), /^Sổ văn bản năm 2026 – /);
    assert.ok(await seen(".register tbody tr"));
    const printed = await page.pdf({ preferCSSPageSize: true });
    assert.ok(printed.length > 1000);
    if (process.env.SHOTS !== undefined)
      await page.pdf({ path: `${process.env.SHOTS}/register.pdf`, preferCSSPageSize: true });
  });
});
