import type { Knex } from "knex";

/** Names and phone numbers that were stored as typed, with blanks too many or between figures, are found as well. */
export async function up(knex: Knex): Promise<void> {
  const figures = (column: string) =>
    `regexp_replace(regexp_replace(coalesce(${column} ->> 'phone', ''), '\\D', '', 'g'), '^84(\\d{9})$', '0\\1')`;
  await knex.raw(`
    update dossier_people
       set search = btrim(regexp_replace(search, '\\s+', ' ', 'g')) || ' ' || ${figures("applicant")}
                    || ' ' || ${figures("owner")}
     where search ~ '\\s\\s' or applicant ->> 'phone' ~ '^84|\\D' or owner ->> 'phone' ~ '^84|\\D'
  `);
}

export function down(): Promise<void> {
  throw new Error("migrations go forward only");
}
