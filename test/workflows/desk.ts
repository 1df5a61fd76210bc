import assert from "node:assert/strict";

import type { ActorRole } from "../../workflows/chart.ts";
import { allowedEvents, decide } from "../../workflows/decide.ts";
import type { Decided, Refusal, Request } from "../../workflows/decide.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Facts, Places } from "../../workflows/facts.ts";
import {
  PLACES,
  colleaguesOf,
  filedFacts,
  momentOf,
  payloadsOf,
  person,
} from "../../workflows/possible-requests.ts";
import type { Actor, Payload } from "../../workflows/rules.ts";
import type { ReadyMachine, StateValue } from "../../workflows/standing.ts";
import { calendar } from "./charts.ts";

/** What a test changes of an ordinary request. */
export interface Asking {
  payload?: Payload;
  now?: string;
  dueAt?: string | null;
}

/** A dossier on its way: what it is now, and what somebody may do with it. */
export interface OnDesk {
  state(): StateValue;
  facts(): Facts;
  status(): number;
  work(): string;
  ended(): boolean;
  /** Does it, and fails the test when it is refused. "specialist@processing", "specialist@000.00.06.H30", "specialist:second@processing", "citizen". */
  does(who: string, type: EventType, asking?: Asking): OnDesk;
  /** Tries it, and fails the test when it is allowed. */
  refuses(who: string, type: EventType, asking?: Asking): Refusal;
  allowed(who: string, asking?: Asking): EventType[];
  /** The same dossier again, to go another way. */
  copy(): OnDesk;
}

/** Puts a dossier just filed on the desk. */
export function onDesk(ready: ReadyMachine, facts: Partial<Facts> = {}): OnDesk {
  return put(ready, {
    state: ready.initial,
    facts: { ...filedFacts(ready.config.meta.declared, "all"), ...facts },
    status: 1,
    workState: "filed",
    ended: false,
  });
}

type Now = Omit<Decided, "ok">;

function put(ready: ReadyMachine, first: Now): OnDesk {
  let at = first;
  let nextSeq = 2;
  const ask = (who: string, type: EventType, asking: Asking): Decided | Refusal =>
    decide(ready, dossier(asking), {
      ...surroundings(who, asking, type),
      type,
      payload: asking.payload ?? payloadsOf(type, ready.config.meta.declared, at.facts)[0] ?? {},
    });
  const dossier = ({ dueAt = "2026-04-10T17:00:00+07:00" }: Asking) => ({
    state: at.state,
    facts: at.facts,
    dueAt,
    nextSeq,
  });
  const surroundings = (who: string, asking: Asking, type: EventType): Omit<Request, "type" | "payload"> => ({
    actor: actorOf(who, at.facts.places),
    now: asking.now ?? momentOf(type),
    calendar,
    colleagues: colleaguesOf(at.facts.places.processing),
  });
  const desk: OnDesk = {
    state: () => at.state,
    facts: () => at.facts,
    status: () => at.status,
    work: () => at.workState,
    ended: () => at.ended,
    does(who, type, asking = {}) {
      const decided = ask(who, type, asking);
      if (!decided.ok) assert.fail(`${who} ${type} in ${at.workState}: ${JSON.stringify(decided)}`);
      at = decided;
      nextSeq += 1;
      return desk;
    },
    refuses(who, type, asking = {}) {
      const decided = ask(who, type, asking);
      if (decided.ok) assert.fail(`${who} ${type} in ${at.workState} was allowed`);
      return decided;
    },
    allowed: (who, asking = {}) => allowedEvents(ready, dossier(asking), surroundings(who, asking, "FILE")),
    copy: () => put(ready, at),
  };
  return desk;
}

function actorOf(who: string, places: Places): Actor {
  const [kind = "", unit] = who.split("@");
  const [role, username] = kind.split(":") as [ActorRole, string | undefined];
  if (unit === undefined) return person(role, null);
  const known: Record<string, string | null> = { ...PLACES, processing: places.processing };
  const actor = person(role, known[unit] ?? unit);
  return username === undefined ? actor : { ...actor, username };
}

/** The rule and message of a refusal (409). Fails the test for another kind. */
export function refusedBy(refusal: Refusal): { rule: string; message: string } {
  assert.equal(refusal.kind, "refused", JSON.stringify(refusal));
  return refusal;
}

/** The field that does not fit (422). Fails the test for another kind. */
export function invalidAt(refusal: Refusal): string {
  assert.equal(refusal.kind, "invalid", JSON.stringify(refusal));
  return (refusal as { errors: { path: string }[] }).errors[0]?.path ?? "";
}

/** Accepted, digitized and sent to the processing unit; assigned where somebody assigns. */
export function inProcessing(ready: ReadyMachine, facts: Partial<Facts> = {}): OnDesk {
  const desk = onDesk(ready, facts).does("frontdesk@intake", "ACCEPT").does("frontdesk@intake", "DIGITIZE");
  const to = PLACES[ready.config.meta.declared.steps[1]!.unit === "intake" ? "intake" : "deciding"];
  desk.does("frontdesk@intake", "TRANSFER", { payload: { agency: to } });
  return desk.work().startsWith("assigning") ? desk.does("leader@processing", "ASSIGN") : desk;
}
