import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium, type Page } from "playwright-core";
import { startSystem } from "./chaos/system.ts";

/**
 * `npm run pages:shoot [-- dossiers [name …]]`: a picture of each page (or of the named ones alone) at both sizes into
 * docs/pages, from a few weeks that the generator makes and the first night closes. Needs Chromium (CHROMIUM=/path/to/it where it is not in the usual place).
 */
const OUT = fileURLToPath(new URL("../docs/pages/", import.meta.url));
const SIZES = { desk: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
const DOSSIERS = process.argv[2] ?? "8000";
const ONLY = process.argv.slice(3);
const WEEKS = 6;

interface Shot {
  /** The file's name, without size. */
  name: string;
  /** Who looks; nobody where there is none. */
  as?: string;
  path: string;
  /** What is done before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
}

interface Listed {
  code: string;
  status: number;
}

const say = (line: string) => console.log(line);
const dataDir = await mkdtemp(join(tmpdir(), "motcua-pages-"));
const from = new Date(Date.now() - WEEKS * 7 * 86_400_000).toISOString().slice(0, 10);
say(`making ${DOSSIERS} dossiers since ${from}`);
await promisify(execFile)(
  process.execPath,
  [
    "--import",
    "tsx",
    "tools/generate.ts",
    "--dossiers",
    DOSSIERS,
    "--from",
    from,
    "--recent-outbox-days",
    "0",
  ],
  { env: { ...process.env, DATA_DIR: dataDir }, maxBuffer: 1 << 26 },
);
const system = await startSystem({ dataDir, port: 3950, stubPort: 4950 });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  if (ONLY.length === 0) await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  await nightDone();
  const wanted = (await shots()).filter(({ name }) => ONLY.length === 0 || ONLY.includes(name));
  for (const shot of wanted) for (const size of ["desk", "phone"] as const) await take(shot, size);
} finally {
  await browser.close();
  await system.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** The figures are those of the nights: the first one runs as soon as the program does. */
async function nightDone(): Promise<void> {
  for (let second = 0; second < 600; second++) {
    const health = (await (await fetch(`${system.url}/health/ready`)).json()) as {
      nightly?: { state: string };
    };
    if (health.nightly?.state !== "missing") return;
    await pause(1_000);
  }
  throw new Error("last night's run did not end within ten minutes");
}

async function take({ name, as, path, prepare }: Shot, size: keyof typeof SIZES): Promise<void> {
  const context = await browser.newContext({ viewport: SIZES[size], locale: "vi-VN" });
  const page = await context.newPage();
  try {
    if (as !== undefined) await logIn(page, as);
    await page.goto(system.url + path);
    await prepare?.(page);
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(OUT, `${name}-${size}.png`), fullPage: size === "phone" });
    say(`${name}-${size}.png`);
  } finally {
    await context.close();
  }
}

async function logIn(page: Page, username: string): Promise<void> {
  await page.goto(`${system.url}/dang-nhap`);
  await page.fill("#username", username);
  await page.fill("#password", system.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/dang-nhap"));
}

/** The pages, with dossiers that the generator left in the states they show. */
async function shots(): Promise<Shot[]> {
  const first = async (username: string, query: string) => (await dossiersOf(username, query))[0]?.code;
  const anyOne = (await first("commune.frontdesk", "")) ?? "";
  const inWork = (await first("commune.specialist", "status=4")) ?? anyOne;
  const fresh = (await first("commune.frontdesk", "status=2")) ?? anyOne;
  const waiting = (await first("commune.frontdesk", "status=5")) ?? anyOne;
  const done = (await first("commune.frontdesk", "status=9")) ?? anyOne;
  const licence = (await first("svhttdl.specialist", "status=4")) ?? anyOne;
  const front = "commune.frontdesk";
  return [
    { name: "dang-nhap", path: "/dang-nhap" },
    { name: "tra-cuu", path: "/tra-cuu" },
    { name: "tra-cuu-ho-so", path: `/tra-cuu/${inWork}` },
    { name: "tra-cuu-bo-sung", path: `/tra-cuu/${waiting}` },
    { name: "thu-tuc", path: "/thu-tuc?q=khai%20sinh" },
    { name: "thu-tuc-mot-thu-tuc", path: "/thu-tuc/1.001193" },
    { name: "kiem-tra", path: "/kiem-tra" },
    { name: "tiep-nhan", as: front, path: "/tiep-nhan?thuTuc=1.001193" },
    { name: "ho-so", as: front, path: "/ho-so" },
    { name: "ho-so-chuyen-vien", as: "commune.specialist", path: "/ho-so?loc=don-vi" },
    { name: "ho-so-quan-ly", as: "svhttdl.head", path: "/ho-so" },
    { name: "ho-so-ban-giao", as: "svhttdl.head", path: "/ho-so/ban-giao" },
    { name: "ho-so-mot-ho-so", as: "commune.specialist", path: `/ho-so/${inWork}` },
    { name: "ho-so-cap-so", as: "svhttdl.specialist", path: `/ho-so/${licence}` },
    { name: "ho-so-yeu-cau-bo-sung", as: front, path: `/ho-so/${fresh}/viec/REQUEST_SUPPLEMENT` },
    { name: "ho-so-sua-sai-sot", as: front, path: `/ho-so/${inWork}/viec/CORRECT` },
    { name: "ho-so-ky-so", as: "svhttdl.leader", path: "/ho-so/ky-so" },
    { name: "ho-so-so-van-ban", as: "svhttdl.clerk", path: "/ho-so/so-van-ban" },
    { name: "tra-ket-qua", as: front, path: "/tra-ket-qua" },
    { name: "tra-ket-qua-mot-ho-so", as: front, path: `/tra-ket-qua/${done}` },
    { name: "thu-phi", as: front, path: "/thu-phi" },
    { name: "quan-tri-cong-dvc", as: "admin", path: "/quan-tri/cong-dvc" },
    { name: "quan-tri-tai-khoan", as: "admin", path: "/quan-tri/tai-khoan" },
    { name: "quan-tri-lich", as: "admin", path: "/quan-tri/lich" },
    { name: "quan-tri-so-hoa", as: "admin", path: "/quan-tri/so-hoa" },
    { name: "quan-tri-kho-giay-to", as: "admin", path: "/quan-tri/kho-giay-to" },
    { name: "ho-so-so-theo-doi", as: front, path: "/ho-so/so-theo-doi" },
    { name: "ho-so-nguy-co-tre", as: await mostAtRisk(), path: "/ho-so?loc=nguy-co-tre" },
    { name: "thong-ke", as: "inspector", path: "/thong-ke" },
    { name: "thong-ke-ii06a", as: "inspector", path: "/thong-ke/ii06a" },
    { name: "thong-ke-chi-so-766", as: "inspector", path: "/thong-ke/chi-so-766" },
    { name: "thong-ke-so-hoa", as: "inspector", path: "/thong-ke/so-hoa" },
    { name: "thong-ke-dem", as: "admin", path: "/thong-ke/dem" },
    { name: "so-lieu", path: "/so-lieu" },
  ];
}

/** A leader whose unit has something in the list; the first where none has. */
async function mostAtRisk(): Promise<string> {
  const leaders = ["stnmt", "syt", "sgtvt", "sct", "district", "commune"].map((unit) => `${unit}.leader`);
  const counted = await Promise.all(
    leaders.map(async (leader) => {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await logIn(page, leader);
        await page.goto(`${system.url}/ho-so?loc=nguy-co-tre`);
        return { leader, rows: await page.locator(".work-table tbody tr").count() };
      } finally {
        await context.close();
      }
    }),
  );
  return counted.sort((a, b) => b.rows - a.rows)[0]?.leader ?? "district.leader";
}

async function dossiersOf(username: string, query = ""): Promise<Listed[]> {
  const session = await fetch(`${system.url}/api/v1/sessions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: system.password }),
  });
  const { token } = (await session.json()) as { token: string };
  const answer = await fetch(`${system.url}/api/v1/dossiers?limit=50&${query}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { items: Listed[] }).items;
}
