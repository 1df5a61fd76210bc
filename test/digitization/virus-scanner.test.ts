import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { FileInfected, virusScanner } from "../../server/digitization/virus-scanner.ts";
import { withTestApp } from "../support/app.ts";
import { applicationFor, filed, SCAN } from "../support/dossiers.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { EICAR, startClamd, type Clamd } from "./clamd.ts";

describe("scanning uploads for viruses", () => {
  let clamd: Clamd;
  before(async () => {
    clamd = await startClamd();
  });
  after(() => clamd.stop());
  const app = withTestApp(undefined, () => ({ scanner: { host: "127.0.0.1", port: clamd.port } }));

  const upload = (code: string, bytes: Buffer) =>
    app
      .as("commune.frontdesk")
      .upload<{ code: string; virus: string; detail: string }>(
        `/dossiers/${code}/documents`,
        { component: "other" },
        { ...SCAN, bytes },
      );
  const infected = Buffer.concat([SCAN.bytes, Buffer.from(EICAR)]);

  it("sends the whole file to clamd and takes what it finds clean", async () => {
    const { code } = await filed(app, "commune.frontdesk", PROCEDURE, AGENCY);
    assert.equal((await upload(code, SCAN.bytes)).status, 201);
    assert.deepEqual(clamd.scanned, [SCAN.bytes.length]);
  });

  it("refuses what is infected, with the virus's name, and keeps none of it", async () => {
    const { code } = await filed(app, "commune.frontdesk", PROCEDURE, AGENCY);
    const { status, body } = await upload(code, infected);
    assert.equal(status, 422);
    assert.equal(body.code, "file-infected");
    assert.equal(body.virus, "Win.Test.EICAR_HDB-1");
    assert.match(body.detail, /Win\.Test\.EICAR_HDB-1/);
    for (const file of await readdir(join(app.parts.config.dataDir, "files"), { recursive: true })) {
      const bytes = await readFile(join(app.parts.config.dataDir, "files", file)).catch(() =>
        Buffer.alloc(0),
      );
      assert.ok(!bytes.includes(EICAR), file);
    }
  });

  it("keeps no file of a dossier from the portal of which one is infected, or cannot be read or scanned", async () => {
    const body = await applicationFor(app, ONLINE, "000.00.06.H30", { channel: undefined });
    const [first, second = first] = body.documents;
    // A page that no other test stores, before the bad one.
    const good = Buffer.concat([SCAN.bytes, Buffer.from("trang riêng của phép thử này")]);
    const file = async (bad: Buffer) => {
      const files = [good, bad].map((bytes, at) => ({
        MaThanhPhanHoSo: (at === 0 ? first : second)!.code,
        TenTepDinhKem: `${at}.png`,
        Base64: bytes.toString("base64"),
      }));
      return app
        .as()
        .post<{ error_code: number; code: string | null; message: string }>(
          "/inbound/dossiers",
          { ...body, MaHoSo: `G22.99-261123-00088${refused++}`, TaiLieuNop: files },
          { Authorization: `Bearer ${app.inboundToken}` },
        );
    };
    let refused = 0;
    const stored = async () =>
      (await readdir(join(app.parts.config.dataDir, "files"), { recursive: true })).sort();
    const before = await stored();
    const virus = await file(infected);
    assert.deepEqual([virus.status, virus.body.error_code, virus.body.code], [200, -1, null]);
    assert.match(virus.body.message, /TaiLieuNop\.1\.Base64: .*Win\.Test\.EICAR_HDB-1/);
    const broken = await file(Buffer.from("không phải là ảnh"));
    assert.equal(broken.body.error_code, -1);
    clamd.says = "INSTREAM size limit exceeded. ERROR";
    assert.equal((await file(SCAN.bytes)).status, 503, "the portal tries again later");
    clamd.says = undefined;
    assert.deepEqual(await stored(), before);
    assert.equal((await file(SCAN.bytes)).body.error_code, 0);
    assert.ok((await stored()).length > before.length);
  });

  it("lets nothing in unscanned: 503 when clamd says it cannot, or is away", async () => {
    const { code } = await filed(app, "commune.frontdesk", PROCEDURE, AGENCY);
    clamd.says = "INSTREAM size limit exceeded. ERROR";
    assert.equal((await upload(code, SCAN.bytes)).body.code, "virus-scanner-away");
    clamd.says = undefined;
    const { port } = clamd;
    await clamd.stop();
    const { status, body } = await upload(code, SCAN.bytes);
    assert.deepEqual([status, body.code], [503, "virus-scanner-away"]);
    assert.match(body.detail, /Bộ quét mã độc/);
    clamd = await startClamd();
    assert.notEqual(clamd.port, port);
    const { body: dossier } = await app
      .as("commune.frontdesk")
      .get<{ documents: unknown[] }>(`/dossiers/${code}`);
    assert.equal(dossier.documents.length, 0);
  });

  it("gives a silent clamd up, and knows its version", async () => {
    const folder = makeTemporaryFolder("clamd");
    const file = join(folder, "upload");
    await writeFile(file, infected);
    const scanner = virusScanner({ host: "127.0.0.1", port: clamd.port }, 300);
    assert.match(await scanner.version(), /^ClamAV 1\.4/);
    await assert.rejects(scanner.assertClean(file), FileInfected);
    clamd.silent = true;
    await assert.rejects(scanner.assertClean(file), { code: "virus-scanner-away", status: 503 });
    clamd.silent = false;
  });
});

const PROCEDURE = "2.000815";
/** Taken at the portal, too. */
const ONLINE = "1.000664";
const AGENCY = "000.15.32.H30";
