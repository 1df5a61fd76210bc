import type { Knex } from "knex";
import type { Catalogue } from "../catalogue/catalogue.ts";

export type Method = "cash" | "transfer" | "online";

/** One payment as its PAY event has it. */
export interface Payment {
  dossierCode: string;
  seq: number;
  at: Date;
  officer: string;
  officerName: string;
  agency: string;
  feeCode: string;
  feeName: string;
  /** Whole đồng. */
  amount: number;
  method: Method;
  reference: string;
  ground: string | null;
  payer: string;
  procedureCode: string;
  procedureName: string;
}

type Row = Omit<Payment, "feeName" | "procedureName"> & { versionId: number };

const SELECT = `
  select d.code as "dossierCode", e.seq, e.recorded_at as at, e.actor as officer,
         coalesce(a.name, e.actor) as "officerName", e.actor_agency as agency, e.data ->> 'feeCode' as "feeCode",
         (e.data ->> 'amount')::bigint as amount, e.data ->> 'method' as method,
         coalesce(p.data ->> 'reference', '') as reference, p.data ->> 'ground' as ground,
         coalesce(w.applicant ->> 'name', '') as payer, d.procedure_code as "procedureCode",
         d.procedure_version_id as "versionId"
    from events e
    join dossiers d on d.id = e.dossier_id
    left join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
    left join dossier_people w on w.dossier_id = e.dossier_id
    left join accounts a on a.username = e.actor`;

/** What the officers of a unit took on a day of Vietnam ("2026-11-23"), in order; of one officer where one is named. */
export async function paymentsOf(
  deps: { db: Knex; catalogue: Catalogue },
  { agency, day, officer }: { agency: string; day: string; officer?: string | undefined },
): Promise<Payment[]> {
  const from = new Date(`${day}T00:00:00+07:00`);
  const { rows } = await deps.db.raw<{ rows: Row[] }>(
    `${SELECT}
      where e.type = 'PAY' and e.actor_agency = :agency and e.recorded_at >= :from and e.recorded_at < :to
        and (:officer::text is null or e.actor = :officer)
      order by e.recorded_at, d.code, e.seq`,
    { agency, from, to: new Date(from.getTime() + 86_400_000), officer: officer ?? null },
  );
  return Promise.all(rows.map((row) => named(deps.catalogue, row)));
}

/** One payment of a unit's front desk; undefined where there is none, or it is another unit's. */
export async function paymentAt(
  deps: { db: Knex; catalogue: Catalogue },
  { agency, code, seq }: { agency: string; code: string; seq: number },
): Promise<Payment | undefined> {
  const { rows } = await deps.db.raw<{ rows: Row[] }>(
    `${SELECT} where e.type = 'PAY' and e.actor_agency = ? and d.code = ? and e.seq = ?`,
    [agency, code, seq],
  );
  return rows[0] === undefined ? undefined : named(deps.catalogue, rows[0]);
}

async function named(catalogue: Catalogue, { versionId, ...row }: Row): Promise<Payment> {
  const { declaration } = await catalogue.version(versionId);
  const fee = declaration.fees.find(({ code }) => code === row.feeCode);
  return {
    ...row,
    feeName: fee?.name ?? row.feeCode,
    procedureName: declaration.displayName ?? declaration.name,
  };
}

export interface Total {
  name: string;
  count: number;
  amount: number;
}

/** Sums the payments by what `by` names, the largest first. */
export function totalsBy(payments: readonly Payment[], by: (payment: Payment) => string): Total[] {
  const totals = new Map<string, Total>();
  for (const payment of payments) {
    const name = by(payment);
    const total = totals.get(name) ?? { name, count: 0, amount: 0 };
    totals.set(name, { name, count: total.count + 1, amount: total.amount + payment.amount });
  }
  return [...totals.values()].sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1));
}

export function sumOf(payments: readonly Payment[]): number {
  return payments.reduce((sum, { amount }) => sum + amount, 0);
}
