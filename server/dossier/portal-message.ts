import { createHash } from "node:crypto";
import type { Declaration } from "../../workflows/declaration.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import { fullCode } from "../catalogue/catalogue.ts";
import type { Agencies } from "../catalogue/units.ts";
import type { Caller } from "./deps.ts";
import { canonical } from "./history.ts";
import type { DossierRecord, Person } from "./record.ts";
import { iso } from "./time.ts";

/**
 * What the national portal must hear of a dossier, in our own words; national-portal/compose.ts says it in the
 * portal's. Kept in the outbox as it was at the commit, so that the portal hears of every state in order.
 */
export interface DossierForPortal {
  /** MaHoSo: our code, or the portal's own for a dossier filed there. */
  code: string;
  procedure: { code: string; name: string };
  /** MaLinhVuc is not known here: the portal's catalogue gives it. */
  field: string;
  channel: "counter" | "online" | "postal";
  /** Whose affair it is: the owner where the applicant acts for somebody. */
  holder: Pick<Person, "kind" | "name" | "identity">;
  phone: string;
  email: string | null;
  submittedAt: string;
  receivedAt: string | null;
  /** NgayHenTra: the due date, and during a pause the last one. */
  dueAt: string | null;
  status: number;
  finishedAt: string | null;
  refusedAt: string | null;
  returnedAt: string | null;
  returnMethod: "counter" | "postal" | "online";
  processingUnit: string;
  papers: {
    id: number;
    component: string;
    fileName: string;
    sha256: string;
    /** Out of the person's store; with the MaKetQua of the result that stands for the paper. */
    reused?: { resultCode: string | null };
  }[];
  fees: {
    code: string;
    name: string;
    amount: number;
    dueAt: "intake" | "processing" | "return";
    paid: boolean;
    method: string | null;
  }[];
  supplements: { id: number; requestedAt: string; answeredAt: string | null }[];
  results: { id: number; title: string; code: string; fileName: string; sha256: string }[];
}

/** One step of the handling, told after the dossier itself. */
export interface ProgressForPortal {
  code: string;
  handler: string;
  position: string;
  unit: string;
  at: string;
  text: string;
  status: number;
  dueAt: string | null;
}

export interface PortalContext {
  declaration: Declaration;
  agencies: Agencies;
  publicUrl: string;
  event: { type: EventType; seq: number; at: string; caller: Caller; payload: Payload };
  /** Hash of the dossier record last enqueued. */
  digest: Buffer | null;
}

export interface PortalMessages {
  rows: { kind: "dossier" | "progress"; payload: DossierForPortal | ProgressForPortal }[];
  digest: Buffer | null;
}

/** Events that tell the portal nothing about progress (contract.md, "National portal"). */
const WITHOUT_PROGRESS = new Set<EventType>(["CORRECT", "CALENDAR_CHANGED"]);

/** The messages of one event: the dossier record where a field of it changed, then the progress. */
export function portalMessages(dossier: DossierRecord, context: PortalContext): PortalMessages {
  const record = dossierForPortal(dossier, context);
  const digest = createHash("sha256").update(canonical(record)).digest();
  const rows: PortalMessages["rows"] = [];
  if (context.digest === null || !digest.equals(context.digest))
    rows.push({ kind: "dossier", payload: record });
  if (!WITHOUT_PROGRESS.has(context.event.type))
    rows.push({ kind: "progress", payload: progress(dossier, context) });
  return { rows, digest };
}

function dossierForPortal(
  dossier: DossierRecord,
  { declaration, agencies }: PortalContext,
): DossierForPortal {
  const { facts, people } = dossier;
  const closed = dossier.closedAt === null ? null : iso(dossier.closedAt);
  const due = dossier.dueAt ?? dossier.lastDueAt;
  const feeNames = new Map(declaration.fees.map((fee) => [fee.code, fee]));
  const result = dossier.papers.filter(({ component }) => component === "result").at(-1);
  return {
    code: dossier.portalCode ?? dossier.code,
    procedure: { code: fullCode(declaration.code), name: declaration.name },
    field: declaration.field,
    channel: dossier.channel,
    holder: pickHolder(people.owner ?? people.applicant),
    phone: people.applicant.phone,
    email: people.applicant.email ?? null,
    submittedAt: iso(dossier.submittedAt),
    receivedAt: dossier.receivedAt === null ? null : iso(dossier.receivedAt),
    dueAt: due === null ? null : iso(due),
    status: dossier.status,
    finishedAt: facts.finishedAt,
    refusedAt: dossier.status === 3 ? closed : null,
    returnedAt: dossier.status === 10 ? closed : null,
    returnMethod: dossier.returnMethod,
    processingUnit: agencies.name(facts.places.processing),
    papers: dossier.papers
      .filter(({ component }) => component !== "result" && component !== "minutes")
      .map(({ id, component, fileName, sha256, reused }) => ({
        id,
        component,
        fileName,
        sha256,
        ...(reused == null ? {} : { reused: { resultCode: reused.resultCode } }),
      })),
    fees: facts.fees.map((fee) => ({
      code: fee.code,
      name: feeNames.get(fee.code)?.name ?? fee.code,
      amount: fee.amount,
      dueAt: feeNames.get(fee.code)?.dueAt ?? "processing",
      paid: fee.state === "paid",
      method: fee.method ?? null,
    })),
    supplements: facts.supplementLog.map(({ seq, at, answeredAt }) => ({
      id: seq,
      requestedAt: at,
      answeredAt,
    })),
    results:
      facts.sealed && result !== undefined
        ? [
            {
              id: result.id,
              title: declaration.result.title,
              code: declaration.result.code,
              fileName: result.fileName,
              sha256: result.sha256,
            },
          ]
        : [],
  };
}

function pickHolder({ kind, name, identity }: Person): DossierForPortal["holder"] {
  return { kind, name, identity };
}

function progress(dossier: DossierRecord, { agencies, event }: PortalContext): ProgressForPortal {
  const { type, seq, at, caller } = event;
  const due = dossier.dueAt ?? dossier.lastDueAt;
  return {
    code: dossier.portalCode ?? dossier.code,
    handler:
      caller.kind === "staff" ? caller.name : caller.kind === "worker" ? "Hệ thống" : "Người nộp hồ sơ",
    position:
      POSITIONS[eventDefinition(type).who.find(({ role }) => caller.roles.includes(role))?.role ?? ""] ?? "",
    unit: agencies.name(caller.agency ?? dossier.facts.places.processing),
    at,
    // The number of the event makes two steps of the same second two records.
    text: `${eventDefinition(type).label} (bước ${seq})`,
    status: dossier.status,
    dueAt: due === null ? null : iso(due),
  };
}

const POSITIONS: Record<string, string> = {
  frontdesk: "Cán bộ Một cửa",
  specialist: "Chuyên viên",
  head: "Trưởng phòng",
  leader: "Lãnh đạo",
  clerk: "Văn thư",
};
