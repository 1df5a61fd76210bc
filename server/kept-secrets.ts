import { randomBytes } from "node:crypto";
import type { Config } from "./config.ts";
import { keep, keepOnce, openDataDir, randomWord, secretFiles } from "./platform/data-dir.ts";

export interface Secrets {
  /** How the national portal logs in with us. */
  portalInboundToken: string;
  /** How we log in at the portal. */
  portalPassword: string;
  /** Of the login that owns the stub's own database. */
  stubDatabasePassword: string;
  /** Undefined in production, where there are no demonstration accounts. */
  demoPassword: string | undefined;
  /** 32 bytes: encrypts the dossiers' secrets and kept answers. */
  secretKey: Buffer;
  /** 32 bytes: for the keyed hash by which a dossier's secret is found. */
  secretHashKey: Buffer;
}

/**
 * The secrets as set in the environment, else as kept under DATA_DIR, else made now. Every process of one DATA_DIR
 * gets the same. Throws when a kept key is damaged: a new one would make stored secrets unreadable.
 */
export async function openSecrets(config: Config): Promise<Secrets> {
  await openDataDir(config.dataDir);
  const files = secretFiles(config.dataDir);
  const word = async (file: string, length: number) => {
    const kept = (await keepOnce(file, () => `${randomWord(length)}\n`)).toString("utf8").trim();
    if (kept === "") throw new Error(`${file} is empty; remove it to have a new one made`);
    return kept;
  };
  // The file always says what the accounts have, so that the commands find it there.
  const demoPassword = async () => {
    const kept = config.demoPassword ?? (await word(files.demoPassword, 14));
    if (config.demoPassword !== undefined) await keep(files.demoPassword, `${kept}\n`);
    return kept;
  };
  return {
    portalInboundToken: config.portalInboundToken ?? (await word(files.portalInboundToken, 40)),
    portalPassword: config.portal.password ?? (await word(files.portalStubPassword, 24)),
    stubDatabasePassword: await word(files.stubDatabasePassword, 32),
    demoPassword: config.production ? undefined : await demoPassword(),
    secretKey: await key(files.secretKey),
    secretHashKey: await key(files.secretHashKey),
  };
}

async function key(file: string): Promise<Buffer> {
  const kept = await keepOnce(file, () => randomBytes(32));
  if (kept.length !== 32) throw new Error(`${file} is damaged: it has ${kept.length} bytes instead of 32`);
  return kept;
}
