import type { Knex } from "knex";
import type { AccountRole } from "./account.ts";
import type { AccountChange } from "./change-accounts.ts";

/** An account as the administrator sees it. */
export interface AccountRow {
  username: string;
  name: string;
  agency: string;
  agencyName: string;
  roles: AccountRole[];
  active: boolean;
  passwordOnce: boolean;
}

/** Whose account it is, and where he works. */
export interface AccountPerson {
  name: string;
  agency: string;
}

export interface ChangeRow {
  at: Date;
  by: string;
  what: AccountChange;
  /** Roles before and after, or the person's name and unit. */
  detail: { before?: string[] | AccountPerson; after?: string[] | AccountPerson; roles?: string[] };
}

const COLUMNS = `a.username, a.name, a.agency, g.name as "agencyName", a.roles, a.active,
  a.password_once as "passwordOnce"`;

/** The accounts whose user name, name or unit holds the words, without diacritics, by unit and name; and how many. */
export async function searchAccounts(
  db: Knex,
  { q, limit, offset }: { q: string; limit: number; offset: number },
): Promise<{ items: AccountRow[]; total: number }> {
  const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  const { rows } = await db.raw<{ rows: (AccountRow & { total: number })[] }>(
    `select ${COLUMNS}, count(*) over ()::int as total
       from accounts a join agencies g on g.code = a.agency
      where unaccent(a.username || ' ' || a.name || ' ' || g.name || ' ' || g.code) ilike unaccent(?)
      order by a.agency, a.username limit ? offset ?`,
    [like, limit, offset],
  );
  return { items: rows, total: rows[0]?.total ?? 0 };
}

/** One account with what was ever changed in it, the latest first; undefined when there is none. */
export async function readAccount(
  db: Knex,
  username: string,
): Promise<{ account: AccountRow; changes: ChangeRow[] } | undefined> {
  const { rows } = await db.raw<{ rows: AccountRow[] }>(
    `select ${COLUMNS} from accounts a join agencies g on g.code = a.agency where a.username = ?`,
    [username],
  );
  const account = rows[0];
  if (account === undefined) return undefined;
  const changes = await db("account_changes")
    .select<ChangeRow[]>("at", "by_username as by", "what", "detail")
    .where({ username })
    .orderBy("id", "desc")
    .limit(100);
  return { account, changes };
}
