import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "./archive.ts";
import { storedPath } from "./kept-files.ts";

/** Writes files into DATA_DIR, and knows which are not on the disk yet. */
export interface PuttingFiles {
  stored(sha256: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  kept(path: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /** Answers when all of them are on the disk. */
  finish(): Promise<void>;
}

/** So many files wait for the disk at once: one after another, a million of them would take hours. */
const AT_ONCE = 16;

export function putFiles(dataDir: string): PuttingFiles {
  const waiting = new Set<Promise<void>>();
  const folders = new Set<string>();
  let failure: Error | undefined;

  async function put(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
    if (failure !== undefined) throw failure;
    const folder = dirname(path);
    if (!folders.has(folder)) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (let at = folder; at.length > dataDir.length; at = dirname(at)) folders.add(at);
    }
    const handle = await open(path, "wx", 0o600);
    try {
      for await (const chunk of bytes) await handle.writeFile(chunk);
    } catch (cause) {
      await handle.close();
      throw cause;
    }
    const lasting: Promise<void> = handle
      .sync()
      .finally(() => handle.close())
      .catch((cause: unknown) => {
        failure ??= cause as Error;
      })
      .finally(() => waiting.delete(lasting));
    waiting.add(lasting);
    if (waiting.size >= AT_ONCE) await Promise.race(waiting);
  }

  return {
    stored: (sha256, bytes) => put(storedPath(dataDir, sha256), bytes),
    kept: (path, bytes) => put(join(dataDir, path), bytes),
    async finish() {
      await Promise.all(waiting);
      if (failure !== undefined) throw failure;
      for (const folder of folders) await syncFolder(folder);
      await syncFolder(dataDir);
    },
  };
}
