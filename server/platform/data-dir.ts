import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Makes DATA_DIR, for its owner alone (0700). Made by root it is 0711: the embedded database runs as another user,
 * who must be able to pass through to its own folder, and sees nothing else, since all beside it is 0700 or 0600.
 * A folder that is there already keeps its mode.
 */
export async function openDataDir(dataDir: string): Promise<void> {
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}

/** The bytes kept in this file, or undefined when there is none. */
export async function findKept(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/**
 * What is kept in this file, made by `make` when there is none (0600). Two processes that start together agree: the
 * file appears whole and once, and the later one reads it.
 */
export async function keepOnce(file: string, make: () => string | Buffer): Promise<Buffer> {
  const kept = await findKept(file);
  if (kept !== undefined) return kept;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomBytes(6).toString("hex")}`;
  await writeDurably(unfinished, make());
  try {
    await link(unfinished, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
  } finally {
    await rm(unfinished, { force: true });
  }
  return readFile(file);
}

/** Puts this into the file in place of what it held (0600); a reader sees the old or the new, never a half. */
export async function keep(file: string, content: string): Promise<void> {
  if ((await findKept(file))?.toString("utf8") === content) return;
  const unfinished = `${file}.${randomBytes(6).toString("hex")}`;
  await writeDurably(unfinished, content);
  await rename(unfinished, file);
}

async function writeDurably(file: string, content: string | Buffer): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A random word for people and programs: `length` letters and digits that are not mistaken for one another. */
export function randomWord(length: number): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  // 248 is the largest multiple of 31 in a byte: what is above is drawn again, so that no letter is favoured.
  let word = "";
  while (word.length < length)
    for (const byte of randomBytes(length))
      if (byte < 248 && word.length < length) word += alphabet[byte % 31] ?? "";
  return word;
}

/** Where the secrets lie that are made at the first start. */
export const secretFiles = (dataDir: string) => ({
  portalInboundToken: join(dataDir, "portal-inbound-token"),
  demoPassword: join(dataDir, "demo-password"),
  portalStubPassword: join(dataDir, "portal-stub-password"),
  stubDatabasePassword: join(dataDir, "portal-stub-database-password"),
  secretKey: join(dataDir, "keys", "secret.key"),
  secretHashKey: join(dataDir, "keys", "secret-hash.key"),
});
