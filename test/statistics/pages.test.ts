import assert from "node:assert/strict";
import { parse as parseCsv } from "csv-parse/sync";
import excel from "exceljs";
import { before, describe, it } from "mocha";
import { openDeps } from "../../server/open-deps.ts";
import { keepLateRisks } from "../../server/statistics/keep-late-risks.ts";
import { keepStepDurations } from "../../server/statistics/keep-step-durations.ts";
import { readKnownCalendars } from "../../server/statistics/known-calendars.ts";
import { endRequest, takeRequest } from "../../server/statistics/night-requests.ts";
import { INDICATORS, NOT_FROM_HERE } from "../../server/statistics/index-766.ts";
import { rollUpNight } from "../../server/statistics/roll-up-night.ts";
import { endOf } from "../../server/statistics/vietnam-days.ts";
import { withTestApp } from "../support/app.ts";
import { overflow, SIZES, violations, withBrowser } from "../support/browser.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { acted, filed } from "../support/dossiers.ts";
import { atDesk, pageClient, type PageClient } from "../support/pages.ts";
import { SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";
const DISTRICT = "000.00.32.H30";
const PERIOD = "tu=2026-11-01&den=2026-11-30";

/** The pages of somebody who sees the province. */
const PAGES = [
  "/thong-ke",
  "/thong-ke?bang=don-vi",
  `/thong-ke/ii06a?${PERIOD}`,
  `/thong-ke/ii06a?${PERIOD}&chiTiet=1`,
  ...["06b", "06c", "06d", "06đ"].map(
    (form) => `/thong-ke/tong-hop?${PERIOD}&bieu=${encodeURIComponent(form)}`,
  ),
  // A commune's share of its district's line.
  ...["06c", "06d"].map((form) => `/thong-ke/tong-hop?${PERIOD}&bieu=${form}&donVi=${COMMUNE}`),
  `/thong-ke/qua-han?${PERIOD}`,
  `/thong-ke/ho-so?${PERIOD}&cot=c3`,
  `/thong-ke/chi-so-766?${PERIOD}`,
  `/thong-ke/thu-tuc?${PERIOD}&chiSo=3.2&phan=tu`,
  `/thong-ke/so-hoa?${PERIOD}`,
  `/thong-ke/giay-to?${PERIOD}&phan=mau`,
  "/thong-ke/dem",
  "/so-lieu",
];

interface List {
  rows: Record<string, unknown>[];
}

describe("the pages of figures", function () {
  this.timeout(180_000);
  const app = withTestApp();
  const browser = withBrowser();
  let inspector: PageClient;
  let open: string;

  before(async () => {
    for (const sample of SAMPLES.filter(({ process }) => ["a", "b", "c", "j"].includes(process)))
      await walk(app, sample);
    for (const sample of SAMPLES.filter(({ process }) => ["b", "d"].includes(process)))
      await filed(app, sample.frontdesk, sample.procedure, sample.agency, { accept: true });
    // At a district and at its commune, open both: their numbers are told apart.
    await filed(app, "district.frontdesk", "1.003702", DISTRICT, { accept: true });
    open = (await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true })).code;
    const waiting = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    await acted(app.as("commune.frontdesk"), waiting.code, {
      ...{ type: "REQUEST_SUPPLEMENT", reason: "Thiếu giấy tờ." },
      items: [{ documentCode: "02", note: "Bản đọc rõ." }],
    });
    // Never accepted: in no figure.
    await filed(app, "commune.frontdesk", "1.001193", COMMUNE);
    const deps = { ...(await openDeps(app.parts)), db: app.parts.db };
    const day = "2026-11-23";
    app.clock.moveTo("2026-11-23T15:00:00+07:00");
    const calendars = await readKnownCalendars(deps.db, deps.agencies);
    const calendarOf = (unit: string) => calendars.at(unit, app.clock.now().getTime(), new Map());
    assert.ok((await keepStepDurations(deps.db, calendarOf, day)) > 0);
    assert.equal(await keepStepDurations(deps.db, calendarOf, day), 0);
    await keepLateRisks({ db: deps.db, catalogue: deps.catalogue, calendarOf });
    const now = app.clock.now();
    assert.deepEqual((await rollUpNight(deps, { day, asOf: endOf(day), now })).failed, []);
    app.clock.moveTo("2026-11-24T08:00:00+07:00");
    inspector = await atDesk(app.url, "inspector");
  });

  /** Every link to dossiers of a page, with the number that it stands for. */
  async function numbersOf(who: PageClient, path: string): Promise<{ href: string; number: number }[]> {
    const { status, text } = await who.get(path);
    assert.equal(status, 200, `${path}: ${text.slice(0, 300)}`);
    // Every whole number of every table is such a link; what is no count (a rate, hours, points) has its comma or column.
    const bare = [...text.matchAll(/<td class="amount">(\d[\d.]*)<\/td>/g)].map(([, number = ""]) => number);
    const most = INDICATORS.map(({ most }) => most).concat(NOT_FROM_HERE.map(({ most }) => most));
    const known = path.includes("chi-so-766") ? most.filter((one) => one !== null).map(String) : [];
    for (const one of known) if (bare.includes(one)) bare.splice(bare.indexOf(one), 1);
    assert.deepEqual(bare, [], `${path} has numbers that open nothing`);
    const links = text.matchAll(
      /<a href="(\/thong-ke\/(?:ho-so|thu-tuc|buoc|giay-to)\?[^"]*)"[^>]*>([\d.]+)<\/a>/g,
    );
    return [...links].map(([, href = "", number = ""]) => ({
      href: href.replaceAll("&amp;", "&"),
      number: Number(number.replaceAll(".", "")),
    }));
  }

  async function opensAsMany(who: PageClient, path: string): Promise<void> {
    const numbers = await numbersOf(who, path);
    assert.ok(numbers.length > 0);
    assert.ok(
      path.includes("qua-han") || numbers.some(({ number }) => number > 0),
      "all of its numbers are 0",
    );
    const looked = new Map(numbers.map((one) => [one.href, one.number]));
    for (const [href, number] of looked) {
      const { status, text } = await who.get(`${href}&dang=json`);
      assert.equal(status, 200, href);
      assert.equal((JSON.parse(text) as List).rows.length, number, href);
      if (number > 0 && href.includes("/ho-so?"))
        assert.match((await who.get(href)).text, new RegExp(`<strong>${number} hồ sơ</strong>`));
    }
  }

  for (const path of PAGES.filter((one) => !/ho-so|thu-tuc|giay-to|dem|so-lieu/.test(one)))
    it(`each number of ${path} opens as many dossiers`, async () => {
      await opensAsMany(inspector, path);
    });

  for (const path of [
    "/thong-ke",
    ...["06c", "06d"].map((form) => `/thong-ke/tong-hop?${PERIOD}&bieu=${form}`),
  ])
    it(`each number of ${path} opens as many for a commune's leader`, async () => {
      await opensAsMany(await atDesk(app.url, "commune.leader"), path);
    });

  it("tells a district's own dossiers apart from its communes', and says so over the list", async () => {
    const { text } = await inspector.get("/thong-ke");
    const row = /<tr><th scope="row">UBND thành phố Ngã Bảy<\/th>.*?<a href="([^"]*)"[^>]*>1<\/a>/.exec(text);
    assert.ok(row);
    const list = await inspector.get((row[1] ?? "").replaceAll("&amp;", "&"));
    assert.match(list.text, /<strong>1 hồ sơ<\/strong> · Riêng UBND thành phố Ngã Bảy, không gồm các đơn vị/);
    const all = await inspector.get(`/thong-ke/ho-so?donVi=${DISTRICT}&nay=open`);
    assert.match(all.text, /<strong>4 hồ sơ<\/strong> · UBND thành phố Ngã Bảy ·/);
  });

  it("opens a field's dossiers before a night has listed its procedures", async () => {
    const owner = app.database.open();
    const listed = await owner.select<object[]>("*").from("statistic_procedures");
    await owner("statistic_procedures").del();
    try {
      await opensAsMany(inspector, "/thong-ke");
    } finally {
      await owner("statistic_procedures").insert(listed);
    }
  });

  it("counts by hand: nine accepted, four done, one paused, one never accepted", async () => {
    const { rows } = JSON.parse((await inspector.get(`/thong-ke/ii06a?${PERIOD}&dang=json`)).text) as List;
    const [total] = rows;
    assert.equal(total?.name, "Tổng số");
    assert.deepEqual([total.c3, total.c7, total.c11], [9, 4, 5]);
    const index = JSON.parse((await inspector.get(`/thong-ke/chi-so-766?${PERIOD}&dang=json`)).text) as List;
    const of = (id: string) => {
      const { numerator, denominator, rate } = index.rows.find((row) => row.id === id) ?? {};
      return [numerator, denominator, rate];
    };
    // Four walked to their end were scanned and sealed; j gives its paper by a denial only.
    assert.deepEqual(of("4.3"), [0, 9, 0]);
    assert.equal(of("4.2")[1], 9);
    assert.deepEqual(of("5.2"), [null, null, "Không từ hệ thống này"]);
    assert.deepEqual(of("1.1"), [null, null, "Không từ hệ thống này"]);
  });

  it("hands each table out as CSV and XLSX with the same numbers, laid out as the form prints", async () => {
    const address = `/thong-ke/ii06a?${PERIOD}`;
    const { rows } = JSON.parse((await inspector.get(`${address}&dang=json`)).text) as List;
    const csv = await fetch(`${app.url}${address}&dang=csv`, { headers: { cookie: inspector.cookie } });
    assert.match(csv.headers.get("content-disposition") ?? "", /attachment; filename="bieu-ii06a-/);
    const lines = parseCsv(Buffer.from(await csv.arrayBuffer()), { bom: true });
    assert.deepEqual(
      lines.slice(1).map((line) => line.slice(2).map(Number)),
      rows.map((row) => Object.values(row).slice(2)),
    );
    const xlsx = await fetch(`${app.url}${address}&dang=xlsx`, { headers: { cookie: inspector.cookie } });
    const book = new excel.Workbook();
    await book.xlsx.load(await xlsx.arrayBuffer());
    const sheet = book.worksheets[0];
    assert.ok(sheet);
    assert.equal(sheet.getCell("A1").value, "Biểu số II.06a/VPCP/KSTT");
    assert.match(sheet.getCell("G1").text, /^Đơn vị báo cáo: Ủy ban nhân dân tỉnh/);
    assert.equal(sheet.getCell("C9").value, "(3)=(4)+(5)+(6)");
    assert.deepEqual(
      rows.map((_, at) => sheet.getCell(10 + at, 3).value),
      rows.map((row) => row.c3),
    );
    const first = sheet.getColumn(1).values.map(String);
    assert.ok(first.some((text) => text.includes("NGƯỜI LẬP BIỂU")));
  });

  it("shows a unit its own and no other's, and nothing to whom it does not concern", async () => {
    const leader = await atDesk(app.url, "commune.leader");
    const own = await leader.get("/thong-ke");
    assert.equal(own.status, 200);
    const { rows } = JSON.parse(
      (await leader.get(`/thong-ke/ho-so?${PERIOD}&cot=c3&dang=json`)).text,
    ) as List;
    assert.ok(rows.length > 0 && rows.every(({ code }) => String(code).startsWith(COMMUNE)));
    for (const path of ["ii06a", "ho-so", "chi-so-766", "so-hoa"])
      assert.equal((await leader.get(`/thong-ke/${path}?donVi=000.00.06.H30`)).status, 403, path);
    assert.equal((await (await atDesk(app.url, "commune.specialist")).get("/thong-ke")).status, 403);
    const nobody = await pageClient(app.url).get("/thong-ke/ii06a");
    assert.deepEqual([nobody.status, nobody.location?.startsWith("/dang-nhap")], [303, true]);
    assert.equal((await inspector.get("/thong-ke/ii06a?tu=2026-11-31")).status, 400);
    assert.equal((await inspector.get("/thong-ke/ho-so?cot=c99")).status, 400);
  });

  it("says loudly that last night's run is missing, and lets the administrator have it repeated", async () => {
    const page = await inspector.get(`/thong-ke/ii06a?${PERIOD}`);
    assert.match(page.text, /role="alert"[^]*chưa được chốt cho ngày 23\/11\/2026/);
    assert.ok(!(await inspector.get("/thong-ke/dem")).text.includes("Chạy lại"));
    assert.equal((await inspector.post("/thong-ke/dem/lap-lai", { ngay: "2026-11-23" })).status, 403);
    const admin = await atDesk(app.url, "admin");
    const nights = await admin.get("/thong-ke/dem");
    const asked = await admin.send(nights, "/thong-ke/dem/lap-lai", { ngay: "2026-11-23", donVi: COMMUNE });
    assert.equal(asked.status, 303);
    await admin.send(nights, "/thong-ke/dem/lap-lai", { ngay: "2026-11-23", donVi: COMMUNE });
    const { db } = app.parts;
    const request = await takeRequest(db, app.clock.now());
    assert.deepEqual([request?.day, request?.unit], ["2026-11-23", COMMUNE]);
    assert.equal(await takeRequest(db, app.clock.now()), undefined, "asked for twice, there was one");
    await endRequest(db, request?.id ?? 0, true, app.clock.now());
  });

  it("shows no form at all where its figures disagree", async () => {
    const owner = app.database.open();
    const spoil = (by: number) =>
      owner.raw("update statistic_open set within = within + ? where unit = ? and day = '2026-11-23'", [
        by,
        COMMUNE,
      ]);
    await spoil(1);
    try {
      const page = await inspector.get(`/thong-ke/ii06a?${PERIOD}`);
      assert.equal(page.status, 500);
      assert.match(page.text, /Số liệu mâu thuẫn/);
      assert.ok(!page.text.includes("stat-table"));
      assert.ok((await inspector.get(`/thong-ke/ii06a?${PERIOD}&dang=csv`)).status >= 500);
    } finally {
      await spoil(-1);
    }
  });

  it("tells officer and leader of what is likely to be late, and has the apology filled in for the leader", async () => {
    // The birth was due on the day it came; nothing else of the commune is at hand, so the term is moved to tomorrow.
    const owner = app.database.open();
    await owner.raw(
      `update dossiers set due_at = '2026-11-26T17:00+07:00', last_due_at = '2026-11-26T17:00+07:00' where code = ?`,
      [open],
    );
    const deps = { ...(await openDeps(app.parts)), db: app.parts.db };
    await owner.raw(
      `insert into step_durations (unit, tier, state, procedure_code, samples, median_minutes, p90_minutes, counted_at)
       select ?, 'commune', state, '', 9, 960, 1440, now() from unnest(array['accepted', 'signing', 'sealing']) state
       on conflict (unit, tier, state, procedure_code) do update set samples = 9, median_minutes = 960, p90_minutes = 1440`,
      [COMMUNE],
    );
    const calendars = await readKnownCalendars(deps.db, deps.agencies);
    const calendarOf = (unit: string) => calendars.at(unit, app.clock.now().getTime(), new Map());
    app.clock.moveTo("2026-11-25T08:00:00+07:00");
    assert.ok((await keepLateRisks({ db: deps.db, catalogue: deps.catalogue, calendarOf })) > 0);
    const leader = await atDesk(app.url, "commune.leader");
    const list = await leader.get("/ho-so?loc=nguy-co-tre");
    assert.match(list.text, new RegExp(`${open}[^]*Nhiều khả năng trễ`));
    const link = new RegExp(`/ho-so/${open}/viec/(EXTEND)\\?hen=([\\dT:-]+)`).exec(list.text);
    assert.ok(link, "the extension is at hand the working day before");
    const form = await leader.get(link[0]);
    assert.equal(form.status, 200);
    assert.match(form.text, /name="dueAt\.date"[^>]*value="\d\d\/\d\d\/2026"/);
    const draft = await fetch(`${app.url}/ho-so/${open}/in/xin-loi-du-thao.pdf?hen=${link[2] ?? ""}`, {
      headers: { cookie: leader.cookie },
    });
    assert.equal(draft.headers.get("content-type"), "application/pdf");
    assert.equal(
      Buffer.from(await draft.arrayBuffer())
        .subarray(0, 5)
        .toString(),
      "%PDF-",
    );
    const specialist = await atDesk(app.url, "commune.specialist");
    const notHis = await specialist.get(`/ho-so/${open}/in/xin-loi-du-thao.pdf?hen=${link[2] ?? ""}`);
    assert.equal(notHis.status, 403, "the draft is for whoever signs it");
    assert.match((await specialist.get("/ho-so?loc=nguy-co-tre")).text, new RegExp(open));
    // The day before, she sat down: nobody's session lasts so long.
    inspector = await atDesk(app.url, "inspector");
    const behind = await inspector.get("/thong-ke/ho-so?nay=risk");
    assert.ok(behind.text.includes(open), "the head of office sees it too");
    const shown = await leader.get(`/ho-so/${open}`);
    assert.match(shown.text, /Nhiều khả năng trễ/);
    assert.ok(shown.text.includes(link[0]), "the dossier's page has the apology at hand too");
    // In the browser: from the list over the filled form to the extension, with nothing typed.
    const page = await sit({ width: 1366, height: 768 }, true, "commune.leader");
    await page.goto(`${app.url}/ho-so?loc=nguy-co-tre`);
    assert.deepEqual(await violations(page), []);
    await page.click(`tr:has-text("${open}") >> text=Chuẩn bị phiếu xin lỗi`);
    assert.match(await page.locator("main").innerText(), /đã điền sẵn vì hồ sơ có nguy cơ trễ hẹn/);
    assert.notEqual(await page.inputValue('textarea[name="reason"]'), "");
    assert.deepEqual(await violations(page), []);
    await page.click("main form button.govuk-button");
    await page.waitForURL((url) => url.pathname === `/ho-so/${open}` && url.search === "?xong=EXTEND");
    await page.context().close();
    // Once it has moved, what was reckoned no longer holds.
    assert.ok(!(await leader.get("/ho-so?loc=nguy-co-tre")).text.includes(open));
    app.clock.moveTo("2026-11-25T09:00:00+07:00");
  });

  it("shows everybody the month by unit, and nobody's name", async () => {
    const page = await pageClient(app.url).get("/so-lieu?thang=2026-11");
    assert.equal(page.status, 200);
    // By tier, as the province told it for 2022.
    assert.match(page.text, /Hồ sơ cấp tỉnh[^]*50,62[^]*Hồ sơ cấp huyện[^]*27,85[^]*Hồ sơ cấp xã[^]*28,55/);
    assert.match(page.text, /<dt>Đã giải quyết<\/dt><dd>4<\/dd>/);
    assert.ok(!page.text.includes("/ho-so/"), "no dossier is named");
    const told = JSON.parse((await pageClient(app.url).get("/so-lieu?thang=2026-11&dang=json")).text) as List;
    assert.deepEqual([told.rows[0]?.unit, told.rows[0]?.handled], ["Toàn tỉnh", 4]);
    assert.equal((await pageClient(app.url).get("/so-lieu?thang=1999-01")).status, 400);
  });

  it("says under the months up to when they stand, and shows everybody the month of that day", async () => {
    const owner = app.database.open();
    const night = (day: string) =>
      owner("nightly_runs").insert({
        ...{ day, state: "clean", as_of: new Date(endOf(day)), started_at: new Date(endOf(day)) },
        finished_at: new Date(endOf(day)),
      });
    const now = app.clock.now();
    await night("2026-11-30");
    try {
      app.clock.moveTo("2026-12-01T08:00:00+07:00");
      const head = await atDesk(app.url, "inspector");
      assert.match((await head.get("/thong-ke")).text, /Số liệu chốt đến hết ngày 30\/11\/2026\./);
      const { text } = await pageClient(app.url).get("/so-lieu");
      assert.match(text, /<h1>Số liệu giải quyết hồ sơ tháng 11 năm 2026<\/h1>/);
      assert.match((await pageClient(app.url).get("/so-lieu?thang=2026-12")).text, /tháng 12 năm 2026<\/h1>/);
    } finally {
      await owner("nightly_runs").where({ day: "2026-11-30" }).del();
      app.clock.moveTo(now.toISOString());
    }
  });

  it("offers the units that decide, each under its district, and no name twice", async () => {
    const { text } = await inspector.get("/thong-ke");
    const list = /<select id="donVi"[^]*?<\/select>/.exec(text)?.[0] ?? "";
    const names = [...list.matchAll(/<option[^>]*>([^<]*)<\/option>/g)].map(([, name]) => name);
    assert.equal(names.length, 104);
    assert.deepEqual(new Set(names).size, names.length);
    assert.match(list, /<optgroup label="Cấp tỉnh"><option[^>]*>Văn phòng Ủy ban nhân dân tỉnh</);
    assert.match(list, /<optgroup label="UBND thành phố Ngã Bảy">(?:(?!<optgroup)[^])*UBND xã Đại Thành/);
    const own = (await (await atDesk(app.url, "stp.leader")).get("/thong-ke")).text;
    assert.ok(!own.includes('id="donVi"'), "a department has nobody under it who decides");
  });

  it("opens the dossiers filed and paid for online of each procedure", async () => {
    const owner = app.database.open();
    const moved = (channel: string) =>
      owner("statistic_dossiers").where({ procedure_code: "1.003702" }).update({ channel });
    assert.equal(await moved("online"), 2);
    try {
      await opensAsMany(inspector, `/thong-ke/thu-tuc?${PERIOD}&chiSo=3.2&phan=tu`);
    } finally {
      await moved("counter");
    }
  });

  it("gives the procedures behind a number page by page, and all of them as a file", async () => {
    const address = `/thong-ke/thu-tuc?${PERIOD}&chiSo=3.1&phan=mau`;
    const all = (JSON.parse((await inspector.get(`${address}&dang=json`)).text) as List).rows;
    let next: string | undefined = address;
    const seen: string[] = [];
    for (let pages = 0; next !== undefined && pages < 3; pages++) {
      const { text } = await inspector.get(next);
      assert.ok(text.length < 300_000, `${text.length} letters`);
      assert.match(text, /<strong>1\.851 thủ tục<\/strong>/);
      seen.push(...[...text.matchAll(/href="\/thu-tuc\/([\d.]+)"/g)].map(([, code = ""]) => code));
      next = /<a href="([^"]*)" rel="next">/.exec(text)?.[1]?.replaceAll("&amp;", "&");
    }
    assert.deepEqual(
      seen,
      all.slice(0, 150).map(({ code }) => code),
    );
  });

  async function sit(size: { width: number; height: number }, scripts: boolean, username = "admin") {
    const page = await browser.open(size, { scripts });
    await page.goto(`${app.url}/dang-nhap`);
    await page.fill("#username", username);
    await page.fill("#password", TEST_PASSWORD);
    await page.press("#password", "Enter");
    await page.waitForURL((url) => url.pathname !== "/dang-nhap");
    return page;
  }

  it("draws each step with its whole name, none over another, and cuts no table through", async () => {
    const owner = app.database.open();
    await owner.raw(
      `insert into step_durations (unit, tier, state, procedure_code, samples, median_minutes, p90_minutes, counted_at)
       select unit, tier, state, '', 9, 900, 9000, now() from unnest(array['digitized', 'examining', 'approving']) state,
              (values ('000.00.07.H30', 'province'), ('000.00.12.H30', 'province')) u (unit, tier)
       on conflict (unit, tier, state, procedure_code) do update set samples = 9, p90_minutes = 9000`,
    );
    const page = await sit({ width: 1366, height: 768 }, true, "inspector");
    await page.goto(`${app.url}/thong-ke`);
    const card = page.locator('section:has(h2:text-is("Các bước chậm nhất"))');
    const rows = await card.locator("tbody th").count();
    const boxes = await card.locator("svg text[text-anchor=end]").evaluateAll((texts) =>
      texts.map((text) => {
        const { top, bottom } = text.getBoundingClientRect();
        return { words: text.textContent, top, bottom };
      }),
    );
    const words = boxes.map((box) => box.words).join(" ");
    assert.equal(words.split("Sở Nông nghiệp và Phát triển nông thôn").length - 1, 3, words);
    assert.ok(boxes.length >= 2 * rows, "each has a line of its step and one of its unit at least");
    const over = boxes.filter(({ bottom }, at) => (boxes[at + 1]?.top ?? Infinity) < bottom - 5);
    assert.deepEqual(over, []);
    const cut = await page
      .locator(".stat-pair .scroll")
      .evaluateAll((frames) => frames.filter((frame) => frame.scrollHeight > frame.clientHeight + 1).length);
    assert.equal(cut, 0);
    await page.context().close();
  });

  for (const size of SIZES)
    it(`in which axe finds nothing wrong, at ${size.width}x${size.height}`, async () => {
      const page = await sit(size, true);
      const found: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") found.push(message.text());
      });
      for (const path of PAGES) {
        await page.goto(app.url + path);
        await page.evaluate(
          "for (const folded of document.querySelectorAll('details')) folded.setAttribute('open', '')",
        );
        found.push(...(await violations(page)).map((line) => `${path}: ${line}`));
        if ((await overflow(page)) !== 0) found.push(`${path} is too wide`);
      }
      await page.context().close();
      assert.deepEqual(found, []);
    });

  it("without scripts on a screen 320 pixels wide, charts and all", async () => {
    const page = await sit({ width: 320, height: 640 }, false);
    const found: string[] = [];
    for (const path of PAGES) {
      await page.goto(app.url + path);
      if ((await page.locator("h1").count()) !== 1) found.push(`${path} has no heading, or several`);
      if ((await overflow(page)) !== 0) found.push(`${path} is too wide`);
    }
    await page.goto(`${app.url}/thong-ke`);
    const charts = page.locator("svg.chart[role=img]");
    assert.ok((await charts.count()) >= 2);
    assert.match((await charts.first().getAttribute("aria-label")) ?? "", /Hiện trạng/);
    await page.context().close();
    assert.deepEqual(found, []);
  });
});
