import { createHash, randomUUID } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { Invalid, TooLarge } from "./errors.ts";

/** The largest file that is taken, in bytes. */
export const MAX_FILE_SIZE = 50 * 1024 * 1024;

/** A stored file: its name is the SHA-256 of its bytes, in small hex letters. */
export interface StoredFile {
  sha256: string;
  size: number;
  path: string;
}

export interface FileStore {
  /**
   * Keeps the bytes under their hash and answers when they are on the disk; the same bytes again are the same file.
   * Nothing is left behind when it fails. Throws Invalid `file-empty` when they are none, TooLarge `file-too-large` when they are too many.
   */
  put(source: Readable | Buffer): Promise<StoredFile>;
  /** The bytes as a stream; a file that is not there is an `error` of the stream. */
  read(sha256: string): ReadStream;
  /** The bytes. Throws when the file is not there. */
  readBuffer(sha256: string): Promise<Buffer>;
  has(sha256: string): Promise<boolean>;
  /** Where the file lies, or would. Throws when the name is no SHA-256: a path never comes from outside. */
  path(sha256: string): string;
  /** Whether the bytes on the disk still have this hash; false too when there are none. */
  verify(sha256: string): Promise<boolean>;
}

const HOUR = 3_600_000;

/**
 * Opens the store in `dir` (made when missing, readable by its owner alone). What an interrupted upload left in its
 * `unfinished` folder is cleared after an hour, now and every hour from now on. `maxSize` is in bytes.
 */
export async function openFileStore(dir: string, { maxSize = MAX_FILE_SIZE } = {}): Promise<FileStore> {
  const unfinished = join(dir, "unfinished");
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await clearUnfinished(unfinished);
  // What cannot be cleared now is tried again in an hour.
  setInterval(() => void clearUnfinished(unfinished).catch(() => undefined), HOUR).unref();

  function path(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("a stored file is named by its SHA-256");
    return join(dir, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async function put(source: Readable | Buffer): Promise<StoredFile> {
    const temporary = join(unfinished, randomUUID());
    try {
      const { sha256, size } = await writeTo(temporary, source, maxSize);
      const final = path(sha256);
      await mkdir(dirname(final), { recursive: true, mode: 0o700 });
      // Over a file already there too: the bytes are the same, and a damaged one is healed by sending it again.
      await rename(temporary, final);
      await syncFolder(dirname(final));
      return { sha256, size, path: final };
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause;
    }
  }

  return {
    put,
    path,
    read: (sha256) => createReadStream(path(sha256)),
    readBuffer: (sha256) => readFile(path(sha256)),
    has: (sha256) =>
      access(path(sha256)).then(
        () => true,
        () => false,
      ),
    async verify(sha256) {
      const hash = createHash("sha256");
      try {
        for await (const chunk of createReadStream(path(sha256))) hash.update(chunk as Buffer);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
        throw cause;
      }
      return hash.digest("hex") === sha256;
    },
  };
}

async function writeTo(file: string, source: Readable | Buffer, maxSize: number) {
  const hash = createHash("sha256");
  let size = 0;
  const handle = await open(file, "wx", 0o600);
  try {
    // Leaving the loop early destroys the stream, so that a sender of too much is stopped and not read to the end.
    for await (const chunk of Buffer.isBuffer(source) ? [source] : source) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as string | Uint8Array);
      size += bytes.length;
      if (size > maxSize) throw tooLarge(maxSize);
      hash.update(bytes);
      await handle.writeFile(bytes);
    }
    if (size === 0) throw empty();
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest("hex"), size };
}

function empty(): Invalid {
  const message = "Tệp không có nội dung (0 byte). Hãy chọn lại tệp.";
  return new Invalid([{ path: "file", message }], message, "file-empty");
}

function tooLarge(maxSize: number): TooLarge {
  const limit = Math.floor(maxSize / (1024 * 1024));
  return new TooLarge("file-too-large", `Tệp vượt quá ${limit} MB. Hãy quét lại với dung lượng nhỏ hơn.`);
}

/** A rename is only lasting once the folder that holds the name is on the disk (Windows has no such call). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function clearUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > HOUR) await rm(file, { force: true });
  }
}
