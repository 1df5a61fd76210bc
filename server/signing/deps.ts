import type { Timestamper } from "./cms.ts";
import type { SignatureImage } from "./signature-images.ts";
import type { SigningKey } from "./signing-key.ts";
import type { ValidationSource } from "./validation-data.ts";

/** An officer who signs for a unit, or the unit itself: whose key is asked for. */
export interface Signer {
  /** The officer; undefined: the unit seals. */
  officer?: { username: string; name: string; title: string };
  agency: { code: string; name: string };
}

/** What signing needs besides the dossier. */
export interface SigningDeps {
  /**
   * The key of a signer: the one entered for him, else that of the demonstration authority, which production has not.
   * Throws Unavailable `no-signing-keys`, Refused `certificate-not-valid`.
   */
  keyOf(signer: Signer): Promise<SigningKey>;
  /**
   * How a signer's hand or a unit's seal looks; undefined where none is entered and the demonstration's is drawn.
   * Throws Unavailable `no-signature-image` in production: there nobody's hand or seal is made up.
   */
  imageOf(signer: Signer): Promise<SignatureImage | undefined>;
  /** Undefined where no timestamp authority is set up: then signatures are B-B. */
  timestamp: Timestamper | undefined;
  validation: ValidationSource;
  /** How long somebody waits for a signature before he is told to look later, in milliseconds. */
  patience: number;
}
