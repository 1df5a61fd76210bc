import type { Log } from "../platform/log.ts";
import type { Timestamper } from "./cms.ts";
import type { SigningDeps } from "./deps.ts";
import { certificateRevoked } from "./key-problems.ts";
import { addSecurityStore, certificatesOf, signaturesIn } from "./security-store.ts";
import type { SigningKey } from "./signing-key.ts";
import type { SignatureLevel } from "./signings.ts";
import { CertificateRevoked } from "./validation-data.ts";

/** How much a file's signatures carry, and why not more. */
export interface Evidence {
  level: SignatureLevel;
  /** Code; null where nothing is missing. */
  reason: "no-timestamp-authority" | "timestamp-unavailable" | "no-validation-data" | null;
}

export interface Stamping {
  timestamp: Timestamper | undefined;
  /** What the signature made with it carries. */
  evidence(): Evidence;
}

/**
 * Timestamps for one signature. An authority that does not answer holds no result up: the signature is then B-B, and
 * the dossier says so.
 */
export function stampingOf({ timestamp }: SigningDeps, log: Log): Stamping {
  if (timestamp === undefined)
    return {
      timestamp: undefined,
      evidence: () => ({ level: "B-B", reason: "no-timestamp-authority" }),
    };
  let stamped = false;
  return {
    async timestamp(bytes) {
      try {
        const token = await timestamp(bytes);
        stamped = token !== undefined;
        return token;
      } catch (cause) {
        log.warn({ err: cause }, "no timestamp could be had");
        return undefined;
      }
    },
    evidence: () =>
      stamped ? { level: "B-T", reason: null } : { level: "B-B", reason: "timestamp-unavailable" },
  };
}

/**
 * Throws Refused `certificate-revoked` when the key's certificate, or one above it, is known to be revoked. What cannot
 * be learned now holds nothing up.
 */
export async function assertNotRevoked(
  { validation }: SigningDeps,
  { certificateChain }: SigningKey,
  at: Date,
  log: Log,
): Promise<void> {
  try {
    await validation.collect(certificateChain, at);
  } catch (cause) {
    if (cause instanceof CertificateRevoked) throw certificateRevoked(cause.since);
    log.debug({ err: cause }, "whether a signer's certificate is revoked could not be learned");
  }
}

/**
 * Puts the proofs of all certificates into a signed file (B-LT), when every signature has its timestamp and the proofs
 * can be had; else answers the file as it is, and what is missing.
 */
export async function withEvidence(
  pdf: Buffer,
  { validation }: Pick<SigningDeps, "validation">,
  own: Evidence,
  at: Date,
  log: Log,
): Promise<{ pdf: Buffer; evidence: Evidence }> {
  const signatures = await signaturesIn(pdf);
  if (signatures.some(({ cms }) => cms.timestamp === undefined))
    return { pdf, evidence: { level: "B-B", reason: own.reason ?? "timestamp-unavailable" } };
  try {
    const data = await validation.collect(certificatesOf(signatures), at);
    return { pdf: await addSecurityStore(pdf, data), evidence: { level: "B-LT", reason: null } };
  } catch (cause) {
    log.warn({ err: cause }, "validation data could not be had");
    return { pdf, evidence: { level: "B-T", reason: "no-validation-data" } };
  }
}
