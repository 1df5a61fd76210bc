import type { Calendar } from "./calendar.ts";
import type { Declaration, Tier } from "./declaration.ts";
import { readyMachine } from "./decide.ts";
import { explore, pathTo, traps } from "./explore.ts";
import type { Exploration, Place } from "./explore.ts";
import type { MachineConfig } from "./machine.ts";
import type { StateValue } from "./standing.ts";
import { workStates } from "./standing.ts";
import { declaredFindings } from "./verify-declared.ts";
import { nodesOf, unfitForExploring } from "./verify-structure.ts";

/** What a machine may break. */
export type Fault =
  | "broken"
  | "unreachable"
  | "trap"
  | "no-status"
  | "status-change"
  | "wait-without-exit"
  | "nobody"
  | "paper"
  | "fee"
  | "step"
  | "consulted";

export interface Finding {
  fault: Fault;
  message: string;
  /** The events that lead there, from filing on; empty where the fault lies in the machine as it is written. */
  path: string[];
}

/** One tier of a procedure, compiled. */
export interface Subject {
  declaration: Declaration;
  tier: Tier;
  config: MachineConfig;
}

export interface Verification {
  machines: number;
  procedures: number;
  /** Machines that differ in more than their papers, fees and names; each was explored once. */
  structures: number;
  places: number;
  transitions: number;
  findings: (Finding & { machine: string })[];
}

/** Which status may follow which (contract.md); staying the same is always allowed. Ends: 3, 8, 10. */
export const STATUS_CHANGES: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 6, 7, 8],
  3: [],
  4: [5, 6, 7, 8, 9],
  5: [1, 2, 3, 4, 6, 7, 8],
  6: [2, 4, 5, 7, 8],
  7: [1, 2, 4, 5, 6, 8],
  8: [],
  9: [10],
  10: [],
};

/**
 * Proves machines: every state can be reached and leads to an end, every state has a status and statuses
 * follow each other as allowed, every wait can be ended from both sides, whoever may act exists, and the
 * machine holds its procedure's own papers, fees, steps and consulted agencies. Structurally equal machines
 * share one exploration; what it finds is said of each of them.
 */
export function verifyMachines(
  subjects: Iterable<Subject>,
  world: { agencies: ReadonlySet<string>; calendar: Calendar },
): Verification {
  const explored = new Map<string, { findings: Finding[]; exploration: Exploration | null }>();
  const procedures = new Set<string>();
  const result: Verification = {
    machines: 0,
    procedures: 0,
    structures: 0,
    places: 0,
    transitions: 0,
    findings: [],
  };
  for (const subject of subjects) {
    const key = structureOf(subject.config);
    let structure = explored.get(key);
    if (structure === undefined) {
      structure = exploreStructure(subject.config, world.calendar);
      explored.set(key, structure);
    }
    result.machines += 1;
    procedures.add(subject.declaration.code);
    for (const finding of [...structure.findings, ...declaredFindings(subject, world.agencies)])
      result.findings.push({ machine: subject.config.id, ...finding });
  }
  for (const { exploration } of explored.values()) {
    result.places += exploration?.places.length ?? 0;
    result.transitions += exploration?.transitions ?? 0;
  }
  return { ...result, procedures: procedures.size, structures: explored.size };
}

/** One finding as one line. */
export function findingLine({ machine, fault, message, path }: Finding & { machine: string }): string {
  return `${machine} ${fault}: ${message}${path.length === 0 ? "" : ` — after ${path.join(" › ")}`}`;
}

/** What two machines must share to behave alike: everything but names, papers, fees and which agencies. */
export function structureOf(config: MachineConfig): string {
  const { resultPaper, pausesFor, consulted, steps } = config.meta.declared;
  const { states, initial, on, version } = config;
  const units = steps.map(({ state, unit }) => [state, unit]);
  const agencies = consulted.map(({ agency }) => agency);
  return agencies.reduce(
    (text, agency, index) =>
      text.replaceAll(`"${agency}"`, `"#${index}"`).replaceAll(`agency:${agency}"`, `agency:#${index}"`),
    JSON.stringify({ version, initial, on, states, resultPaper, pausesFor, units, agencies }),
  );
}

function exploreStructure(config: MachineConfig, calendar: Calendar) {
  const unfit = unfitForExploring(config);
  if (unfit.length > 0) return { findings: unfit, exploration: null };
  try {
    const exploration = explore(readyMachine(representative(config)), calendar);
    return { findings: judge(config, exploration), exploration };
  } catch (error) {
    const cause = (error as Error).message.replaceAll("\n", " ");
    const message = `XState or decide() cannot run it: ${cause}`;
    return { findings: [{ fault: "broken" as const, message, path: [] }], exploration: null };
  }
}

/** The machine with papers and fees of every kind, whatever its own procedure has. */
function representative(config: MachineConfig): MachineConfig {
  return {
    ...config,
    meta: {
      declared: {
        ...config.meta.declared,
        papers: [
          { code: "01", required: true, handling: "submit" },
          { code: "02", required: true, handling: "present" },
          { code: "03", required: false, handling: "submit" },
        ],
        fees: [
          { code: "intake", kind: "fixed", amount: 10_000, dueAt: "intake" },
          { code: "return", kind: "fixed", amount: 20_000, dueAt: "return" },
          { code: "other", kind: "other", amount: null, dueAt: "processing" },
        ],
      },
    },
  };
}

function judge(config: MachineConfig, exploration: Exploration): Finding[] {
  return [
    ...exploration.broken.map(({ at, event, cause }): Finding => ({
      fault: "broken",
      message: `${event} in ${where(at)} fails: ${cause}`,
      path: [...pathTo(at), event],
    })),
    ...unreachable(config, exploration.places),
    ...once(traps(exploration.places), where).map((place): Finding => ({
      fault: "trap",
      message: `no end can be reached from ${where(place)}`,
      path: pathTo(place),
    })),
    ...wrongChanges(exploration),
    ...elsewhere(config, exploration.places),
    ...waitsWithoutExit(config, exploration.places),
  ];
}

function unreachable(config: MachineConfig, places: Place[]): Finding[] {
  const reached = new Set(places.flatMap(({ state }) => pathsOf(state)));
  return nodesOf(config)
    .filter(({ path, node }) => node.always === undefined && !reached.has(path))
    .map(({ path }) => ({ fault: "unreachable", message: `state ${path} is never reached`, path: [] }));
}

function wrongChanges({ statusChanges }: Exploration): Finding[] {
  return [...statusChanges.values()]
    .filter(({ from, to }) => from.status !== to.status)
    .filter(({ from, to }) => STATUS_CHANGES[from.status]?.includes(to.status) !== true)
    .map(({ from, to, event }) => ({
      fault: "status-change",
      message: `status ${from.status} (${where(from)}) is followed by ${to.status} (${where(to)})`,
      path: [...pathTo(from), event],
    }));
}

/** A step says in which unit the dossier lies; the people who may act are those of the unit it was sent to. */
function elsewhere(config: MachineConfig, places: Place[]): Finding[] {
  const units = new Map(config.meta.declared.steps.map(({ state, unit }) => [state, unit]));
  const astray = places.filter(({ workState, facts, ended }) => {
    const unit = units.get(workState) ?? "processing";
    if (ended || unit === "processing" || ["accepted", "done"].includes(workState)) return false;
    return facts.places.processing !== facts.places[unit as keyof typeof facts.places];
  });
  return once(astray, where).map((place) => ({
    fault: "step",
    message: `step ${place.workState} is for the unit ${units.get(place.workState) ?? ""}, but the dossier lies with ${place.facts.places.processing}`,
    path: pathTo(place),
  }));
}

/** What must be possible in a wait, on the side that waits and on the side that is waited for. */
function waitsWithoutExit(config: MachineConfig, places: Place[]): Finding[] {
  const missing = places.flatMap((place) =>
    neededExits(config, place)
      .filter((alternatives) => !alternatives.some((exit) => place.exits.has(exit)))
      .map((alternatives) => ({ place, exit: alternatives.join(" or ") })),
  );
  return once(missing, ({ place, exit }) => `${where(place)} ${exit}`).map(({ place, exit }) => ({
    fault: "wait-without-exit",
    message: `in ${where(place)} (status ${place.status}) nobody can do ${exit}`,
    path: pathTo(place),
  }));
}

function neededExits(config: MachineConfig, { state, status, workState }: Place): string[][] {
  if (status === 7)
    return [
      ["CONFIRM_WITHDRAWAL frontdesk"],
      ["REJECT_WITHDRAWAL frontdesk", "REJECT_WITHDRAWAL specialist"],
    ];
  if (status === 5)
    return [
      ["SUPPLEMENT citizen"],
      ["SUPPLEMENT frontdesk"],
      ["REQUEST_WITHDRAWAL citizen"],
      ["STOP leader", "REFUSE frontdesk"],
    ];
  if (status === 6) return [["PAY frontdesk"], ["REQUEST_WITHDRAWAL citizen"], ["STOP leader"]];
  const waiting = pathsOf(state).map((path) => metaOf(config, path)?.consulted);
  return waiting.flatMap((agency) =>
    agency === undefined || workState === "done" ? [] : [[`ANSWER ${agency}`], [`LIMIT_PASSED ${agency}`]],
  );
}

function metaOf(config: MachineConfig, path: string) {
  const [, , name, ...inner] = path.split(".");
  if (!path.startsWith("open.work.") || name === undefined) return undefined;
  let node = workStates(config)[name];
  for (const step of inner) node = node?.states?.[step];
  return node?.meta;
}

/** The states of a value as dotted paths: "open.work.examining". */
function pathsOf(state: StateValue, above = ""): string[] {
  if (typeof state === "string") return [`${above}${state}`];
  return Object.entries(state).flatMap(([name, inner]) => [
    `${above}${name}`,
    ...(inner === undefined ? [] : pathsOf(inner, `${above}${name}.`)),
  ]);
}

function where({ workState, state }: Place): string {
  const waits = pathsOf(state).filter((path) =>
    /^open\.(supplement\.asked|(payment|withdrawal)\.requested)$/.test(path),
  );
  return [workState, ...waits.map((path) => path.split(".")[1])].join(" + ");
}

/** The first of each kind: places that differ only in their facts are one finding. */
function once<T>(items: T[], kind: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(kind(item)) && seen.add(kind(item)));
}
