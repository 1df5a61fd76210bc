import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { expectStatus, filed, SCAN } from "../support/dossiers.ts";
import { hostileFiles, type Hostile } from "./hostile-files.ts";

const DESK = "commune.frontdesk";
/** By how much the process that serves may grow over all of them, in bytes. */
const GROWTH = 150 * 1024 * 1024;

describe("200 files of every kind and of none, some made to hurt", function () {
  this.timeout(300_000);
  const app = withTestApp();
  let code: string;
  let files: Hostile[];
  before(async () => {
    ({ code } = await filed(app, DESK, "2.000815", "000.15.32.H30"));
    files = await hostileFiles();
  });

  const upload = (file: Hostile) =>
    app
      .as(DESK)
      .upload<{ code: string; detail: string; id: string; sha256: string }>(
        `/dossiers/${code}/documents`,
        { component: "other" },
        { bytes: file.bytes, name: file.fileName, type: "application/octet-stream" },
      );

  it("each gets 201 or a refusal with a code; none is a fault, none leaves the store, memory stays bounded", async () => {
    assert.equal(files.length, 200);
    // Once, so that what every upload needs is loaded.
    expectStatus(await upload({ what: "a scan", fileName: SCAN.name, bytes: SCAN.bytes }), 201);
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const taken: string[] = [];
    const codes = new Map<string, number>();
    for (const file of files) {
      const { status, body } = await upload(file);
      const told = `${file.what}: ${status} ${body.code}`;
      if (status === 201) taken.push(body.sha256);
      else {
        assert.ok(status >= 400 && status < 500, told);
        assert.match(body.code, /^[a-z-]+$/, told);
        assert.match(body.detail, /\p{L}/u, told);
        codes.set(body.code, (codes.get(body.code) ?? 0) + 1);
      }
    }
    clearInterval(watch);
    assert.ok(most - before < GROWTH, `grew by ${Math.round((most - before) / 2 ** 20)} MB`);
    // Each way of refusing is met, and good pictures with odd names are taken.
    for (const code of [
      ...["file-empty", "file-type-not-accepted", "file-broken", "file-encrypted", "file-too-complex"],
      ...["pdf-script", "pdf-launch", "pdf-embedded-file", "pdf-without-pages", "image-too-large"],
      "tiff-too-many-pages",
    ])
      assert.ok(codes.has(code), `${code} of ${[...codes.keys()].join(", ")}`);
    assert.ok(taken.length >= 30, `${taken.length} were taken`);

    await onlyTheStoreHolds(new Set(taken));
  });

  /** Nothing lies anywhere under the data folder but stored files, under their hashes, and keys. */
  async function onlyTheStoreHolds(hashes: Set<string>): Promise<void> {
    const store = join(app.parts.config.dataDir, "files");
    const found = await readdir(store, { recursive: true });
    const stored: string[] = [];
    for (const name of found) if ((await stat(join(store, name))).isFile()) stored.push(name);
    for (const name of stored) assert.match(name, /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/, name);
    for (const hash of hashes) assert.ok(stored.some((name) => name.endsWith(hash)));
    const above = (await readdir(app.parts.config.dataDir)).sort();
    assert.deepEqual(
      above.filter((name) => !["files", "keys"].includes(name)),
      [],
    );
  }

  it("leaves names that people can read and nothing can act on", async () => {
    const { body } = await app.as(DESK).get<{ documents: { fileName: string }[] }>(`/dossiers/${code}`);
    assert.ok(body.documents.length > 30);
    for (const { fileName } of body.documents) {
      assert.ok(fileName.length >= 1 && fileName.length <= 200, fileName);
      assert.doesNotMatch(fileName, /[/\\\u0000-\u001f\u202a-\u202e\u200b-\u200f]/);
    }
  });

  it("goes on working: the next scan is taken", async () => {
    expectStatus(await upload({ what: "a scan", fileName: "sau cùng.png", bytes: SCAN.bytes }), 201);
    assert.equal((await app.as().get("/health/ready")).status, 200);
  });
});
