import type { Deps } from "../dossier/deps.ts";

/** A result that a unit of the province issued, as anybody who holds it may know it: nothing of a person. */
export interface IssuedResult {
  /** Its number in the unit's register: "12/QĐ-STP". */
  number: string;
  agency: string;
  issuedAt: Date;
  sha256: string;
}

interface Row {
  number: string;
  agency: string;
  sha256: string;
  at: Date;
}

/** The sealed result with exactly these bytes, if a unit of the province issued one. */
export async function findIssuedByHash(deps: Deps, sha256: string): Promise<IssuedResult | undefined> {
  // By the files' own key first: a file that was never stored costs no search through the papers.
  const { rows } = await deps.db.raw<{ rows: Row[] }>(
    `select d.facts -> 'result' ->> 'number' as number, d.processing_agency as agency, x.sha256, e.at
       from files f join documents x on x.sha256 = f.sha256 join dossiers d on d.id = x.dossier_id
       join events e on e.dossier_id = d.id and e.seq = x.event_seq
      where f.sha256 = ? and d.facts -> 'result' ->> 'sealed' = f.sha256 and e.type = 'SEAL' limit 1`,
    [sha256],
  );
  return told(deps, rows[0]);
}

/** The sealed result of a dossier, if it has one. */
export async function findIssuedByCode(deps: Deps, code: string): Promise<IssuedResult | undefined> {
  const { rows } = await deps.db.raw<{ rows: Row[] }>(
    `select d.facts -> 'result' ->> 'number' as number, d.processing_agency as agency,
            d.facts -> 'result' ->> 'sealed' as sha256, e.at
       from dossiers d join events e on e.dossier_id = d.id and e.type = 'SEAL'
      where d.code = ? and d.facts -> 'result' ->> 'sealed' is not null order by e.seq desc limit 1`,
    [code],
  );
  return told(deps, rows[0]);
}

function told(deps: Deps, row: Row | undefined): IssuedResult | undefined {
  if (row === undefined) return undefined;
  const { number, agency, sha256, at } = row;
  return { number, agency: deps.agencies.name(agency), issuedAt: at, sha256 };
}
