import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import { maskedOwner } from "./owner.ts";

export type UseAction = "look" | "use" | "describe" | "end";

export interface Use {
  action: UseAction;
  owner: Buffer;
  entries: number[];
  procedureCode?: string;
  dossierId?: number;
  present?: boolean;
}

/** Notes who looked at somebody's papers, used or changed them. The line stays: the program cannot take it back. */
export async function noteUse(
  db: Knex,
  { clock }: Pick<Deps, "clock">,
  caller: Caller,
  use: Use,
): Promise<void> {
  await db("person_store_uses").insert({
    at: clock.now(),
    action: use.action,
    by_username: caller.username,
    agency: caller.agency,
    owner_hmac: use.owner,
    entries: use.entries,
    procedure_code: use.procedureCode ?? null,
    dossier_id: use.dossierId ?? null,
    present: use.present ?? null,
  });
}

/** A line of the administrator's list. */
export interface UseLine {
  id: number;
  at: Date;
  action: UseAction;
  by: string;
  byName: string;
  agency: string | null;
  /** The person's number, all but its last three characters hidden; null where nothing was found. */
  owner: string | null;
  titles: string[];
  procedureCode: string | null;
  dossierCode: string | null;
  present: boolean | null;
}

/** Who looked and used, the last first; `before` is the id of the last line of the page before. */
export async function readUses(
  deps: Pick<Deps, "db" | "secrets">,
  filter: { action?: UseAction; by?: string; before?: number; limit: number },
): Promise<UseLine[]> {
  const { rows } = await deps.db.raw<{ rows: (Omit<UseLine, "owner"> & { cipher: Buffer | null })[] }>(
    `select u.id, u.at, u.action, u.by_username as by, coalesce(a.name, u.by_username) as "byName", u.agency,
        u.procedure_code as "procedureCode", d.code as "dossierCode", u.present,
        (select s.owner from person_store s where s.owner_hmac = u.owner_hmac limit 1) as cipher,
        coalesce((select array_agg(s.title order by s.id) from person_store s where s.id = any(u.entries)), '{}') as titles
       from person_store_uses u left join accounts a on a.username = u.by_username
       left join dossiers d on d.id = u.dossier_id
      where (:action::text is null or u.action = :action) and (:by::text is null or u.by_username = :by)
        and (:before::bigint is null or u.id < :before)
      order by u.id desc limit :limit`,
    {
      action: filter.action ?? null,
      by: filter.by ?? null,
      before: filter.before ?? null,
      limit: filter.limit,
    },
  );
  return rows.map(({ cipher, ...row }) => ({
    ...row,
    owner: cipher === null ? null : maskedOwner(deps.secrets, cipher),
  }));
}
