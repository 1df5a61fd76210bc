import type { Who } from "./chart.ts";
import type { Declaration, Tier } from "./declaration.ts";
import { eventDefinition, isEventType } from "./events.ts";
import { STAFF } from "./possible-requests.ts";
import { workStates } from "./standing.ts";
import { transitionsOf } from "./verify-structure.ts";
import type { Finding, Subject } from "./verify.ts";

/** What only this machine can get wrong: its own papers, fees, steps, agencies, and whom it names. */
export function declaredFindings(subject: Subject, agencies: ReadonlySet<string>): Finding[] {
  return [
    ...people(subject, agencies),
    ...papers(subject),
    ...fees(subject),
    ...steps(subject),
    ...consulted(subject, agencies),
  ];
}

const finding = (fault: Finding["fault"], message: string): Finding => ({ fault, message, path: [] });

/** Whoever may do an event exists: the role is one of the five, the unit one that such a dossier has. */
function people({ declaration, tier, config }: Subject, agencies: ReadonlySet<string>): Finding[] {
  const found = new Set<string>();
  for (const { at, event, transition } of transitionsOf(config)) {
    const { who, rules } = transition.guard.params;
    const sentTo = [...rules, ...(transition.actions ?? [])].map(({ params }) => params?.unit);
    if (sentTo.includes("superior") && !superiorExists(declaration, tier))
      found.add(`${event} in ${at} leads to superior: only a commune has a superior`);
    if (event !== "always" && who.length === 0) found.add(`${event} in ${at} is for nobody`);
    for (const one of who) {
      const cause = missing(one, declaration, tier, agencies);
      if (cause !== null) found.add(`${event} in ${at} is for ${one.role} of ${one.unit}: ${cause}`);
      if (isEventType(event) && !eventDefinition(event).who.some(({ role }) => role === one.role))
        found.add(`${event} in ${at} is for ${one.role}, who may never do it`);
    }
  }
  return [...found].map((message) => finding("nobody", message));
}

function missing(
  { role, unit }: Who,
  declaration: Declaration,
  tier: Tier,
  agencies: ReadonlySet<string>,
): string | null {
  if (unit === "any") return role === "citizen" || role === "worker" ? null : "officers have a unit";
  if (!STAFF.includes(role)) return "no unit has this role";
  if (unit.startsWith("agency:")) return agencies.has(unit.slice(7)) ? null : "there is no such unit";
  if (unit === "superior") return superiorExists(declaration, tier) ? null : "only a commune has a superior";
  return ["intake", "processing", "deciding", "chair"].includes(unit) ? null : "no dossier has this unit";
}

const superiorExists = (declaration: Declaration, tier: Tier) =>
  tier === "commune" || declaration.levels.includes("commune");

function papers({ declaration, config }: Subject): Finding[] {
  const machine = config.meta.declared.papers.map(({ code, required, handling, case: of }) =>
    [code, required, handling, of ?? ""].join(" "),
  );
  const declared = declaration.documents
    .filter(({ kind }) => kind !== "heading")
    .map(({ code, required, handling, case: of }) => [code, required, handling, of ?? ""].join(" "));
  return differences(declared, machine).map((message) => finding("paper", `paper ${message}`));
}

function fees({ declaration, config }: Subject): Finding[] {
  const line = ({
    code,
    kind,
    amount,
    dueAt,
  }: {
    code: string;
    kind: string;
    amount: number | null;
    dueAt: string;
  }) => [code, kind, amount ?? "", dueAt].join(" ");
  const machine = config.meta.declared.fees;
  return [
    ...differences(declaration.fees.map(line), machine.map(line)),
    ...(machine.some(({ code }) => code === "other") ? [] : ["other is missing: nothing could be asked for"]),
  ].map((message) => finding("fee", `fee ${message}`));
}

/** Every step has its state and desk, and every state of the work in which somebody acts has a step. */
function steps({ declaration, tier, config }: Subject): Finding[] {
  const states = workStates(config);
  const declared = declaration.charts[tier]?.steps ?? [];
  const line = ({
    state,
    name,
    role,
    unit,
    share,
  }: {
    state: string;
    name: string;
    role: string;
    unit: string;
    share: string;
  }) => [state, role, unit, share, `“${name}”`].join(" ");
  const strange = declared
    .filter(({ state, role }) => states[state]?.meta?.desk !== role)
    .map(({ state, role }) =>
      states[state] === undefined
        ? `${state} has no state`
        : `${state} is for ${role}, its state for ${states[state].meta?.desk ?? "nobody"}`,
    );
  const named = new Set(declared.map(({ state }) => state));
  const unnamed = Object.keys(states)
    .filter((state) => !["filed", "digitized"].includes(state) && !named.has(state))
    .map((state) => `for state ${state} is missing`);
  return [
    ...differences(declared.map(line), config.meta.declared.steps.map(line)),
    ...strange,
    ...unnamed,
  ].map((message) => finding("step", `step ${message}`));
}

/** Every agency that may be consulted is a unit, can answer, and can be waited for no longer. */
function consulted({ declaration, tier, config }: Subject, agencies: ReadonlySet<string>): Finding[] {
  const chart = declaration.charts[tier];
  const line = ({ agency, workingDays }: { agency: string; workingDays: number }) =>
    `${agency} ${workingDays}`;
  const answers = new Set(
    transitionsOf(config)
      .filter(({ event }) => event === "ANSWER")
      .flatMap(({ transition }) => transition.guard.params.who.map(({ unit }) => unit)),
  );
  const declared = chart?.consulted ?? [];
  return [
    ...differences(declared.map(line), config.meta.declared.consulted.map(line)),
    ...declared.filter(({ agency }) => !agencies.has(agency)).map(({ agency }) => `${agency} is no unit`),
    ...declared
      .filter(({ agency }) => chart?.states === undefined && !answers.has(`agency:${agency}`))
      .map(({ agency }) => `${agency} cannot answer`),
    ...(chart?.process === "e" && declared.length === 0 ? ["is nobody: CONSULT would wait for no one"] : []),
  ].map((message) => finding("consulted", `agency ${message}`));
}

/** What stands in one list and not in the other. */
function differences(declared: string[], machine: string[]): string[] {
  return [
    ...declared.filter((item) => !machine.includes(item)).map((item) => `${item} is missing in the machine`),
    ...machine.filter((item) => !declared.includes(item)).map((item) => `${item} is not declared`),
  ];
}
