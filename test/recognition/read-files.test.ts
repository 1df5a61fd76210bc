import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { before, describe, it } from "mocha";
import sharp from "sharp";
import { openDeps } from "../../server/open-deps.ts";
import type { Deps } from "../../server/dossier/deps.ts";
import { foundIn, recognitionStanding } from "../../server/recognition/read-found.ts";
import { noteTools } from "../../server/recognition/keep-reading.ts";
import { readNext } from "../../server/recognition/read-next.ts";
import { canRecognise, findTools, type RecognitionTools } from "../../server/recognition/tools.ts";
import { withTestApp } from "../support/app.ts";
import { expectStatus, filed, SCAN } from "../support/dossiers.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { EXTRACT, pdfOf, printed, scanned, textIn } from "./papers.ts";

const NOTHING: RecognitionTools = {
  tesseract: undefined,
  vietnamese: false,
  orientation: false,
  poppler: undefined,
};
const DESK = "commune.frontdesk";

describe("reading uploaded files in the background", function () {
  this.timeout(180_000);
  const app = withTestApp();
  const folder = makeTemporaryFolder("read");
  let deps: Deps;
  let tools: RecognitionTools;
  let code: string;
  let page: Buffer;

  before(async function () {
    tools = await findTools();
    if (!canRecognise(tools) || !tools.orientation || spawnSync("pdftotext", ["-v"]).error) this.skip();
    deps = await openDeps(app.parts);
    ({ code } = await filed(app, DESK, "2.000815", "000.15.32.H30"));
    page = await scanned(EXTRACT, folder);
  });

  async function uploaded(bytes: Buffer, type = "image/jpeg") {
    const reply = await app
      .as(DESK)
      .upload<{ id: string; sha256: string }>(
        `/dossiers/${code}/documents`,
        { component: "other" },
        { bytes, name: "bản quét", type },
      );
    return expectStatus(reply, 201);
  }
  const copy = async (id: string, kind: string) => {
    const reply = await app.as(DESK).get<{ bytes: Buffer }>(`/dossiers/${code}/documents/${id}?copy=${kind}`);
    const file = join(folder, `${id}-${kind}.pdf`);
    if (reply.status === 200) await writeFile(file, reply.body.bytes);
    return { ...reply, file };
  };
  const rowOf = (sha256: string) =>
    app.parts.db
      .first<{
        state: string;
        attempts: number;
        prepared: boolean;
        reason: string | null;
        engine: string | null;
      }>()
      .from("recognitions")
      .where({ sha256 });

  it("makes an upright PDF of a photo that lies on its head, keeps the photo, and makes it searchable", async () => {
    const photo = await sharp(page).rotate(180).withMetadata({ density: 200 }).jpeg().toBuffer();
    const { id, sha256 } = await uploaded(photo);
    assert.equal(await readNext(deps, tools), true);
    assert.equal((await rowOf(sha256)).state, "done");
    const found = await foundIn(deps, sha256);
    assert.deepEqual(
      { identity: found?.proposals.identity, number: found?.proposals.number, birth: found?.proposals.birth },
      { identity: "093190001234", number: "123/TLKS-BS", birth: "1990-09-05" },
    );
    const first = found?.words[0]?.[0];
    assert.ok(first !== undefined && first.y < 200, "the first word stands at the top");

    const pdf = await copy(id, "pdf");
    assert.equal(pdf.headers.get("content-type"), "application/pdf");
    assert.ok(pdf.body.bytes.length < photo.length * 1.2, "compressed");
    assert.match(
      String(spawnSync("pdfinfo", [pdf.file]).stdout),
      /Page size:\s+59\d\S* x 84\d\S* pts \(A4\)/,
    );
    assert.match(String(spawnSync("pdfimages", ["-list", pdf.file]).stdout), / 200 +200 /);
    const searchable = await copy(id, "searchable");
    const text = await textIn(searchable.file);
    assert.match(text, /TRÍCH LỤC KHAI SINH/);
    assert.equal(text, text.normalize("NFC"));
    assert.equal(spawnSync("qpdf", ["--check", searchable.file]).status, 0);
    // The original stays what it was.
    const original = await app.as(DESK).get<{ bytes: Buffer }>(`/dossiers/${code}/documents/${id}`);
    assert.deepEqual(original.body.bytes, photo);
    assert.equal((await copy(id, "signed")).status, 404);
    assert.equal((await copy(id, "../../etc")).status, 404);
  });

  it("reads a scanned PDF, also a page that was put in sideways, and leaves one with text as it is", async () => {
    const upright = await sharp(page).jpeg().toBuffer();
    const sideways = await sharp(page).rotate(90).jpeg().toBuffer();
    const scan = await pdfOf([
      { jpeg: upright, width: 595, height: 842 },
      { jpeg: sideways, width: 842, height: 595 },
    ]);
    const { id, sha256 } = await uploaded(scan, "application/pdf");
    await readNext(deps, tools);
    const found = await foundIn(deps, sha256);
    assert.equal(found?.text.length, 2);
    for (const text of found.text) assert.match(text, /093190001234/);
    const searchable = await copy(id, "searchable");
    const read = await textIn(searchable.file);
    assert.equal(read.match(/093190001234/g)?.length, 2);
    assert.doesNotMatch(
      String(spawnSync("pdfinfo", ["-f", "1", "-l", "2", searchable.file]).stdout),
      /rot:\s+180/,
    );

    const own = await uploaded(await printed(EXTRACT), "application/pdf");
    await readNext(deps, tools);
    const row = await rowOf(own.sha256);
    assert.deepEqual([row.state, row.engine], ["done", null]);
    assert.equal((await foundIn(deps, own.sha256))?.proposals.name, "Nguyễn Thị Thử");
    // Searchable as it is: that copy is the file itself.
    assert.deepEqual((await copy(own.id, "searchable")).body.bytes, await printedBytes(own.id));
  });

  const printedBytes = async (id: string) =>
    (await app.as(DESK).get<{ bytes: Buffer }>(`/dossiers/${code}/documents/${id}`)).body.bytes;

  it("makes the PDF where no recogniser is installed, and says so; the text comes when there is one", async () => {
    const { id, sha256 } = await uploaded(await sharp(page).jpeg({ quality: 70 }).toBuffer());
    await noteTools(deps, NOTHING);
    assert.equal(await readNext(deps, NOTHING), true);
    assert.equal(await readNext(deps, NOTHING), false, "not again and again");
    assert.deepEqual([(await rowOf(sha256)).state, (await rowOf(sha256)).prepared], ["queued", true]);
    assert.equal((await copy(id, "pdf")).status, 200);
    const standing = await recognitionStanding(deps);
    assert.deepEqual([standing.tools?.tesseract, standing.waiting], [null, 1]);
    await noteTools(deps, tools);
    assert.equal(await readNext(deps, tools), true);
    assert.equal((await rowOf(sha256)).state, "done");
  });

  it("gives a file up after three attempts, and reads the next", async () => {
    const { sha256 } = await uploaded(await sharp(page).jpeg({ quality: 60 }).toBuffer());
    // What lies on the disk was damaged since.
    await writeFile(deps.files.path(sha256), "damaged");
    for (let attempt = 1; attempt <= 3; attempt++) {
      assert.equal(await readNext(deps, tools), true);
      assert.equal(await readNext(deps, tools), false, "a pause between the attempts");
      await app.parts.db("recognitions").where({ sha256 }).update({ claimed_until: null });
    }
    const row = await rowOf(sha256);
    assert.deepEqual([row.state, row.reason, row.attempts], ["failed", "recogniser-failed", 3]);
    assert.equal((await recognitionStanding(deps)).failed, 1);
  });

  it("takes up what a killed worker left, and what one that is asked to stop put back", async () => {
    const { sha256 } = await uploaded(await sharp(page).jpeg({ quality: 65 }).toBuffer());
    const child = spawn(
      process.execPath,
      [
        ...["--import", "tsx", fileURLToPath(new URL("reading-process.ts", import.meta.url))],
        ...[app.database.url, join(app.parts.config.dataDir, "files"), "3000"],
      ],
      { stdio: "ignore" },
    );
    while ((await rowOf(sha256)).state !== "running") await sleep(50);
    assert.equal(await readNext(deps, tools), false, "it is another's");
    child.kill("SIGKILL");
    while (!(await readNext(deps, tools))) await sleep(200);
    assert.equal((await rowOf(sha256)).state, "done");

    const second = await uploaded(await sharp(page).jpeg({ quality: 66 }).toBuffer());
    const stop = new AbortController();
    const reading = readNext(deps, tools, stop.signal);
    while ((await rowOf(second.sha256)).state !== "running") await sleep(20);
    stop.abort();
    await reading;
    const row = await rowOf(second.sha256);
    assert.deepEqual([row.state, row.attempts], ["queued", 0]);
    await readNext(deps, tools);
  });

  it("does not hold up whoever uploads meanwhile", async () => {
    await uploaded(await sharp(page).jpeg({ quality: 67 }).toBuffer());
    const reading = readNext(deps, tools);
    const started = performance.now();
    await uploaded(SCAN.bytes, SCAN.type);
    const took = performance.now() - started;
    await reading;
    assert.ok(took < 10_000, `${Math.round(took)} ms`);
  });
});
