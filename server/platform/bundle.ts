import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/mot-cua");
/** Followed by the number of a process that runs from this bundle. */
const IN_USE = "in-use-by-";
const SOURCES = ["server", "workflows", "seeds", "package-lock.json"];

/** How a process of the program is run. */
export interface Runnable {
  file: string;
  execArgv: string[];
}

/**
 * The program's processes as one JavaScript file each, made once per state of the sources: a process then loads one
 * file instead of some two hundred that are translated one by one, starts in half the time and takes a third less
 * memory. Where the cache folder cannot be written the sources are run as they are. `preload` is loaded before each.
 */
export async function bundledProgram(files: string[], preload: string): Promise<(file: string) => Runnable> {
  const asSource = (file: string): Runnable => ({
    file: join(ROOT, file),
    execArgv: ["--import", "tsx", "--import", pathToFileURL(join(ROOT, preload)).href],
  });
  const folder = join(CACHE, await keyOf(SOURCES));
  try {
    await access(folder).catch(() => bundleInto(folder, [...files, preload]));
    await writeFile(join(folder, `${IN_USE}${process.pid}`), "");
    await removeUnused(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EROFS") throw cause;
    return asSource;
  }
  const made = (file: string) => join(folder, file.replace(/\.ts$/, ".mjs"));
  return (file) => ({
    file: made(file),
    execArgv: ["--enable-source-maps", "--import", pathToFileURL(made(preload)).href],
  });
}

async function bundleInto(folder: string, files: string[]): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: files,
    outdir: unfinished,
    outbase: ROOT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    logLevel: "silent",
    plugins: [keepPlaces],
  });
  // Whole or not at all; another start may have been quicker.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }));
}

/** Files that are read beside a source are read there still: `import.meta` stays that of the source. */
const keepPlaces: Plugin = {
  name: "keep-places",
  setup(builder) {
    builder.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return {
        loader: path.endsWith("x") ? "tsx" : "ts",
        contents: source
          .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
          .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      };
    });
  },
};

/** Changes with any source: name, size and time of change of each, not its content, so that asking is quick. */
async function keyOf(sources: string[]): Promise<string> {
  const hash = createHash("sha256").update(`${process.version} ${ROOT}`);
  for (const source of sources) {
    const path = join(ROOT, source);
    const entries = (await stat(path)).isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
          .map((entry) => join(entry.parentPath, entry.name))
      : [path];
    for (const entry of entries.sort()) {
      const { size, mtimeMs } = await stat(entry);
      hash.update(`${entry} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 20);
}

/**
 * Removes what was made from other states of the sources, except where a program still runs from it: a process of it
 * that is killed must be able to start again.
 */
async function removeUnused(folder: string): Promise<void> {
  const kept = await readdir(CACHE).catch(() => []);
  for (const name of kept.filter((one) => !folder.endsWith(one) && !one.includes("."))) {
    const users = (await readdir(join(CACHE, name)).catch(() => [])).filter((one) => one.startsWith(IN_USE));
    if (users.some((user) => isAlive(Number(user.slice(IN_USE.length))))) continue;
    await rm(join(CACHE, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
