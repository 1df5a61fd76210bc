import { initialTransition, transition } from "xstate";
import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import { applyActions } from "./actions.ts";
import type { Calendar } from "./calendar.ts";
import type { ActionRef, StateNode, Transition } from "./chart.ts";
import { EVENTS, eventDefinition, payloadErrors } from "./events.ts";
import type { EventType } from "./events.ts";
import type { Facts } from "./facts.ts";
import { buildMachine } from "./machine.ts";
import type { MachineConfig } from "./machine.ts";
import { firstBroken, isWho } from "./rules.ts";
import type { FieldError } from "./schema.ts";
import type { Actor, Colleague, Payload, Scene } from "./rules.ts";

/** An XState state value as JSON. */
export type StateValue = string | { [key: string]: StateValue | undefined };

/** A machine ready to decide with; building one costs 0.4–0.8 ms, so callers keep it. */
export interface ReadyMachine {
  config: MachineConfig;
  machine: AnyStateMachine;
  initial: StateValue;
}

export interface Dossier {
  state: StateValue;
  facts: Facts;
  dueAt: string | null;
  /** Number that the next event will have. */
  nextSeq: number;
}

export interface Request {
  type: EventType;
  actor: Actor;
  payload: Payload;
  now: string;
  calendar: Calendar;
  colleagues?: Colleague[];
}

export interface Decided {
  ok: true;
  state: StateValue;
  workState: string;
  status: number;
  facts: Facts;
  ended: boolean;
}

export type Refusal =
  | { ok: false; kind: "not-allowed"; rule: string; message: string }
  | { ok: false; kind: "refused"; rule: string; message: string }
  | { ok: false; kind: "invalid"; errors: FieldError[] };

/** Builds the XState machine of a compiled config. */
export function readyMachine(config: MachineConfig): ReadyMachine {
  const machine = buildMachine(config, (event, params) => {
    const { scene } = event as { scene: Scene };
    const { who, rules } = params as Transition["guard"]["params"];
    // Eventless transitions are nobody's act: only their rules count.
    if (who.length > 0 && !who.some((one) => isWho(one, scene.actor, scene.facts))) return false;
    return firstBroken(rules, scene, "all") === null;
  });
  const [initial] = initialTransition(machine);
  return { config, machine, initial: (initial as AnyMachineSnapshot).value as StateValue };
}

/**
 * Decides one event: the next state and facts, or a refusal that names its rule. Pure: no clock, no database.
 * Tested in order: who, then the rules on the facts, then the payload's form, then the rules on the payload.
 */
export function decide(ready: ReadyMachine, dossier: Dossier, request: Request): Decided | Refusal {
  const scene = sceneOf(ready, dossier, request);
  const candidates = activeTransitions(ready.config, dossier.state, request.type);
  const mine = candidates.filter(({ guard }) =>
    guard.params.who.some((who) => isWho(who, request.actor, dossier.facts)),
  );
  if (mine.length === 0) return notMine(ready, dossier, request, candidates.length > 0);
  const factual = mine.map((candidate) => firstBroken(candidate.guard.params.rules, scene, "facts"));
  if (!factual.includes(null)) return refusal(factual[0]);
  const errors = payloadErrors(request.type, request.payload);
  if (errors.length > 0) return { ok: false, kind: "invalid", errors };
  const full = mine.map((candidate) => firstBroken(candidate.guard.params.rules, scene, "all"));
  // Where several transitions would do, the one that failed last went furthest; it says what is missing.
  if (!full.includes(null)) return refusal(full.filter((_, index) => factual[index] === null).at(-1));
  return step(ready, dossier, request, scene);
}

function step(ready: ReadyMachine, dossier: Dossier, request: Request, scene: Scene): Decided {
  const before = ready.machine.resolveState({ value: dossier.state, context: {} } as never);
  const [after, effects] = transition(ready.machine, before, { type: request.type, scene } as never);
  const snapshot = after as AnyMachineSnapshot;
  const actions = (effects as { type: string; params?: unknown }[])
    .filter(({ type }) => !type.startsWith("xstate."))
    .map(
      ({ type, params }) => ({ type, params: (params ?? {}) as Record<string, unknown> }) satisfies ActionRef,
    );
  const state = snapshot.value as StateValue;
  const facts = applyActions(actions, dossier.facts, scene, dossier.nextSeq);
  return {
    ok: true,
    state,
    workState: workStateOf(state),
    status: statusOf(ready.config, state),
    facts,
    ended: snapshot.status === "done",
  };
}

function refusal(broken: ReturnType<typeof firstBroken> | undefined): Refusal {
  if (broken === null || broken === undefined)
    return { ok: false, kind: "refused", rule: "state", message: "Không thực hiện được ở bước này." };
  return typeof broken.verdict === "string"
    ? { ok: false, kind: "refused", rule: ruleCode(broken.rule), message: broken.verdict }
    : { ok: false, kind: "invalid", errors: [broken.verdict] };
}

/** Rule names as programs read them: `papersReceived` is `papers-received`. */
const ruleCode = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Nobody of this kind may do it here: 403 when it is never theirs, 409 when only the moment is wrong. */
function notMine(ready: ReadyMachine, dossier: Dossier, request: Request, possibleHere: boolean): Refusal {
  const definition = eventDefinition(request.type);
  if (isEnded(dossier.state))
    return definition.who.some((role) => request.actor.roles.includes(role))
      ? { ok: false, kind: "refused", rule: "ended", message: "Hồ sơ đã kết thúc, không thay đổi được nữa." }
      : never(definition.label);
  const somewhere = allTransitions(ready.config, request.type).some(({ guard }) =>
    guard.params.who.some((who) => isWho(who, request.actor, dossier.facts)),
  );
  const inTable = definition.who.some((role) => request.actor.roles.includes(role));
  const elsewhere = inTable && allTransitions(ready.config, request.type).length === 0;
  if (possibleHere || (!somewhere && !elsewhere)) return never(definition.label);
  return {
    ok: false,
    kind: "refused",
    rule: "state",
    message: `Không thực hiện được việc “${definition.label}” khi hồ sơ đang ở bước “${stepName(ready.config, dossier.state)}”.`,
  };
}

function never(label: string): Refusal {
  return {
    ok: false,
    kind: "not-allowed",
    rule: "who",
    message: `Việc “${label}” không thuộc thẩm quyền của tài khoản này đối với hồ sơ.`,
  };
}

/** The events that this actor may cause now, in the order of contract.md's table. */
export function allowedEvents(
  ready: ReadyMachine,
  dossier: Dossier,
  request: Omit<Request, "type" | "payload">,
): EventType[] {
  const scene = sceneOf(ready, dossier, { ...request, payload: {}, type: "FILE" });
  return (Object.keys(EVENTS) as EventType[])
    .filter((type) => eventDefinition(type).internal !== true)
    .filter((type) =>
      activeTransitions(ready.config, dossier.state, type).some(
        ({ guard: { params } }) =>
          params.who.some((who) => isWho(who, request.actor, dossier.facts)) &&
          firstBroken(params.rules, scene, "facts") === null,
      ),
    );
}

/** The units that TRANSFER may name in this state, by their part in the dossier. */
export function transferUnits(ready: ReadyMachine, state: StateValue): (keyof Facts["places"])[] {
  return activeTransitions(ready.config, state, "TRANSFER").flatMap(({ guard }) =>
    guard.params.rules
      .filter(({ type }) => type === "transferTo")
      .map(({ params }) => params?.["unit"] as keyof Facts["places"]),
  );
}

function sceneOf(ready: ReadyMachine, dossier: Dossier, request: Request): Scene {
  const nodes = activeNodes(ready.config, dossier.state);
  const value = openValue(dossier.state);
  return {
    machine: ready.config.meta.declared,
    facts: dossier.facts,
    metas: nodes.flatMap(({ meta }) => (meta === undefined ? [] : [meta])),
    waits: {
      supplement: value?.["supplement"] === "asked",
      payment: value?.["payment"] === "requested",
      withdrawal: value?.["withdrawal"] === "requested",
    },
    workStatus: workStatus(ready.config, dossier.state),
    actor: request.actor,
    now: request.now,
    dueAt: dossier.dueAt,
    calendar: request.calendar,
    colleagues: request.colleagues ?? [],
    payload: request.payload,
  };
}

function openValue(state: StateValue): Record<string, StateValue | undefined> | undefined {
  if (typeof state === "string") return undefined;
  const open = state["open"];
  return typeof open === "object" ? open : undefined;
}

/** Whether the dossier has come to an end (3, 8 or 10). */
export function isEnded(state: StateValue): boolean {
  return openValue(state) === undefined;
}

/** The state of the work by name ("examining", "consulting"), or the end's name. */
export function workStateOf(state: StateValue): string {
  const work = openValue(state)?.["work"];
  if (work === undefined) return typeof state === "string" ? state : (Object.keys(state)[0] ?? "");
  return typeof work === "string" ? work : (Object.keys(work)[0] ?? "");
}

/** The state nodes a value stands in, the root first. */
function activeNodes(config: MachineConfig, state: StateValue): StateNode[] {
  const root: StateNode = { ...config, meta: {} };
  const nodes: StateNode[] = [root];
  const walk = (node: StateNode, value: StateValue) => {
    const names = typeof value === "string" ? [value] : Object.keys(value);
    for (const name of names) {
      const child = node.states?.[name];
      if (child === undefined) throw new Error(`machine ${config.id} has no state ${name}`);
      nodes.push(child);
      const inner = typeof value === "string" ? undefined : value[name];
      if (inner !== undefined) walk(child, inner);
    }
  };
  walk(root, state);
  return nodes;
}

function activeTransitions(config: MachineConfig, state: StateValue, type: EventType): Transition[] {
  return activeNodes(config, state).flatMap((node) => node.on?.[type] ?? []);
}

function allTransitions(config: MachineConfig, type: EventType): Transition[] {
  const found: Transition[] = [];
  const walk = (node: StateNode) => {
    found.push(...(node.on?.[type] ?? []));
    Object.values(node.states ?? {}).forEach(walk);
  };
  walk({ ...config, meta: {} });
  return found;
}

/** Status of the work alone, whatever is waited for beside it. */
function workStatus(config: MachineConfig, state: StateValue): number {
  const work = openValue(state)?.["work"];
  const open = config.states?.["open"]?.states?.["work"];
  if (work === undefined || open === undefined) return statusOf(config, state);
  const name = typeof work === "string" ? work : (Object.keys(work)[0] ?? "");
  return open.states?.[name]?.meta?.status ?? 4;
}

/** The derived status: an end's own, else withdrawal 7, supplement 5, payment 6, else that of the work. */
export function statusOf(config: MachineConfig, state: StateValue): number {
  const open = openValue(state);
  if (open === undefined) return config.states?.[String(state)]?.meta?.status ?? 8;
  if (open["withdrawal"] === "requested") return 7;
  if (open["supplement"] === "asked") return 5;
  if (open["payment"] === "requested") return 6;
  return workStatus(config, state);
}

const STATE_NAMES: Record<string, string> = {
  filed: "Mới đăng ký",
  accepted: "Đã tiếp nhận, chờ số hóa",
  digitized: "Đã số hóa, chờ chuyển xử lý",
  done: "Đã xử lý xong, chờ trả kết quả",
  refused: "Đã từ chối tiếp nhận",
  stopped: "Đã dừng xử lý",
  returned: "Đã trả kết quả",
};

/** What people call the step that the dossier stands in. */
export function stepName(config: MachineConfig, state: StateValue): string {
  const name = workStateOf(state);
  return STATE_NAMES[name] ?? config.meta.declared.steps.find((step) => step.state === name)?.name ?? name;
}
