/** What the demo reads of the API's answers (contract.md); what it does not read is not named. */

export interface Option {
  value: string;
  label: string;
  amount?: number;
}

export interface AllowedEvent {
  type: string;
  needs: { field: string; required: boolean; choices?: Option[] }[];
}

export type Role = "frontdesk" | "specialist" | "head" | "leader" | "clerk";

export interface DossierView {
  code: string;
  portalCode?: string;
  status: number;
  state: string;
  version: number;
  process: string;
  submittedAt: string;
  receivedAt: string | null;
  dueAt: string | null;
  lastDueAt: string | null;
  intakeAgencyCode: string;
  processingAgencyCode: string;
  assignee: string | null;
  applicant: { name: string; phone: string; identity: { type: string; number: string } };
  documents: { id: string; component: string }[];
  received: { code: string }[];
  fees: {
    code: string;
    state: "not-requested" | "requested" | "paid";
    dueAt: string;
    amount: number | null;
  }[];
  consultations: { agency: string; state: "waiting" | "answered" | "passed" }[];
  steps: { role: Role; agencyCode: string; state: "done" | "current" | "upcoming" | "cancelled" }[];
  allowedEvents: AllowedEvent[];
}

export interface Filed extends DossierView {
  secret: string;
}

export interface Tracking {
  version: number;
  status: number;
  supplement?: { items: { documentCode?: string }[] };
  allowedEvents: AllowedEvent[];
}

export interface HistoryEntry {
  seq: number;
  type: string;
  at: string;
  status: number;
}

export interface ProcedureSummary {
  code: string;
  process: string;
  levels: string[];
  channels: string[];
  onlineLevel: number;
  applicability?: string;
}

export interface Paper {
  code: string;
  title: string;
  case?: string;
  originals: number;
  copies: number;
  required: boolean;
  handling: "submit" | "present";
  kind?: "heading";
  onlyChannel?: string;
}

export interface Procedure extends ProcedureSummary {
  name: string;
  agencies: string[];
  audience: string[];
  cases: { code: string }[];
  documents: Paper[];
  fees: { code: string; kind: string; amount: number | null; dueAt: string }[];
  consulted?: { agency: string }[];
}

/** The event of this type, when it may be caused now. */
export function offered(view: Pick<DossierView, "allowedEvents">, type: string): AllowedEvent | undefined {
  return view.allowedEvents.find((event) => event.type === type);
}

/** The values that a field of an event may take. */
export function optionsOf(event: AllowedEvent, field: string): Option[] {
  return event.needs.find((need) => need.field === field)?.choices ?? [];
}
