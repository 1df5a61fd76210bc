import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "mocha";
import pg from "pg";
import { readBackup } from "../../server/backup/read-backup.ts";
import { storedPath } from "../../server/backup/kept-files.ts";
import { readConfig } from "../../server/config.ts";
import { openDatabase } from "../../server/platform/database.ts";
import { openLog } from "../../server/platform/log.ts";
import { freePort } from "../../server/platform/ports.ts";
import { keepDatabaseRunning } from "../../server/start-database.ts";
import type { TestApp } from "../support/app.ts";
import { expectStatus, filed, SCAN, type DossierBody } from "../support/dossiers.ts";
import {
  ownerUrlOf,
  run,
  runTool,
  settingsOf,
  startProgramProcess,
  type Program,
} from "../support/program.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const SCAN_NAME = createHash("sha256").update(SCAN.bytes).digest("hex");

/** Everything about the tables that a restore must leave as migrations made it. */
const SHAPE = `
  select 'constraint', conrelid::regclass || ' ' || conname::text, pg_get_constraintdef(oid) from pg_constraint
   where connamespace = 'public'::regnamespace
  union all select 'index', indexname::text, indexdef from pg_indexes where schemaname = 'public'
  union all select 'trigger', tgname::text, pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal
  union all select 'grant', relname::text, coalesce(relacl::text, '') from pg_class where relnamespace = 'public'::regnamespace
  union all select 'columns', attrelid::regclass || ' ' || attname::text, coalesce(attacl::text, '') from pg_attribute
   where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and attnum > 0
  union all select 'schema', nspname::text, nspowner::regrole::text || coalesce(nspacl::text, '') from pg_namespace where nspname = 'public'
  order by 1, 2, 3`;

/** One life of a system: filed, backed up while somebody works, lost, restored on another disk. */
describe("backup and restore", function () {
  this.timeout(180_000);
  const sample = SAMPLES.find(({ process }) => process === "a")!;
  const password = "mat-khau-thu-nghiem";
  let folder: string;
  let old: NodeJS.ProcessEnv;
  let anew: NodeJS.ProcessEnv;
  let program: Program | undefined;
  let file: string;

  // What was there before the backup.
  let done: DossierBody;
  let open: DossierBody;
  /** Signed and not sealed: only its facts name the paper. */
  let signed: DossierBody;
  let tracked: unknown;
  let figures: unknown;
  let result: Buffer;
  let shape: unknown;
  const codesBefore = new Set<string>();
  // What was done after it, and is lost.
  let lost: DossierBody;

  const app = () => program?.app as unknown as TestApp;
  const desk = () => app().as(sample.frontdesk);
  const track = async (dossier: DossierBody) =>
    expectStatus(
      await app().as().get(`/tracking/${dossier.code}`, { "X-Dossier-Secret": dossier.secret }),
      200,
    );
  const statistics = async () => {
    const reply = await app().as("inspector").get("/statistics?from=2026-11-01&to=2026-11-30");
    const { rows, total } = expectStatus(reply, 200);
    return { rows, total };
  };
  const bytesOf = async (path: string, client = desk()) =>
    expectStatus(await client.get<{ bytes: Buffer }>(path), 200).bytes;
  const shapeOf = async (env: NodeJS.ProcessEnv) => {
    const client = new pg.Client({ connectionString: await ownerUrlOf(env.DATA_DIR ?? "") });
    await client.connect();
    try {
      const { rows } = await client.query(SHAPE);
      return rows as unknown;
    } finally {
      await client.end();
    }
  };

  before(async () => {
    folder = makeTemporaryFolder("backup");
    const settings = { DEMO_PASSWORD: password, RATE_LIMITS: "off" };
    const ports = async () => ({
      PORT: String(await freePort()),
      PORTAL_STUB_PORT: String(await freePort()),
    });
    // Set back by less than a day, so that no night comes between.
    old = settingsOf({
      ...{ ...settings, ...(await ports()), DATA_DIR: join(folder, "old") },
      CLOCK_START: "2026-11-23T08:00:00+07:00",
    });
    anew = settingsOf({
      ...{ ...settings, ...(await ports()), DATA_DIR: join(folder, "new") },
      CLOCK_START: "2026-11-23T15:00:00+07:00",
    });
    file = join(folder, "motcua.tar.gz");
    program = await startProgramProcess(old);
  });
  after(async () => {
    await program?.stop();
    for (const env of [old, anew]) {
      const location = await readFile(join(env.DATA_DIR ?? "", "postgres", "location"), "utf8").catch(
        () => undefined,
      );
      if (location !== undefined) await rm(location.trim(), { recursive: true, force: true });
    }
    await rm(folder, { recursive: true, force: true });
  });

  it("backs up the running system in one file while a dossier is being changed", async () => {
    done = (await walk(app(), sample)).dossier;
    open = await received(app(), sample);
    const isSigned = ({ state }: DossierBody) => state === "sealing";
    signed = (await walk(app(), sample, { until: isSigned })).dossier;
    assert.equal(signed.state, "sealing");
    const finished = await filed(app(), sample.frontdesk, sample.procedure, sample.agency, { accept: true });
    for (const { code } of [done, open, signed, finished]) codesBefore.add(code);
    const night = await runTool("nightly", ["--date", "2026-11-23", "--no-report"], old);
    assert.equal(night.code, 0, night.output + night.errors);
    [tracked, figures] = [await track(open), await statistics()];
    result = await bytesOf(`/dossiers/${done.code}/result.pdf`);
    shape = await shapeOf(old);

    const enough = new AbortController();
    let uploads = 0;
    const changing = (async () => {
      while (!enough.signal.aborted) {
        const path = `/dossiers/${finished.code}/documents`;
        expectStatus(await desk().upload(path, { component: "other" }, SCAN), 201);
        uploads++;
      }
    })();
    const { code, output, errors } = await runTool("backup", [file], old);
    enough.abort();
    await changing;
    assert.equal(code, 0, output + errors);
    assert.ok(uploads > 1, "nothing was changed meanwhile");
    assert.match(output, /hệ thống đang hoạt động/);
    assert.match(output, /Cơ sở dữ liệu: \d+ bảng, [\d.]+ dòng\./);
    assert.match(output, /Đã sao lưu xong: [\d.,]+ MB, [\d.,]+ giây/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual((await readdir(folder)).sort(), ["motcua.tar.gz", "old"]);

    lost = await filed(app(), sample.frontdesk, sample.procedure, sample.agency, { accept: true });
    assert.ok(!codesBefore.has(lost.code));
  });

  it("holds keys and what else cannot be made again; no log-ins, no cluster, nothing of the stub", async () => {
    const { manifest } = await readBackup(file);
    const kept = manifest.kept.map(({ path }) => path);
    for (const path of ["keys/secret.key", "keys/secret-hash.key", "portal-inbound-token", "demo-password"])
      assert.ok(kept.includes(path), path);
    assert.ok(kept.some((path) => path.startsWith("keys/authority/")));
    assert.deepEqual(
      kept.filter((path) => /postgres|stub|running|log$|unfinished/.test(path)),
      [],
    );
    const tables = new Map(manifest.tables.map(({ name, rows }) => [name, rows]));
    assert.equal(tables.get("dossiers"), 4);
    for (const name of ["sessions", "portal_sessions", "knex_migrations"])
      assert.equal(tables.has(name), false, name);
    assert.ok(manifest.files.count >= 2);
    assert.deepEqual(manifest.faults, []);
  });

  it("refuses to overwrite a backup, to write where the data are, and to restore over the running system", async () => {
    const size = (await stat(file)).size;
    const again = await runTool("backup", [file], old);
    assert.deepEqual([again.code, (await stat(file)).size], [1, size]);
    assert.match(again.errors, /không bị ghi đè/);
    const inside = await runTool("backup", [join(folder, "old", "x.tar.gz")], old);
    assert.equal(inside.code, 1);
    assert.match(inside.errors, /phải ở nơi khác/);
    const over = await runTool("restore", [file, "--replace"], old);
    assert.equal(over.code, 1);
    assert.match(over.errors, /Hệ thống đang hoạt động/);
    assert.equal((await desk().get(`/dossiers/${lost.code}`)).status, 200);
  });

  it("says on a full disk that it is full, and leaves nothing behind", async () => {
    const full = join(folder, "full", "b.tar.gz");
    await mkdir(dirname(full));
    // A file may have 100 blocks and no more: what a disk says that can take no larger one.
    const limited = `ulimit -f 100; exec "$0" --import tsx tools/backup.ts "$1"`;
    const { code, errors } = await run("bash", ["-c", limited, process.execPath, full], old);
    assert.equal(code, 1);
    assert.match(errors, /không giữ được tệp lớn như vậy/);
    assert.deepEqual(await readdir(dirname(full)), []);
  });

  it("backs up a stopped system too, names files that are missing or changed, and says so by its code", async () => {
    await program?.stop();
    program = undefined;
    const missing = SCAN_NAME;
    const changed = createHash("sha256").update(result).digest("hex");
    await rm(storedPath(old.DATA_DIR ?? "", missing));
    await truncate(storedPath(old.DATA_DIR ?? "", changed), 10);
    const other = join(folder, "faulty.tar.gz");
    const { code, output, errors } = await runTool("backup", [other], old);
    assert.equal(code, 3, output + errors);
    assert.ok(errors.includes(`thiếu tệp: ${missing}`), errors);
    assert.ok(errors.includes(`bị đổi nội dung: ${changed}`), errors);
    const { manifest } = await readBackup(other);
    assert.deepEqual(manifest.faults.map(({ sha256, what }) => `${sha256} ${what}`).sort(), [
      ...[`${missing} missing`, `${changed} changed`].sort(),
    ]);
  });

  it("is refused cut or with a byte turned over, and then nothing has been touched", async () => {
    const whole = await readFile(file);
    const damaged = join(folder, "damaged.tar.gz");
    for (const part of [0, 0.5, 0.999]) {
      await writeFile(damaged, whole.subarray(0, Math.floor(whole.length * part)));
      await assert.rejects(readBackup(damaged), { name: "BadBackup" }, `cut at ${part}`);
    }
    for (const part of [0.0001, 0.3, 0.7, 0.9999]) {
      const at = Math.floor(whole.length * part) + 20;
      const bytes = Buffer.from(whole);
      bytes[Math.min(at, bytes.length - 1)]! ^= 0x10;
      await writeFile(damaged, bytes);
      await assert.rejects(readBackup(damaged), { name: "BadBackup" }, `turned over at ${part}`);
    }
    const { code, errors } = await runTool("restore", [damaged], anew);
    assert.equal(code, 1);
    assert.match(errors, /^Tệp sao lưu (hỏng|bị cắt)/);
    await assert.rejects(stat(anew.DATA_DIR ?? ""), { code: "ENOENT" });
  });

  it("says in words what would be lost where something is there", async () => {
    const { code, errors } = await runTool("restore", [file], old);
    assert.equal(code, 1);
    assert.match(errors, /MẤT HẲN:\n {2}- 5 hồ sơ .*\n {2}- mọi tệp, khóa và thiết lập .*keys/);
    assert.match(errors, /--replace/);
  });

  it("finds out that its tables are others before anything is touched", async () => {
    const stopped = join(folder, "strange.tar.gz");
    const silent = openLog("test", "silent");
    const database = await keepDatabaseRunning(readConfig(old, { withOwner: true }), () => undefined, silent);
    const owner = openDatabase(database.ownerUrl, undefined, { max: 1 });
    const codes = () => owner("dossiers").orderBy("code").pluck<string[]>("code");
    try {
      const before = await codes();
      await owner.raw("alter table drafts add column strange text");
      const made = await runTool("backup", [stopped], old);
      assert.equal(made.code, 3, made.output + made.errors);
      await owner.raw("alter table drafts drop column strange");
      await owner.destroy();
      const refused = await runTool("restore", [stopped, "--replace"], old);
      assert.equal(refused.code, 1, refused.output);
      assert.match(refused.errors, /Cấu trúc bảng .*strange/);
      assert.doesNotMatch(refused.errors, /CHƯA XONG/);
      owner.initialize();
      assert.deepEqual(await codes(), before);
      assert.deepEqual(
        await owner("pg_database").whereLike("datname", "motcua_rehearsal%").pluck("datname"),
        [],
      );
    } finally {
      await owner.destroy();
      await database.stop();
    }
  });

  it("replaces it when told to; a move loses no number, and what was damaged before is still named", async () => {
    const moved = await runTool(
      "restore",
      [join(folder, "faulty.tar.gz"), "--replace", "--nothing-lost"],
      old,
    );
    assert.equal(moved.code, 3, moved.output + moved.errors);
    assert.match(moved.output, /Thay thế, sẽ mất: 5 hồ sơ/);
    assert.match(moved.output, /Khi sao lưu đã thiếu tệp/);
    assert.match(moved.output, /Đã đối chiếu 5 hồ sơ, .*: 2 sai khác/);
    assert.match(moved.errors, /^file-missing .*\n?file-changed|^file-changed .*\n?file-missing/);
    assert.doesNotMatch(moved.output, /bắt đầu từ/);
  });

  it("killed in the middle, keeps the program from starting, and can be run again", async () => {
    const killed = await runTool("restore", [file], anew, (output, child) => {
      if (output.includes("Đã nạp các dòng")) child.kill("SIGKILL");
    });
    assert.equal(killed.code, null);
    await assert.rejects(startProgramProcess(anew), /was not finished: run it again/);
    const { code, output, errors } = await runTool("restore", [file], anew);
    assert.equal(code, 0, output + errors);
    assert.match(output, /chưa xong: làm lại từ đầu/);
    assert.match(output, /Đã đối chiếu 4 hồ sơ, \d+ sự kiện, \d+ tệp: 0 sai khác\./);
    assert.match(output, /bắt đầu từ 1\.001 trở lên/);
  });

  it("is the same system: tracking, papers, results, figures, tables; and gives no number twice", async () => {
    program = await startProgramProcess(anew);
    assert.deepEqual(await shapeOf(anew), shape);
    assert.deepEqual(await track(open), tracked);
    assert.deepEqual(await statistics(), figures);
    const [paper] = open.documents.length > 0 ? open.documents : await documentsOf(open);
    assert.deepEqual(await bytesOf(`/dossiers/${open.code}/documents/${paper?.id ?? ""}`), SCAN.bytes);
    assert.deepEqual(await bytesOf(`/dossiers/${done.code}/result.pdf`), result);
    assert.equal((await desk().get(`/dossiers/${lost.code}`)).status, 404);

    const next = await filed(app(), sample.frontdesk, sample.procedure, sample.agency, { accept: true });
    assert.match(next.code, /-1001$/);
    assert.ok(!codesBefore.has(next.code) && next.code !== lost.code);
    assert.equal((await walk(app(), sample, { from: await current(open) })).dossier.status, 10);
    assert.equal((await walk(app(), sample, { from: await current(signed) })).dossier.status, 10);
  });

  async function current(dossier: DossierBody): Promise<DossierBody> {
    return expectStatus(await desk().get<DossierBody>(`/dossiers/${dossier.code}`), 200);
  }

  async function documentsOf(dossier: DossierBody) {
    return (await current(dossier)).documents;
  }
});
