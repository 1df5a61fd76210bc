import type { Knex } from "knex";
import type { DossierRecord } from "../dossier/record.ts";

/** What the nights and the worker reckoned of an open dossier, as far as it is told by now. */
export interface ToldRisk {
  /** Late if its steps take as long as half of them do here, or as nine in ten do. */
  risk: "likely" | "possible";
  /** From the working day before the due day on: the day that an apology may promise instead. */
  promise: Date | null;
}

export const RISK_WORDS: Readonly<Record<ToldRisk["risk"], string>> = {
  likely: "Nhiều khả năng trễ",
  possible: "Có nguy cơ trễ",
};

/** Undefined where it is not likely to be late, not told yet, or reckoned before the dossier moved on. */
export async function lateRiskOf(db: Knex, dossier: DossierRecord, now: Date): Promise<ToldRisk | undefined> {
  if (dossier.closedAt !== null || dossier.dueAt === null || dossier.dueAt <= now) return undefined;
  if (dossier.status !== 2 && dossier.status !== 4) return undefined;
  const { rows } = await db.raw<{ rows: ToldRisk[] }>(
    `select case when likely_from <= :now then 'likely' else 'possible' end as risk,
            case when prepare_from <= :now then suggested_due end as promise
       from late_risks where dossier_id = :id and head_seq = :headSeq and due_at = :dueAt and shown_from <= :now`,
    { id: dossier.id, headSeq: dossier.headSeq, dueAt: dossier.dueAt, now },
  );
  return rows[0];
}
