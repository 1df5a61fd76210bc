import { CalendarMissing, toVietnamIso } from "../../workflows/calendar.ts";
import { checklist, limitFor } from "../../workflows/declaration.ts";
import type { Declaration, DocumentDeclaration } from "../../workflows/declaration.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import { deadlineLedger } from "../../workflows/ledger.ts";
import type { LedgerLine } from "../../workflows/ledger.ts";
import { decidingAgencies } from "../catalogue/agencies.ts";
import type { ProcedureSearch } from "../catalogue/search.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { mayReceive } from "./check-filing.ts";
import { caseOf, given } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

const FOUND = 12;

/** What is known of the chosen procedure, for this unit and this moment. */
export interface Chosen {
  declaration: Declaration;
  papers: DocumentDeclaration[];
  /** Units for which this front desk may receive it. */
  agencies: { code: string; name: string }[];
  dueAt: string | null;
  provisional: boolean;
  /** Why there is no date. */
  dueReason?: string;
  ledger: LedgerLine[];
}

/** The procedures that these words find and this front desk may receive. */
export function findReceivable(deps: Deps & { search: ProcedureSearch }, query: string, caller: Caller) {
  const { items } = deps.search.search(query, {}, FOUND * 4, 0);
  const unit = caller.agency === null ? undefined : deps.agencies.get(caller.agency);
  const mine = (declaration: (typeof items)[number]) =>
    unit !== undefined && receivable(deps, declaration, unit.code).length > 0;
  return items
    .filter(mine)
    .slice(0, FOUND)
    .map((declaration) => ({
      code: declaration.code,
      name: declaration.displayName ?? declaration.name,
      field: declaration.field,
    }));
}

/** The units for which this front desk may receive a procedure, its own first. */
function receivable(deps: Deps, declaration: Chosen["declaration"], unitCode: string) {
  const unit = deps.agencies.get(unitCode);
  if (unit === undefined) return [];
  return decidingAgencies(declaration, deps.agencies.all)
    .flatMap((code) => deps.agencies.get(code) ?? [])
    .filter((agency) => mayReceive(declaration, agency, unit))
    .sort((a, b) => Number(b.code === unit.code) - Number(a.code === unit.code))
    .map(({ code, name }) => ({ code, name }));
}

/** What the sheet shows of the chosen procedure; undefined while none is chosen. */
export async function chosenOf(deps: Deps, typed: Typed, caller: Caller): Promise<Chosen | undefined> {
  const version = deps.catalogue.current(typed.procedureCode ?? "");
  if (version === undefined || caller.agency === null) return undefined;
  const { declaration } = version;
  const caseCode = caseOf(typed);
  const agencies = receivable(deps, declaration, caller.agency);
  const limit = limitFor(declaration, caseCode, typed.channel === "postal" ? "postal" : "counter");
  const papers = checklist(declaration, caseCode).filter(({ onlyChannel }) => onlyChannel !== "online");
  const base = { declaration, papers, agencies };
  if (limit === null)
    return {
      ...base,
      dueAt: null,
      provisional: false,
      dueReason: "Thủ tục không công bố thời hạn.",
      ledger: [],
    };
  const clock = {
    acceptedAt: toVietnamIso(deps.clock.now().getTime()),
    limit: { value: limit.value, unit: limit.unit },
    pauses: [],
  };
  try {
    const calendar = await deps.calendarOf(given(typed.agencyCode) ?? agencies[0]?.code ?? caller.agency);
    const { dueAt, provisional } = reckonDeadline(clock, calendar);
    return { ...base, dueAt, provisional, ledger: deadlineLedger(clock, calendar) };
  } catch (error) {
    if (!(error instanceof CalendarMissing)) throw error;
    const dueReason = `Chưa có lịch làm việc năm ${error.year}; ngày hẹn được tính khi có lịch.`;
    return { ...base, dueAt: null, provisional: false, dueReason, ledger: [] };
  }
}
