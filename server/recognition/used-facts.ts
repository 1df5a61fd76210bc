import type { Deps } from "../dossier/deps.ts";

/** Number and date ("2022-09-20") that officers took over from these scans as facts of the papers, by document. */
export function usedFacts(deps: Pick<Deps, "db" | "secrets">) {
  return async (documentIds: number[]): Promise<Map<number, { number?: string; date?: string }>> => {
    const rows = await deps
      .db("proposal_decisions")
      .whereIn("document_id", documentIds)
      .where({ decision: "used" })
      .whereIn("field", ["number", "date"])
      .select<{ document_id: number; field: "number" | "date"; value: Buffer }[]>(
        "document_id",
        "field",
        "value",
      );
    const facts = new Map<number, { number?: string; date?: string }>();
    for (const { document_id: id, field, value } of rows)
      facts.set(id, { ...facts.get(id), [field]: deps.secrets.decrypt(value) });
    return facts;
  };
}
