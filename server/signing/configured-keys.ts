import { verify, X509Certificate } from "node:crypto";
import type { Knex } from "knex";
import type { CloudService } from "./cloud-service.ts";
import { certificateNotValid, keyMismatch, keyUnavailable, noSigningKeys } from "./key-problems.ts";
import { pkcs11Key, readTokenPlace } from "./pkcs11-key.ts";
import { pkcs12Key } from "./pkcs12-key.ts";
import type { SigningKey } from "./signing-key.ts";

export type OwnerKind = "officer" | "agency";
export type KeyKind = "p12" | "pkcs11" | "csc";

/** Which key belongs to whom, as `npm run signing-key` entered it. */
export interface KeyEntry {
  id: number;
  ownerKind: OwnerKind;
  /** A user name, or an agency's code. */
  owner: string;
  kind: KeyKind;
  /** File path, PKCS#11 URI, or the credential's id at the signing service. */
  place: string;
  /** The signer's certificate first, then its issuers; PEM. */
  certificate: string;
}

/** The key in use of an owner; undefined where none is entered. */
export async function keyEntryOf(
  db: Knex,
  ownerKind: OwnerKind,
  owner: string,
): Promise<KeyEntry | undefined> {
  return db
    .first<KeyEntry | undefined>({
      id: "id",
      ownerKind: "owner_kind",
      owner: "owner",
      kind: "kind",
      place: "place",
      certificate: "certificate",
    })
    .from("signing_keys")
    .where({ owner_kind: ownerKind, owner, active: true });
}

/** Opens an entered key. Throws Unavailable where it needs a signing service and none is set up. */
export function openKey({ kind, place, certificate }: KeyEntry, cloud: CloudService | undefined): SigningKey {
  const chain = certificatesInPem(certificate);
  switch (kind) {
    case "p12":
      return pkcs12Key(place, chain);
    case "pkcs11":
      return pkcs11Key(readTokenPlace(place), chain);
    case "csc":
      if (cloud === undefined) throw keyUnavailable(new Error("no signing service is set up (CSC_URL)"));
      return cloud.key(place, chain);
  }
}

/**
 * The same key, trusted no further than it goes: its certificate must be valid at `at`, and each signature must be that
 * of the certificate. Throws Refused `certificate-not-valid`; its `sign` Refused `key-mismatch` and what the key throws.
 */
export function guardedKey(key: SigningKey, at: Date): SigningKey {
  const [own] = key.certificateChain;
  if (own === undefined) throw noSigningKeys("người ký");
  const certificate = new X509Certificate(own);
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (at < from || at > to) throw certificateNotValid(from, to);
  return {
    certificateChain: key.certificateChain,
    async sign(bytes, pin) {
      const signature = await key.sign(bytes, pin);
      if (!verify("sha256", bytes, certificate.publicKey, signature)) throw keyMismatch();
      return signature;
    },
  };
}

/** The certificates of a PEM text, in their order; DER. */
export function certificatesInPem(pem: string): Buffer[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).raw);
}
