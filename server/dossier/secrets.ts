import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from "node:crypto";

/** Letters and digits that cannot be taken for one another when read aloud or from bad print. */
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH = 8;

export interface DossierSecrets {
  /** A new secret of 8 readable characters. */
  make(): string;
  encrypt(clear: string): Buffer;
  /** Throws when the bytes were not encrypted under this key, or were changed. */
  decrypt(cipher: Buffer): string;
  /** Keyed hash of a secret as typed: spaces, hyphens and case do not matter. */
  digest(secret: string): Buffer;
  matches(secret: string, digest: Buffer): boolean;
}

/** Both keys are 32 bytes and live outside the database. */
export function dossierSecrets(key: Buffer, hashKey: Buffer): DossierSecrets {
  const digest = (secret: string) =>
    createHmac("sha256", hashKey).update(secret.replace(/[\s-]/g, "").toUpperCase()).digest();
  return {
    make: () => Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(""),
    encrypt(clear) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(clear, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    decrypt(cipher) {
      const decipher = createDecipheriv("aes-256-gcm", key, cipher.subarray(0, 12));
      decipher.setAuthTag(cipher.subarray(12, 28));
      return Buffer.concat([decipher.update(cipher.subarray(28)), decipher.final()]).toString("utf8");
    },
    digest,
    matches: (secret, expected) => timingSafeEqual(digest(secret), expected),
  };
}
