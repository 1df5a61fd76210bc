import type { Calendar } from "./calendar.ts";
import type { Transition } from "./chart.ts";
import { decide } from "./decide.ts";
import type { Dossier } from "./decide.ts";
import { isEventType } from "./events.ts";
import type { Facts } from "./facts.ts";
import { colleaguesOf, filedFacts, momentOf, payloadsOf, personOf } from "./possible-requests.ts";
import { standingOf } from "./standing.ts";
import type { ReadyMachine, StateValue } from "./standing.ts";

/** A dossier as exploration tells it apart: its state, and the facts that any rule looks at. */
export interface Place {
  state: StateValue;
  facts: Facts;
  workState: string;
  status: number;
  ended: boolean;
  /** What was done from here with success, as "EVENT role", and for a consulted agency "EVENT agency". */
  exits: Set<string>;
  next: Set<Place>;
  /** How it was reached first. */
  from: { place: Place; event: string } | null;
}

export interface Exploration {
  places: Place[];
  /** Every change of status between two places, once, with where it was seen first. */
  statusChanges: Map<string, { from: Place; to: Place; event: string }>;
  /** What the machine cannot do: an event broke it. */
  broken: { at: Place; event: string; cause: string }[];
  transitions: number;
}

/** Facts that these actions change are looked at by no rule of another event: they lead nowhere new. */
const QUIET = new Set(["extend", "apologise", "correct", "addFile"]);

/**
 * Walks a machine with decide() itself, from filing with all papers and with none, by everything that anybody
 * could try, until nothing new turns up. Throws when the machine has no standing at its initial state.
 */
export function explore(ready: ReadyMachine, calendar: Calendar): Exploration {
  const seen = new Map<string, Place>();
  const result: Exploration = { places: [], statusChanges: new Map(), broken: [], transitions: 0 };
  const visit = (state: StateValue, facts: Facts, from: Place["from"]): Place => {
    const key = keyOf(state, facts);
    const known = seen.get(key);
    if (known !== undefined) return known;
    const { workState, status, ended } = standingOf(ready, state);
    const place = {
      state,
      facts,
      workState,
      status,
      ended,
      exits: new Set<string>(),
      next: new Set<Place>(),
      from,
    };
    seen.set(key, place);
    result.places.push(place);
    return place;
  };
  for (const papers of ["all", "none"] as const)
    visit(ready.initial, filedFacts(ready.config.meta.declared, papers), null);
  // The list grows while it is walked.
  for (const place of result.places) leave(ready, calendar, place, visit, result);
  return result;
}

function leave(
  ready: ReadyMachine,
  calendar: Calendar,
  place: Place,
  visit: (state: StateValue, facts: Facts, from: Place["from"]) => Place,
  result: Exploration,
): void {
  const dossier: Dossier = { state: place.state, facts: place.facts, dueAt: null, nextSeq: 2 };
  const colleagues = colleaguesOf(place.facts.places.processing);
  for (const [type, offers] of standingOf(ready, place.state).offers) {
    if (!isEventType(type) || offers.every(isQuiet)) continue;
    const payloads = payloadsOf(type, ready.config.meta.declared, place.facts);
    for (const who of distinctWho(offers)) {
      const actor = personOf(who, place.facts);
      if (actor === undefined) continue;
      for (const payload of payloads) {
        const event = `${type} (${who.role})`;
        try {
          const decided = decide(ready, dossier, {
            type,
            actor,
            payload,
            now: momentOf(type),
            calendar,
            colleagues,
          });
          if (!decided.ok) continue;
          result.transitions += 1;
          const to = visit(decided.state, decided.facts, { place, event });
          place.exits.add(`${type} ${who.unit.startsWith("agency:") ? who.unit.slice(7) : who.role}`);
          if (type === "LIMIT_PASSED") place.exits.add(`${type} ${String(payload.agency)}`);
          place.next.add(to);
          const change = `${place.status}→${to.status}`;
          if (!result.statusChanges.has(change)) result.statusChanges.set(change, { from: place, to, event });
        } catch (error) {
          result.broken.push({ at: place, event, cause: (error as Error).message });
        }
      }
    }
  }
}

const isQuiet = ({ target, actions = [] }: Transition) =>
  target === undefined && actions.every(({ type }) => QUIET.has(type));

function distinctWho(offers: Transition[]) {
  const all = offers.flatMap(({ guard }) => guard.params.who);
  return [...new Map(all.map((who) => [`${who.role} ${who.unit}`, who])).values()];
}

/** The events that led to a place, from filing on. */
export function pathTo(place: Place): string[] {
  const path: string[] = [];
  for (let { from } = place; from !== null; from = from.place.from) path.unshift(from.event);
  return path;
}

/** The places from which no end can be reached. */
export function traps(places: Place[]): Place[] {
  const before = new Map<Place, Place[]>();
  for (const place of places) for (const to of place.next) before.set(to, [...(before.get(to) ?? []), place]);
  const saved = new Set(places.filter(({ ended }) => ended));
  for (const place of saved) for (const earlier of before.get(place) ?? []) saved.add(earlier);
  return places.filter((place) => !saved.has(place));
}

function keyOf(state: StateValue, facts: Facts): string {
  const fees = facts.fees
    .filter(({ code, state: of }) => of === "requested" || code !== "other")
    .map(({ code, state: of }) => `${code} ${of}`);
  return JSON.stringify([
    state,
    facts.places.processing,
    facts.assignee,
    facts.draft !== null,
    facts.outcome,
    facts.signed,
    facts.sealed,
    [...new Set(fees)].sort(),
    Object.keys(facts.received).length,
    facts.clock.pauses.filter(({ to }) => to === null).map(({ reason }) => reason),
  ]);
}
