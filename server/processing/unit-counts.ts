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

export interface KeptCounts {
  /** How many dossiers each list has for the caller, at most `MOST_COUNTED` + 1. */
  counts(db: Knex, caller: Caller, lists: readonly WorkList[]): Promise<Map<string, number>>;
  /** Who in the unit handles how many (bulk.ts). */
  loads(agency: string | null): Promise<Load[]>;
}

/** The counts of the lists, those of a unit kept for a moment. */
export function openCounts(deps: Deps): KeptCounts {
  const keptLoads = new LRUCache<string, Load[]>({ max: 1_000, ttl: KEPT_MS });
  const kept = new LRUCache<string, Map<string, number>>({ max: 2_000, ttl: KEPT_MS });
  return {
    async counts(db, caller, lists) {
      const own = lists.filter(({ among }) => among === "mine");
      const shared = lists.filter(({ among }) => among !== "mine");
      const unit = caller.agency ?? "";
      // What is overdue depends on the minute as well.
      const minute = Math.floor(deps.clock.now().getTime() / 60_000);
      const key = [unit, minute, ...shared.map((list) => list.key)].join(" ");
      const known = deps.moves.isRecentIn(unit) ? undefined : kept.get(key);
      const [mine, ours] = await Promise.all([
        own.length === 0 ? new Map<string, number>() : countWorkLists(db, deps, caller, own),
        known ?? countWorkLists(db, deps, caller, shared),
      ]);
      if (known === undefined) kept.set(key, ours);
      return new Map([...mine, ...ours]);
    },
    async loads(agency) {
      const unit = agency ?? "";
      const known = deps.moves.isRecentIn(unit) ? undefined : keptLoads.get(unit);
      const loads = known ?? (await loadsOf(deps, agency));
      if (known === undefined) keptLoads.set(unit, loads);
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
