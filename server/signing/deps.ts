import type { DemonstrationAuthority } from "./demonstration-authority.ts";

/** What signing needs besides the dossier. */
export interface SigningDeps {
  /** Undefined in production until real keys are set up: then nothing can be signed, and says so. */
  authority: DemonstrationAuthority | undefined;
}
