import type { Knex } from "knex";
import type { AccountRole } from "./account.ts";
import { hashPassword, isPassword } from "./passwords.ts";

const STAFF = [
  "frontdesk",
  "specialist",
  "head",
  "leader",
  "clerk",
] as const satisfies readonly AccountRole[];

/** Units that are named by their part in the demonstration and not by a key of their own. */
const NAMED_UNITS = { district: "000.00.32.H30", commune: "000.15.32.H30", chair: "000.00.00.H30" } as const;
const CENTRE = "000.00.20.H30";
const PROVINCE = "000.00.00.H30";

interface DemonstrationAccount {
  username: string;
  agency: string;
  roles: AccountRole[];
}

/**
 * Makes the demonstration accounts, all with this password: staff of every department, one district, one commune and
 * the chair, the centre, an inspector and an administrator. When repeated, applies the password only
 * where it is another; a changed password ends the sessions of the old one. Answers the user names.
 */
export async function applyDemonstrationAccounts(owner: Knex, password: string): Promise<string[]> {
  const accounts = demonstrationAccounts(await findDepartments(owner));
  const usernames = accounts.map(({ username }) => username);
  if (await hasAll(owner, accounts.length, password)) return usernames;
  // One hash for all: they share the password openly, and a hundred hashes would cost seconds.
  const password_hash = await hashPassword(password);
  await owner.transaction(async (trx) => {
    await trx("sessions").whereIn("account_id", demonstrationIds(trx)).delete();
    await trx("accounts")
      .insert(
        accounts.map((account, index) => ({
          ...account,
          name: `Cán bộ Thử ${index + 1}`,
          password_hash,
          active: true,
          demonstration: true,
        })),
      )
      .onConflict("username")
      .merge(["agency", "roles", "password_hash", "active"])
      .where("accounts.demonstration", true);
  });
  return usernames;
}

/** Whether there is nothing to do: all of them are there, active, and share a hash of this password. */
async function hasAll(db: Knex, expected: number, password: string): Promise<boolean> {
  const hashes = await db("accounts")
    .where({ demonstration: true, active: true })
    .groupBy("password_hash")
    .select<{ password_hash: string; n: number }[]>("password_hash", db.raw("count(*) as n"));
  const only = hashes.length === 1 ? hashes[0] : undefined;
  return only?.n === expected && isPassword(password, only.password_hash);
}

function demonstrationIds(db: Knex) {
  return db("accounts").select("id").where("demonstration", true);
}

/** Disables every demonstration account and ends its sessions, for a system that goes into production. Answers how many. */
export async function disableDemonstrationAccounts(owner: Knex): Promise<number> {
  return owner.transaction(async (trx) => {
    await trx("sessions").whereIn("account_id", demonstrationIds(trx)).delete();
    const disabled = await trx("accounts")
      .where({ demonstration: true, active: true })
      .update({ active: false }, ["id"]);
    return disabled.length;
  });
}

async function findDepartments(db: Knex): Promise<{ code: string; key: string }[]> {
  return db("agencies")
    .select<{ code: string; key: string }[]>("code", "key")
    .where("kind", "department")
    .whereNotNull("key")
    .orderBy("code");
}

function demonstrationAccounts(departments: { code: string; key: string }[]): DemonstrationAccount[] {
  const units = [
    ...departments.map(({ code, key }) => [key.toLowerCase(), code] as const),
    ...Object.entries(NAMED_UNITS),
    // Of the departments too (contract.md); last, so that the others keep their names.
    ["ttpvhcc", CENTRE] as const,
  ];
  return [
    { username: "admin", agency: PROVINCE, roles: ["administrator"] },
    { username: "inspector", agency: PROVINCE, roles: ["inspector"] },
    { username: "centre.frontdesk", agency: CENTRE, roles: ["frontdesk"] },
    ...units.flatMap(([unit, agency]) =>
      STAFF.map((role) => ({ username: `${unit}.${role}`, agency, roles: [role] })),
    ),
  ];
}
