import type { Deps } from "../dossier/deps.ts";

export type NumberState = "reserved" | "issued" | "cancelled";
export const NUMBER_STATES: readonly NumberState[] = ["reserved", "issued", "cancelled"];

export interface RegisterEntry {
  number: number;
  symbol: string;
  state: NumberState;
  /** Code of why it was cancelled. */
  reason: string | null;
  reservedAt: Date;
  settledAt: Date | null;
  dossierCode: string;
  applicantName: string;
  procedureCode: string;
}

export interface RegisterFilter {
  year: number;
  state?: NumberState | undefined;
  /** Part of the number and symbol, of the dossier's code or of the applicant's name. */
  q?: string | undefined;
}

/** More than any unit issues on one page; who has more narrows by number. */
const MOST = 2_000;

/** A unit's register of outgoing documents for one year, in the order of its numbers. */
export async function readRegister(
  { db }: Pick<Deps, "db">,
  agency: string,
  { year, state, q }: RegisterFilter,
): Promise<{ entries: RegisterEntry[]; isCut: boolean }> {
  const sought = q === undefined || q === "" ? null : `%${q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await db.raw<{ rows: RegisterEntry[] }>(
    `select n.number, n.symbol, n.state, n.reason, n.reserved_at as "reservedAt", n.settled_at as "settledAt",
        d.code as "dossierCode", d.procedure_code as "procedureCode",
        coalesce(p.owner ->> 'name', p.applicant ->> 'name') as "applicantName"
       from document_numbers n join dossiers d on d.id = n.dossier_id join dossier_people p on p.dossier_id = d.id
      where n.agency = :agency and n.year = :year
        and (cast(:state as text) is null or n.state = :state)
        and (cast(:sought as text) is null or n.symbol ilike :sought or d.code ilike :sought
          or coalesce(p.owner ->> 'name', p.applicant ->> 'name') ilike :sought)
      order by n.number limit ${MOST + 1}`,
    { agency, year, state: state ?? null, sought },
  );
  return { entries: rows.slice(0, MOST), isCut: rows.length > MOST };
}

/** The years of which a unit's register has numbers, the latest first. */
export async function registerYears({ db }: Pick<Deps, "db">, agency: string): Promise<number[]> {
  const rows = await db
    .select<{ year: number }[]>("year")
    .from("document_counters")
    .where({ agency })
    .orderBy("year", "desc");
  return rows.map(({ year }) => year);
}
