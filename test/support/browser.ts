import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "mocha";
import { chromium, type Browser, type Page } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const AXE = createRequire(import.meta.url).resolve("axe-core");

/** The two sizes that every page is looked at in: an office's old screen and a phone. */
export const SIZES = [
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
] as const;

export interface TestBrowser {
  /** A fresh page of this size, with scripts off as a rule: the pages must work without. */
  open(
    size: { width: number; height: number },
    options?: { scripts?: boolean; zoom?: number },
  ): Promise<Page>;
}

/**
 * Gives the tests of this `describe` a real Chromium; where none is found they are skipped and counted
 * (apt-get install chromium, or CHROMIUM=/path/to/it).
 */
export function withBrowser(): TestBrowser {
  let browser: Browser | undefined;
  before(async function () {
    const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
    if (executablePath === undefined) this.skip();
    this.timeout(60_000);
    browser = await chromium.launch({ executablePath, headless: true, args: QUIET });
  });
  after(() => browser?.close());
  return {
    async open(size, { scripts = false, zoom = 1 } = {}) {
      if (browser === undefined) throw new Error("the browser is there only in hooks and tests");
      const context = await browser.newContext({
        javaScriptEnabled: scripts,
        // Zoom by 2 leaves a page half as many of its own pixels.
        viewport: { width: Math.round(size.width / zoom), height: Math.round(size.height / zoom) },
        deviceScaleFactor: zoom,
        acceptDownloads: true,
      });
      return context.newPage();
    },
  };
}

/** What axe finds wrong with a page, one line each; empty when all is well. The page must allow scripts. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, so that the page's own policy against foreign scripts stays as it is.
  await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

/** By how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = (
      globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } }
    ).document.documentElement;
    return scrollWidth - clientWidth;
  });
}
