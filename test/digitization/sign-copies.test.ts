import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PDFDocument, degrees } from "@cantoo/pdf-lib";
import { before, describe, it } from "mocha";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import { openDemonstrationAuthority } from "../../server/signing/demonstration-authority.ts";
import { signPdf } from "../../server/signing/pades.ts";
import { setTimeout as pause } from "node:timers/promises";
import { copySigner } from "../../server/digitization-desk.ts";
import { signCopyOf } from "../../server/digitization/sign-copies.ts";
import type { Caller } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openSigning } from "../../server/signing/open-signing.ts";
import { endAbandonedSignings } from "../../server/signing/signings.ts";
import { atDesk } from "../support/pages.ts";
import { withTestApp, type Reply } from "../support/app.ts";
import { expectStatus, filed, SCAN } from "../support/dossiers.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

const DESK = "commune.frontdesk";
const AGENCY = "000.15.32.H30";
const UNIT = "UBND xã Đại Thành";

interface Attempt {
  documentId: string | null;
  type: string;
  state: string;
  reason: string | null;
}

interface SignedCopy {
  documentId: string;
  form: string;
  sha256: string;
  size: number;
  signedAt: string;
  level: string;
}

describe("signing electronic copies", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const folder = makeTemporaryFolder("copies");
  let code: string;
  let root: Buffer;
  before(async () => {
    ({ code } = await filed(app, DESK, "2.000815", "000.15.32.H30"));
    const { dataDir, publicUrl } = app.parts.config;
    const authority = await openDemonstrationAuthority({
      dir: join(dataDir, "keys", "authority"),
      production: false,
      publicUrl,
    });
    root = new X509Certificate(authority.rootCertificate).raw;
  });

  async function uploaded(bytes: Buffer, type: string): Promise<string> {
    const path = `/dossiers/${code}/documents`;
    const file = { bytes, name: "bản quét", type };
    return expectStatus(await app.as(DESK).upload<{ id: string }>(path, { component: "other" }, file), 201)
      .id;
  }
  const sign = (
    id: string,
    body: object = {},
    as = DESK,
    headers = {},
  ): Promise<Reply<SignedCopy & { code: string }>> =>
    app.as(as).post(`/dossiers/${code}/documents/${id}/copy`, body, headers);
  const fetched = async (id: string, kind = "signed") => {
    const { body } = await app
      .as(DESK)
      .get<{ bytes: Buffer }>(`/dossiers/${code}/documents/${id}?copy=${kind}`);
    return body.bytes;
  };
  const check = (pdf: Buffer) => checkPdf(pdf, { trusted: [root], now: app.clock.now() });
  async function textAt(pdf: Buffer, name: string) {
    const file = join(folder, `${name}.pdf`);
    await writeFile(file, pdf);
    const out = spawnSync("pdftotext", ["-bbox", "-f", "1", "-l", "1", file, "-"], {
      encoding: "utf8",
    }).stdout;
    return [...out.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)].map(
      ([, x, y, right, bottom, text]) => ({
        x: Number(x),
        y: Number(y),
        right: Number(right),
        bottom: Number(bottom),
        text,
      }),
    );
  }

  it("stamps and signs the PDF of a picture; the scan stays as it is", async () => {
    const id = await uploaded(SCAN.bytes, SCAN.type);
    const copy = expectStatus(await sign(id), 201);
    assert.deepEqual([copy.documentId, copy.form, copy.level], [id, "sao-y", "B-LT"]);
    const pdf = await fetched(id);
    assert.equal(pdf.length, copy.size);
    const report = check(pdf);
    assert.equal(report.verdict, "valid", JSON.stringify(report.findings));
    assert.equal(report.signatures[0]?.role, "person");
    const { body } = await app.as(DESK).get<{ bytes: Buffer }>(`/dossiers/${code}/documents/${id}`);
    assert.deepEqual(body.bytes, SCAN.bytes);
  });

  it("puts form, agency and time with its zone at the top right of page one, black, upright, 10 points", async function () {
    if (spawnSync("pdftotext", ["-v"]).error) this.skip();
    for (const turn of [0, 90, 180, 270]) {
      const document = await PDFDocument.create();
      const page = document.addPage([595, 842]);
      page.drawLine({ start: { x: 50, y: 400 }, end: { x: 500, y: 400 } });
      page.setRotation(degrees(turn));
      const id = await uploaded(Buffer.from(await document.save()), "application/pdf");
      expectStatus(await sign(id, { form: "sao-luc" }), 201);
      const pdf = await fetched(id);
      const file = join(folder, `turned-${turn}.pdf`);
      await writeFile(file, pdf);
      const text = spawnSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }).stdout;
      assert.match(text, /SAO LỤC/);
      assert.match(text, new RegExp(UNIT));
      assert.match(text.replace(/\s+/g, " "), /Thời gian ký: 23\/11\/2026 08:00:00 \+07:00/);
      const words = await textAt(pdf, `bbox-${turn}`);
      const [width, height] = turn % 180 === 0 ? [595, 842] : [842, 595];
      for (const { x, y, right, bottom, text: word } of words) {
        assert.ok(x > width / 2 && right < width, `${turn}: ${word ?? ""} is on the right (${x})`);
        assert.ok(y >= 0 && bottom < height / 6, `${turn}: ${word ?? ""} is on top (${y})`);
      }
      assert.ok(words.length > 5);
      const fonts = spawnSync("pdffonts", [file], { encoding: "utf8" }).stdout;
      assert.match(fonts, /Tinos-Regular\s+\S+ (\(CID\) )?.*yes yes yes|Tinos/);
    }
  });

  it("is accepted by pdfsig and qpdf, and leaves an earlier signature valid", async function () {
    if (spawnSync("pdfsig", ["-v"]).error || spawnSync("qpdf", ["--version"]).error) this.skip();
    const authority = await openDemonstrationAuthority({
      dir: join(app.parts.config.dataDir, "keys", "authority"),
      production: false,
      publicUrl: app.parts.config.publicUrl,
    });
    const document = await PDFDocument.create();
    document.addPage([595, 842]).drawLine({ start: { x: 50, y: 400 }, end: { x: 500, y: 400 } });
    const key = await authority.agencyKey({ code: "000.00.12.H30", name: "Sở Tư pháp" });
    const original = await signPdf(Buffer.from(await document.save()), {
      key,
      appearance: { kind: "seal", agencyName: "Sở Tư pháp" },
      reason: "Thử nghiệm",
      location: "Hậu Giang",
      name: "Sở Tư pháp",
      signedAt: app.clock.now(),
      fieldName: "co-quan",
    });
    const id = await uploaded(original, "application/pdf");
    expectStatus(await sign(id), 201);
    const pdf = await fetched(id);
    assert.deepEqual(pdf.subarray(0, original.length), original, "an incremental update");
    const file = join(folder, "twice.pdf");
    await writeFile(file, pdf);
    const said = spawnSync("pdfsig", ["-nocert", file], { encoding: "utf8" }).stdout;
    assert.equal(said.match(/Signature is Valid/g)?.length, 2, said);
    assert.equal(spawnSync("qpdf", ["--check", file]).status, 0);
    const report = check(pdf);
    assert.equal(report.verdict, "valid", JSON.stringify(report, undefined, 1).slice(0, 2_000));
  });

  it("signs once, does a repeated request once, and refuses those whose paper it is not", async () => {
    const id = await uploaded(SCAN.bytes, SCAN.type);
    const elsewhere = await sign(id, {}, "district.frontdesk");
    assert.equal(elsewhere.status, 404);
    const leader = await sign(id, {}, "commune.leader");
    assert.deepEqual([leader.status, leader.body.code], [403, "copy-not-yours"]);
    assert.equal((await sign(id, { form: "photo" })).status, 422);
    assert.equal((await sign("99999999")).body.code, "document-not-found");
    const key = { "Idempotency-Key": "ban-sao-1" };
    const first = expectStatus(await sign(id, { pin: "1234" }, DESK, key), 201);
    const again = expectStatus(await sign(id, { pin: "1234" }, DESK, key), 201);
    assert.deepEqual(again, first);
    const twice = await sign(id);
    assert.deepEqual([twice.status, twice.body.code], [409, "copy-signed-already"]);
    const [one, other] = await uploadedTwice();
    assert.deepEqual([one.status, other.status].sort(), [201, 409], "two officers at once");
  });

  async function uploadedTwice() {
    const id = await uploaded(Buffer.concat([SCAN.bytes, Buffer.of(1)]), SCAN.type);
    // Who comes while the other is at it is told so, and then that it is done.
    const [one, other] = await Promise.all([sign(id), sign(id)]);
    const settled = async (answer: typeof one) => (answer.status === 202 ? sign(id) : answer);
    return Promise.all([settled(one), settled(other)]);
  }

  describe("with a key that takes long", () => {
    let go: (failure?: Error) => void;
    let held: Promise<void>;
    const hold = () => {
      held = new Promise((resolve, reject) => {
        go = (failure) => (failure === undefined ? resolve() : reject(failure));
      });
    };
    const slowly = async (documentId: string, patience = 150) => {
      const deps = await openDeps(app.parts);
      const { dataDir } = app.parts.config;
      const signing = await openSigning(deps, { dataDir, production: false });
      const signer = copySigner(deps, {
        ...signing,
        patience,
        keyOf: async (whose) => {
          const key = await signing.keyOf(whose);
          return { ...key, sign: (bytes) => held.then(() => key.sign(bytes)) };
        },
      });
      const caller: Caller = {
        ...{ kind: "staff", username: DESK, name: "Cán bộ Thử", roles: ["frontdesk"], agency: AGENCY },
      };
      return signCopyOf(deps, signer, { code, caller, documentId, form: "sao-y" });
    };
    const attempts = async (id: string) =>
      expectStatus(await app.as(DESK).get<{ items: Attempt[] }>(`/dossiers/${code}/signings`), 200)
        .items.filter(({ documentId }) => documentId === id)
        .map(({ type, state, reason }) => [type, state, reason]);
    const page = async () => (await atDesk(app.url, DESK)).get(`/ho-so/${code}`);

    it("is answered 202, once for all who ask, and finishes by itself", async () => {
      hold();
      const id = await uploaded(Buffer.concat([SCAN.bytes, Buffer.of(3)]), SCAN.type);
      const first = await slowly(id);
      assert.deepEqual([first.status, first.headers?.Location], [202, `/api/v1/dossiers/${code}/signings`]);
      const again = await sign(id);
      assert.equal(again.status, 202);
      assert.equal((again.body as unknown as { pending: { type: string } }).pending.type, "COPY");
      assert.deepEqual(await attempts(id), [["COPY", "running", null]]);
      assert.match((await page()).text, /Đang ký bản sao/);
      go();
      for (let i = 0; i < 100 && (await attempts(id))[0]?.[1] === "running"; i++) await pause(50);
      assert.deepEqual(await attempts(id), [["COPY", "done", null]]);
      assert.equal(check(await fetched(id)).verdict, "valid");
      assert.doesNotMatch((await page()).text, /Đang ký bản sao/);
    });

    it("says on the dossier's page why it came to nothing, and can be repeated", async () => {
      hold();
      const id = await uploaded(Buffer.concat([SCAN.bytes, Buffer.of(4)]), SCAN.type);
      assert.equal((await slowly(id)).status, 202);
      go(new Error("the token was taken out"));
      for (let i = 0; i < 100 && (await attempts(id))[0]?.[1] === "running"; i++) await pause(50);
      assert.deepEqual(await attempts(id), [["COPY", "failed", "signing-failed"]]);
      assert.match((await page()).text, /Ký bản sao không thành/);
      expectStatus(await sign(id), 201);
      assert.doesNotMatch((await page()).text, /Ký bản sao không thành/);
    });

    it("keeps nothing when it comes back after it was given up", async () => {
      hold();
      const id = await uploaded(Buffer.concat([SCAN.bytes, Buffer.of(5)]), SCAN.type);
      assert.equal((await slowly(id)).status, 202);
      app.clock.advance(61_000);
      assert.equal(await endAbandonedSignings(await openDeps(app.parts)), 1);
      go();
      await pause(500);
      assert.deepEqual(await attempts(id), [["COPY", "abandoned", "interrupted"]]);
      assert.equal((await app.as(DESK).get(`/dossiers/${code}/documents/${id}?copy=signed`)).status, 404);
    });
  });

  it("keeps the look of a page under the stamp", async function () {
    if (spawnSync("pdftoppm", ["-v"]).error) this.skip();
    const id = await uploaded(Buffer.concat([SCAN.bytes, Buffer.of(2)]), SCAN.type);
    expectStatus(await sign(id), 201);
    const file = join(folder, "drawn.pdf");
    await writeFile(file, await fetched(id));
    spawnSync("pdftoppm", ["-r", "200", "-gray", "-singlefile", file, join(folder, "drawn")]);
    const pgm = await readFile(join(folder, "drawn.pgm"));
    const [width = 0, height = 0] = pgm.toString("latin1", 3, 20).split(/\s/).map(Number);
    const pixels = pgm.subarray(-width * height);
    const darker = (from: number, to: number, than: number) =>
      pixels.subarray(from * width, to * width).filter((value) => value < than).length;
    assert.ok(darker(0, 200, 30) > 20, "the stamp is black on it");
    assert.ok(darker(200, height, 200) > 1_000, "and the page is there");
  });
});
