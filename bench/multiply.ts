import type { Knex } from "knex";

/**
 * Copies the closed dossiers of an archive, with their people and under codes of their own, until there are so many:
 * what is open stays as much as it was. Without history and messages it is enough for what reads the record alone, as
 * the work lists do, and a thing of minutes where the generator takes half an hour. Such a database is for nothing else.
 */
export async function multiplyDossiers(owner: Knex, wanted: number): Promise<number> {
  const { rows } = await owner.raw<{ rows: { column: string }[] }>(
    `select column_name as column from information_schema.columns
      where table_schema = 'public' and table_name = 'dossiers' and is_generated = 'NEVER' order by ordinal_position`,
  );
  const columns = rows.map(({ column }) => column).filter((column) => column !== "id");
  const copied = columns.map((column) =>
    column === "code"
      ? "d.code || '-' || n"
      : column === "portal_code"
        ? "d.portal_code || '-' || n"
        : `d.${column}`,
  );
  await owner.raw("set statement_timeout = 0");
  const count = async () => Number((await owner("dossiers").count<{ count: string }[]>())[0]?.count);
  for (let n = 2; (await count()) < wanted; n++)
    await owner.raw(
      `with copied as (
         insert into dossiers (${columns.join(", ")})
         select ${copied.join(", ")} from dossiers d cross join (select ?::int as n) k
          where d.closed_at is not null and d.code !~ '-[0-9]+-[0-9]+-[0-9]+$' order by d.id
         returning id, code)
       insert into dossier_people (dossier_id, applicant, owner, authorisation, note, identity_number, search)
       select c.id, p.applicant, p.owner, p.authorisation, p.note, p.identity_number, p.search || ' ' || c.code
         from copied c join dossiers d on d.code = regexp_replace(c.code, '-[0-9]+$', '')
         join dossier_people p on p.dossier_id = d.id`,
      [n],
    );
  await owner.raw("vacuum analyze dossiers");
  await owner.raw("vacuum analyze dossier_people");
  return count();
}
