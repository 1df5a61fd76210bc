import type { Knex } from "knex";
import type { Tier } from "../../workflows/declaration.ts";

/**
 * What the national portal counts of digitization (Decision 766, indicators 4.1, 4.2, 4.3), in numbers of dossiers and
 * of components. Counted are the dossiers received in the period, by NgayTiepNhan; those without are not.
 */
export interface DigitizationCounts {
  received: number;
  /** With a file of at least one component and, where the work is done and gives a paper, the result's file too. */
  digitized: number;
  /** Papers that were handed in or came out of the store, but those that are only shown or were stated to need no scan. */
  components: number;
  /** Those of them that have a file. */
  componentsDigitized: number;
  /** Whose work is done (9, 10) and gives a paper; a denial is a paper too. */
  resultsDue: number;
  resultsIssued: number;
  /** With at least one component out of the person's store. */
  reusing: number;
}

/** In percent with two decimals, half up; null where there is nothing to divide by. */
export interface DigitizationRates {
  dossiers: number | null;
  components: number | null;
  results: number | null;
  reuse: number | null;
}

export function digitizationRates(counts: DigitizationCounts): DigitizationRates {
  return {
    dossiers: percent(counts.digitized, counts.received),
    components: percent(counts.componentsDigitized, counts.components),
    results: percent(counts.resultsIssued, counts.resultsDue),
    reuse: percent(counts.reusing, counts.received),
  };
}

/** Counts of several tiers or units as one: rates are made of sums, never of rates. */
export function sumOfCounts(all: readonly DigitizationCounts[]): DigitizationCounts {
  const sum = (name: keyof DigitizationCounts) => all.reduce((total, counts) => total + counts[name], 0);
  return {
    received: sum("received"),
    digitized: sum("digitized"),
    components: sum("components"),
    componentsDigitized: sum("componentsDigitized"),
    resultsDue: sum("resultsDue"),
    resultsIssued: sum("resultsIssued"),
    reusing: sum("reusing"),
  };
}

function percent(part: number, whole: number): number | null {
  // In whole hundredths of a percent, so that 2.675 does not become 2.67.
  return whole === 0 ? null : Math.floor((part * 20_000 + whole) / (2 * whole)) / 100;
}

export interface CountsOfTier extends DigitizationCounts {
  tier: Tier;
}

/**
 * The counts by tier of the deciding agency, for the dossiers received from `from` until before `to` (moments), of these
 * deciding agencies or of all. `db` may act as `statistics`. Tiers without a dossier are not answered.
 */
export async function digitizationCounts(
  db: Knex,
  { from, to, agencies }: { from: Date; to: Date; agencies?: readonly string[] },
): Promise<CountsOfTier[]> {
  const { rows } = await db.raw<{ rows: CountsOfTier[] }>(COUNTS, {
    from,
    to,
    agencies: agencies === undefined ? null : [...agencies],
  });
  return rows;
}

/** The papers that are kept are read once for each version of a procedure, not for each dossier. */
const COUNTS = `
  with chosen as (
    select d.id, d.tier, d.status, d.procedure_version_id as version, d.facts
      from dossiers d
     where d.received_at >= :from and d.received_at < :to
       and (:agencies::text[] is null or d.agency = any(:agencies::text[]))
  ), kept as (
    select v.id as version, coalesce(v.declaration #>> '{result,paper}', 'true') <> 'false' as gives_paper,
        coalesce(array_agg(p ->> 'code') filter (where p ->> 'kind' is null and p ->> 'handling' = 'submit'), '{}') as codes
      from procedure_versions v left join lateral jsonb_array_elements(v.declaration -> 'documents') p on true
     where v.id in (select version from chosen)
     group by v.id
  ), counted as (
    select c.id, c.tier, c.status in (9, 10) as done,
        k.gives_paper or c.facts ->> 'outcome' = 'deny' as gives_paper,
        coalesce((c.facts ->> 'sealed')::boolean, false) as issued,
        (select count(*)::int from jsonb_object_keys(c.facts -> 'received') code
          where code = any(k.codes) and not jsonb_exists(c.facts -> 'notApplicable', code)) as components,
        (select count(*)::int from jsonb_object_keys(c.facts -> 'received') code
          where code = any(k.codes) and not jsonb_exists(c.facts -> 'notApplicable', code)
            and jsonb_exists(c.facts -> 'files', code)) as scanned,
        exists (select from documents x where x.dossier_id = c.id and x.store_entry is not null) as reuses
      from chosen c join kept k on k.version = c.version
  )
  select tier, count(*)::int as received,
      (count(*) filter (where scanned > 0 and (issued or not (done and gives_paper))))::int as digitized,
      sum(components)::int as components, sum(scanned)::int as "componentsDigitized",
      (count(*) filter (where done and gives_paper))::int as "resultsDue",
      (count(*) filter (where done and gives_paper and issued))::int as "resultsIssued",
      (count(*) filter (where reuses))::int as reusing
    from counted group by tier order by tier`;
