import type { Knex } from "knex";
import { conditionOf, type FigureFilter } from "./filter.ts";
import { daysOf, FROM, RECEIVED, WITH_RULES } from "./index-counts.ts";

/** What is reported of a tier's digitization beside the indicators: papers that were handed in, and those with a file. */
export interface ComponentCounts {
  tier: string;
  components: number;
  digitized: number;
}

/** Papers that were handed in, but those only shown or stated to need no scan. */
const KEPT = `select code from jsonb_object_keys(x.facts -> 'received') code
  where code = any(k.codes) and not jsonb_exists(x.facts -> 'notApplicable', code)`;
const SCANNED = "jsonb_exists(x.facts -> 'files', p.code)";

/** Papers of the dossiers received in the period, by tier. */
export async function componentCounts(db: Knex, filter: FigureFilter): Promise<ComponentCounts[]> {
  const { sql, values } = conditionOf(filter, "d.");
  const { rows } = await db.raw<{ rows: ComponentCounts[] }>(
    `${WITH_RULES(sql)} select d.tier, sum((select count(*) from (${KEPT}) p))::int as components,
        sum((select count(*) from (${KEPT}) p where ${SCANNED}))::int as digitized
       ${FROM} where ${RECEIVED} group by d.tier order by d.tier`,
    { ...values, ...daysOf(filter) },
  );
  return rows;
}

/** One of these papers. */
export interface Component {
  dossierCode: string;
  procedureCode: string;
  versionId: number;
  unit: string;
  code: string;
  digitized: boolean;
}

export interface ComponentQuery {
  sql: string;
  values: Record<string, unknown>;
}

/** The papers themselves, those with a file or all, in order; to be read by a cursor or page by page. */
export function componentQuery(part: "digitized" | "all", filter: FigureFilter): ComponentQuery {
  const { sql, values } = conditionOf(filter, "d.");
  return {
    sql: `${WITH_RULES(sql)} select d.code as "dossierCode", d.procedure_code as "procedureCode",
        x.procedure_version_id as "versionId", d.unit, p.code, ${SCANNED} as digitized
       ${FROM} cross join lateral (${KEPT}) p where ${RECEIVED} ${part === "digitized" ? `and ${SCANNED}` : ""}
      order by d.code, p.code`,
    values: { ...values, ...daysOf(filter) },
  };
}

/** How many papers a question of `componentQuery` has. */
export async function countComponents(db: Knex, { sql, values }: ComponentQuery): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from (${sql}) c`,
    values as Record<string, string>,
  );
  return rows[0]?.count ?? 0;
}

/** The next papers of such a question, from behind one of them: "dossier~paper", "" for the first. */
export async function nextComponents(
  db: Knex,
  { sql, values }: ComponentQuery,
  { after, limit }: { after: string; limit: number },
): Promise<{ items: Component[]; next: string | null }> {
  const [afterDossier = "", afterCode = ""] = after.split("~");
  const { rows } = await db.raw<{ rows: Component[] }>(
    `select * from (${sql}) c where (c."dossierCode", c.code) > (:afterDossier, :afterCode)
      order by 1, c.code limit :most`,
    { ...(values as Record<string, string>), afterDossier, afterCode, most: limit + 1 },
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { items, next: isMore ? `${last.dossierCode}~${last.code}` : null };
}
