import type pg from "pg";
import { formatDay } from "../../workflows/vietnam-time.ts";
import type { NumbersBefore } from "./numbers.ts";

/** The numbers that units have given already, for runs beside dossiers that are there. */
export async function readNumbers(client: pg.Client, from: number, to: number): Promise<NumbersBefore> {
  const dossiers = await client.query<{ key: string; last: number }>(
    "select agency || ' ' || day as key, last from dossier_numbers where day between $1 and $2",
    [formatDay(from), formatDay(to)],
  );
  const outgoing = await client.query<{ key: string; last: number }>(
    "select agency || ' ' || year as key, last from document_counters",
  );
  const byKey = (rows: { key: string; last: number }[]) =>
    Object.fromEntries(rows.map(({ key, last }) => [key, last]));
  await client.query("create temporary table reached (register text, key text, last int) on commit drop");
  return { dossiers: byKey(dossiers.rows), outgoing: byKey(outgoing.rows) };
}

/** Sets the rows aside that the dossiers will have, and says how many are there already. */
export async function reserveRows(client: pg.Client, dossiers: number) {
  const { rows } = await client.query<{ last: string; held: string; document: string }>(
    `select (select coalesce(max(id), 0) from dossiers) as last, (select count(*) from dossiers) as held,
       (select coalesce(max(id), 0) from documents) as document`,
  );
  const { last, held, document } = rows[0] ?? { last: "0", held: "0", document: "0" };
  await client.query("select setval(pg_get_serial_sequence('dossiers', 'id'), $1::bigint)", [
    Number(last) + dossiers,
  ]);
  return { held: Number(held), firstId: Number(last) + 1, lastDocument: Number(document) };
}

/** Keeps how far a thread's units have come, until all threads are done. */
export async function keepReached(client: pg.Client, { dossiers, outgoing }: NumbersBefore): Promise<void> {
  for (const [register, numbers] of Object.entries({ dossiers, outgoing }))
    await client.query(
      "insert into reached select $1, key, value::int from jsonb_each_text($2::jsonb) as x (key, value)",
      [register, JSON.stringify(numbers)],
    );
}

/** The registers go on after the last number that was given. */
export async function writeNumbers(client: pg.Client): Promise<void> {
  await client.query(
    `insert into dossier_numbers (agency, day, last)
     select split_part(key, ' ', 1), split_part(key, ' ', 2)::date, last from reached where register = 'dossiers'
     on conflict (agency, day) do update set last = excluded.last;
     insert into document_counters (agency, year, last)
     select split_part(key, ' ', 1), split_part(key, ' ', 2)::int, last from reached where register = 'outgoing'
     on conflict (agency, year) do update set last = excluded.last`,
  );
}
