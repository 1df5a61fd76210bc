import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import type { Caller, Deps } from "../dossier/deps.ts";
import { loadsOf } from "./bulk.ts";
import type { Load } from "./bulk.ts";
import { bindingsOf, PARTS } from "./work-list.ts";
import type { WorkList } from "./work-lists.ts";

/** Counts go no further than this: 1.000+. */
export const MOST_COUNTED = 1_000;

/**
 * So long the counts of a unit serve all who work there: each costs a look at all that is open in the unit. What this
 * process itself moves is counted at once; what others move shows after so long.
 */
const KEPT_MS = 3_000;
/** So long they serve once more while they are counted anew: nobody waits for them but who comes first in the morning. */
const SERVED_MS = 15_000;

interface Kept {
  at: number;
  counts: Map<string, number>;
}

export interface KeptCounts {
  /** How many dossiers each list has for the caller, at most `MOST_COUNTED` + 1. */
  counts(db: Knex, caller: Caller, lists: readonly WorkList[]): Promise<Map<string, number>>;
  /** Who in the unit handles how many (bulk.ts). */
  loads(agency: string | null): Promise<Load[]>;
}

/** The counts of the lists, those of a unit kept for a moment. */
export function openCounts(deps: Deps): KeptCounts {
  const keptLoads = new LRUCache<string, { at: number; loads: Load[] }>({ max: 1_000, ttl: KEPT_MS });
  const kept = new LRUCache<string, Kept>({ max: 2_000, ttl: SERVED_MS });
  const counting = new Set<string>();
  const countAgain = (key: string, caller: Caller, lists: readonly WorkList[]) => {
    if (counting.has(key)) return;
    counting.add(key);
    const at = performance.now();
    countWorkLists(deps.db, deps, caller, lists)
      .then((counts) => {
        if ((kept.get(key)?.at ?? 0) < at) kept.set(key, { at, counts });
      })
      .catch((error: unknown) => deps.log.warn({ err: error }, "the counts of a unit could not be renewed"))
      .finally(() => counting.delete(key));
  };
  return {
    async counts(db, caller, lists) {
      const own = lists.filter(({ among }) => among === "mine");
      const shared = lists.filter(({ among }) => among !== "mine");
      const unit = caller.agency ?? "";
      // What is overdue depends on the minute as well.
      const minute = Math.floor(deps.clock.now().getTime() / 60_000);
      const key = [unit, minute, ...shared.map((list) => list.key)].join(" ");
      const at = performance.now();
      const found = kept.get(key);
      const known = found === undefined || deps.moves.isMovedSince(unit, found.at) ? undefined : found;
      if (known !== undefined && at - known.at > KEPT_MS) countAgain(key, caller, shared);
      const [mine, ours] = await Promise.all([
        own.length === 0 ? new Map<string, number>() : countWorkLists(db, deps, caller, own),
        known?.counts ?? countWorkLists(db, deps, caller, shared),
      ]);
      if (known === undefined) kept.set(key, { at, counts: ours });
      return new Map([...mine, ...ours]);
    },
    async loads(agency) {
      const unit = agency ?? "";
      const found = keptLoads.get(unit);
      if (found !== undefined && !deps.moves.isMovedSince(unit, found.at)) return found.loads;
      const at = performance.now();
      const loads = await loadsOf(deps, agency);
      keptLoads.set(unit, { at, loads });
      return loads;
    },
  };
}

/** One question for all of them. */
async function countWorkLists(
  db: Knex,
  { clock }: Pick<Deps, "clock">,
  caller: Caller,
  lists: readonly WorkList[],
): Promise<Map<string, number>> {
  const counts = lists.map(({ among, where }) => {
    const parts = PARTS[among].map((part) =>
      [
        "select 1 from dossiers d where d.closed_at is null",
        part,
        ...(where === undefined ? [] : [where]),
      ].join(" and "),
    );
    return `(select count(*)::int from (${parts.join(" union all ")} limit :most) n)`;
  });
  const { rows } = await db.raw<{ rows: { counts: number[] }[] }>(
    `select array[${counts.join(", ")}] as counts`,
    { ...bindingsOf(caller, clock.now()), most: MOST_COUNTED + 1 },
  );
  return new Map(lists.map(({ key }, at) => [key, rows[0]?.counts[at] ?? 0]));
}
