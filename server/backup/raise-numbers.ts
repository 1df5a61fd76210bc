import { connectOwner } from "./tables.ts";

export interface RaisedNumbers {
  /** The day (+07:00) of which every unit's dossier numbers start higher, and with which number at least. */
  day: string;
  dossiersFrom: number;
  year: number;
  documentsFrom: number;
}

/**
 * Sets the counters so far up that no number is given again which was given after the backup and is on printed receipts,
 * on signed papers and at the portal: how many those were nobody knows any more. Dossiers are counted anew each day, so
 * only the present day matters; each unit's next number is beyond its last by more than twice its busiest day, rounded
 * up to a thousand. Outgoing documents are counted by the year: beyond by twice the busiest day for each day since the
 * backup, rounded up to a hundred. The gaps are the honest trace of what was lost.
 */
export async function raiseNumbers(ownerUrl: string, takenAt: Date, now: Date): Promise<RaisedNumbers> {
  const day = new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
  const year = Number(day.slice(0, 4));
  const days = Math.max(1, Math.ceil((now.getTime() - takenAt.getTime()) / 86_400_000) + 1);
  const client = await connectOwner(ownerUrl, "motcua-restore");
  try {
    await client.query("begin");
    const dossiers = await client.query<{ last: number }>(
      `insert into dossier_numbers (agency, day, last)
       select a.code, $1::date, ceil((coalesce(t.last, 0) + greatest(1, 2 * coalesce(b.most, 0))) / 1000.0)::int * 1000
         from agencies a
         left join dossier_numbers t on t.agency = a.code and t.day = $1::date
         left join (select agency, max(given) as most from (
             select agency, count(*)::int as given from dossiers
              group by agency, ((submitted_at at time zone 'UTC') + interval '7 hours')::date) d group by agency) b
           on b.agency = a.code
       on conflict (agency, day) do update set last = excluded.last
       returning last`,
      [day],
    );
    const documents = await client.query<{ last: number }>(
      `insert into document_counters (agency, year, last)
       select a.code, $1::int, ceil((coalesce(t.last, 0) + greatest(1, 2 * $2::int * coalesce(b.most, 0))) / 100.0)::int * 100
         from agencies a
         left join document_counters t on t.agency = a.code and t.year = $1::int
         left join (select agency, max(given) as most from (
             select agency, count(*)::int as given from document_numbers
              group by agency, ((reserved_at at time zone 'UTC') + interval '7 hours')::date) d group by agency) b
           on b.agency = a.code
       on conflict (agency, year) do update set last = excluded.last
       returning last`,
      [year, days],
    );
    await client.query("commit");
    const least = (rows: { last: number }[]) =>
      rows.reduce((low, { last }) => Math.min(low, last), Infinity) + 1;
    return { day, dossiersFrom: least(dossiers.rows), year, documentsFrom: least(documents.rows) };
  } finally {
    await client.end();
  }
}
