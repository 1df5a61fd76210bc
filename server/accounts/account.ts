import type { Knex } from "knex";

/** What somebody may do, each within his unit. */
export const ACCOUNT_ROLES = [
  "frontdesk",
  "specialist",
  "head",
  "leader",
  "clerk",
  "inspector",
  "administrator",
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** Somebody who logs in. */
export interface Account {
  id: number;
  username: string;
  name: string;
  /** The code of his unit. */
  agency: string;
  roles: AccountRole[];
  /** Somebody else set the password: its owner changes it before he does anything else on a page. */
  passwordOnce: boolean;
}

/** The columns that make an Account, for a query that joins `accounts as a`. */
export const ACCOUNT_COLUMNS = [
  "a.id",
  "a.username",
  "a.name",
  "a.agency",
  "a.roles",
  "a.password_once as passwordOnce",
] as const;

/** The active account of this name. */
export async function findAccount(db: Knex, username: string): Promise<Account | undefined> {
  return db("accounts as a")
    .select(...ACCOUNT_COLUMNS)
    .where({ "a.username": username, "a.active": true })
    .first<Account | undefined>();
}
