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

const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/** Whether a signature by this algorithm can be judged: `weak` proves nothing, `unknown` is one that we do not have. */
export type Suitability = "taken" | "weak" | "unknown";

/** Judges algorithm, digest and kind of key before anything is verified: RSA (PKCS #1, PSS) and NIST's curves are taken. */
export function suitability(
  algorithm: Asn | undefined,
  digest: Asn | undefined,
  key: KeyObject,
): Suitability {
  const id = oidOf(algorithm?.members[0]);
  const hashes = [digest, ...(id === PSS ? pssHashes(algorithm) : [])].map((one) =>
    one === "sha1" ? one : (digestName(one) ?? oidOf(one?.members[0])),
  );
  if (isWeak(id) || hashes.some((one) => one === "sha1" || WEAK.has(one))) return "weak";
  if (id !== PSS && !(id in SIGNATURES)) return "unknown";
  if (hashes.some((one) => !Object.values(DIGESTS).includes(one))) return "unknown";
  // Masks of another digest than the signature's are allowed, and made by nobody.
  if (id === PSS && hashes[1] !== hashes[2]) return "unknown";
  if (key.asymmetricKeyType === "ec")
    return CURVES.includes(key.asymmetricKeyDetails?.namedCurve ?? "") ? "taken" : "unknown";
  return key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "rsa-pss" ? "taken" : "unknown";
}

/** Digest of the signature and of its mask (RFC 4055, 3.1); SHA-1 where they are not named. */
function pssHashes(algorithm: Asn | undefined): [Asn | "sha1", Asn | "sha1"] {
  const parameter = (tag: number) =>
    algorithm?.members[1]?.members.find((one) => one.tag === tag)?.members[0];
  return [parameter(0xa0) ?? "sha1", parameter(0xa1)?.members[1] ?? "sha1"];
}

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
