import type { Caller } from "./caller.ts";
import type { Procedure, ProcedureSummary } from "./dossier-view.ts";

/** The province's procedures as anybody can read them. */
export interface Catalogue {
  /** Those that arise in the province. */
  all: readonly ProcedureSummary[];
  /** The whole declaration, read once. */
  get(code: string): Promise<Procedure>;
}

const STEP = "read the catalogue";

/** Reads the list of procedures, page by page. */
export async function readCatalogue(caller: Caller): Promise<Catalogue> {
  const all: ProcedureSummary[] = [];
  for (let cursor: string | null = "0"; cursor !== null;) {
    const page = await readPage(caller, cursor);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  const known = new Map<string, Promise<Procedure>>();
  return {
    all: all
      .filter(({ applicability }) => applicability !== "no-local-case")
      .toSorted((a, b) => (a.code < b.code ? -1 : 1)),
    get(code) {
      const procedure =
        known.get(code) ??
        caller.get<Procedure>("anybody", { method: "GET", path: `/procedures/${code}`, step: STEP });
      known.set(code, procedure);
      return procedure;
    },
  };
}

function readPage(caller: Caller, cursor: string) {
  const path = `/procedures?limit=200&cursor=${cursor}`;
  return caller.get<{ items: ProcedureSummary[]; nextCursor: string | null }>("anybody", {
    method: "GET",
    path,
    step: STEP,
  });
}
