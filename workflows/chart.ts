import type { Role, UnitRef } from "./declaration.ts";
import type { RuleRef } from "./rules.ts";

/**
 * The vocabulary in which the processes' statecharts are written. Everything is data: a transition names
 * who may cause it, which rules must hold and which facts it changes; nothing runs inside a machine.
 */

export type ActorRole = Role | "citizen" | "worker";
/** `consulted`: any agency whose opinion this dossier asked for. */
export type WhoUnit = UnitRef | `agency:${string}` | "consulted" | "any";

/** One kind of actor that may cause a transition. */
export interface Who {
  role: ActorRole;
  unit: WhoUnit;
}

export interface Guard {
  type: "allowed";
  params: { who: Who[]; rules: RuleRef[] };
}

export interface ActionRef {
  type: string;
  params?: Record<string, unknown>;
}

export interface Transition {
  target?: string;
  guard: Guard;
  actions?: ActionRef[];
}

export interface StateMeta {
  /** Status to the public and the portal while the work stands here (contract.md). */
  status?: number;
  /** At whose desk the dossier lies. */
  desk?: Role;
  /** Set from the last APPROVE on: no supplement, withdrawal or stop any more. */
  approved?: true;
  /** The agency whose answer this region waits for. */
  consulted?: string;
}

export interface StateNode {
  id?: string;
  type?: "parallel" | "final";
  initial?: string;
  meta?: StateMeta;
  on?: Record<string, Transition[]>;
  always?: Transition[];
  onDone?: { target: string; actions?: ActionRef[] };
  states?: Record<string, StateNode>;
}

export type States = Record<string, StateNode>;

export const frontdesk: Who = { role: "frontdesk", unit: "intake" };
export const specialist: Who = { role: "specialist", unit: "processing" };
export const head: Who = { role: "head", unit: "processing" };
export const leader: Who = { role: "leader", unit: "processing" };
export const decidingLeader: Who = { role: "leader", unit: "deciding" };
export const clerk: Who = { role: "clerk", unit: "processing" };
export const citizen: Who = { role: "citizen", unit: "any" };
export const worker: Who = { role: "worker", unit: "any" };

/** The clock of the work: no supplement, payment or withdrawal is waited for. */
export const clockRuns: RuleRef = { type: "clockRuns" };

/** A transition to `target` (none: the state stays, only facts change). */
export function move(
  target: string | undefined,
  who: Who[],
  rules: RuleRef[],
  actions: ActionRef[] = [],
): Transition {
  return {
    ...(target === undefined ? {} : { target }),
    guard: { type: "allowed", params: { who, rules } },
    ...(actions.length > 0 ? { actions } : {}),
  };
}

const assignTo: ActionRef = { type: "assign" };

/** ASSIGN while the dossier already lies with a specialist: another takes over (an absent colleague). */
export function reassign(): Transition {
  return move(
    undefined,
    [head, leader, specialist],
    [clockRuns, { type: "mayTakeOver" }, { type: "assigneeFits" }],
    [assignTo],
  );
}

/** The dossier waits for the head or leader to name who handles it. */
export function assigning(target: string, desk: "head" | "leader", extra: StateNode["on"] = {}): StateNode {
  return {
    meta: { status: 4, desk },
    on: {
      ASSIGN: [
        move(
          target,
          [head, leader, specialist],
          [clockRuns, { type: "mayTakeOver" }, { type: "assigneeFits" }],
          [assignTo],
        ),
      ],
      ...extra,
    },
  };
}

/** DRAFT_RESULT keeps the state: a draft may be written again until it is proposed. */
export function draftResult(): Transition {
  return move(
    undefined,
    [specialist],
    [clockRuns, { type: "holder" }, { type: "draftGiven" }],
    [{ type: "recordDraft" }],
  );
}

/** PROPOSE an outcome; a result on paper must have been drafted. */
export function propose(target: string, rules: RuleRef[] = [], actions: ActionRef[] = []): Transition {
  return move(
    target,
    [specialist],
    [clockRuns, { type: "holder" }, { type: "resultDrafted" }, ...rules],
    [{ type: "recordOutcome" }, ...actions],
  );
}

/** Where a specialist works on the dossier: drafting a result and proposing an outcome. */
export function drafting(next: string, extra: StateNode["on"] = {}): StateNode {
  return {
    meta: { status: 4, desk: "specialist" },
    on: { ASSIGN: [reassign()], DRAFT_RESULT: [draftResult()], PROPOSE: [propose(next)], ...extra },
  };
}

/** A division head or leader approves, or sends back to the specialist. */
export function approving(
  desk: "head" | "leader",
  next: string,
  back: string,
  who: Who[] = [{ role: desk, unit: "processing" }],
): StateNode {
  return {
    meta: { status: 4, desk },
    on: {
      APPROVE: [move(next, who, [clockRuns])],
      SEND_BACK: [move(back, who, [clockRuns], [{ type: "sentBack" }])],
    },
  };
}

/**
 * The last approval. A granted dossier of a procedure without a result paper is then done; everything
 * else is signed and sealed, a denial always.
 */
export function lastApproving(desk: "head" | "leader", back: string, signTarget = "signing"): StateNode {
  const state = approving(desk, signTarget, back);
  const who: Who[] = [{ role: desk, unit: "processing" }];
  return {
    ...state,
    on: {
      ...state.on,
      APPROVE: [
        move("done", who, [clockRuns, { type: "noPaper" }], [{ type: "finish" }]),
        move(signTarget, who, [clockRuns, { type: "paper" }]),
      ],
    },
  };
}

/** Leader's signature, then the clerk's seal. `back` is where the leader may still return the draft to. */
export function signing(back: string, backActions: ActionRef[] = []): States {
  return {
    signing: {
      meta: { status: 4, desk: "leader", approved: true },
      on: {
        SIGN: [move("sealing", [leader], [clockRuns], [{ type: "sign" }])],
        SEND_BACK: [move(back, [leader], [clockRuns], [{ type: "sentBack" }, ...backActions])],
      },
    },
    sealing: {
      meta: { status: 4, desk: "clerk", approved: true },
      on: {
        SEAL: [
          move("done", [clerk], [clockRuns, { type: "signed" }], [{ type: "seal" }, { type: "finish" }]),
        ],
      },
    },
  };
}

/** The clerk sends the approved dossier on to the next unit. */
export function forwarding(target: string, to: UnitRef, options: { approved?: true } = {}): StateNode {
  return {
    meta: { status: 4, desk: "clerk", ...options },
    on: {
      TRANSFER: [
        move(
          target,
          [clerk],
          [clockRuns, { type: "transferTo", params: { unit: to } }],
          [{ type: "transfer" }],
        ),
      ],
    },
  };
}
