import type { Knex } from "knex";
import { chartTierOf } from "../catalogue/agencies.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Agencies } from "../catalogue/units.ts";
import { COLUMNS, SHOWN, type BehindDossier } from "./dossiers-behind.ts";
import { conditionOf, type FigureFilter } from "./filter.ts";
import type { Counted, IndicatorId } from "./index-766.ts";
import { daysLater } from "./vietnam-days.ts";

/** Indicators whose numerator and denominator are dossiers. */
export type DossierIndicator = Exclude<IndicatorId, "3.1" | "3.2" | "3.5b"> | "2.2";

/** `k` tells what the dossier's version of the procedure says: whether it gives a paper, has a fee, which papers are kept. */
export const RECEIVED = "d.received_on between :from and :to";
const SYNCED = `exists (select from outbox o where o.dossier_id = d.dossier_id and o.kind = 'dossier' and o.state = 'delivered')`;
const DONE = "x.status in (9, 10)";
const GIVES_PAPER = "(k.gives_paper or x.facts ->> 'outcome' = 'deny')";
const ISSUED = "coalesce((x.facts ->> 'sealed')::boolean, false)";
const SCANNED = `exists (select from jsonb_object_keys(x.facts -> 'received') code where code = any(k.codes)
  and jsonb_exists(x.facts -> 'files', code) and not jsonb_exists(x.facts -> 'notApplicable', code))`;
const PAID_ONLINE = `exists (select from jsonb_array_elements(x.facts -> 'fees') f
  where f ->> 'state' = 'paid' and f ->> 'method' = 'online')`;
const ALL_NOTHING = `(jsonb_array_length(x.facts -> 'fees') > 0
  and not exists (select from jsonb_array_elements(x.facts -> 'fees') f where (f ->> 'amount')::bigint > 0))`;

/** Of each indicator which dossiers are counted below the line, and which of those above it. */
const CONDITIONS: Readonly<Record<DossierIndicator, { below: string; above: string }>> = {
  "1.4": { below: RECEIVED, above: SYNCED },
  "2.1": {
    below: COLUMNS.c3,
    above: `d.supplements <= 1 and ((${COLUMNS.c8}) or (${COLUMNS.c9}) or (${COLUMNS.c12}))`,
  },
  // An average has no numerator of dossiers: both sides are those that it is taken over.
  "2.2": { below: `${RECEIVED} and d.end_status in (9, 10)`, above: "true" },
  "3.3": {
    below: RECEIVED,
    above: `d.channel = 'online' and (${ISSUED} or not ${GIVES_PAPER})`,
  },
  "3.6": { below: `${RECEIVED} and k.has_fee and not ${ALL_NOTHING}`, above: PAID_ONLINE },
  "4.1": { below: `${RECEIVED} and ${DONE} and ${GIVES_PAPER}`, above: ISSUED },
  "4.2": { below: RECEIVED, above: `${SCANNED} and (${ISSUED} or not (${DONE} and ${GIVES_PAPER}))` },
  "4.3": {
    below: RECEIVED,
    above: "exists (select from documents y where y.dossier_id = d.dossier_id and y.store_entry is not null)",
  },
};

export const DOSSIER_INDICATORS = Object.keys(CONDITIONS) as DossierIndicator[];

/** What makes a procedure count above the line of an indicator of services: its dossiers filed, or paid for, online. */
const OF_SERVICE = {
  "3.2": `${RECEIVED} and d.channel = 'online'`,
  "3.5b": `${RECEIVED} and ${PAID_ONLINE}`,
} as const;

/** Indicators that have lists of dossiers: those of services one list a procedure. */
export type ListedIndicator = DossierIndicator | keyof typeof OF_SERVICE;

export function isOfService(id: string): id is keyof typeof OF_SERVICE {
  return id in OF_SERVICE;
}

/** Which dossiers come into question at all: those received in the period or still open when it began, by the index of days. */
export const WITH_RULES = (sql: string) => `
  with rules as materialized (
    select v.id as version, coalesce(v.declaration #>> '{result,paper}', 'true') <> 'false' as gives_paper,
        exists (select from jsonb_array_elements(v.declaration -> 'fees') f
          where f ->> 'kind' = 'varies' or (f ->> 'kind' = 'fixed' and (f ->> 'amount')::bigint > 0)) as has_fee,
        array(select p ->> 'code' from jsonb_array_elements(v.declaration -> 'documents') p
          where p ->> 'kind' is null and p ->> 'handling' = 'submit') as codes
      from procedure_versions v
     where v.code in (select distinct procedure_code from statistic_dossiers d where
       (d.received_on between :from and :to or d.ended_on is null or d.ended_on >= :from) and d.received_on <= :to)
  ), asked as (
    select d.dossier_id from statistic_dossiers d
     where d.received_on <= :to and (d.received_on >= :from or d.ended_on is null or d.ended_on >= :from) ${sql}
  )`;

export const FROM = `from asked join statistic_dossiers d using (dossier_id) join statistic_units u on u.unit = d.unit
  join dossiers x on x.id = d.dossier_id join rules k on k.version = x.procedure_version_id`;

/** Numerators and denominators of the dossiers' indicators, by tier (of all tiers, add them up). */
export async function indexCounts(
  db: Knex,
  filter: FigureFilter,
): Promise<Map<string, Record<DossierIndicator, Counted>>> {
  const { sql, values } = conditionOf(filter, "d.");
  const columns = DOSSIER_INDICATORS.flatMap((id) => {
    const { below, above } = CONDITIONS[id];
    const name = id.replace(".", "_");
    return [
      `(count(*) filter (where ${below} and (${above})))::int as "above_${name}"`,
      `(count(*) filter (where ${below}))::int as "below_${name}"`,
    ];
  });
  const { rows } = await db.raw<{ rows: (Record<string, number> & { tier: string })[] }>(
    `${WITH_RULES(sql)} select d.tier, ${columns.join(", ")} ${FROM} group by d.tier order by d.tier`,
    { ...values, ...daysOf(filter) },
  );
  return new Map(
    rows.map((row) => [
      row.tier,
      Object.fromEntries(
        DOSSIER_INDICATORS.map((id) => {
          const name = id.replace(".", "_");
          return [id, { numerator: row[`above_${name}`] ?? 0, denominator: row[`below_${name}`] ?? 0 }];
        }),
      ) as Record<DossierIndicator, Counted>,
    ]),
  );
}

/** The dossiers above or below an indicator's line, the next `limit` after a code. */
export async function dossiersOfIndicator(
  db: Knex,
  id: ListedIndicator,
  part: "above" | "below",
  filter: FigureFilter,
  page: { after?: string; limit: number },
): Promise<{ items: BehindDossier[]; nextCursor: string | null }> {
  const { sql, values } = conditionOf(filter, "d.");
  const { rows } = await db.raw<{ rows: BehindDossier[] }>(
    `${WITH_RULES(sql)} select ${SHOWN} ${FROM} where ${partOf(id, part)} and d.code > :after
      order by d.code limit :limit`,
    { ...values, ...daysOf(filter), after: page.after ?? "", limit: page.limit + 1 },
  );
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.code ?? null) : null };
}

/** All of them, to be read by a cursor. */
export function indicatorQuery(
  id: ListedIndicator,
  part: "above" | "below",
  filter: FigureFilter,
): { sql: string; values: Record<string, unknown> } {
  const { sql, values } = conditionOf(filter, "d.");
  return {
    sql: `${WITH_RULES(sql)} select ${SHOWN} ${FROM} where ${partOf(id, part)} order by d.code`,
    values: { ...values, ...daysOf(filter) },
  };
}

/** How many they are. */
export async function countOfIndicator(
  db: Knex,
  id: ListedIndicator,
  part: "above" | "below",
  filter: FigureFilter,
): Promise<number> {
  const { sql, values } = conditionOf(filter, "d.");
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `${WITH_RULES(sql)} select count(*)::int as count ${FROM} where ${partOf(id, part)}`,
    { ...values, ...daysOf(filter) },
  );
  return rows[0]?.count ?? 0;
}

function partOf(id: ListedIndicator, part: "above" | "below"): string {
  if (isOfService(id)) return OF_SERVICE[id];
  const { below, above } = CONDITIONS[id];
  return part === "below" ? below : `${below} and (${above})`;
}

export function daysOf({ from, to }: FigureFilter) {
  return { from, to, before: daysLater(from, -1) };
}

/** A procedure as the indicators of services count it. */
export interface CountedProcedure {
  code: string;
  name: string;
  online: boolean;
  hasFee: boolean;
  /** Received in the period: filed online; with a fee that was paid online. */
  filedOnline: number;
  paidOnline: number;
}

/** The procedures that these units decide (all of the province without), with what came in of each in the period. */
export async function indexProcedures(
  db: Knex,
  { agencies, catalogue }: { agencies: Agencies; catalogue: Pick<Catalogue, "all"> },
  filter: FigureFilter,
): Promise<CountedProcedure[]> {
  const { sql, values } = conditionOf(filter, "d.");
  const { rows } = await db.raw<{ rows: { code: string; filed: number; paid: number }[] }>(
    `select d.procedure_code as code, (count(*) filter (where d.channel = 'online'))::int as filed,
            (count(*) filter (where ${PAID_ONLINE}))::int as paid
       from statistic_dossiers d join dossiers x on x.id = d.dossier_id where ${RECEIVED} ${sql} group by 1`,
    { ...values, ...daysOf(filter) },
  );
  const came = new Map(rows.map((row) => [row.code, row]));
  const units = (filter.units ?? agencies.all.map(({ code }) => code)).flatMap((code) => {
    const unit = agencies.get(code);
    return unit === undefined ? [] : [unit];
  });
  // Of the 75 communes one stands for all: what a unit decides depends on its kind and key.
  const kinds = [...new Map(units.map((unit) => [`${unit.kind} ${unit.key ?? ""}`, unit])).values()];
  return catalogue.all
    .filter(({ declaration }) =>
      kinds.some((unit) => {
        const tier = chartTierOf(declaration, unit);
        return tier !== undefined && (filter.tiers?.includes(tier) ?? true);
      }),
    )
    .filter(({ declaration }) => filter.fields?.includes(declaration.field) ?? true)
    .map(({ code, declaration }) => ({
      code,
      name: declaration.displayName ?? declaration.name,
      online: declaration.onlineLevel >= 3,
      hasFee: declaration.fees.some(
        ({ kind, amount }) => kind === "varies" || (kind === "fixed" && (amount ?? 0) > 0),
      ),
      filedOnline: came.get(code)?.filed ?? 0,
      paidOnline: came.get(code)?.paid ?? 0,
    }));
}

/** The three indicators of services from their procedures. Pure. */
export function serviceCounts(
  procedures: readonly CountedProcedure[],
): Record<"3.1" | "3.2" | "3.5b", Counted> {
  const online = procedures.filter((procedure) => procedure.online);
  const paid = procedures.filter((procedure) => procedure.hasFee);
  return {
    "3.1": { numerator: online.length, denominator: procedures.length },
    "3.2": {
      numerator: online.filter(({ filedOnline }) => filedOnline > 0).length,
      denominator: online.length,
    },
    "3.5b": { numerator: paid.filter(({ paidOnline }) => paidOnline > 0).length, denominator: paid.length },
  };
}

/** Counts of several tiers as one. */
export function addUp(
  byTier: ReadonlyMap<string, Record<DossierIndicator, Counted>>,
): Record<DossierIndicator, Counted> {
  return Object.fromEntries(
    DOSSIER_INDICATORS.map((id) => {
      const all = [...byTier.values()].map((counts) => counts[id]);
      return [
        id,
        {
          numerator: all.reduce((sum, { numerator }) => sum + numerator, 0),
          denominator: all.reduce((sum, { denominator }) => sum + denominator, 0),
        },
      ];
    }),
  ) as Record<DossierIndicator, Counted>;
}

/** Indicator 2.2: of the dossiers received in the period that are done (9, 10), how many days they took together. */
export async function timeTaken(db: Knex, filter: FigureFilter): Promise<{ dossiers: number; days: number }> {
  const { sql, values } = conditionOf(filter, "d.");
  const { rows } = await db.raw<{ rows: { dossiers: number; days: number | null }[] }>(
    `select count(*)::int as dossiers, (sum(extract(epoch from d.ended_at - d.received_at)) / 86400)::float8 as days
       from statistic_dossiers d where ${RECEIVED} and d.end_status in (9, 10) ${sql}`,
    { ...values, ...daysOf(filter) },
  );
  return { dossiers: rows[0]?.dossiers ?? 0, days: rows[0]?.days ?? 0 };
}
