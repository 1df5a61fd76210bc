import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract as openExtract, type Header } from "tar-stream";
import {
  BadBackup,
  FORMAT,
  INTRODUCTION,
  MANIFEST,
  partName,
  PROGRAM,
  readMemberName,
  wallTime,
  type Introduction,
  type Manifest,
} from "./format.ts";

/** A member as it comes by. */
type Entry = AsyncIterable<Buffer> & { header: Header };

/** What is done with the members as they come by; what is not read by them is read past. */
export interface Taking {
  part?(table: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /** The tables are all there. */
  tablesEnd?(): Promise<void>;
  file?(sha256: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  kept?(path: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /** After each member: bytes read of the members so far. */
  reached?(bytes: number): void;
}

export interface ReadBackup {
  introduction: Introduction;
  manifest: Manifest;
}

/** The manifest of a province's whole archive has some megabytes; more is not ours, and is not read into memory. */
const LARGEST_JSON = 256 * 1024 * 1024;

/**
 * Reads a backup from its first byte to its last and checks all of it: form, version, every SHA-256, and that nothing is
 * missing, added or moved. Members are handed on as they come, before the whole is known to be good: read it once without
 * `taking` before anything is changed. Memory does not grow with it. Throws BadBackup with words for people.
 */
export async function readBackup(path: string, taking: Taking = {}): Promise<ReadBackup> {
  const extract = openExtract();
  const reading = pipeline(
    createReadStream(path, { highWaterMark: 256 * 1024 }),
    createGunzip(),
    asNode(extract),
  );
  reading.catch(() => undefined); // the loop below hears of it
  try {
    const found = await readMembers(extract as unknown as AsyncIterable<Entry>, taking);
    await reading;
    return found;
  } catch (cause) {
    throw inWords(cause);
  } finally {
    extract.destroy();
    await reading.catch(() => undefined);
  }
}

/** Its streams work as node's own do, and have types of their own. */
const asNode = (stream: unknown) => stream as NodeJS.WritableStream;

async function readMembers(entries: AsyncIterable<Entry>, taking: Taking): Promise<ReadBackup> {
  let introduction: Introduction | undefined;
  let manifest: Manifest | undefined;
  let atTables = true;
  let bytes = 0;
  const seen: Seen = {
    digest: createHash("sha256"),
    parts: [],
    kept: [],
    files: { count: 0, bytes: 0 },
    odd: [],
  };
  for await (const entry of entries) {
    const { name, type, size } = entry.header;
    if (introduction === undefined) {
      if (name !== INTRODUCTION || type !== "file") throw foreign();
      const content = await readAll(entry, size);
      introduction = readIntroduction(content);
      note(seen, name, size, createHash("sha256").update(content).digest("hex"));
      continue;
    }
    if (manifest !== undefined)
      throw new BadBackup(`Tệp sao lưu hỏng: có ${quoted(name)} sau danh mục cuối tệp.`);
    if (type !== "file") throw new BadBackup(`Tệp sao lưu không hợp lệ: ${quoted(name)} không phải là tệp.`);
    if (name === MANIFEST) {
      manifest = readManifest(await readAll(entry, size));
      continue;
    }
    const member = readMemberName(name);
    if (member === undefined) throw new BadBackup(`Tệp sao lưu không hợp lệ: không được có ${quoted(name)}.`);
    if (atTables && member.kind !== "part") {
      atTables = false;
      await taking.tablesEnd?.();
    }
    const hash = createHash("sha256");
    const content = hashed(entry, hash);
    if (member.kind === "part") await taking.part?.(member.table, content);
    else if (member.kind === "file") await taking.file?.(member.sha256, content);
    else await taking.kept?.(member.path, content);
    await readPast(content);
    const sha256 = hash.digest("hex");
    note(seen, name, size, sha256);
    if (member.kind === "part") seen.parts.push(`${name} ${sha256}`);
    else if (member.kind === "kept") seen.kept.push(`${member.path} ${size} ${sha256}`);
    else {
      seen.files.count++;
      seen.files.bytes += size;
      if (sha256 !== member.sha256) seen.odd.push(`${member.sha256} ${sha256}`);
      // Nobody has so many files at fault; the list must not fill the memory.
      if (seen.odd.length > 1_000_000) throw broken();
    }
    taking.reached?.((bytes += size));
  }
  if (introduction === undefined) throw foreign();
  if (manifest === undefined) throw cut();
  if (atTables) await taking.tablesEnd?.();
  compare(seen, manifest);
  return { introduction, manifest };
}

interface Seen {
  digest: Hash;
  parts: string[];
  kept: string[];
  files: { count: number; bytes: number };
  /** Stored files whose bytes are not what their name says. */
  odd: string[];
}

function note(seen: Seen, name: string, size: number, sha256: string): void {
  seen.digest.update(`${name} ${size} ${sha256}\n`);
}

/** That what was there is exactly what the manifest lists. */
function compare(seen: Seen, manifest: Manifest): void {
  const parts = manifest.tables.flatMap(({ name, parts: hashes }) =>
    hashes.map((sha256, number) => `${partName(name, number)} ${sha256}`),
  );
  assertSame(parts, seen.parts);
  assertSame(
    manifest.kept.map(({ path, size, sha256 }) => `${path} ${size} ${sha256}`),
    seen.kept,
  );
  const odd = manifest.faults.filter(({ what, kept }) => what !== "missing" && kept !== null);
  assertSame(
    odd.map(({ sha256, kept }) => `${sha256} ${kept ?? ""}`).filter((line) => !isSame(line)),
    seen.odd,
  );
  const { count, bytes } = manifest.files;
  if (count !== seen.files.count || bytes !== seen.files.bytes)
    throw broken("số tệp hồ sơ không khớp danh mục");
  if (manifest.digest !== seen.digest.digest("hex")) throw broken("nội dung không khớp danh mục");
}

/** A file whose last bytes could not be read may still be whole, by luck. */
const isSame = (line: string) => line.slice(0, 64) === line.slice(65);

function assertSame(listed: readonly string[], found: readonly string[]): void {
  const at = listed.findIndex((line, index) => line !== found[index]);
  const wrong = at >= 0 ? listed[at] : found[listed.length];
  if (wrong !== undefined) throw broken(`${quoted(wrong.split(" ")[0] ?? "")} không khớp danh mục`);
}

/** The bytes as they come, counted in the hash; going on with it after somebody stopped reads the rest. */
function hashed(entry: Entry, hash: Hash): AsyncIterable<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const step = await chunks.next();
        if (step.done !== true) hash.update(step.value);
        return step;
      },
    }),
  };
}

async function readPast(content: AsyncIterable<Buffer>): Promise<void> {
  const chunks = content[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}

async function readAll(entry: Entry, size: number): Promise<Buffer> {
  if (size > LARGEST_JSON) throw broken();
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readIntroduction(content: Buffer): Introduction {
  const found = parse(content) as Partial<Introduction> | null;
  if (found?.program !== PROGRAM) throw foreign();
  if (found.format !== FORMAT)
    throw new BadBackup(
      `Tệp sao lưu theo định dạng ${String(found.format)}, phiên bản này chỉ đọc được định dạng ${FORMAT}. Hãy dùng phiên bản ${String(found.version)} của chương trình.`,
    );
  if (!isList(found.migrations, "string") || isNaN(Date.parse(String(found.takenAt)))) throw broken();
  return found as Introduction;
}

/** Its form: what it says is compared with what was read. */
function readManifest(content: Buffer): Manifest {
  const found = parse(content) as Partial<Manifest> | null;
  const tables = found?.tables;
  if (!Array.isArray(tables) || !isList(found?.sequences, "object") || !isList(found?.kept, "object"))
    throw broken();
  if (!isList(found?.faults, "object") || typeof found?.digest !== "string" || found.files === undefined)
    throw broken();
  for (const table of tables as Partial<Manifest["tables"][number]>[])
    if (typeof table.name !== "string" || !isList(table.columns, "string") || !isList(table.parts, "string"))
      throw broken();
  return found as Manifest;
}

function isList(value: unknown, of: "string" | "object"): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === of && one !== null);
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString("utf8"));
  } catch {
    throw broken();
  }
}

const quoted = (name: string) => `"${name.slice(0, 120).replace(/[^\p{L}\p{N} ./_-]/gu, "?")}"`;
const foreign = () => new BadBackup("Đây không phải tệp sao lưu của Một cửa điện tử.");
const cut = () => new BadBackup("Tệp sao lưu bị cắt: thiếu phần cuối. Không có gì bị thay đổi.");
const broken = (why = "nội dung không đọc được") => new BadBackup(`Tệp sao lưu hỏng: ${why}.`);

/** Of the readers below us, which know nothing of backups. */
function inWords(cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (cause instanceof BadBackup) return cause;
  if (code === "ENOENT") return new BadBackup("Không có tệp sao lưu này.");
  if (code === "EISDIR") return new BadBackup("Đây là thư mục, không phải tệp sao lưu.");
  if (code === "Z_BUF_ERROR" || message === "Unexpected end of data" || message === "Premature close")
    return cut();
  if (code === "Z_DATA_ERROR" && message === "incorrect header check") return foreign();
  if (code?.startsWith("Z_")) return broken("không giải nén được");
  if (/tar header|checksum|Invalid header|Header exceeds/i.test(message)) return foreign();
  return cause;
}

/** Which backup this is, in one line for people. */
export function describeBackup({ introduction, manifest }: ReadBackup): string {
  const rows = manifest.tables.find(({ name }) => name === "dossiers")?.rows ?? 0;
  return `Bản sao lưu lúc ${wallTime(introduction.takenAt)}, phiên bản ${introduction.version}: ${rows.toLocaleString("vi-VN")} hồ sơ.`;
}
