import type { Pool } from "pg";
import type { PortalRecord } from "./judge-fields.ts";

/** What the portal holds of a dossier, by its MaHoSo or by the province's number of one filed online. */
export async function findReceived(
  db: Pool,
  code: string,
): Promise<{ MaHoSo: string; dossier: PortalRecord; progress: PortalRecord[] } | undefined> {
  const { rows } = await db.query<{ MaHoSo: string; dossier: PortalRecord; progress: PortalRecord[] }>(
    `select d.code as "MaHoSo", d.record as dossier,
            coalesce((select jsonb_agg(p.record order by p.id) from progress p where p.code = d.code), '[]') as progress
       from dossiers d
      where d.code = coalesce((select f.code from filings f where f.local_code = $1), $1)`,
    [code],
  );
  return rows[0];
}

export interface Summary {
  /** How many dossiers stand in each status. */
  byStatus: Record<string, number>;
  /** Records kept: dossier records, adds and updates, and progress records. */
  messages: number;
  duplicatesIgnored: number;
  outOfOrder: number;
}

export async function summarise(db: Pool): Promise<Summary> {
  const { rows } = await db.query<Summary>(
    `select
       coalesce((select jsonb_object_agg(status, n) from
         (select status, count(*) n from dossiers group by status order by status) s), '{}') as "byStatus",
       ((select coalesce(sum(messages), 0) from dossiers) + (select count(*) from progress))::float8 as messages,
       (select count(*) from irregular where kind = 'duplicate')::float8 as "duplicatesIgnored",
       (select count(*) from irregular where kind = 'out-of-order')::float8 as "outOfOrder"`,
  );
  return rows[0] ?? { byStatus: {}, messages: 0, duplicatesIgnored: 0, outOfOrder: 0 };
}
