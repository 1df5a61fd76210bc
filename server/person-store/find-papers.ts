import type { Knex } from "knex";
import { checklist } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { dayOf } from "../forms/moments.ts";
import { ownerKey } from "./owner.ts";
import type { Identity } from "./owner.ts";
import { isAskedFor } from "./paper-kinds.ts";
import { noteUse } from "./uses.ts";

/** One of a person's papers in force today. */
export interface KeptPaper {
  id: number;
  source: "scan" | "result";
  paperCode: string;
  kindName: string | null;
  title: string;
  number: string | null;
  issuedOn: string | null;
  validTo: string | null;
  issuer: string | null;
  agency: string;
  digitizedAt: Date;
  documentIds: number[];
}

/** A paper of the store that a component of the procedure asks for. */
export interface OfferedPaper extends Omit<KeptPaper, "paperCode" | "kindName" | "documentIds"> {
  /** The component it would stand for. */
  documentCode: string;
}

export interface StoreSearch {
  holder: Identity;
  declaration: Declaration;
  case: string | null;
  /** The person, or who acts for him, stands at the counter. */
  present: boolean;
}

/**
 * The papers of a person that this procedure asks for and this desk may use today, the newest first for each component.
 * Papers that another unit took in are answered only with the person present. The person has agreed by then: who asks
 * makes sure of it. The look is noted, whatever is found.
 */
export async function findPapers(
  deps: Deps,
  db: Knex,
  caller: Caller,
  search: StoreSearch,
): Promise<OfferedPaper[]> {
  const owner = ownerKey(deps.secrets, search.holder);
  const kept = await papersInForce(deps, db, owner);
  const usable = kept.filter(({ agency }) => search.present || agency === caller.agency);
  const offered = checklist(search.declaration, search.case).flatMap((paper) =>
    usable
      .filter((one) => isAskedFor(one, search.declaration.code, paper))
      .map((one) => offerOf(one, paper.code)),
  );
  await noteUse(db, deps, caller, {
    action: "look",
    owner,
    entries: [...new Set(offered.map(({ id }) => id))],
    procedureCode: search.declaration.code,
    present: search.present,
  });
  return offered;
}

function offerOf(paper: KeptPaper, documentCode: string): OfferedPaper {
  const { id, source, title, number, issuedOn, validTo, issuer, agency, digitizedAt } = paper;
  return { documentCode, id, source, title, number, issuedOn, validTo, issuer, agency, digitizedAt };
}

/**
 * A person's papers that may be used today: in force, within their time, and of no dossier whose identity was corrected,
 * for then nobody knows whose they were taken to be. `lock` keeps them so until the transaction ends.
 */
export async function papersInForce(
  deps: Pick<Deps, "clock" | "secrets">,
  db: Knex,
  owner: Buffer,
  lock = false,
): Promise<KeptPaper[]> {
  const { rows } = await db.raw<{
    rows: (Omit<KeptPaper, "number" | "documentIds"> & { cipher: Buffer | null; documentIds: string[] })[];
  }>(`${IN_FORCE}${lock ? " for share of s" : ""}`, { owner, today: dayOf(deps.clock.now()) });
  return rows.map(({ cipher, documentIds, ...row }) => ({
    ...row,
    number: cipher === null ? null : deps.secrets.decrypt(cipher),
    documentIds: documentIds.map(Number),
  }));
}

const IN_FORCE = `
  select s.id, s.source, s.paper_code as "paperCode", s.kind_name as "kindName", s.title, s.number as cipher,
    s.issued_on as "issuedOn", s.valid_to as "validTo", s.issuer, s.agency, s.digitized_at as "digitizedAt",
    s.document_ids as "documentIds"
  from person_store s
  where s.owner_hmac = :owner and s.state = 'in-force'
    and (s.valid_from is null or s.valid_from <= :today::date) and (s.valid_to is null or s.valid_to >= :today::date)
    and not exists (select from events e where e.dossier_id = s.dossier_id and e.type = 'CORRECT'
      and jsonb_exists_any(e.data -> 'paths', array['applicant.identity.type', 'applicant.identity.number',
        'owner.identity.type', 'owner.identity.number']))
  order by s.digitized_at desc, s.id desc`;
