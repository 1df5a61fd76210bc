import { open, readdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { isKeepable } from "./format.ts";

/** Where a stored file lies under DATA_DIR/files (server/platform/files.ts). */
export const storedPath = (dataDir: string, sha256: string) =>
  join(dataDir, "files", sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/** The names of all stored files that lie under DATA_DIR, in order; of those that come meanwhile some. */
export async function* storedFiles(dataDir: string): AsyncGenerator<string> {
  const root = join(dataDir, "files");
  for (const first of await namesIn(root, /^[0-9a-f]{2}$/))
    for (const second of await namesIn(join(root, first), /^[0-9a-f]{2}$/))
      yield* await namesIn(join(root, first, second), /^[0-9a-f]{64}$/);
}

async function namesIn(folder: string, form: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => form.test(name)).sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  }
}

export interface KeptFiles {
  /** Paths under DATA_DIR, with slashes, sorted. */
  paths: string[];
  /** Links and other things that are no files: they are not followed. */
  strange: string[];
}

/**
 * Everything under DATA_DIR that goes along beside database and stored files: keys, the demonstration authority, tokens,
 * trusted certificates, and whatever else an administrator or a later version puts there. What must not go is named in
 * format.ts, so that a new kind of key is not forgotten.
 */
export async function listKeptFiles(dataDir: string, folder = ""): Promise<KeptFiles> {
  const found: KeptFiles = { paths: [], strange: [] };
  const entries = await readdir(join(dataDir, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!isKeepable(path)) continue;
    if (entry.isDirectory()) {
      const below = await listKeptFiles(dataDir, path);
      found.paths.push(...below.paths);
      found.strange.push(...below.strange);
    } else if (entry.isFile()) found.paths.push(path);
    else if (!entry.isSocket() && !entry.isFIFO()) found.strange.push(path);
  }
  return found;
}

export interface OpenedFile {
  size: number;
  /** Exactly `size` bytes: what cannot be read any more is filled with zeros, and `fault` says so afterwards. */
  bytes: AsyncIterable<Buffer>;
  fault(): Error | undefined;
  close(): Promise<void>;
}

const CHUNK = 256 * 1024;

/** Opens a file to be copied as it is at this moment. Undefined when it is not there. */
export async function openForCopy(path: string): Promise<OpenedFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
  const { size } = await handle.stat();
  let fault: Error | undefined;
  async function* read(): AsyncGenerator<Buffer> {
    for (let at = 0; at < size;) {
      // A buffer of its own each time: the one before is still on its way.
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      let length = 0;
      if (fault === undefined)
        try {
          length = (await handle.read(buffer, 0, buffer.length, at)).bytesRead;
          if (length === 0) fault = new Error("it became shorter while it was read");
        } catch (cause) {
          fault = cause as Error;
        }
      if (length === 0) length = buffer.fill(0).length;
      at += length;
      yield buffer.subarray(0, length);
    }
  }
  return { size, bytes: read(), fault: () => fault, close: () => handle.close() };
}
