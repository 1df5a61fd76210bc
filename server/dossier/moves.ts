import { LRUCache } from "lru-cache";

/** Which dossiers this process has moved a moment ago: what is remembered of them may be older than the move. */
export interface Moves {
  /** `units`: whom the dossier concerns after the move. */
  note(code: string, units: readonly string[]): void;
  isRecent(code: string): boolean;
  /** Whether a dossier of this unit was moved a moment ago. */
  isRecentIn(unit: string): boolean;
}

/** Longer than a commit takes, with what may then still be remembered of before (public-tracking.ts). */
const RECENT_MS = 5_000;

/** The same for what is counted over a unit (unit-counts.ts): whoever acts sees the new counts with the next page. */
const RECENT_IN_UNIT_MS = 2_000;

export function openMoves(): Moves {
  const recent = new LRUCache<string, true>({ max: 50_000, ttl: RECENT_MS });
  const units = new LRUCache<string, true>({ max: 2_000, ttl: RECENT_IN_UNIT_MS });
  return {
    note(code, concerned) {
      recent.set(code, true);
      for (const unit of concerned) units.set(unit, true);
    },
    isRecentIn: (unit) => units.has(unit),
    isRecent: (code) => recent.has(code),
  };
}
