import type { Knex } from "knex";
import { decide } from "../../workflows/decide.ts";
import type { Decided, Refusal } from "../../workflows/decide.ts";
import { CalendarMissing } from "../../workflows/calendar.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { Facts, MachineFacts } from "../../workflows/facts.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Colleague, Payload } from "../../workflows/rules.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { Invalid, NotAllowed, NotFound, Refused, VersionMismatch } from "../platform/errors.ts";
import { appendEvent } from "./append-event.ts";
import type { Appending } from "./append-event.ts";
import { actorOf } from "./deps.ts";
import type { Caller, Deps } from "./deps.ts";
import { allowedFor } from "./allowed.ts";
import { withPaperNames } from "./paper-names.ts";
import { concerns, lockDossier } from "./record.ts";
import type { DossierRecord, Paper, People } from "./record.ts";
import { iso, projectTime } from "./time.ts";
import type { TimeProjection } from "./time.ts";

/** One event that somebody asks for. */
export interface Act {
  type: EventType;
  caller: Caller;
  payload: Payload;
  /** The version the caller has seen (If-Match). */
  ifVersion?: number;
  /** Public facts beside those of the payload. */
  publicData?: Record<string, unknown>;
  /**
   * Rows that belong to the event and were prepared before the transaction; answers the papers it attached.
   * Runs after the decision, before the event is written.
   */
  attach?: (trx: Knex.Transaction, dossier: DossierRecord, seq: number) => Promise<Paper[]>;
  /** Facts that work outside the transaction gave: the signed file and its number. */
  facts?: Partial<Pick<Facts, "result">>;
  /** The people as corrected. Throws Invalid when a correction does not fit what is recorded. */
  correct?: (dossier: DossierRecord) => { people: People; returnMethod: DossierRecord["returnMethod"] };
}

/**
 * The one way a dossier moves: lock, decide, save, append the event, enqueue what the world must hear, all in the
 * caller's transaction. No HTTP call, no PDF, no signing happens here.
 * Throws NotFound (no such dossier, or none of the caller's concern), VersionMismatch (412), NotAllowed (403),
 * Refused (409, with `rule` and `allowedEvents`), Invalid (422).
 */
export async function advance(
  trx: Knex.Transaction,
  deps: Deps,
  code: string,
  act: Act,
): Promise<DossierRecord> {
  const dossier = await lockDossier(trx, code);
  if (dossier === undefined || !mayKnow(dossier, act.caller))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  await checkVersion(trx, dossier, act.ifVersion);
  return advanceLocked(trx, deps, dossier, act);
}

/** Whether a caller may know of the dossier at all: units concerned, the citizen whose secret was checked, the worker. */
export function mayKnow(dossier: DossierRecord, caller: Caller): boolean {
  return caller.kind === "staff" ? concerns(dossier, caller.agency) : true;
}

/** The same on a dossier that the transaction has locked already. */
export async function advanceLocked(
  trx: Knex.Transaction,
  deps: Deps,
  dossier: DossierRecord,
  act: Act,
  options: { untold?: true; portalDigest?: Buffer | null } = {},
): Promise<DossierRecord> {
  const now = deps.clock.now();
  const { machine, decision } = await judge(deps, dossier, act, now);
  if (!decision.ok) throw await refused(deps, dossier, act, decision, now);
  const seq = dossier.headSeq + 1;
  const attached = act.attach === undefined ? [] : await act.attach(trx, dossier, seq);
  const calendar = await deps.calendarOf(dossier.agency);
  const { appending, projection } = composeAdvance(dossier, act, decision, {
    machine: machine.config.meta.declared,
    calendar,
    now,
    attached,
    ...options,
  });
  return appendEvent(trx, deps, appending, projection);
}

/** What a decision is carried out with. */
export interface Around {
  machine: MachineFacts;
  /** Of the deciding agency. */
  calendar: Calendar;
  now: Date;
  attached: Paper[];
  /** The dossier's time where it is known already; else it is derived from the facts. */
  projection?: TimeProjection;
  untold?: true;
  portalDigest?: Buffer | null;
}

/** The dossier as it is after a decision, with the event about to be written. Throws what `act.correct` throws. */
export function composeAdvance(
  dossier: DossierRecord,
  act: Act,
  decision: Decided,
  around: Around,
): { appending: Appending; projection: TimeProjection } {
  const { machine, now } = around;
  const corrected = act.correct?.(dossier);
  const facts: Facts = { ...decision.facts, ...act.facts };
  const accepted = facts.clock.acceptedAt;
  const after: DossierRecord = {
    ...dossier,
    state: decision.state,
    workState: decision.workState,
    status: decision.status,
    facts,
    version: dossier.version + 1,
    receivedAt: accepted === null ? null : new Date(accepted),
    closedAt: decision.ended ? now : null,
    consulted: [...new Set([...dossier.consulted, ...facts.consultations.map(({ agency }) => agency)])],
    papers: [...dossier.papers, ...around.attached],
    people: corrected?.people ?? dossier.people,
    returnMethod: corrected?.returnMethod ?? dossier.returnMethod,
  };
  const projection = decision.ended
    ? closedTime(dossier)
    : (around.projection ?? projectTime(facts, machine, decision.workState, around.calendar));
  const appending: Appending = {
    type: act.type,
    caller: act.caller,
    actorRole: actingRole(act),
    payload: act.payload,
    publicData: { ...promiseBefore(dossier, act.type), ...act.publicData },
    fromState: dossier.workState,
    fromStatus: dossier.status,
    now,
    after,
    machine,
    portalDigest: around.portalDigest === undefined ? dossier.portalDigest : around.portalDigest,
    ...(around.untold === undefined ? {} : { untold: around.untold }),
    peopleChanged: corrected !== undefined,
  };
  return { appending, projection };
}

/** Decides without writing: what a use case asks before it does costly work outside the transaction. */
export async function judge(
  deps: Deps,
  dossier: DossierRecord,
  act: Pick<Act, "type" | "caller" | "payload">,
  now: Date,
) {
  const machine = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const colleagues = await deps.colleaguesOf(dossier.facts.places.processing);
  const calendar = await deps.calendarOf(dossier.agency);
  try {
    const decision = decideAct(machine, dossier, act, { now, calendar, colleagues });
    return { machine, decision };
  } catch (error) {
    if (error instanceof CalendarMissing)
      throw new Invalid(
        [{ path: "dueAt", message: `Chưa có lịch làm việc của năm ${error.year}.` }],
        `Chưa có lịch làm việc của năm ${error.year}.`,
        "calendar-missing",
        { extras: { year: error.year } },
      );
    throw error;
  }
}

/** The machine's answer to an act, with nothing looked up. Throws CalendarMissing. */
export function decideAct(
  machine: ReadyMachine,
  dossier: DossierRecord,
  act: Pick<Act, "type" | "caller" | "payload">,
  { now, calendar, colleagues }: { now: Date; calendar: Calendar; colleagues: Colleague[] },
): Decided | Refusal {
  return decide(
    machine,
    {
      state: dossier.state,
      facts: dossier.facts,
      dueAt: dossier.dueAt === null ? null : iso(dossier.dueAt),
      nextSeq: dossier.headSeq + 1,
    },
    {
      type: act.type,
      actor: actorOf(act.caller),
      payload: act.payload,
      now: iso(now),
      calendar,
      colleagues,
    },
  );
}

/** Throws what a refusal means to a caller; answers nothing when the decision is a yes. */
export async function assertAllowed(
  deps: Deps,
  dossier: DossierRecord,
  act: Pick<Act, "type" | "caller" | "payload">,
): Promise<void> {
  const now = deps.clock.now();
  const { decision } = await judge(deps, dossier, act, now);
  if (!decision.ok) throw await refused(deps, dossier, act, decision, now);
}

async function refused(
  deps: Deps,
  dossier: DossierRecord,
  act: Pick<Act, "type" | "caller">,
  refusal: Refusal,
  now: Date,
): Promise<Error> {
  if (refusal.kind === "invalid") return new Invalid(refusal.errors);
  const allowedEvents = await allowedFor(deps, dossier, act.caller, now);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const message = withPaperNames(refusal.message, declaration);
  if (refusal.kind === "not-allowed")
    return new NotAllowed("event-not-yours", message, {
      extras: { rule: refusal.rule, allowedEvents },
    });
  return new Refused("event-not-allowed", message, { extras: { rule: refusal.rule, allowedEvents } });
}

/** Throws VersionMismatch, saying who changed what, when the caller has seen an older version. */
export async function checkVersion(
  trx: Knex,
  dossier: DossierRecord,
  ifVersion: number | undefined,
): Promise<void> {
  if (ifVersion === undefined || ifVersion === dossier.version) return;
  const last = await trx
    .first<{ type: EventType; actor: string; at: Date } | undefined>("type", "actor", "at")
    .from("events")
    .where({ dossier_id: dossier.id, seq: dossier.headSeq });
  const label = last === undefined ? "" : eventDefinition(last.type).label;
  throw new VersionMismatch(
    `Hồ sơ đã thay đổi từ khi bạn mở: “${label}” bởi ${last?.actor ?? "?"}. Hãy tải lại hồ sơ rồi làm tiếp.`,
    {
      extras: {
        version: dossier.version,
        changedBy: last?.actor,
        changedAt: last === undefined ? undefined : iso(last.at),
        change: last?.type,
      },
    },
  );
}

/** In which of his roles the actor acts: the first that the event's table names. */
function actingRole(act: Act): string {
  if (act.caller.kind !== "staff") return act.caller.kind;
  const { who } = eventDefinition(act.type);
  return who.find(({ role }) => act.caller.roles.includes(role))?.role ?? act.caller.roles[0] ?? "staff";
}

/** A new promise keeps the one it replaces: both dates stay in history (deadlines.md, 9). */
function promiseBefore(dossier: DossierRecord, type: EventType): Record<string, unknown> {
  const promised = type === "EXTEND" || type === "APOLOGISE";
  return promised && dossier.dueAt !== null ? { fromDueAt: iso(dossier.dueAt) } : {};
}

/** A closed dossier keeps the date it was promised by; nothing is due any more. */
function closedTime(dossier: DossierRecord) {
  const date = (moment: Date | null) => (moment === null ? null : iso(moment));
  return {
    dueAt: date(dossier.dueAt),
    lastDueAt: date(dossier.lastDueAt),
    provisional: dossier.provisional,
    pausedSince: null,
    remaining: null,
    stepDueAt: null,
    answerBy: null,
    calendarMissing: dossier.calendarMissing,
  };
}
