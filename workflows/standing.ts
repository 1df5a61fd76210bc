import type { AnyMachineSnapshot, AnyStateMachine } from "xstate";
import type { ActionRef, StateMeta, StateNode, Transition } from "./chart.ts";
import type { Facts } from "./facts.ts";
import type { MachineConfig } from "./machine.ts";

/** An XState state value as JSON. */
export type StateValue = string | { [key: string]: StateValue | undefined };

/** A machine ready to decide with; building one costs 0.5 to 2 ms, so callers keep it. */
export interface ReadyMachine {
  config: MachineConfig;
  machine: AnyStateMachine;
  initial: StateValue;
  /** Where dossiers of this machine were seen to stand, by state value: reading a state is most of a decision. */
  standings: Map<string, Standing>;
}

/** All that a state value alone says about a dossier. */
export interface Standing {
  workState: string;
  /** Status of the work alone, whatever is waited for beside it. */
  workStatus: number;
  status: number;
  ended: boolean;
  /** Metas of the states the dossier is in. */
  metas: StateMeta[];
  waits: { supplement: boolean; payment: boolean; withdrawal: boolean };
  /** The transitions of the states it is in, by event; guards not yet asked. */
  offers: Map<string, Transition[]>;
  snapshot: AnyMachineSnapshot;
  /** What XState answered before, by event and the verdicts of its guards. */
  outcomes: Map<string, Outcome>;
}

/** Where XState leads, and the actions that it names on the way. */
export interface Outcome {
  state: StateValue;
  actions: ActionRef[];
}

/** Reads a state value against its machine. Throws when the machine has no such state. */
export function standingOf(ready: ReadyMachine, state: StateValue): Standing {
  const key = JSON.stringify(state);
  const known = ready.standings.get(key);
  if (known !== undefined) return known;
  const standing = read(ready, state);
  ready.standings.set(key, standing);
  return standing;
}

function read({ config, machine }: ReadyMachine, state: StateValue): Standing {
  const nodes = activeNodes(config, state);
  const open = openValue(state);
  const offers = new Map<string, Transition[]>();
  for (const node of nodes)
    for (const [type, transitions] of Object.entries(node.on ?? {}))
      offers.set(type, [...(offers.get(type) ?? []), ...transitions]);
  return {
    workState: workStateOf(state),
    workStatus: workStatus(config, state),
    status: statusOf(config, state),
    ended: open === undefined,
    metas: nodes.flatMap(({ meta }) => (meta === undefined ? [] : [meta])),
    waits: {
      supplement: open?.supplement === "asked",
      payment: open?.payment === "requested",
      withdrawal: open?.withdrawal === "requested",
    },
    offers,
    snapshot: machine.resolveState({ value: state, context: {} }) as AnyMachineSnapshot,
    outcomes: new Map(),
  };
}

function openValue(state: StateValue): Record<string, StateValue | undefined> | undefined {
  if (typeof state === "string") return undefined;
  const open = state.open;
  return typeof open === "object" ? open : undefined;
}

/** Whether the dossier has come to an end (3, 8 or 10). */
export function isEnded(state: StateValue): boolean {
  return openValue(state) === undefined;
}

/** The state of the work by name ("examining", "consulting"), or the end's name. */
export function workStateOf(state: StateValue): string {
  const work = openValue(state)?.work;
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

/** Every transition of a machine for an event, wherever it stands. */
export function allTransitions(config: MachineConfig, type: string): Transition[] {
  const found: Transition[] = [];
  const walk = (node: StateNode) => {
    found.push(...(node.on?.[type] ?? []));
    Object.values(node.states ?? {}).forEach(walk);
  };
  walk({ ...config, meta: {} });
  return found;
}

/** The states of the work region, `filed` to `done`. */
export function workStates(config: MachineConfig): Record<string, StateNode> {
  return config.states?.open?.states?.work?.states ?? {};
}

function workStatus(config: MachineConfig, state: StateValue): number {
  if (isEnded(state)) return statusOf(config, state);
  return ofState(config, workStateOf(state), workStates(config)[workStateOf(state)]);
}

/**
 * The derived status: an end's own, else withdrawal 7, supplement 5, payment 6, else that of the work.
 * Throws when the machine gives the state none (verify.ts proves that each of ours has one).
 */
export function statusOf(config: MachineConfig, state: StateValue): number {
  const open = openValue(state);
  if (open === undefined) return ofState(config, workStateOf(state), config.states?.[workStateOf(state)]);
  if (open.withdrawal === "requested") return 7;
  if (open.supplement === "asked") return 5;
  if (open.payment === "requested") return 6;
  return workStatus(config, state);
}

function ofState(config: MachineConfig, name: string, node: StateNode | undefined): number {
  if (node?.meta?.status === undefined) throw new Error(`machine ${config.id}: state ${name} has no status`);
  return node.meta.status;
}

/** The units that TRANSFER may name in this state, by their part in the dossier. */
export function transferUnits(ready: ReadyMachine, state: StateValue): (keyof Facts["places"])[] {
  return (standingOf(ready, state).offers.get("TRANSFER") ?? []).flatMap(({ guard }) =>
    guard.params.rules
      .filter(({ type }) => type === "transferTo")
      .map(({ params }) => params?.unit as keyof Facts["places"]),
  );
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

/** What people call a state of the work, or an end. */
export function stateName(config: MachineConfig, state: string): string {
  return STATE_NAMES[state] ?? config.meta.declared.steps.find((step) => step.state === state)?.name ?? state;
}
