import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openFileStore, type FileStore } from "../../server/platform/files.ts";

describe("the file store", () => {
  let dir: string;
  let store: FileStore;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "files-"));
    store = await openFileStore(dir, { maxSize: 100_000 });
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const unfinished = () => readdir(join(dir, "unfinished"));
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  it("keeps a buffer and a stream under the hash of their bytes", async () => {
    const bytes = randomBytes(70_000);
    const stored = await store.put(Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]));
    assert.deepEqual(stored, { sha256: sha256(bytes), size: 70_000, path: store.path(sha256(bytes)) });
    assert.match(
      stored.path,
      new RegExp(`/${stored.sha256.slice(0, 2)}/${stored.sha256.slice(2, 4)}/${stored.sha256}$`),
    );
    assert.deepEqual(await store.put(bytes), stored);
    assert.deepEqual(await store.readBuffer(stored.sha256), bytes);
    const read: Buffer[] = [];
    for await (const chunk of store.read(stored.sha256)) read.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(read), bytes);
    assert.deepEqual(await unfinished(), []);
    assert.equal((await stat(stored.path)).mode & 0o077, 0);
  });

  it("refuses no bytes and too many, and leaves nothing behind", async () => {
    await assert.rejects(store.put(Buffer.alloc(0)), {
      code: "file-empty",
      status: 422,
    });
    await assert.rejects(store.put(Readable.from([])), { code: "file-empty" });
    await assert.rejects(store.put(Buffer.alloc(100_001)), { code: "file-too-large", status: 413 });
    assert.equal((await store.put(Buffer.alloc(100_000))).size, 100_000);
    assert.deepEqual(await unfinished(), []);
  });

  it("stops an endless sender", async () => {
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          sent += 10_000;
          yield Buffer.alloc(10_000);
        }
      })(),
    );
    await assert.rejects(store.put(endless), { code: "file-too-large" });
    assert.ok(endless.destroyed);
    assert.ok(sent < 500_000, `${sent} bytes were read`);
  });

  it("leaves nothing behind when the sender breaks off", async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.alloc(10);
        throw new Error("connection reset");
      })(),
    );
    await assert.rejects(store.put(broken), /connection reset/);
    assert.deepEqual(await unfinished(), []);
  });

  it("says whether a file is there and unharmed, and is healed by sending it again", async () => {
    const bytes = randomBytes(1000);
    const hash = sha256(bytes);
    assert.equal(await store.has(hash), false);
    assert.equal(await store.verify(hash), false);
    const { path } = await store.put(bytes);
    assert.equal(await store.has(hash), true);
    assert.equal(await store.verify(hash), true);
    await writeFile(path, randomBytes(1000));
    assert.equal(await store.verify(hash), false);
    await store.put(bytes);
    assert.equal(await store.verify(hash), true);
  });

  it("makes no path out of anything but a hash", () => {
    for (const name of ["../../etc/passwd", "", "A".repeat(64), `${"a".repeat(63)}/`, `${"a".repeat(64)}\n`])
      assert.throws(() => store.path(name), TypeError);
  });

  it("clears at opening what an interrupted upload left, but not one under way", async () => {
    const old = join(dir, "unfinished", "old");
    await writeFile(old, "x");
    await writeFile(join(dir, "unfinished", "under-way"), "x");
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, longAgo, longAgo);
    await openFileStore(dir);
    assert.deepEqual(await unfinished(), ["under-way"]);
  });

  it("keeps the same bytes sent by many at once", async () => {
    const bytes = randomBytes(5000);
    const all = await Promise.all(Array.from({ length: 8 }, () => store.put(bytes)));
    assert.equal(new Set(all.map((stored) => stored.path)).size, 1);
    assert.equal(await store.verify(sha256(bytes)), true);
  });
});
