import { deadlineLedger } from "../../workflows/ledger.ts";
import { CalendarMissing } from "../../workflows/calendar.ts";
import { workStateOf } from "../../workflows/standing.ts";
import type { MachineFacts } from "../../workflows/facts.ts";
import { allowedFor } from "./allowed.ts";
import type { Caller, Deps } from "./deps.ts";
import type { DossierRecord } from "./record.ts";
import { clockFacts, iso, isoOrNull, stepDueAts } from "./time.ts";

export const STATUS_NAMES: Record<number, string> = {
  1: "Mới đăng ký",
  2: "Được tiếp nhận",
  3: "Không được tiếp nhận",
  4: "Đang xử lý",
  5: "Yêu cầu bổ sung giấy tờ",
  6: "Yêu cầu thực hiện nghĩa vụ tài chính",
  7: "Công dân yêu cầu rút hồ sơ",
  8: "Dừng xử lý",
  9: "Đã xử lý xong",
  10: "Đã trả kết quả",
};

/** The dossier as a work list shows it. */
export function summaryView(dossier: DossierRecord) {
  return {
    code: dossier.code,
    procedureCode: dossier.procedureCode,
    applicantName: dossier.people.applicant.name,
    ...core(dossier),
    agencyCode: dossier.agency,
    intakeAgencyCode: dossier.facts.places.intake,
    processingAgencyCode: dossier.facts.places.processing,
    assignee: dossier.facts.assignee,
  };
}

function core(dossier: DossierRecord) {
  return {
    state: dossier.workState,
    status: dossier.status,
    statusName: STATUS_NAMES[dossier.status],
    version: dossier.version,
    submittedAt: iso(dossier.submittedAt),
    receivedAt: isoOrNull(dossier.receivedAt),
    dueAt: isoOrNull(dossier.dueAt),
    lastDueAt: isoOrNull(dossier.lastDueAt),
    provisional: dossier.provisional,
    ...(dossier.calendarMissing ? { dueReason: "calendar-missing" } : {}),
    ...(dossier.answerBy === null ? {} : { answerBy: iso(dossier.answerBy) }),
    pausedSince: isoOrNull(dossier.pausedSince),
    remaining: dossier.remaining,
  };
}

/** The whole dossier for staff whom it concerns, with what this caller may do now. */
export async function dossierView(deps: Deps, dossier: DossierRecord, caller: Caller) {
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const calendar = await deps.calendarOf(dossier.agency);
  const clock = clockFacts(dossier.facts);
  const { facts, people } = dossier;
  const known = <T>(reckon: () => T, otherwise: T): T => {
    try {
      return reckon();
    } catch (error) {
      if (error instanceof CalendarMissing) return otherwise;
      throw error;
    }
  };
  return {
    code: dossier.code,
    ...(dossier.portalCode === null ? {} : { portalCode: dossier.portalCode }),
    ...core(dossier),
    procedureCode: dossier.procedureCode,
    procedureName: declaration.displayName ?? declaration.name,
    process: config.meta.declared.process,
    case: dossier.case,
    channel: dossier.channel,
    returnMethod: dossier.returnMethod,
    agencyCode: dossier.agency,
    intakeAgencyCode: facts.places.intake,
    processingAgencyCode: facts.places.processing,
    assignee: facts.assignee,
    applicant: people.applicant,
    ...(people.owner === null ? {} : { owner: people.owner, authorisation: people.authorisation }),
    note: people.note,
    received: Object.entries(facts.received).map(([code, count]) => ({ code, ...count })),
    documents: dossier.papers.map(({ id, component, sha256, pages, size, mediaType, fileName, reused }) => ({
      id: String(id),
      component,
      sha256,
      pages,
      size,
      mediaType,
      fileName,
      ...(reused == null ? {} : { reused: true }),
    })),
    fees: feeViews(
      dossier,
      config.meta.declared,
      new Map(declaration.fees.map(({ code, name }) => [code, name])),
    ),
    consultations: facts.consultations,
    drafted: facts.draft !== null,
    outcome: facts.outcome,
    limit: facts.clock.limit,
    limitFrom: facts.clock.limitFrom,
    ledger: clock === undefined ? [] : known(() => deadlineLedger(clock, calendar), []),
    steps: stepViews(
      dossier,
      config.meta.declared,
      clock === undefined ? [] : known(() => stepDueAts(clock, config.meta.declared, calendar), []),
    ),
    allowedEvents: await allowedFor(deps, dossier, caller, deps.clock.now()),
  };
}

export interface FeeView {
  code: string;
  name: string;
  kind: string;
  amount: number | null;
  dueAt: string;
  state: "not-requested" | "requested" | "paid";
}

/** Each fee that was asked for or paid, and each fixed one that still falls due. */
export function feeViews(
  dossier: DossierRecord,
  machine: MachineFacts,
  names: Map<string, string>,
): FeeView[] {
  return machine.fees.flatMap(({ code, kind, amount, dueAt }): FeeView[] => {
    const entries = dossier.facts.fees.filter((fee) => fee.code === code);
    const name = names.get(code) ?? code;
    if (entries.length === 0)
      return kind === "fixed" ? [{ code, name, kind, amount, dueAt, state: "not-requested" }] : [];
    return entries.map((entry) => ({ code, name, kind, amount: entry.amount, dueAt, state: entry.state }));
  });
}

/** The procedure's own steps: done, current or to come, each with the unit it lies with and its due moment. */
function stepViews(dossier: DossierRecord, machine: MachineFacts, dueAts: (string | null)[]) {
  const now = workStateOf(dossier.state);
  const order = ["filed", "accepted", "digitized"];
  const current = order.includes(now)
    ? now === "filed"
      ? -1
      : 0
    : machine.steps.findIndex(({ state }) => state === now);
  const ended = dossier.closedAt !== null;
  return machine.steps.map((step, at) => ({
    name: step.name,
    role: step.role,
    agencyCode: dossier.facts.places[step.unit as keyof typeof dossier.facts.places],
    state: ended
      ? dossier.status === 10
        ? "done"
        : "cancelled"
      : at < current
        ? "done"
        : at === current
          ? "current"
          : "upcoming",
    dueAt: dueAts[at] ?? null,
  }));
}

/** The version as an entity tag. */
export function etagOf(dossier: Pick<DossierRecord, "version">): string {
  return `"${dossier.version}"`;
}
