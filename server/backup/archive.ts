import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack as openPack } from "tar-stream";
import { BackupRefused } from "./format.ts";

/** A backup file that is being written: `<file>.partial` until it is whole. */
export interface Archive {
  /** Adds a member; answers the SHA-256 of its bytes. */
  add(name: string, bytes: Buffer): Promise<string>;
  /** Adds a member of exactly `size` bytes from a stream. */
  addStream(name: string, size: number, bytes: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string>;
  /** SHA-256 over name, size and SHA-256 of every member so far. */
  digest(): string;
  /** Puts it on the disk under its name; answers its size in bytes. */
  finish(): Promise<number>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/**
 * Begins a backup file, readable by its owner alone. Throws BackupRefused when the file is there already, when another
 * backup is being written to it, and (from any call) when the disk is full.
 */
export async function openArchive(file: string, mtime: Date): Promise<Archive> {
  const partial = `${file}.partial`;
  await assertAbsent(file);
  const handle = await open(partial, "wx", 0o600).catch((cause: unknown) => {
    throw refusal(cause, partial);
  });
  const pack = openPack();
  // Most of the bytes are pictures and PDFs, which no level makes smaller; the tables are nearly as small at 3 as at 6.
  const gzip = createGzip({ level: 3, chunkSize: 256 * 1024 });
  const writing = pipeline(
    pack as unknown as NodeJS.ReadableStream,
    gzip,
    createWriteStream("", { fd: handle.fd, autoClose: false }),
  );
  // Whoever adds a member must not wait for a file that nobody writes any more.
  const failed = writing.then(
    () => new Promise<never>(() => undefined),
    (cause: unknown) => {
      throw refusal(cause, partial);
    },
  );
  failed.catch(() => undefined);
  const members = createHash("sha256");

  async function addStream(
    name: string,
    size: number,
    bytes: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<string> {
    const hash = createHash("sha256");
    let done!: (cause?: Error | null) => void;
    const written = new Promise<void>((resolve, reject) => {
      done = (cause) => {
        if (cause) reject(cause);
        else resolve();
      };
    });
    written.catch(() => undefined);
    const entry = pack.entry({ name, size, mode: 0o600, mtime, type: "file" }, done);
    entry.on("error", () => undefined);
    for await (const chunk of bytes) {
      hash.update(chunk);
      if (!entry.write(chunk)) await Promise.race([drained(entry), failed]);
    }
    entry.end(null);
    await Promise.race([written, failed]);
    const sha256 = hash.digest("hex");
    members.update(`${name} ${size} ${sha256}\n`);
    return sha256;
  }

  return {
    addStream,
    add: (name, bytes) => addStream(name, bytes.length, inPieces(bytes)),
    digest: () => members.copy().digest("hex"),
    async finish() {
      pack.finalize();
      try {
        await writing;
        await handle.sync();
        const { size } = await handle.stat();
        await handle.close();
        await assertAbsent(file);
        await rename(partial, file);
        await syncFolder(dirname(file));
        return size;
      } catch (cause) {
        throw refusal(cause, partial);
      }
    },
    async abandon() {
      pack.destroy();
      await writing.catch(() => undefined);
      await handle.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

const drained = (stream: { once(event: "drain", then: () => void): unknown }) =>
  new Promise<void>((resolve) => stream.once("drain", resolve));

const PIECE = 256 * 1024;

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

async function assertAbsent(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found) throw new BackupRefused(`Đã có ${file}: bản sao lưu cũ không bị ghi đè. Hãy chọn tên khác.`);
}

/** What went wrong with the file, in words for people where it is known. */
function refusal(cause: unknown, partial: string): unknown {
  switch ((cause as NodeJS.ErrnoException).code) {
    case "EEXIST":
      return new BackupRefused(
        `Đã có ${partial}: một lần sao lưu khác đang ghi, hoặc đã bị dừng giữa chừng. Nếu không còn lần nào đang chạy, hãy xóa tệp đó.`,
      );
    case "ENOSPC":
    case "EDQUOT":
      return new BackupRefused("Đĩa đã đầy: chưa sao lưu được. Phần ghi dở đã được xóa.", { cause });
    case "EFBIG":
      return new BackupRefused(
        `Đĩa chứa ${dirname(partial)} không giữ được tệp lớn như vậy (FAT32 chỉ đến 4 GB): chưa sao lưu được. Phần ghi dở đã được xóa.`,
        { cause },
      );
    case "ENOENT":
      return new BackupRefused(`Không có thư mục ${dirname(partial)}.`, { cause });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new BackupRefused(`Không được phép ghi vào ${dirname(partial)}.`, { cause });
    default:
      return cause;
  }
}

/** A name is only lasting once the folder that holds it is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    // Some file systems (of a stick, of a network) know no such thing.
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
