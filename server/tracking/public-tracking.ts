import DataLoader from "dataloader";
import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import type { Deps } from "../dossier/deps.ts";
import { NotFound } from "../platform/errors.ts";
import { readPublicRows, trackingOf } from "./track-dossier.ts";
import type { Tracking } from "./track-dossier.ts";

/** What the public sees of a dossier, with its JSON as it is sent. */
export interface KeptTracking {
  tracking: Tracking;
  json: string;
}

/** How long another process' move may stay unseen, in milliseconds. A move of this process is seen at once. */
const KEPT_MS = 1_000;
const MOST_KEPT = 2_000;
const MOST_AT_ONCE = 100;

/**
 * Reads dossiers for the public, in the role that may see no more: questions that arrive together are one query, and
 * an answer serves again for a second. Throws NotFound.
 */
export function openPublicTracking(deps: Deps, trackingDb: Knex): (code: string) => Promise<KeptTracking> {
  const kept = new LRUCache<string, KeptTracking>({ max: MOST_KEPT, ttl: KEPT_MS });
  const rows = new DataLoader(
    async (codes: readonly string[]) => {
      const found = new Map((await readPublicRows(trackingDb, codes)).map((row) => [row.code, row]));
      return codes.map((code) => found.get(code));
    },
    { cache: false, maxBatchSize: MOST_AT_ONCE, batchScheduleFn: (send) => void setImmediate(send) },
  );
  return async (code) => {
    const known = deps.moves.isRecent(code) ? undefined : kept.get(code);
    if (known !== undefined) return known;
    const row = await rows.load(code);
    if (row === undefined) throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    const tracking = await trackingOf(deps, row);
    const read = { tracking, json: JSON.stringify(tracking) };
    kept.set(code, read);
    return read;
  };
}
