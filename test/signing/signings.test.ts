import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { PDFDocument } from "@cantoo/pdf-lib";
import { after, before, describe, it } from "mocha";
import { pino } from "pino";
import { openSessions } from "../../server/accounts/sessions.ts";
import { createApp } from "../../server/app.ts";
import type { Caller, Deps } from "../../server/dossier/deps.ts";
import { bodyHash } from "../../server/dossier/once.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openMetrics } from "../../server/platform/metrics.ts";
import { makeCertificate } from "../../server/signing/certificate.ts";
import type { SigningDeps } from "../../server/signing/deps.ts";
import { enterKey } from "../../server/signing/enter-key.ts";
import { openSigning } from "../../server/signing/open-signing.ts";
import { cancelAbandonedNumbers, cancelNumber, reserveNumber } from "../../server/signing/register-number.ts";
import { securityStoreOf, signaturesIn } from "../../server/signing/security-store.ts";
import { signResult } from "../../server/signing/sign-result.ts";
import { endAbandonedSignings } from "../../server/signing/signings.ts";
import { cloudService } from "../../server/signing/cloud-service.ts";
import { withTestApp } from "../support/app.ts";
import { TEST_PASSWORD } from "../support/database.ts";
import { acted, expectStatus, SCAN, type DossierBody } from "../support/dossiers.ts";
import { atDesk } from "../support/pages.ts";
import {
  CREDENTIAL,
  SERVICE_LOGIN,
  startSigningService,
  type SigningService,
} from "../support/signing-service.ts";
import { SAMPLES, walk } from "../support/walk.ts";
import { installed, partsOf, pem, run, textOf, verifyCms } from "./papers.ts";

const COMMUNE = "000.15.32.H30";
const PIN = "pin-428913-bi-mat";
const sample = SAMPLES.find(({ process }) => process === "b")!;
const isIn = (name: string) => (dossier: DossierBody) => dossier.state === name;

interface SigningView {
  type: string;
  state: string;
  reason: string | null;
  level: string | null;
}

describe("signing results", function () {
  this.timeout(120_000);
  const app = withTestApp();
  let dir: string;
  let deps: Deps;
  let signing: SigningDeps;
  const leader: Caller = {
    kind: "staff",
    username: "commune.leader",
    name: "Lãnh đạo Thử",
    roles: ["leader"],
    agency: COMMUNE,
  };
  const until = async (name: string) => (await walk(app, sample, { until: isIn(name) })).dossier;
  const signings = async (code: string) =>
    expectStatus(
      await app.as("commune.leader").get<{ items: SigningView[] }>(`/dossiers/${code}/signings`),
      200,
    ).items;
  const numbersOf = (code: string) =>
    app.database
      .open()
      .select<{ number: number; symbol: string; state: string; reason: string | null }[]>(
        "n.number",
        "n.symbol",
        "n.state",
        "n.reason",
      )
      .from("document_numbers as n")
      .join("dossiers as d", "d.id", "n.dossier_id")
      .where("d.code", code)
      .orderBy("n.number");
  const resultOf = async (code: string) =>
    expectStatus(await app.as("commune.clerk").get<{ bytes: Buffer }>(`/dossiers/${code}/result.pdf`), 200)
      .bytes;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "signings-"));
    deps = await openDeps(app.parts);
    signing = await openSigning(deps, { dataDir: app.parts.config.dataDir, production: false });
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it("gives results with timestamps and proofs out of the box, which the common tools take", async function () {
    const { code } = (await walk(app, sample, { until: ({ status }) => status === 9 })).dossier;
    const pdf = await resultOf(code);
    assert.deepEqual(
      (await signings(code)).map(({ type, state, level }) => [type, state, level]),
      [
        ["SEAL", "done", "B-LT"],
        ["SIGN", "done", "B-T"],
      ],
    );
    assert.equal((await securityStoreOf(pdf)).revocationLists.length, 2);
    const page = await (await atDesk(app.url, "commune.clerk")).get(`/ho-so/${code}`);
    assert.doesNotMatch(page.text, /chưa có dấu thời gian/);
    if (!installed("openssl") || !installed("pdfsig") || !installed("qpdf")) this.skip();
    assert.equal(
      [...run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said.matchAll(/Signature is Valid/g)].length,
      2,
    );
    assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf }).status, 0);
    const attime = ["-attime", String(Math.floor(app.clock.now().getTime() / 1000) + 5)];
    // The lists as the world gets them.
    const fetched = async (path: string) =>
      Buffer.from(await (await fetch(`${app.url}/demonstration-authority/${path}`)).arrayBuffer());
    const root = (await fetched("root.pem")).toString();
    const lists = [await fetched("crl/root.crl"), await fetched("crl/signing.crl")];
    const trusted = root + lists.map((der) => pem("X509 CRL", der)).join("");
    const chain = pem("CERTIFICATE", await fetched("ca/signing.crt"));
    for (const [i, { cms }] of (await signaturesIn(pdf)).entries()) {
      const parts = partsOf(pdf, i);
      const checked = verifyCms(parts.content, parts.cms, trusted, ["-crl_check_all", ...attime]);
      assert.equal(checked.status, 0, checked.said);
      const stamped = run(
        "openssl",
        ["ts", "-verify", "-token_in", "-in", "token", "-data", "signature", "-CAfile", "root"].concat([
          "-untrusted",
          "chain",
          ...attime,
        ]),
        { token: cms.timestamp!, signature: cms.signature, root, chain },
      );
      assert.equal(stamped.status, 0, stamped.said);
    }
  });

  it("stamps times for whoever asks over HTTP, and refuses what is no request", async function () {
    if (!installed("openssl")) this.skip();
    await writeFile(join(dir, "data"), "hồ sơ");
    const openssl = (...args: string[]) => spawnSync("openssl", args, { cwd: dir, encoding: "utf8" });
    const ask = async (query: Buffer) => {
      const answer = await fetch(`${app.url}/demonstration-authority/tsa`, {
        method: "POST",
        headers: { "Content-Type": "application/timestamp-query" },
        body: new Uint8Array(query),
      });
      assert.equal(answer.headers.get("content-type"), "application/timestamp-reply");
      return Buffer.from(await answer.arrayBuffer());
    };
    await writeFile(
      join(dir, "root"),
      await (await fetch(`${app.url}/demonstration-authority/root.pem`)).text(),
    );
    const der = Buffer.from(
      await (await fetch(`${app.url}/demonstration-authority/ca/signing.crt`)).arrayBuffer(),
    );
    await writeFile(join(dir, "chain"), pem("CERTIFICATE", der));
    const attime = ["-attime", String(Math.floor(app.clock.now().getTime() / 1000) + 5)];
    for (const more of [
      ["-sha256", "-cert"],
      ["-sha512", "-cert"],
      ["-sha256", "-no_nonce"],
    ]) {
      assert.equal(openssl("ts", "-query", "-data", "data", "-out", "query", ...more).status, 0);
      await writeFile(join(dir, "reply"), await ask(await readFile(join(dir, "query"))));
      const verified = openssl(
        ...["ts", "-verify", "-queryfile", "query", "-in", "reply", "-CAfile", "root", "-untrusted", "chain"],
        ...attime,
      );
      // Without the certificate in it, openssl cannot know whose it is.
      assert.equal(verified.status === 0, more.includes("-cert"), verified.stdout + verified.stderr);
    }
    openssl("ts", "-query", "-data", "data", "-out", "query", "-sha1");
    for (const wrong of [await readFile(join(dir, "query")), Buffer.from("no request"), Buffer.alloc(0)]) {
      await writeFile(join(dir, "reply"), await ask(wrong));
      assert.match(openssl("ts", "-reply", "-in", "reply", "-text").stdout, /Status: Rejected/);
    }
  });

  it("says so on the dossier where there is no timestamp, and lets the result out", async () => {
    for (const [timestamp, reason] of [
      [undefined, "no-timestamp-authority"],
      [() => Promise.reject(new Error("away")), "timestamp-unavailable"],
    ] as const) {
      const { code } = await until("signing");
      await signResult(deps, { ...signing, timestamp }, { code, caller: leader, type: "SIGN", payload: {} });
      await acted(app.as("commune.clerk"), code, { type: "SEAL" });
      assert.deepEqual(
        (await signings(code)).map(({ type, level, reason: why }) => [type, level, why]),
        [
          ["SEAL", "B-B", "timestamp-unavailable"],
          ["SIGN", "B-B", reason],
        ],
      );
      const page = await (await atDesk(app.url, "commune.clerk")).get(`/ho-so/${code}`);
      assert.match(page.text, /Chữ ký chưa có dấu thời gian/);
    }
  });

  describe("that fail", () => {
    it("are on the list with their reason, repeated from there, and never half done", async () => {
      const { code, version } = await until("signing");
      const broken: SigningDeps = {
        ...signing,
        keyOf: async (signer) => {
          const key = await signing.keyOf(signer);
          return { ...key, sign: () => Promise.reject(new Error("the token was pulled out")) };
        },
      };
      const request = { code, caller: leader, type: "SIGN", payload: {} } as const;
      await assert.rejects(signResult(deps, broken, request), /pulled out/);
      const desk = await atDesk(app.url, "commune.leader");
      const list = await desk.get("/ho-so/ky-so");
      assert.match(list.text, /Ký không thành[\s\S]*Lỗi khi ký, chi tiết ở nhật ký hệ thống/);
      assert.ok(list.text.includes(`/ho-so/${code}/viec/SIGN`));
      assert.match((await desk.get(`/ho-so/${code}`)).text, /Ký không thành/);
      const before = expectStatus(await app.as("commune.leader").get<DossierBody>(`/dossiers/${code}`), 200);
      assert.equal(before.version, version);
      assert.deepEqual(
        (await numbersOf(code)).map(({ state, reason }) => [state, reason]),
        [["cancelled", "signing-failed"]],
      );
      await acted(app.as("commune.leader"), code, { type: "SIGN" });
      assert.deepEqual(
        (await numbersOf(code)).map(({ state }) => state),
        ["cancelled", "reserved"],
      );
      const after = await desk.get("/ho-so/ky-so");
      assert.ok(!after.text.includes(`/ho-so/${code}/viec/SIGN`));
    });

    it("are given up when their process is gone, their number too, and can be repeated", async () => {
      const { code } = await until("signing");
      const { id } = await deps.db("dossiers").where({ code }).first<{ id: number }>("id");
      const now = app.clock.now();
      await deps.db("signings").insert({
        ...{ dossier_id: id, type: "SIGN", agency: COMMUNE, by_username: "commune.leader" },
        ...{ started_at: now, alive_at: now },
      });
      await reserveNumber(deps, deps.agencies.get(COMMUNE)!, id, "grant");
      const other = await app.as("commune.leader").post(`/dossiers/${code}/events`, { type: "SIGN" });
      expectStatus(other, 202);
      app.clock.advance(59_000);
      assert.equal(await endAbandonedSignings(deps), 0);
      app.clock.advance(2_000);
      assert.equal(await endAbandonedSignings(deps), 1);
      app.clock.advance(120_000);
      await cancelAbandonedNumbers(deps);
      assert.deepEqual(
        (await numbersOf(code)).map(({ state, reason }) => [state, reason]),
        [["cancelled", "interrupted"]],
      );
      const page = await (await atDesk(app.url, "commune.leader")).get("/ho-so/ky-so");
      assert.match(page.text, /Hệ thống bị dừng giữa chừng khi đang ký/);
      assert.equal((await acted(app.as("commune.leader"), code, { type: "SIGN" })).state, "sealing");
    });

    it("do not stand when they come back after they were given up", async () => {
      const { code, version } = await until("signing");
      let go: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (go = resolve));
      const slow: SigningDeps = {
        ...signing,
        patience: 200,
        keyOf: async (signer) => {
          const key = await signing.keyOf(signer);
          return { ...key, sign: (bytes) => held.then(() => key.sign(bytes)) };
        },
      };
      const request = { code, caller: leader, type: "SIGN", payload: {} } as const;
      assert.equal((await signResult(deps, slow, request)).status, 202);
      app.clock.advance(61_000);
      assert.equal(await endAbandonedSignings(deps), 1);
      app.clock.advance(120_000);
      await cancelAbandonedNumbers(deps);
      go();
      await eventually(async () => (await signings(code))[0]?.state === "abandoned");
      await pause(500);
      const after = expectStatus(await app.as("commune.leader").get<DossierBody>(`/dossiers/${code}`), 200);
      assert.deepEqual([after.state, after.version], ["signing", version]);
      assert.deepEqual(
        (await numbersOf(code)).map(({ state }) => state),
        ["cancelled"],
      );
    });

    it("cancel the number of a signed paper whose dossier ends before the seal", async () => {
      const { code } = await until("sealing");
      await deps.db("dossiers").where({ code }).update({ closed_at: app.clock.now() });
      await cancelAbandonedNumbers(deps);
      assert.deepEqual(
        (await numbersOf(code)).map(({ state, reason }) => [state, reason]),
        [["cancelled", "dossier-ended"]],
      );
    });
  });

  describe("with a key outside", () => {
    let service: SigningService;
    let server: Server;
    let url: string;
    let token: string;
    const logged: string[] = [];
    before(async () => {
      const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const certificate = makeCertificate({
        subject: { commonName: "Chủ tịch Thử" },
        publicKey,
        issuerKey: privateKey,
        notBefore: new Date("2026-01-01T00:00:00Z"),
        notAfter: new Date("2036-01-01T00:00:00Z"),
      });
      service = await startSigningService({
        privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
        certificates: [certificate.toString("base64")],
        pin: PIN,
      });
      const cloud = { url: service.url, login: SERVICE_LOGIN };
      await enterKey(
        { db: app.database.open(), clock: app.clock, cloud: cloudService(cloud) },
        { ownerKind: "officer", owner: "commune.leader", kind: "csc", place: CREDENTIAL },
      );
      const stream = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          logged.push(chunk.toString());
          done();
        },
      });
      const { parts, database } = app;
      const sessions = openSessions(parts);
      const whole = await createApp({
        ...parts,
        log: pino({ level: "trace" }, stream),
        db: database.open("app"),
        config: {
          ...parts.config,
          production: false,
          rateLimits: false,
          signing: { timestamps: undefined, cloud },
        },
        secrets: { ...parts.secrets, portalInboundToken: "x" },
        trackingDb: database.open("tracking"),
        sessions,
        metrics: openMetrics("signing-test"),
        isStopping: () => false,
      });
      server = createServer(whole);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const session = await fetch(`${url}/api/v1/sessions`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ username: "commune.leader", password: TEST_PASSWORD }),
      });
      ({ token } = (await session.json()) as { token: string });
    });
    after(async () => {
      service.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.database.open()("signing_keys").update({ active: false, removed_at: app.clock.now() });
    });
    const sign = async (code: string, pin: string | undefined, key: string) => {
      const answer = await fetch(`${url}/api/v1/dossiers/${code}/events`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Authorization: `Bearer ${token}`,
          "Idempotency-Key": key,
        },
        body: JSON.stringify({ type: "SIGN", ...(pin === undefined ? {} : { pin }) }),
      });
      const body = (await answer.json()) as DossierBody & { pending?: { look: string } };
      return { status: answer.status, body, location: answer.headers.get("location") };
    };

    it("asks for the PIN, says that it is wrong, and keeps it nowhere", async () => {
      const { code } = await until("signing");
      assert.equal((await sign(code, undefined, "key-1")).body.code, "pin-needed");
      const wrong = await sign(code, `${PIN}-sai`, "key-1");
      assert.deepEqual([wrong.status, wrong.body.code], [422, "wrong-pin"]);
      const done = await sign(code, PIN, "key-1");
      assert.equal(done.status, 200, JSON.stringify(done.body).slice(0, 300));
      // The same request again is answered alike, whatever PIN it carries: the PIN is no part of what is compared.
      assert.equal((await sign(code, "000", "key-1")).status, 200);
      const page = await atDesk(url, "commune.leader");
      assert.match((await page.get(`/ho-so/${code}`)).text, /Ký kết quả số/);

      const db = app.database.open();
      const kept = await db("idempotency_keys")
        .where({ key: "key-1" })
        .first<{ body_hash: Buffer }>("body_hash");
      assert.ok(kept.body_hash.equals(bodyHash({ type: "SIGN" })));
      const { rows: tables } = await db.raw<{ rows: { name: string }[] }>(
        "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
      );
      assert.ok(tables.length > 20);
      const hex = Buffer.from(PIN).toString("hex");
      for (const { name } of tables) {
        const { rows } = await db.raw<{ rows: unknown[] }>(
          "select 1 from ?? as t where to_jsonb(t)::text like ? or to_jsonb(t)::text like ? limit 1",
          [name, `%${PIN}%`, `%${hex}%`],
        );
        assert.deepEqual(rows, [], `the PIN stands in ${name}`);
      }
      assert.ok(logged.length > 0);
      assert.ok(!logged.join("").includes(PIN), "the PIN stands in the log");
    });

    it("answers 202 after ten seconds and finishes by itself; the same request waits for it", async () => {
      const { code, version } = await until("signing");
      await service.slow(12_000);
      try {
        const begun = performance.now();
        const first = await sign(code, PIN, "key-2");
        const took = performance.now() - begun;
        assert.equal(first.status, 202, JSON.stringify(first.body).slice(0, 300));
        assert.ok(took > 9_500 && took < 11_500, `${took} ms`);
        assert.equal(first.location, `/api/v1/dossiers/${code}/signings`);
        assert.deepEqual([first.body.state, first.body.version], ["signing", version]);
        assert.equal((await signings(code))[0]?.state, "running");
        const page = await (await atDesk(url, "commune.leader")).get("/ho-so/ky-so");
        assert.ok(page.text.includes(code));
        const again = await sign(code, PIN, "key-2");
        assert.deepEqual([again.status, again.body.state], [200, "sealing"]);
        assert.deepEqual(
          (await signings(code)).map(({ state }) => state),
          ["done"],
        );
        assert.equal((await numbersOf(code)).length, 1);
      } finally {
        await service.slow(0);
      }
    });
  });

  describe("the register of documents", () => {
    it("gives no number twice and leaves none out, with many at once; every cancelled one has its reason", async () => {
      const { code } = await until("signing");
      const { id } = await deps.db("dossiers").where({ code }).first<{ id: number }>("id");
      const unit = deps.agencies.get("000.00.13.H30")!;
      const reserved = await Promise.all(
        Array.from({ length: 60 }, async (_, at) => {
          const number = await reserveNumber(deps, unit, id, at % 2 === 0 ? "grant" : "deny");
          if (at % 3 === 0) await cancelNumber(deps.db, number, app.clock.now(), "signing-failed");
          return number.number;
        }),
      );
      assert.deepEqual(
        reserved.sort((a, b) => a - b),
        Array.from({ length: 60 }, (_, at) => at + 1),
      );
      const register = deps.db("document_numbers").where({ agency: unit.code });
      const cancelled = await register
        .clone()
        .where({ state: "cancelled" })
        .select<{ reason: string }[]>("reason");
      assert.equal(cancelled.length, 20);
      assert.ok(cancelled.every(({ reason }) => reason !== ""));
      await assert.rejects(
        register
          .clone()
          .where({ state: "reserved", number: 2 })
          .update({ state: "cancelled", settled_at: new Date() }),
        /document_numbers_explained/,
      );
      await assert.rejects(register.clone().where({ number: 1 }).update({ state: "reserved" }), /is settled/);
      await assert.rejects(register.clone().delete(), /permission denied/);
    });

    it("is shown to leader and clerk, with states, dossiers and reasons, filtered by what is asked", async () => {
      const desk = await atDesk(app.url, "commune.clerk");
      const all = await desk.get("/ho-so/so-van-ban");
      assert.equal(all.status, 200);
      assert.match(all.text, /Sổ văn bản năm 2026/);
      assert.match(all.text, /Lỗi khi ký, chi tiết ở nhật ký hệ thống/);
      const cancelled = await desk.get("/ho-so/so-van-ban?nam=2026&trang-thai=cancelled");
      assert.doesNotMatch(cancelled.text, /<span class="chip done">/);
      const { symbol, code } = await deps
        .db("document_numbers as n")
        .join("dossiers as d", "d.id", "n.dossier_id")
        .where({ "n.state": "issued", "n.agency": COMMUNE })
        .first<{ symbol: string; code: string }>("n.symbol", "d.code");
      const one = await desk.get(`/ho-so/so-van-ban?q=${encodeURIComponent(symbol)}`);
      assert.ok(one.text.includes(code));
      assert.match((await desk.get("/ho-so/so-van-ban?nam=2019")).text, /Không có số nào phù hợp/);
      assert.match((await desk.get("/ho-so/so-van-ban?q=%25")).text, /Không có số nào phù hợp/);
      const list = await desk.get("/ho-so");
      assert.ok(list.text.includes("/ho-so/ky-so") && list.text.includes("/ho-so/so-van-ban"));
      for (const path of ["/ho-so/so-van-ban", "/ho-so/ky-so"])
        assert.equal((await (await atDesk(app.url, "commune.frontdesk")).get(path)).status, 403);
    });
  });

  describe("an uploaded result", () => {
    const uploaded = async (code: string, file: { bytes: Buffer; name: string; type: string }) =>
      Number(
        expectStatus(
          await app
            .as("commune.specialist")
            .upload<{ id: string }>(`/dossiers/${code}/documents`, { component: "result" }, file),
          201,
        ).id,
      );
    const aPdf = async () => {
      const document = await PDFDocument.create();
      document.addPage([595, 842]).drawText("GIAY CHUNG NHAN (thu nghiem)", { x: 80, y: 700 });
      document.addPage([842, 595]);
      return {
        bytes: Buffer.from(await document.save()),
        name: "giấy chứng nhận.pdf",
        type: "application/pdf",
      };
    };
    const isDrafting = ({ allowedEvents }: DossierBody) =>
      allowedEvents.some(({ type }) => type === "DRAFT_RESULT");
    const drafting = async () => {
      const found = await walk(app, sample, { until: ({ state }) => /draft|examin|process/i.test(state) });
      const seen = await app.as("commune.specialist").get<DossierBody>(`/dossiers/${found.dossier.code}`);
      assert.ok(isDrafting(seen.body), found.dossier.state);
      return seen.body;
    };

    it("keeps its pages, and gets one with number, date and signatures", async function () {
      const dossier = await drafting();
      const documentId = await uploaded(dossier.code, await aPdf());
      await acted(app.as("commune.specialist"), dossier.code, { type: "DRAFT_RESULT", documentId });
      const drafted = expectStatus(
        await app.as("commune.specialist").get<DossierBody>(`/dossiers/${dossier.code}`),
        200,
      );
      await walk(app, sample, { from: drafted, until: ({ status }) => status === 9 });
      const pdf = await resultOf(dossier.code);
      const { symbol } = (await numbersOf(dossier.code)).at(-1)!;
      const pages = (await PDFDocument.load(pdf)).getPages().map((page) => page.getSize());
      assert.deepEqual(
        pages.map(({ width, height }) => [Math.round(width), Math.round(height)]),
        [
          [595, 842],
          [842, 595],
          [595, 842],
        ],
      );
      if (!installed("pdftotext") || !installed("pdfsig") || !installed("qpdf")) this.skip();
      const text = textOf(pdf);
      assert.match(text, /GIAY CHUNG NHAN/);
      assert.ok(text.includes(`Số: ${symbol}`), text);
      assert.match(text, /Trang này đi liền với 2 trang trước/);
      assert.equal(
        [...run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said.matchAll(/Signature is Valid/g)].length,
        2,
      );
      assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf }).status, 0);
    });

    it("is refused when it is no PDF or signed already, before the leader meets it", async () => {
      const dossier = await drafting();
      const draft = (documentId: number) =>
        app
          .as("commune.specialist")
          .post(`/dossiers/${dossier.code}/events`, { type: "DRAFT_RESULT", documentId });
      const picture = await draft(await uploaded(dossier.code, SCAN));
      assert.deepEqual([picture.status, picture.body.code], [409, "draft-not-pdf"]);
      const { code } = (await walk(app, sample, { until: ({ status }) => status === 9 })).dossier;
      const signed = { bytes: await resultOf(code), name: "đã ký.pdf", type: "application/pdf" };
      const refused = await draft(await uploaded(dossier.code, signed));
      assert.deepEqual([refused.status, refused.body.code], [409, "draft-signed"]);
      expectStatus(await draft(await uploaded(dossier.code, await aPdf())), 200);
    });
  });
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await pause(100);
  }
  assert.fail("it did not come about");
}
