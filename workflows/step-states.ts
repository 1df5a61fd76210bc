import type { ChartDeclaration, ProcessName, Role, Tier, UnitRef } from "./declaration.ts";

/** A state of a process' chart in which a dossier may wait for somebody, and who that is. */
export interface StepState {
  state: string;
  role: Role;
  unit: UnitRef;
}

/** What the states of a chart depend on besides its process. */
type ChartShape = Pick<ChartDeclaration, "process" | "chain">;

/** The first and last steps of every chart: the front desk that received the dossier. */
const ACCEPTED: StepState = { state: "accepted", role: "frontdesk", unit: "intake" };
const DONE: StepState = { state: "done", role: "frontdesk", unit: "intake" };

/** Only a provincial department has division heads; elsewhere the leader assigns himself. */
function assigns(tier: Tier): Role {
  return tier === "province" ? "head" : "leader";
}

const step = (state: string, role: Role, unit: UnitRef = "processing"): StepState => ({ state, role, unit });

const signed = (unit: UnitRef = "processing"): StepState[] => [
  step("signing", "leader", unit),
  step("sealing", "clerk", unit),
];

/** Approval inside the unit: the division head first where there is one, then the leader. */
function approved(tier: Tier): StepState[] {
  const head = tier === "province" ? [step("headApproving", "head")] : [];
  return [...head, step("approving", "leader")];
}

const BETWEEN: Record<Exclude<ProcessName, "f">, (tier: Tier) => StepState[]> = {
  a: () => [step("examining", "specialist"), ...signed()],
  b: () => [step("examining", "specialist"), step("approving", "leader"), ...signed()],
  c: () => [
    step("assigning", "leader"),
    step("examining", "specialist"),
    step("approving", "leader"),
    ...signed(),
  ],
  d: () => [
    step("assigning", "head"),
    step("examining", "specialist"),
    step("headApproving", "head"),
    step("approving", "leader"),
    ...signed(),
  ],
  e: (tier) => [
    step("assigning", assigns(tier)),
    step("examining", "specialist"),
    step("consulting", "specialist"),
    step("drafting", "specialist"),
    ...approved(tier),
    ...signed(),
  ],
  g: (tier) => [
    step("assigning", assigns(tier)),
    step("determiningDuty", "specialist"),
    step("drafting", "specialist"),
    ...approved(tier),
    ...signed(),
  ],
  h: (tier) => [
    step("assigning", assigns(tier)),
    step("inspecting", "specialist"),
    step("drafting", "specialist"),
    ...approved(tier),
    ...signed(),
  ],
  i: () => [
    step("assigning", "head"),
    step("examining", "specialist"),
    step("headApproving", "head"),
    step("approving", "leader"),
    step("forwarding", "clerk"),
    step("chairReviewing", "head", "chair"),
    ...signed("chair"),
  ],
  j: () => [step("examining", "specialist"), step("approving", "leader"), ...signed()],
};

/** Process f: one stage for each unit of the chain, then signature where the decision belongs. */
function stages(tier: Tier, chain: readonly UnitRef[]): StepState[] {
  const states: StepState[] = [];
  chain.forEach((unit, index) => {
    const n = index + 1;
    const last = n === chain.length;
    const provincial = tier === "province" && unit === "deciding";
    states.push(step(`assigning${n}`, provincial && n > 1 ? "head" : "leader", unit));
    states.push(step(`examining${n}`, "specialist", unit));
    if (provincial) states.push(step(`headApproving${n}`, "head", unit));
    states.push(step(`approving${n}`, "leader", unit));
    if (!last || unit !== "deciding") states.push(step(`forwarding${n}`, "clerk", unit));
  });
  return [...states, ...signed("deciding")];
}

/**
 * The states that the steps of a chart may name, in the order in which a dossier passes them, with the
 * role and unit that each waits for. A declaration with states of its own may name others.
 */
export function stepStates(chart: ChartShape, tier: Tier): StepState[] {
  const between = chart.process === "f" ? stages(tier, chart.chain ?? []) : BETWEEN[chart.process](tier);
  return [ACCEPTED, ...between, DONE];
}
