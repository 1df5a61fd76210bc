import type { Caller, Deps } from "../dossier/deps.ts";
import type { Person } from "../dossier/record.ts";

export interface EarlierPerson {
  person: Person;
  /** The dossier that knew him. */
  code: string;
  receivedAt: Date | null;
}

/**
 * Who this identity number was in the last dossier that the caller's unit received; undefined when it never met him.
 * Other units' dossiers are not looked at: what a person told one office is not another's to use.
 */
export async function earlierPerson(
  deps: Deps,
  caller: Caller,
  { type, number }: { type: string; number: string },
): Promise<EarlierPerson | undefined> {
  const { rows } = await deps.db.raw<{ rows: EarlierPerson[] }>(
    `select p.applicant as person, d.code, d.received_at as "receivedAt"
       from dossier_people p join dossiers d on d.id = p.dossier_id
      where p.identity_number = ? and p.applicant #>> '{identity,type}' = ? and d.intake_agency = ? order by d.id desc limit 1`,
    [number, type, caller.agency],
  );
  return rows[0];
}

/** Open dossiers of the same person for the same procedure at the caller's unit: likely the one in hand. */
export async function likelyDuplicates(
  deps: Deps,
  caller: Caller,
  { number, procedureCode }: { number: string; procedureCode: string },
): Promise<{ code: string; submittedAt: Date }[]> {
  const { rows } = await deps.db.raw<{ rows: { code: string; submittedAt: Date }[] }>(
    `select d.code, d.submitted_at as "submittedAt" from dossier_people p join dossiers d on d.id = p.dossier_id
      where p.identity_number = ? and d.intake_agency = ? and d.procedure_code = ? and d.closed_at is null
      order by d.id desc limit 3`,
    [number, caller.agency, procedureCode],
  );
  return rows;
}
