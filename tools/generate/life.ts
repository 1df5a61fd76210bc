import { composeAdvance, decideAct } from "../../server/dossier/advance.ts";
import type { Act } from "../../server/dossier/advance.ts";
import { composeEvent } from "../../server/dossier/append-event.ts";
import type { Appending, ComposedEvent } from "../../server/dossier/append-event.ts";
import type { StoredPaper } from "../../server/dossier/attach-file.ts";
import { portalMessages } from "../../server/dossier/portal-message.ts";
import type { DossierRecord } from "../../server/dossier/record.ts";
import type { TimeProjection } from "../../server/dossier/time.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import type { Facts } from "../../workflows/facts.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import type { Moment } from "../../workflows/vietnam-time.ts";
import type { WorkingTime } from "../../workflows/working-time.ts";
import type { Chance } from "./chance.ts";
import type { Fate } from "./fate.ts";
import type { Matter } from "./matters.ts";
import { toldOf } from "./settle.ts";
import type { World } from "./world.ts";

/** One dossier on its way. */
export interface Life {
  record: DossierRecord;
  matter: Matter;
  fate: Fate;
  tardiness: number;
  chance: Chance;
  calendar: Calendar;
  time: WorkingTime;
  /** Ordinary steps made. */
  steps: number;
  /** When the work is to be done, for the due date that it was reckoned from. */
  target: { for: string | null; at: Moment } | undefined;
  /** A step beside the ordinary course. */
  beside: { type: "EXTEND" | "APOLOGISE"; at: Moment } | undefined;
  /** Papers still to be scanned, and those that will not be; undefined before the front desk has looked. */
  scanning: { open: string[]; not: string[] } | undefined;
  supplemented: boolean;
  sentBack: boolean;
  corrected: boolean;
  withdrawn: boolean;
  outgoing:
    | { agency: string; year: number; number: number; symbol: string; at: Date; settledAt: Date | null }
    | undefined;
  /** Its time as derived last. */
  projection: TimeProjection;
  /** When its last event was recorded. */
  updatedAt: Date;
  /** Hash of the record that the portal was told last, where its messages are kept. */
  told: Buffer | null | undefined;
}

/** An act with the file that it attaches. */
export interface Step {
  act: Act;
  paper?: StoredPaper;
}

/**
 * Carries out an act as the program would: the machine decides, the event is composed, its rows are written down.
 * Answers false, and changes nothing, where the rules refuse it.
 */
export function carryOut(
  world: World,
  life: Life,
  ready: ReadyMachine,
  { act, paper }: Step,
  now: Date,
): boolean {
  const { record, calendar } = life;
  const colleagues = world.staff.colleagues(record.facts.places.processing);
  const decision = decideAct(ready, record, act, { now, calendar, colleagues });
  if (!decision.ok) return false;
  const attached = paper === undefined ? [] : [{ id: world.numbers.document(), ...paper }];
  for (const { id, component, sha256, fileName } of attached)
    world.rows.add("documents", [
      id,
      record.id,
      component,
      sha256,
      fileName,
      act.caller.username,
      now,
      record.headSeq + 1,
    ]);
  const { appending, projection } = composeAdvance(record, act, decision, {
    machine: ready.config.meta.declared,
    calendar,
    now,
    attached,
    ...(isSameTime(record.facts, decision.facts) ? { projection: life.projection } : {}),
  });
  writeDown(world, life, appending, projection);
  return true;
}

/**
 * Whether nothing has happened to a dossier's clock, so that its dates stay as they are. The due date of the step is then
 * that of an earlier one; it is reckoned when the dossier is written down, the only time that it is stored.
 */
function isSameTime(before: Facts, after: Facts): boolean {
  return (
    before.clock === after.clock &&
    before.answerFrom === after.answerFrom &&
    (before.supplement === null) === (after.supplement === null)
  );
}

/** Why the rules refuse an act, for the message of an error. */
export function refusalOf(world: World, life: Life, ready: ReadyMachine, { act }: Step, now: Date): string {
  const colleagues = world.staff.colleagues(life.record.facts.places.processing);
  const decision = decideAct(ready, life.record, act, { now, calendar: life.calendar, colleagues });
  return `${life.record.code} (${life.record.procedureCode}, ${life.record.workState}): ${act.type} ${JSON.stringify(decision)}`;
}

/** Composes the event and writes down its rows; the dossier goes on from there. */
export function writeDown(world: World, life: Life, appending: Appending, projection: TimeProjection): void {
  const composed = composeEvent(appending, projection);
  const { event, personal, record } = composed;
  world.rows.add("events", [
    record.id,
    event.seq,
    event.type,
    event.at,
    event.recordedAt,
    event.actor,
    event.actorRole,
    event.actorAgency,
    event.fromState,
    event.toState,
    event.fromStatus,
    event.status,
    event.data,
    event.commitment,
    event.previousHash,
    event.hash,
  ]);
  if (personal !== undefined)
    world.rows.add("event_personal", [record.id, event.seq, personal.salt, personal.data]);
  if (appending.now >= world.messagesFrom) tellPortal(world, life, composed, appending);
  life.record = record;
  life.projection = projection;
  life.updatedAt = appending.now;
}

/** The messages of a recent event: delivered by now, or still to be sent where the dossier is quite new. */
function tellPortal(world: World, life: Life, composed: ComposedEvent, appending: Appending): void {
  const { record, event } = composed;
  if (appending.untold === true) return;
  const context = {
    ...toldOf(world, life),
    event: { ...event, caller: appending.caller, payload: appending.payload },
  };
  if (life.told === undefined)
    life.told = event.seq > 1 ? portalMessages(life.record, { ...context, digest: null }).digest : null;
  const { rows, digest } = portalMessages(record, { ...context, digest: life.told });
  life.told = digest;
  const pending = record.submittedAt >= world.pendingFrom;
  const delivered = pending ? null : new Date(appending.now.getTime() + 1_500 + life.chance.below(20_000));
  for (const { kind, payload } of rows)
    world.rows.add("outbox", [
      record.id,
      record.code,
      record.portalCode,
      event.seq,
      kind,
      JSON.stringify(payload),
      pending ? "pending" : "delivered",
      pending ? 0 : 1,
      appending.now,
      delivered,
      appending.now,
    ]);
}
