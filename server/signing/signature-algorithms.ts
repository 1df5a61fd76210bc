/** Digests by their object identifiers (RFC 5754). SHA-1 is not among them: nobody should sign with it any more. */
const DIGESTS: Record<string, string> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** The digest of a signature algorithm that names one: RSA (PKCS #1 v1.5) and ECDSA. */
const SIGNATURES: Record<string, string> = {
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};

/** The name by which node knows a digest. Throws for one that is not taken. */
export function digestName(oid: string): string {
  const name = DIGESTS[oid];
  if (name === undefined) throw new Error(`the digest ${oid} is not taken`);
  return name;
}

/** The digest that a signature was made with; `otherwise` where its algorithm names none (rsaEncryption). */
export function digestOfSignature(oid: string, otherwise?: string): string {
  const name = SIGNATURES[oid] ?? (oid === "1.2.840.113549.1.1.1" ? otherwise : undefined);
  if (name === undefined) throw new Error(`the signature algorithm ${oid} is not taken`);
  return name;
}
