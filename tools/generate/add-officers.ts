import { randomBytes } from "node:crypto";
import type pg from "pg";
import { hashPassword } from "../../server/accounts/passwords.ts";
import type { Agency } from "../../server/catalogue/units.ts";
import type { StoredFileRow } from "./drawer.ts";
import type { Settings } from "./settings.ts";
import { missingOfficers } from "./staff.ts";
import type { Officer } from "./staff.ts";

/** Adds the accounts that are missing, all under one password of which only the hash is kept. Answers everybody. */
export async function addOfficers(
  client: pg.Client,
  agencies: readonly Agency[],
  { accounts: full, seed }: Settings,
  now: Date,
): Promise<{ all: Officer[]; made: number }> {
  const { rows: present } = await client.query<Officer>(
    "select username, name, agency, roles from accounts where active order by username",
  );
  const made = missingOfficers(agencies, present, { full, seed });
  const hash = await hashPassword(randomBytes(32).toString("base64"));
  await client.query(
    `with made as (
       insert into accounts (username, name, agency, roles, password_hash, password_once, created_at)
       select username, name, agency, roles, $2, true, $3
         from jsonb_to_recordset($1::jsonb) as x (username text, name text, agency text, roles text[])
       returning username, roles)
     insert into account_changes (at, by_username, username, what, detail)
     select $3, 'generate', username, 'created', jsonb_build_object('roles', to_jsonb(roles)) from made`,
    [JSON.stringify(made), hash, now],
  );
  return { all: [...present, ...made], made: made.length };
}

/** Enters the shared papers where they are not known yet. */
export async function addFiles(client: pg.Client, stored: StoredFileRow[], now: Date): Promise<void> {
  await client.query(
    `insert into files (sha256, size, media_type, pages, stored_at)
     select sha256, size, "mediaType", pages, $2
       from jsonb_to_recordset($1::jsonb) as x (sha256 text, size bigint, "mediaType" text, pages int)
     on conflict (sha256) do nothing`,
    [JSON.stringify(stored), now],
  );
}
