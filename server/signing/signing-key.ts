/**
 * A key that signs, wherever it lies: a file, a token, a signing service. All that signing a paper needs to know of it.
 */
export interface SigningKey {
  /** The signer's certificate first, then its issuers, without the root or with it; DER. */
  certificateChain: Buffer[];
  /**
   * Answers the RSA PKCS#1 v1.5 signature with SHA-256 over these bytes (the key hashes them).
   * `pin` opens the key for this one call; it is passed on and nowhere kept, logged or hashed.
   */
  sign(bytes: Buffer, pin?: string): Promise<Buffer>;
}
