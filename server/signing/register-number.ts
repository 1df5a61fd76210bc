import type { Knex } from "knex";
import type { Agency } from "../catalogue/units.ts";
import type { Deps } from "../dossier/deps.ts";

/** A number of the unit's register of outgoing documents, reserved for one dossier. */
export interface ReservedNumber {
  agency: string;
  year: number;
  number: number;
  /** "12/KQGQ-STP", as the paper shows it. */
  symbol: string;
}

/**
 * Reserves the next number of a unit's register in a short transaction of its own: the paper must carry it before it
 * is signed. Each number is issued later or cancelled with its reason; none is given twice.
 */
export async function reserveNumber(
  deps: Pick<Deps, "db" | "clock">,
  agency: Agency,
  dossierId: number,
  outcome: "grant" | "deny",
): Promise<ReservedNumber> {
  const now = deps.clock.now();
  const year = Number(new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 4));
  return deps.db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { last: number }[] }>(
      `insert into document_counters (agency, year, last) values (?, ?, 1)
       on conflict (agency, year) do update set last = document_counters.last + 1 returning last`,
      [agency.code, year],
    );
    const number = rows[0]?.last;
    if (number === undefined) throw new Error("the register gave no number");
    const symbol = `${number}/${outcome === "deny" ? "CV" : "KQGQ"}-${abbreviation(agency)}`;
    await trx("document_numbers").insert({
      agency: agency.code,
      year,
      number,
      symbol,
      dossier_id: dossierId,
      reserved_at: now,
    });
    return { agency: agency.code, year, number, symbol };
  });
}

/** Whether the dossier goes on with this number: then it is no longer ours to cancel. */
const CARRIED = `exists (select from dossiers d where d.id = n.dossier_id and d.facts #>> '{result,number}' = n.symbol)`;

/**
 * Cancels a reserved number with its reason, unless the dossier carries it: when the connection is lost at the commit,
 * the signature may stand although its caller was not told.
 */
export async function cancelNumber(
  db: Knex,
  { agency, year, number }: ReservedNumber,
  at: Date,
  reason: string,
): Promise<void> {
  await db.raw(
    `update document_numbers n set state = 'cancelled', reason = ?, settled_at = ?
      where agency = ? and year = ? and number = ? and state = 'reserved' and not ${CARRIED}`,
    [reason, at, agency, year, number],
  );
}

/** Enters that the number's paper is sealed and goes out, in the transaction that says so. Throws when it is not ours. */
export async function issueNumber(
  trx: Knex.Transaction,
  dossierId: number,
  symbol: string,
  at: Date,
): Promise<void> {
  const issued = await trx("document_numbers")
    .where({ dossier_id: dossierId, symbol, state: "reserved" })
    .update({ state: "issued", settled_at: at });
  if (issued !== 1) throw new Error(`the number ${symbol} is not reserved for its dossier`);
}

/** Between the reservation of a number and the first look at its signing nothing is concluded, in milliseconds. */
const SETTLING_MS = 2 * 60_000;

/**
 * Cancels the numbers that nobody will use any more, so that the register explains every number: those that a process
 * reserved and was killed before it could use them, and those of signed papers whose dossier ended before the seal.
 * Answers how many.
 */
export async function cancelAbandonedNumbers({ db, clock }: Pick<Deps, "db" | "clock">): Promise<number> {
  const now = clock.now();
  const interrupted = await db.raw<{ rowCount: number }>(
    `update document_numbers n set state = 'cancelled', reason = 'interrupted', settled_at = ?
      where state = 'reserved' and reserved_at < ? and not ${CARRIED}
        and not exists (select from signings s where s.dossier_id = n.dossier_id and s.state = 'running')`,
    [now, new Date(now.getTime() - SETTLING_MS)],
  );
  const ended = await db.raw<{ rowCount: number }>(
    `update document_numbers n set state = 'cancelled', reason = 'dossier-ended', settled_at = ?
      where state = 'reserved' and exists (select from dossiers d where d.id = n.dossier_id
        and d.closed_at is not null and d.facts #>> '{result,sealed}' is null)`,
    [now],
  );
  return interrupted.rowCount + ended.rowCount;
}

function abbreviation({ key, kind }: Agency): string {
  return key !== null && kind !== "committee" ? key : "UBND";
}
