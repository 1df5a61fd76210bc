import type { Channel, Tier } from "./declaration.ts";
import type { Limit, Pause } from "./calendar.ts";

/**
 * What the rules may look at: the public facts of one dossier. Nothing here identifies a person; names,
 * reasons and opinions stay in the event's personal part.
 */
export interface Facts {
  case: string | null;
  channel: Channel;
  places: Places;
  assignee: string | null;
  received: Record<string, { originals: number; copies: number }>;
  /** Components that have at least one file. */
  files: string[];
  /** Papers that need no file, as stated at DIGITIZE (the reasons are in the event). */
  notApplicable: string[];
  fees: FeeFact[];
  /** Filed online: from when the 8 office hours to answer count (deadlines.md, 0); null at the counter. */
  answerFrom: string | null;
  clock: ClockFact;
  supplement: SupplementFact | null;
  /** Requests after acceptance: from the second on the leader must consent (deadlines.md, 10). */
  supplements: number;
  /** Every request so far, the open one too. */
  supplementLog: { seq: number; at: string; answeredAt: string | null }[];
  withdrawalRequested: boolean;
  consultations: ConsultationFact[];
  minutes: boolean;
  draft: { seq: number; documentId: number | null } | null;
  outcome: "grant" | "deny" | null;
  apologies: number;
  promisedAt: string | null;
  signed: boolean;
  sealed: boolean;
  /** The result's number in the register, and its file as signed and as sealed (SHA-256). */
  result: { number: string; signed: string; sealed: string | null } | null;
  /** When the work was done (status 9). */
  finishedAt: string | null;
}

export interface Places {
  intake: string;
  deciding: string;
  processing: string;
  /** Parent district of the intake commune; null elsewhere. */
  superior: string | null;
  chair: string;
}

export interface FeeFact {
  code: string;
  amount: number;
  state: "requested" | "paid";
  method?: "cash" | "transfer" | "online";
}

export interface ClockFact {
  acceptedAt: string | null;
  limit: Limit | null;
  limitFrom: "source" | "rule" | "unknown" | "entered";
  pauses: Pause[];
  extension: { at: string; dueAt: string } | null;
}

export interface SupplementFact {
  seq: number;
  at: string;
  documentCodes: string[];
}

export interface ConsultationFact {
  agency: string;
  dueAt: string;
  state: "waiting" | "answered" | "passed";
}

/** The facts of a dossier at the moment it is filed. */
export function factsAtFiling(filing: {
  case: string | null;
  channel: Channel;
  places: Places;
  received: Facts["received"];
  limit: Limit | null;
  limitFrom: ClockFact["limitFrom"];
  answerFrom: string | null;
}): Facts {
  return {
    case: filing.case,
    channel: filing.channel,
    places: filing.places,
    assignee: null,
    received: filing.received,
    files: [],
    notApplicable: [],
    fees: [],
    answerFrom: filing.answerFrom,
    clock: {
      acceptedAt: null,
      limit: filing.limit,
      limitFrom: filing.limitFrom,
      pauses: [],
      extension: null,
    },
    supplement: null,
    supplements: 0,
    supplementLog: [],
    withdrawalRequested: false,
    consultations: [],
    minutes: false,
    draft: null,
    outcome: null,
    apologies: 0,
    promisedAt: null,
    signed: false,
    sealed: false,
    result: null,
    finishedAt: null,
  };
}

/** What the compiled machine carries of its declaration, for the rules to read. */
export interface MachineFacts {
  procedure: string;
  tier: Tier;
  process: string;
  papers: {
    code: string;
    case?: string;
    required: boolean;
    handling: "submit" | "present";
    /** The source says neither originals nor copies: never demanded as a scan. */
    quantity?: "unknown";
    channel?: "online";
  }[];
  fees: { code: string; kind: string; amount: number | null; dueAt: "intake" | "processing" | "return" }[];
  resultPaper: boolean;
  consulted: { agency: string; workingDays: number }[];
  pausesFor: string[];
  steps: { state: string; name: string; role: string; unit: string; share: string }[];
}
