import type { Caller, Deps } from "../dossier/deps.ts";
import { findPapers } from "../person-store/find-papers.ts";
import type { OfferedPaper } from "../person-store/find-papers.ts";
import type { Identity } from "../person-store/owner.ts";
import type { FieldErrors } from "../web/form.tsx";
import type { Chosen } from "./chosen-procedure.ts";
import { caseOf, holderNumber, isForAnother, isStoreOpen } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

/** What a person's store has for the checklist in hand. */
export interface StoreOffers {
  byPaper: Map<string, (OfferedPaper & { agencyName: string })[]>;
}

/** Reads the search in the store as it was asked for: without consent, or without a number, there is none. */
export function storeAsked(typed: Typed): { typed: Typed; errors: FieldErrors } {
  const number = holderNumber(typed);
  const path = isForAnother(typed) ? "owner" : "applicant";
  const errors = {
    ...(number === ""
      ? { [`${path}.identity.number`]: "Hãy nhập số định danh trước khi tìm trong kho giấy tờ." }
      : {}),
    ...(typed._khoDongY === "co"
      ? {}
      : { _khoDongY: "Hãy hỏi người nộp và đánh dấu khi người nộp đồng ý cho tìm trong kho giấy tờ." }),
  };
  if (Object.keys(errors).length > 0) return { typed: { ...typed, kho: "" }, errors };
  const present = typed._khoCoMat === "co" ? "co" : "";
  return { typed: { ...typed, kho: "co", khoSo: number, khoCoMat: present }, errors };
}

/** The papers of the store for each component; undefined while the person has not agreed. Each call is a look on record. */
export async function offersOf(
  deps: Deps,
  caller: Caller,
  typed: Typed,
  chosen: Chosen | undefined,
): Promise<StoreOffers | undefined> {
  if (chosen === undefined || !isStoreOpen(typed)) return undefined;
  const path = isForAnother(typed) ? "owner" : "applicant";
  const holder: Identity = {
    type: (typed[`${path}.identity.type`] ?? "cccd") as Identity["type"],
    number: holderNumber(typed),
  };
  const offers = await findPapers(deps, deps.db, caller, {
    holder,
    declaration: chosen.declaration,
    case: caseOf(typed),
    present: typed.khoCoMat === "co",
  });
  const byPaper: StoreOffers["byPaper"] = new Map();
  for (const offer of offers)
    byPaper.set(offer.documentCode, [
      ...(byPaper.get(offer.documentCode) ?? []),
      { ...offer, agencyName: deps.agencies.name(offer.agency) },
    ]);
  return { byPaper };
}
