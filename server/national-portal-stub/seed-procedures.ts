import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Pool } from "pg";
import { isRecord } from "./judge-fields.ts";

/**
 * Makes the catalogue what the file says: a JSON array of `{code, name, fieldCode?, fieldName}` with full
 * codes. A field without a code gets one made from its name. Throws when the file is not such an array.
 */
export async function seedProcedures(db: Pool, file: string): Promise<number> {
  const list: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!Array.isArray(list)) throw new Error(`${file}: not a list of procedures`);
  const rows = list.map((item: unknown, index) => {
    if (
      !isRecord(item) ||
      ![item.code, item.name, item.fieldName].every((text) => typeof text === "string")
    ) {
      throw new Error(`${file}: entry ${index} needs code, name and fieldName as text`);
    }
    const fieldName = String(item.fieldName);
    const fieldCode = typeof item.fieldCode === "string" ? item.fieldCode : makeFieldCode(fieldName);
    return { code: item.code, name: item.name, field_code: fieldCode, field_name: fieldName };
  });
  await db.query(
    `with listed as (
       select * from jsonb_to_recordset($1::jsonb) as r (code text, name text, field_code text, field_name text)),
     gone as (delete from procedures where code not in (select code from listed))
     insert into procedures select * from listed
     on conflict (code) do update
       set name = excluded.name, field_code = excluded.field_code, field_name = excluded.field_name`,
    [JSON.stringify(rows)],
  );
  return rows.length;
}

function makeFieldCode(name: string): string {
  return `LV-${createHash("sha256").update(name).digest("hex").slice(0, 6).toUpperCase()}`;
}
