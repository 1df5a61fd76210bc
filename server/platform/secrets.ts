import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import { keepOnce, openDataDir, randomWord, secretFiles } from "./data-dir.ts";

export interface Secrets {
  /** How the national portal logs in with us. */
  portalInboundToken: string;
  /** How we log in at the portal. */
  portalPassword: string;
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
  return {
    portalInboundToken: config.portalInboundToken ?? (await word(files.portalInboundToken, 40)),
    portalPassword: config.portal.password ?? (await word(files.portalStubPassword, 24)),
    demoPassword: config.production
      ? undefined
      : (config.demoPassword ?? (await word(files.demoPassword, 14))),
    secretKey: await key(files.secretKey),
    secretHashKey: await key(files.secretHashKey),
  };
}

async function key(file: string): Promise<Buffer> {
  const kept = await keepOnce(file, () => randomBytes(32));
  if (kept.length !== 32) throw new Error(`${file} is damaged: it has ${kept.length} bytes instead of 32`);
  return kept;
}
