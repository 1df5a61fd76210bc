import type { Knex } from "knex";

/**
 * The next dossier code of an agency for the day of filing (+07:00): `<agency>-<yymmdd>-<4 digits>`, wider past 9999
 * (TT 01/2018, kept by TT 03/2025). One locked counter row per agency and day: called late in the transaction, so
 * that a roll-back leaves no gap and the lock is held for as short as can be.
 */
export async function nextDossierCode(
  trx: Knex.Transaction,
  agency: string,
  submittedAt: string,
): Promise<string> {
  const day = submittedAt.slice(0, 10);
  const { rows } = await trx.raw<{ rows: { last: number }[] }>(
    `insert into dossier_numbers (agency, day, last) values (?, ?, 1)
     on conflict (agency, day) do update set last = dossier_numbers.last + 1
     returning last`,
    [agency, day],
  );
  const last = rows[0]?.last;
  if (last === undefined) throw new Error("the counter gave no number");
  return `${agency}-${day.slice(2).replaceAll("-", "")}-${String(last).padStart(4, "0")}`;
}
