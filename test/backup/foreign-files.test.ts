import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { after, before, describe, it } from "mocha";
import { pack as openPack, type Header } from "tar-stream";
import { openArchive } from "../../server/backup/archive.ts";
import { FORMAT, INTRODUCTION, isKeepable, MANIFEST, PROGRAM } from "../../server/backup/format.ts";
import { readBackup } from "../../server/backup/read-backup.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

interface Member {
  name: string;
  content?: string;
  type?: Header["type"];
  linkname?: string;
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const introduction = (changes: Record<string, unknown> = {}): Member => ({
  name: INTRODUCTION,
  content: JSON.stringify({
    ...{
      format: FORMAT,
      program: PROGRAM,
      version: "0.1.0",
      takenAt: "2026-11-23T01:00:00.000Z",
      migrations: [],
    },
    ...changes,
  }),
});

/** The manifest that belongs to these members. */
function manifest(members: Member[], changes: Record<string, unknown> = {}): Member {
  const files = members.filter(({ name }) => name.startsWith("files/"));
  const lines = members.map(
    ({ name, content = "" }) => `${name} ${Buffer.byteLength(content)} ${sha256(content)}\n`,
  );
  const content = {
    ...{ tables: [], sequences: [], faults: [], digest: sha256(lines.join("")) },
    kept: members
      .filter(({ name }) => name.startsWith("data/"))
      .map(({ name, content: bytes = "" }) => ({
        path: name.slice(5),
        size: Buffer.byteLength(bytes),
        sha256: sha256(bytes),
      })),
    files: {
      count: files.length,
      bytes: files.reduce((sum, { content: bytes = "" }) => sum + Buffer.byteLength(bytes), 0),
    },
    ...changes,
  };
  return { name: MANIFEST, content: JSON.stringify(content) };
}

describe("a file that says it is a backup", function () {
  let folder: string;
  let path: string;
  before(() => {
    folder = makeTemporaryFolder("foreign");
    path = join(folder, "b.tar.gz");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function write(members: Member[]): Promise<void> {
    const pack = openPack();
    for (const { name, content = "", type = "file", linkname } of members)
      pack.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) }, content);
    pack.finalize();
    await pipeline(pack as unknown as NodeJS.ReadableStream, createGzip(), createWriteStream(path));
  }
  const isRefused = (message: RegExp) => assert.rejects(readBackup(path), { name: "BadBackup", message });

  it("is read when it is one", async () => {
    const body = "bản quét";
    const members = [
      introduction(),
      { name: `files/${sha256(body)}`, content: body },
      { name: "data/keys/a", content: "" },
    ];
    await write([...members, manifest(members)]);
    const taken: string[] = [];
    await readBackup(path, {
      file: async (name, bytes) => {
        for await (const chunk of bytes) taken.push(`${name} ${chunk.toString("utf8")}`);
      },
      kept: (name) => Promise.resolve(void taken.push(name)),
    });
    assert.deepEqual(taken, [`${sha256(body)} ${body}`, "keys/a"]);
  });

  const strange: [string, string][] = [
    ["a path that leads out of the folder", "data/../../etc/passwd"],
    ["a path that leads out from below", "data/keys/../../x"],
    ["an absolute path", "/etc/passwd"],
    ["an absolute path behind our folder", "data//etc/passwd"],
    ["a path of Windows", "data/..\\..\\x"],
    ["the cluster of the database", "data/postgres/cluster/pg_hba.conf"],
    ["the mark of the running program", "data/running.json"],
    ["a stored file outside the store", "data/files/00/00/x"],
    ["a stored file that is not named by a hash", "files/abc"],
    ["a table with a strange name", 'database/a"; drop table events; --/000000.copy'],
    ["a folder that we do not know", "bin/sh"],
  ];
  for (const [title, name] of strange)
    it(`is refused with ${title}`, async () => {
      const members = [introduction(), { name, content: "x" }];
      await write([...members, manifest(members)]);
      await isRefused(/không được có/);
    });

  it("is refused with links and folders in it, whatever their names", async () => {
    for (const type of ["symlink", "link", "directory", "fifo"] as const) {
      await write([introduction(), { name: "data/keys", type, linkname: "/etc" }, manifest([])]);
      await isRefused(/không phải là tệp/);
    }
  });

  it("is refused when something is missing, added, moved or changed", async () => {
    const [a, b] = [introduction(), { name: "data/keys/a", content: "a" }];
    const [c, d] = [
      { name: "data/keys/b", content: "b" },
      { name: `files/${sha256("d")}`, content: "d" },
    ];
    const listed = manifest([a, b, c, d]);
    for (const members of [
      [a, b, d],
      [a, c, b, d],
      [a, b, c],
      [a, b, c, d, { name: `files/${sha256("e")}`, content: "e" }],
      [a, b, { ...c, content: "x" }, d],
      [a, b, c, { ...d, content: "x" }],
      [introduction({ takenAt: "2026-11-24T01:00:00.000Z" }), b, c, d],
    ]) {
      await write([...members, listed]);
      await isRefused(/không khớp danh mục/);
    }
    await write([a, b, c, d, listed, b]);
    await isRefused(/sau danh mục/);
    await write([a, b, c, d]);
    await isRefused(/bị cắt/);
  });

  it("is refused when it is something else", async () => {
    await write([{ name: "README.md", content: "x" }]);
    await isRefused(/không phải tệp sao lưu/);
    await write([introduction({ program: "other" })]);
    await isRefused(/không phải tệp sao lưu/);
    await write([introduction({ format: FORMAT + 1, version: "9.9.9" })]);
    await isRefused(/phiên bản 9\.9\.9/);
    await writeFile(path, "%PDF-1.7 không phải tệp nén");
    await isRefused(/không phải tệp sao lưu/);
    await rm(path);
    await isRefused(/Không có tệp/);
  });

  it("never is one half: it gets its name when it is whole, and a broken one leaves nothing", async () => {
    const archive = await openArchive(path, new Date());
    await archive.add("data/a", Buffer.alloc(3_000_000, 7));
    await assert.rejects(readFile(path), { code: "ENOENT" });
    await assert.rejects(openArchive(path, new Date()), /một lần sao lưu khác đang ghi/);
    await archive.abandon();
    await assert.rejects(readFile(`${path}.partial`), { code: "ENOENT" });
  });
});

describe("what of DATA_DIR goes into a backup", () => {
  it("is everything but what is made anew or must not be carried over", () => {
    for (const path of [
      "keys/secret.key",
      "keys/authority/officers/a b.pem",
      "trusted-certificates/gốc.pem",
      "x",
    ])
      assert.equal(isKeepable(path), true, path);
    for (const path of [
      "postgres/port",
      "files/ab",
      "running.json",
      "a.log",
      "keys/x.0123456789ab",
      "../x",
      "a/./b",
    ])
      assert.equal(isKeepable(path), false, path);
  });
});
