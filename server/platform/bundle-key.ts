import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where bundles lie, each in a folder named by its key. */
export const CACHE = join(ROOT, "node_modules/.cache/mot-cua");

const SOURCES = ["server", "workflows", "seeds", "package-lock.json"];

/** The key of the sources as they are now: changes with name, size or time of change of any, so that asking is quick. */
export async function bundleKey(): Promise<string> {
  const hash = createHash("sha256").update(`${process.version} ${ROOT}`);
  for (const source of SOURCES) {
    const path = join(ROOT, source);
    const entries = (await stat(path)).isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
          .map((entry) => join(entry.parentPath, entry.name))
      : [path];
    const stats = await Promise.all(entries.sort().map((entry) => stat(entry)));
    for (const [at, { size, mtimeMs }] of stats.entries()) hash.update(`${entries[at]} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 20);
}
