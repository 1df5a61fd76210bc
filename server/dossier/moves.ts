import { LRUCache } from "lru-cache";

/** Which dossiers this process has moved a moment ago: what is remembered of them may be older than the move. */
export interface Moves {
  note(code: string): void;
  isRecent(code: string): boolean;
}

/** Longer than a commit takes, with what may then still be remembered of before (public-tracking.ts). */
const RECENT_MS = 5_000;

export function openMoves(): Moves {
  const recent = new LRUCache<string, true>({ max: 50_000, ttl: RECENT_MS });
  return {
    note: (code) => void recent.set(code, true),
    isRecent: (code) => recent.has(code),
  };
}
