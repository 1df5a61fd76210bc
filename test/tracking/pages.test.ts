import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import request from "supertest";
import express from "express";
import { rateLimit } from "express-rate-limit";
import { citizenActs } from "../../server/citizen-acts.ts";
import { openDeps } from "../../server/open-deps.ts";
import type { Database } from "../../server/platform/database.ts";
import { TooMany } from "../../server/platform/errors.ts";
import { openPublicTracking } from "../../server/tracking/public-tracking.ts";
import { trackingPages } from "../../server/tracking/pages.tsx";
import { trackingRoutes } from "../../server/tracking/routes.ts";
import { slowDown, slowGuesses } from "../../server/tracking/slow-down.ts";
import { MONDAY, withTestApp, type TestApp } from "../support/app.ts";
import { acted, digitized, filed } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";

/** A birth registration at the commune's counter; with `accept` it is received at once. */
const fileBirth = (app: TestApp, accept: boolean) =>
  filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept });

describe("the tracking pages", () => {
  const app = withTestApp();

  /** The text that a reader sees, in one line. */
  const read = (html: string) =>
    html
      .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
      .replace(/<wbr\/?>/g, "")
      .replace(/<[^>]+>/g, " ")
      .replace(/&quot;/g, '"')
      .replace(/\s+/g, " ");

  it("ask for one thing: the code", async () => {
    const { status, text } = await request(app.url).get("/tra-cuu");
    assert.equal(status, 200);
    assert.equal([...text.matchAll(/<input/g)].length, 1);
    assert.match(text, /<form method="get" action="\/tra-cuu"/);
    assert.match(text, /<html lang="vi">/);
    assert.doesNotMatch(text, /<script|style="| on[a-z]+="|https?:\/\//);
  });

  for (const [how, spell] of [
    ["after words, as copied from the receipt", (code: string) => `Mã hồ sơ: ${code}`],
    ["after words without diacritics", (code: string) => `ho so so ${code.toLowerCase()}`],
    ["with the letter O for noughts", (code: string) => code.replaceAll("0", "O")],
    ["as printed", (code: string) => code],
    ["in small letters with spaces around", (code: string) => `  ${code.toLowerCase()} `],
    ["without any dot or hyphen", (code: string) => code.replace(/[.-]/g, "")],
    ["with spaces and dashes of print", (code: string) => code.replace(/\./g, ". ").replace(/-/g, " – ")],
    ["as the address of the QR code", (code: string) => `http://localhost:3000/tra-cuu/${code}`],
  ] as const)
    it(`lead from the code ${how} to the dossier`, async () => {
      const { code } = await fileBirth(app, false);
      const answer = await request(app.url)
        .get("/tra-cuu")
        .query({ ma: spell(code) });
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.location, `/tra-cuu/${code}`);
    });

  it("ask again when nothing was typed", async () => {
    const { status, text } = await request(app.url).get("/tra-cuu").query({ ma: " " });
    assert.equal(status, 200);
    assert.match(read(text), /Hãy nhập mã hồ sơ\./);
  });

  it("say of a filed dossier who is to receive it, and that no date is promised yet", async () => {
    const { code } = await fileBirth(app, false);
    const { status, text, headers } = await request(app.url).get(`/tra-cuu/${code}`);
    assert.equal(status, 200);
    assert.match(read(text), /Hồ sơ đã được nộp và đang chờ UBND .+ tiếp nhận\./);
    assert.match(read(text), /Ngày hẹn trả kết quả có khi hồ sơ được tiếp nhận\./);
    assert.equal(headers["cache-control"], "no-store");
  });

  it("say of an accepted dossier by when it is promised, in the words of an office", async () => {
    const { code } = await fileBirth(app, true);
    const { text } = await request(app.url).get(`/tra-cuu/${code}`);
    assert.match(read(text), /Hẹn trả lúc 17 giờ 00 phút, thứ Hai, ngày 23 tháng 11 năm 2026\./);
    assert.match(read(text), /Hồ sơ đã được tiếp nhận\./);
    assert.doesNotMatch(text, /viec-can-lam/, "nothing is to be done");
  });

  it("say when a dossier is overdue", async () => {
    const { code } = await fileBirth(app, true);
    app.clock.moveTo("2026-11-24T08:00:00+07:00");
    const { text } = await request(app.url).get(`/tra-cuu/${code}`);
    app.clock.moveTo(MONDAY);
    assert.match(read(text), /Hồ sơ đã quá hẹn\./);
  });

  it("show nothing that identifies a person, with and without the secret", async () => {
    const person = applicant();
    const { code, secret } = await fileBirth(app, true);
    const open = await request(app.url).get(`/tra-cuu/${code}`);
    const opened = await request(app.url).post(`/tra-cuu/${code}`).type("form").send({ secret });
    assert.equal(opened.status, 200);
    for (const { text } of [open, opened])
      for (const personal of [person.name, person.phone, person.identity.number, "Cán bộ Thử"])
        assert.ok(!text.includes(personal), personal);
    assert.ok(!open.text.includes(secret));
  });

  it("show what is to be supplemented only with the secret, and stop the clock in words", async () => {
    const { code, secret } = await fileBirth(app, true);
    app.clock.moveTo("2026-11-23T09:15:00+07:00");
    await acted(app.as("commune.frontdesk"), code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Giấy chứng sinh bị mờ <không đọc được>",
      items: [{ documentCode: "02", note: "Bản rõ số" }, { text: "Bản sao sổ hộ khẩu" }],
    });
    app.clock.moveTo(MONDAY);
    const without = await request(app.url).get(`/tra-cuu/${code}`);
    assert.match(read(without.text), /Hồ sơ đang chờ bạn bổ sung giấy tờ\. Đang tạm dừng tính thời hạn\./);
    assert.match(read(without.text), /hẹn trả lúc 17 giờ 00 phút, thứ Hai, ngày 23 tháng 11 năm 2026/);
    assert.match(read(without.text), /Vì sao ngày hẹn thay đổi\?/);
    assert.ok(!without.text.includes("bị mờ"));
    assert.equal([...without.text.matchAll(/class="box"/g)].length, 1);

    const withSecret = await request(app.url)
      .post(`/tra-cuu/${code}`)
      .type("form")
      .send({ secret: `${secret.slice(0, 4).toLowerCase()} ${secret.slice(4)}` });
    assert.equal(withSecret.status, 200);
    assert.match(read(withSecret.text), /Lý do: Giấy chứng sinh bị mờ &lt;không đọc được/);
    assert.match(read(withSecret.text), /Giấy chứng sinh Bản rõ số/);
    assert.match(read(withSecret.text), /Bản sao sổ hộ khẩu/);
    assert.match(read(withSecret.text), /Phí, lệ phí/);
    assert.match(read(withSecret.text), /Chưa có tệp kết quả được ký và đóng dấu\./);
  });

  it("name the step and the unit while a dossier is in work", async () => {
    const dossier = await fileBirth(app, true);
    const { code } = await digitized(app, "commune.frontdesk", dossier, BIRTH);
    await acted(app.as("commune.frontdesk"), code, { type: "TRANSFER", agency: COMMUNE });
    const { text } = await request(app.url).get(`/tra-cuu/${code}`);
    assert.match(read(text), /Hồ sơ đang được UBND .+ xử lý, ở bước “.+”\. Hẹn trả/);
  });

  it("keep what was typed, escaped, when no dossier has the code", async () => {
    const typed = '"><b>000.00.10.H30-261123-9999x';
    const { status, text } = await request(app.url).get(`/tra-cuu/${encodeURIComponent(typed)}`);
    assert.equal(status, 404);
    assert.match(text, /value="&quot;>&lt;B>|value="&quot;&gt;&lt;B&gt;/);
    assert.match(read(text), /Không tìm thấy hồ sơ mang mã này\./);
  });

  it("tell a wrong secret, an unknown code and a secret left out apart in nothing but the code", async () => {
    const { code } = await fileBirth(app, true);
    const unknown = code.replace(/\d{4}$/, "9999");
    const send = (to: string, secret?: string) =>
      request(app.url)
        .post(`/tra-cuu/${to}`)
        .type("form")
        .send(secret === undefined ? {} : { secret });
    const answers = await Promise.all([send(code, "22222222"), send(unknown, "22222222"), send(code)]);
    for (const { status } of answers) assert.equal(status, 404);
    const [wrong, none, missing] = answers.map(({ text }) =>
      text.replaceAll(code, "X").replaceAll(unknown, "X"),
    );
    assert.equal(wrong, none);
    assert.equal(wrong, missing);
    const result = await request(app.url)
      .post(`/tra-cuu/${code}/ket-qua`)
      .type("form")
      .send({ secret: "22222222" });
    assert.equal(result.status, 404);
  });

  it("answer a code that no database could hold as an unknown one", async () => {
    for (const odd of ["%00", "x".repeat(3000), "%F0%9F%90%9F", "..%2f..%2fetc"])
      assert.equal((await request(app.url).get(`/tra-cuu/${odd}`)).status, 404, odd);
  });

  it("say in Vietnamese that an address cannot be read", async () => {
    const { status, headers, text } = await request(app.url).get("/tra-cuu/%zz");
    assert.equal(status, 400);
    assert.match(String(headers["content-type"]), /text\/html/);
    assert.match(read(text), /Không đọc được yêu cầu/);
  });

  it("are packed for who can read it, and say so to whoever keeps answers on the way", async () => {
    const packed = await request(app.url).get("/thu-tuc").set("Accept-Encoding", "gzip");
    const plain = await request(app.url).get("/thu-tuc").set("Accept-Encoding", "identity");
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(packed.text, plain.text);
    for (const { headers } of [packed, plain]) assert.match(String(headers.vary), /Accept-Encoding/);
  });

  it("bring style, fonts and icon from this machine, to be kept for a year, within their weight", async () => {
    const page = await request(app.url).get("/tra-cuu");
    const css = /href="(\/static\/site-[0-9a-f]{16}\.css)"/.exec(page.text)?.[1] ?? "";
    const sheet = await request(app.url).get(css);
    assert.equal(sheet.status, 200);
    assert.equal(sheet.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(sheet.headers["content-encoding"], "gzip");
    const fonts = [...sheet.text.matchAll(/url\("([^"]+)"\)/g)].map(([, address = ""]) => address);
    assert.equal(fonts.length, 4);
    let weight = 0;
    for (const address of fonts) {
      const font = await request(app.url).get(address).responseType("blob");
      assert.equal(font.status, 200);
      assert.equal(font.headers["content-type"], "font/woff2");
      weight += (font.body as Buffer).length;
    }
    assert.ok(weight > 40_000 && weight < 120_000, `${weight} bytes of fonts`);
    assert.ok(page.text.length + sheet.text.length < 300_000);
  });
});

describe("the tracking pages when something is broken", () => {
  const app = withTestApp();

  const ask = async (code: string, database: Database) => {
    const deps = await openDeps(app.parts);
    const pages = express().use(
      trackingPages(
        deps,
        openPublicTracking(deps, database),
        slowDown((_req, _res, next) => next()),
        citizenActs(deps, join(app.parts.config.dataDir, "uploads")),
      ),
    );
    return request(pages).get(`/tra-cuu/${code}`);
  };

  it("say in Vietnamese that the system is busy while the database is away, without the cause", async () => {
    const { code } = await fileBirth(app, false);
    const away = app.database.open("tracking");
    await away.destroy();
    const { status, text, headers } = await ask(code, away);
    assert.equal(status, 503);
    assert.match(String(headers["content-type"]), /text\/html/);
    assert.match(text, /Hệ thống/);
    assert.doesNotMatch(text, /connection|pool|select/i);
  });

  it("say in Vietnamese that it is our fault where it is, without the cause", async () => {
    const { code } = await fileBirth(app, false);
    await app.database.open().raw("revoke select on events from tracking");
    const { status, text, headers } = await ask(code, app.database.open("tracking"));
    assert.equal(status, 500);
    assert.match(String(headers["content-type"]), /text\/html/);
    assert.match(text, /Hệ thống đang gặp lỗi/);
    assert.doesNotMatch(text, /permission|events|select/i);
  });
});

describe("the tracking pages for somebody who tries codes", () => {
  const app = withTestApp();

  it("let him wait after three wrong ones, for right codes too, while right ones alone never count", async () => {
    const { code, secret } = await fileBirth(app, false);
    const limit = rateLimit({
      windowMs: 60_000,
      limit: 3,
      legacyHeaders: false,
      handler: () => {
        throw new TooMany(42);
      },
    });
    const slow = slowDown(limit);
    const deps = await openDeps(app.parts);
    const tracking = openPublicTracking(deps, app.database.open("tracking"));
    const pages = express()
      .use("/api/v1", slowGuesses(slow), trackingRoutes(deps, tracking))
      .use(trackingPages(deps, tracking, slow, citizenActs(deps, join(app.parts.config.dataDir, "uploads"))));
    const server = pages.listen(0, "127.0.0.1");
    after(() => server.close());
    await once(server, "listening");
    const client = request(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let n = 0; n < 10; n++) assert.equal((await client.get(`/tra-cuu/${code}`)).status, 200);
    const wrong = code.replace(/\d{4}$/, "9999");
    assert.equal((await client.get(`/tra-cuu/${wrong}`)).status, 404);
    assert.equal((await client.post(`/tra-cuu/${code}`).type("form").send({ secret: "A" })).status, 404);
    const secretly = { "X-Dossier-Secret": "KHONGCO2" };
    assert.equal((await client.get(`/api/v1/tracking/${code}`).set(secretly)).status, 404);
    for (const refused of [
      await client.get(`/tra-cuu/${wrong}`),
      await client.get(`/tra-cuu/${code}`),
      await client.post(`/tra-cuu/${code}`).type("form").send({ secret }),
    ]) {
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers["retry-after"]) > 40);
      assert.match(refused.text, /Bạn đã thử quá nhiều lần/);
    }
    for (const asked of [code, wrong])
      assert.equal(
        (await client.get(`/api/v1/tracking/${asked}`)).status,
        429,
        "nor can it be tried as JSON",
      );
    assert.equal((await client.get("/tra-cuu")).status, 200, "the empty form is always there");
  });
});
