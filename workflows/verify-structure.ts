import { ACTIONS } from "./actions.ts";
import type { StateNode, Transition } from "./chart.ts";
import { isEventType } from "./events.ts";
import type { MachineConfig } from "./machine.ts";
import { RULES } from "./rules.ts";
import type { Finding } from "./verify.ts";

/** A state of a machine by its dotted path. */
export interface NodeAt {
  path: string;
  node: StateNode;
}

/** Every state of a machine, the root left out. */
export function nodesOf(config: MachineConfig): NodeAt[] {
  const found: NodeAt[] = [];
  const walk = (states: Record<string, StateNode> = {}, above = "") => {
    for (const [name, node] of Object.entries(states)) {
      found.push({ path: above + name, node });
      walk(node.states, `${above}${name}.`);
    }
  };
  walk(config.states);
  return found;
}

/** Every transition of a machine, the eventless ones as "always". */
export function transitionsOf(
  config: MachineConfig,
): { at: string; event: string; transition: Transition }[] {
  return nodesOf(config).flatMap(({ path, node }) => [
    ...Object.entries(node.on ?? {}).flatMap(([event, transitions]) =>
      transitions.map((transition) => ({ at: path, event, transition })),
    ),
    ...(node.always ?? []).map((transition) => ({ at: path, event: "always", transition })),
  ]);
}

/** What would make exploring a machine pointless: names that nothing stands behind, states without a status. */
export function unfitForExploring(config: MachineConfig): Finding[] {
  const work = "open.work.";
  const statuses = nodesOf(config)
    .filter(({ path }) => !path.startsWith("open") || path.lastIndexOf(".") === work.length - 1)
    .filter(({ path }) => !path.startsWith("open") || path.startsWith(work))
    .filter(({ node }) => !isStatus(node.meta?.status))
    .map(({ path }): Finding => ({
      fault: "no-status",
      message: `state ${path} has no portal status`,
      path: [],
    }));
  const names = transitionsOf(config).flatMap(({ at, event, transition }): Finding[] => {
    const { rules } = transition.guard.params;
    const strange = [
      ...(event === "always" || isEventType(event) ? [] : [`event ${event}`]),
      ...rules.filter(({ type }) => !Object.hasOwn(RULES, type)).map(({ type }) => `rule ${type}`),
      ...(transition.actions ?? [])
        .filter(({ type }) => !Object.hasOwn(ACTIONS, type))
        .map(({ type }) => `action ${type}`),
    ];
    return strange.map((name) => ({
      fault: "broken",
      message: `${event} in ${at} names the unknown ${name}`,
      path: [],
    }));
  });
  return [...statuses, ...names];
}

const isStatus = (status: number | undefined) =>
  status !== undefined && Number.isInteger(status) && status >= 1 && status <= 10;
