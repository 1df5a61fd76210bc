import { LRUCache } from "lru-cache";

/** Which dossiers this process has moved a moment ago: what is remembered of them may be older than the move. */
export interface Moves {
  /** `units`: whom the dossier concerns after the move. */
  note(code: string, units: readonly string[]): void;
  isRecent(code: string): boolean;
  /** Whether a dossier of this unit was moved after, or just before, something was found at a moment of `performance.now()`. */
  isMovedSince(unit: string, at: number): boolean;
}

/** Longer than a commit takes, with what may then still be remembered of before (public-tracking.ts). */
const RECENT_MS = 5_000;

/** A move counts for so long as just before: its commit may end later than a question that was asked meanwhile. */
const COMMITTING_MS = 2_000;
/** Longer than anything counted over a unit is kept (unit-counts.ts). */
const OF_UNIT_MS = 60_000;

export function openMoves(): Moves {
  const recent = new LRUCache<string, true>({ max: 50_000, ttl: RECENT_MS });
  const units = new LRUCache<string, number>({ max: 2_000, ttl: OF_UNIT_MS });
  return {
    note(code, concerned) {
      recent.set(code, true);
      for (const unit of concerned) units.set(unit, performance.now());
    },
    isMovedSince: (unit, at) => (units.get(unit) ?? -Infinity) + COMMITTING_MS > at,
    isRecent: (code) => recent.has(code),
  };
}
