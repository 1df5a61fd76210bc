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

/** Settles a reserved number: issued with the sealed paper, or cancelled with the reason. */
export async function settleNumber(
  db: Knex,
  reserved: Pick<ReservedNumber, "agency" | "year" | "number">,
  state: "issued" | "cancelled",
  at: Date,
  reason: string | null = null,
): Promise<void> {
  await db("document_numbers")
    .where({ agency: reserved.agency, year: reserved.year, number: reserved.number })
    .update({ state, reason, settled_at: at });
}

function abbreviation({ key, kind }: Agency): string {
  return key !== null && kind !== "committee" ? key : "UBND";
}
