import { constants, createHash, verify, type KeyObject } from "node:crypto";
import { numberOf, oidOf, type Asn } from "./der-reader.ts";

const DIGESTS: Record<string, string> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.3.14.3.2.26": "sha1",
};
/** Signature algorithms that name their digest; RSA and elliptic curves alone take that of the signer's. */
const SIGNATURES: Record<string, string | undefined> = {
  "1.2.840.113549.1.1.1": undefined,
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.10045.2.1": undefined,
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};
const PSS = "1.2.840.113549.1.1.10";
/** With MD2, MD5 or SHA-1, for RSA, DSA and elliptic curves. */
const WEAK = new Set([
  ...["1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.3.14.3.2.29"],
  ...["1.2.840.10040.4.3", "1.2.840.10045.4.1", "1.2.840.113549.2.5"],
]);

export function isWeak(signatureAlgorithm: string): boolean {
  return WEAK.has(signatureAlgorithm);
}

/** The name under which node knows a digest; undefined where we do not know it. */
export function digestName(algorithm: Asn | undefined): string | undefined {
  return DIGESTS[oidOf(algorithm?.members[0])];
}

export function hashOf(name: string, ...parts: Buffer[]): Buffer {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Whether a signature over these bytes is that of this key. `digest` is the signer's own, where the algorithm names none. */
export function isSignedBy(
  key: KeyObject,
  algorithm: Asn | undefined,
  digest: string | undefined,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const id = oidOf(algorithm?.members[0]);
  try {
    if (id === PSS) {
      const parameters = algorithm?.members[1];
      const hash = parameters?.members.find(({ tag }) => tag === 0xa0)?.members[0];
      const salt = parameters?.members.find(({ tag }) => tag === 0xa2)?.members[0];
      const name = hash === undefined ? "sha1" : digestName(hash);
      if (name === undefined || name === "sha1") return false;
      const options = {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: salt === undefined ? 20 : numberOf(salt),
      };
      return verify(name, bytes, options, signature);
    }
    if (!(id in SIGNATURES)) return false;
    const name = SIGNATURES[id] ?? digest;
    if (name === undefined) return false;
    const isCurve = id.startsWith("1.2.840.10045");
    if (isCurve !== (key.asymmetricKeyType === "ec")) return false;
    return verify(name, bytes, key, signature);
  } catch {
    return false;
  }
}
