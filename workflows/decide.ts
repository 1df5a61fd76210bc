import { initialTransition, transition } from "xstate";
import type { AnyMachineSnapshot } from "xstate";
import { applyActions } from "./actions.ts";
import type { Calendar } from "./calendar.ts";
import type { Transition } from "./chart.ts";
import { EVENTS, eventDefinition, payloadErrors } from "./events.ts";
import type { EventType } from "./events.ts";
import type { Facts } from "./facts.ts";
import { buildMachine } from "./machine.ts";
import type { MachineConfig } from "./machine.ts";
import { firstBroken, isWho } from "./rules.ts";
import type { Actor, Colleague, Payload, Scene } from "./rules.ts";
import type { FieldError } from "./schema.ts";
import { allTransitions, stateName, standingOf } from "./standing.ts";
import type { Outcome, ReadyMachine, Standing, StateValue } from "./standing.ts";

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

/** What a guard reads: the scene, and a mark that the answer hangs on more than the event's own guards. */
interface Asked {
  type: EventType;
  scene: Scene;
  eventless: boolean;
}

/** Builds the XState machine of a compiled config. */
export function readyMachine(config: MachineConfig): ReadyMachine {
  const machine = buildMachine(config, (event, params) => {
    const asked = event as Asked;
    const { who, rules } = params as Transition["guard"]["params"];
    // Eventless transitions are nobody's act: only their rules count.
    if (who.length === 0) asked.eventless = true;
    else if (!who.some((one) => isWho(one, asked.scene.actor, asked.scene.facts))) return false;
    return firstBroken(rules, asked.scene, "all") === null;
  });
  const [initial] = initialTransition(machine);
  return {
    config,
    machine,
    initial: (initial as AnyMachineSnapshot).value as StateValue,
    standings: new Map(),
  };
}

/**
 * Decides one event: the next state and facts, or a refusal that names its rule. Pure: no clock, no database.
 * Tested in order: who, then the rules on the facts, then the payload's form, then the rules on the payload.
 */
export function decide(ready: ReadyMachine, dossier: Dossier, request: Request): Decided | Refusal {
  const standing = standingOf(ready, dossier.state);
  const candidates = standing.offers.get(request.type) ?? [];
  const mine = candidates.filter(({ guard }) =>
    guard.params.who.some((who) => isWho(who, request.actor, dossier.facts)),
  );
  if (mine.length === 0) return notMine(ready, dossier, request, standing);
  const scene = sceneOf(ready, dossier, request, standing);
  const factual = mine.map((candidate) => firstBroken(candidate.guard.params.rules, scene, "facts"));
  if (!factual.includes(null)) return refusal(factual[0]);
  const errors = payloadErrors(request.type, request.payload);
  if (errors.length > 0) return { ok: false, kind: "invalid", errors };
  const full = mine.map((candidate) => firstBroken(candidate.guard.params.rules, scene, "all"));
  // Where several transitions would do, the one that failed last went furthest; it says what is missing.
  if (!full.includes(null)) return refusal(full.filter((_, index) => factual[index] === null).at(-1));
  const enabled = mine.filter((_, index) => full[index] === null);
  return step(ready, dossier, standing, request.type, scene, enabled);
}

function step(
  ready: ReadyMachine,
  dossier: Dossier,
  standing: Standing,
  type: EventType,
  scene: Scene,
  enabled: Transition[],
): Decided {
  const { state, actions } = outcome(ready, standing, type, scene, enabled);
  const { workState, status, ended } = standingOf(ready, state);
  const facts = applyActions(actions, dossier.facts, scene, dossier.nextSeq);
  return { ok: true, state, workState, status, facts, ended };
}

/**
 * XState's own answer. It is pure: the same state, event and verdicts lead to the same place, so it is asked
 * once and remembered (most of a decision's cost), except where an eventless guard looked at the payload.
 */
function outcome(
  { machine }: ReadyMachine,
  { snapshot, offers, outcomes }: Standing,
  type: EventType,
  scene: Scene,
  enabled: Transition[],
): Outcome {
  const verdicts = (offers.get(type) ?? []).map((offer) => (enabled.includes(offer) ? "1" : "0"));
  const key = `${type} ${verdicts.join("")}`;
  const known = outcomes.get(key);
  if (known !== undefined) return known;
  const asked: Asked = { type, scene, eventless: false };
  const [after, effects] = transition(machine, snapshot, asked as never);
  const answer: Outcome = {
    state: (after as AnyMachineSnapshot).value as StateValue,
    actions: (effects as { type: string; params?: unknown }[])
      .filter((effect) => !effect.type.startsWith("xstate."))
      .map((effect) => ({ type: effect.type, params: (effect.params ?? {}) as Record<string, unknown> })),
  };
  if (!asked.eventless) outcomes.set(key, answer);
  return answer;
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

/**
 * Nobody of this kind may do it here: 403 when it is never theirs in this dossier, neither by contract.md's
 * table nor by the machine; 409 when only the moment is wrong.
 */
function notMine(ready: ReadyMachine, dossier: Dossier, request: Request, standing: Standing): Refusal {
  const { label, who } = eventDefinition(request.type);
  const theirs = (kinds: Transition["guard"]["params"]["who"]) =>
    kinds.some((kind) => isWho(kind, request.actor, dossier.facts));
  if (
    !theirs(who) &&
    !allTransitions(ready.config, request.type).some(({ guard }) => theirs(guard.params.who))
  )
    return {
      ok: false,
      kind: "not-allowed",
      rule: "who",
      message: `Việc “${label}” không thuộc thẩm quyền của tài khoản này đối với hồ sơ.`,
    };
  if (standing.ended)
    return {
      ok: false,
      kind: "refused",
      rule: "ended",
      message: "Hồ sơ đã kết thúc, không thay đổi được nữa.",
    };
  return {
    ok: false,
    kind: "refused",
    rule: "state",
    message: `Không thực hiện được việc “${label}” khi hồ sơ đang ở bước “${stateName(ready.config, standing.workState)}”.`,
  };
}

const POSTED = (Object.keys(EVENTS) as EventType[]).filter((type) => eventDefinition(type).internal !== true);

/** The events that this actor may cause now, in the order of contract.md's table. */
export function allowedEvents(
  ready: ReadyMachine,
  dossier: Dossier,
  request: Omit<Request, "type" | "payload">,
): EventType[] {
  const standing = standingOf(ready, dossier.state);
  const scene = sceneOf(ready, dossier, { ...request, payload: {} }, standing);
  return POSTED.filter((type) =>
    (standing.offers.get(type) ?? []).some(
      ({ guard: { params } }) =>
        params.who.some((who) => isWho(who, request.actor, dossier.facts)) &&
        firstBroken(params.rules, scene, "facts") === null,
    ),
  );
}

/** Everything that a rule may look at, for one request on one dossier. */
export function sceneOf(
  ready: ReadyMachine,
  dossier: Dossier,
  request: Omit<Request, "type">,
  { metas, waits, workStatus }: Standing,
): Scene {
  return {
    machine: ready.config.meta.declared,
    facts: dossier.facts,
    metas,
    waits,
    workStatus,
    actor: request.actor,
    now: request.now,
    dueAt: dossier.dueAt,
    calendar: request.calendar,
    colleagues: request.colleagues ?? [],
    payload: request.payload,
  };
}
