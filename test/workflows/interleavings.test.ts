import assert from "node:assert/strict";

import fc from "fast-check";
import { describe, it } from "mocha";

import { allowedEvents, decide, sceneOf } from "../../workflows/decide.ts";
import type { Dossier, Request } from "../../workflows/decide.ts";
import { EVENTS, eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Facts } from "../../workflows/facts.ts";
import {
  PLACES,
  STAFF,
  colleaguesOf,
  filedFacts,
  isTried,
  momentOf,
  payloadsOf,
  person,
} from "../../workflows/possible-requests.ts";
import type { Actor } from "../../workflows/rules.ts";
import { standingOf } from "../../workflows/standing.ts";
import type { ReadyMachine, StateValue } from "../../workflows/standing.ts";
import { STATUS_CHANGES } from "../../workflows/verify.ts";
import { SAMPLES, calendar, machineOf } from "./charts.ts";

/** All events by all roles, in any order: what must hold after each. The seed of a failure is printed. */

const TYPES = (Object.keys(EVENTS) as EventType[]).filter(isTried);
/** What brings a dossier on, so that many get far. */
const ONWARD = new Set<EventType>([
  "ACCEPT",
  "DIGITIZE",
  "TRANSFER",
  "ASSIGN",
  "CONSULT",
  "ANSWER",
  "RECORD_MINUTES",
  "SUPPLEMENT",
  "PAY",
  "REJECT_WITHDRAWAL",
  "DRAFT_RESULT",
  "PROPOSE",
  "APPROVE",
  "SIGN",
  "SEAL",
  "RETURN",
]);
/** Numbers that choose, out of what there is at that moment: an event that may go through, or any at all. */
const moves = fc.array(
  fc.record({
    aim: fc.constantFrom("any", "possible", "onward", "onward"),
    pick: fc.nat(),
    who: fc.nat(),
    payload: fc.nat(),
  }),
  { minLength: 1, maxLength: 60, size: "max" },
);
const SECONDS_EACH = 0.9;

function everybody({ config }: ReadyMachine): Actor[] {
  const consulted = config.meta.declared.consulted.map(({ agency }) => agency);
  return [PLACES.intake, PLACES.deciding, PLACES.superior, PLACES.chair, "unit-another", ...consulted]
    .flatMap((unit) => STAFF.map((role) => person(role, unit)))
    .concat(person("citizen", null), person("worker", null));
}

const at = <T>(items: readonly T[], index: number): T => items[index % items.length]!;

/** Mostly something that somebody may do now, or that leads on; else anything by anybody. */
function chosen(
  ready: ReadyMachine,
  people: Actor[],
  dossier: Dossier,
  move: { aim: string; pick: number; who: number; payload: number },
): Request {
  const base = { calendar, colleagues: colleaguesOf(dossier.facts.places.processing) };
  const possible =
    move.aim === "any"
      ? []
      : people.flatMap((actor) =>
          allowedEvents(ready, dossier, { ...base, actor, now: momentOf("LIMIT_PASSED") })
            .filter((type) => move.aim === "possible" || ONWARD.has(type))
            .map((type) => ({ actor, type })),
        );
  const { actor, type } =
    possible.length > 0
      ? at(possible, move.pick)
      : { actor: at(people, move.who), type: at(TYPES, move.pick) };
  const payloads = payloadsOf(type, ready.config.meta.declared, dossier.facts);
  return { ...base, actor, type, payload: at(payloads, move.payload), now: momentOf(type) };
}

describe("any interleaving of all events by all roles", () => {
  const seen = new Set<number>();
  for (const [process, { code, tier }] of Object.entries(SAMPLES))
    it(`keeps every promise (process ${process})`, function () {
      this.timeout(30_000);
      const ready = machineOf(code, tier);
      const people = everybody(ready);
      fc.assert(
        fc.property(fc.constantFrom("all" as const, "none" as const), moves, (papers, sequence) => {
          let dossier: Dossier = {
            state: ready.initial,
            facts: filedFacts(ready.config.meta.declared, papers),
            dueAt: "2026-04-10T17:00:00+07:00",
            nextSeq: 2,
          };
          for (const move of sequence) {
            const request = chosen(ready, people, dossier, move);
            const decided = decide(ready, dossier, request);
            agree(ready, dossier, request, decided);
            if (!decided.ok) continue;
            const before = standingOf(ready, dossier.state);
            assert.ok(!before.ended, "nothing after an end");
            assert.ok(
              decided.status === before.status || STATUS_CHANGES[before.status]?.includes(decided.status),
              `${request.type} leads from ${before.status} to ${decided.status}`,
            );
            seen.add(decided.status);
            holds(ready, decided.state, decided.facts, decided.status);
            dossier = {
              ...dossier,
              state: decided.state,
              facts: decided.facts,
              nextSeq: dossier.nextSeq + 1,
            };
          }
        }),
        { numRuns: 400, interruptAfterTimeLimit: SECONDS_EACH * 1000 },
      );
    });

  it("came through every status", () => {
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });
});

/** decide(), allowedEvents() and XState itself say the same. */
function agree(ready: ReadyMachine, dossier: Dossier, request: Request, decided: ReturnType<typeof decide>) {
  const standing = standingOf(ready, dossier.state);
  const event = { type: request.type, scene: sceneOf(ready, dossier, request, standing), eventless: false };
  const enabled = ready.machine.getTransitionData(standing.snapshot as never, event);
  assert.equal(enabled.length > 0, decided.ok, `${request.type}: XState takes ${enabled.length}`);
  if (eventDefinition(request.type).internal === true) return;
  const listed = allowedEvents(ready, dossier, request).includes(request.type);
  if (decided.ok) assert.ok(listed, `${request.type} was done and is not listed`);
  else if (decided.kind === "not-allowed")
    assert.ok(!listed, `${request.type} is listed for ${request.actor.username}, who may never do it`);
}

/** What is true of every dossier, whatever happened to it. */
function holds(ready: ReadyMachine, state: StateValue, facts: Facts, status: number): void {
  if (typeof state === "string") {
    assert.equal(status, { refused: 3, stopped: 8, returned: 10 }[state]);
    assert.ok(facts.clock.pauses.every(({ to }) => to !== null));
    assert.equal(state === "refused", facts.clock.acceptedAt === null && state !== "stopped");
    return;
  }
  const open = state.open as Record<"work" | "supplement" | "payment" | "withdrawal", StateValue>;
  const { work } = open;
  const name = typeof work === "string" ? work : Object.keys(work)[0]!;
  const waits = {
    supplement: open.supplement === "asked",
    payment: open.payment === "requested",
    withdrawal: open.withdrawal === "requested",
  };
  const own = name === "filed" ? 1 : ["accepted", "digitized"].includes(name) ? 2 : name === "done" ? 9 : 4;
  assert.equal(status, waits.withdrawal ? 7 : waits.supplement ? 5 : waits.payment ? 6 : own);
  assert.equal(facts.clock.acceptedAt !== null, own > 1);
  assert.equal(facts.supplement !== null, waits.supplement);
  assert.equal(facts.withdrawalRequested, waits.withdrawal);
  assert.equal(
    facts.fees.some((fee) => fee.state === "requested"),
    waits.payment,
  );
  const running = ready.config.meta.declared.pausesFor;
  const paused = [
    ...(waits.supplement && own > 1 ? ["supplement"] : []),
    ...(waits.withdrawal && own > 1 ? ["withdrawal"] : []),
    ...(waits.payment && running.includes("financial-duty") ? ["financial-duty"] : []),
  ];
  const stillOpen = facts.clock.pauses.filter(({ to }) => to === null).map(({ reason }) => reason);
  assert.deepEqual(stillOpen.sort(), paused.sort());
  const asked = facts.consultations.filter((one) => one.state === "waiting").length;
  assert.equal(JSON.stringify(work).split('"waiting"').length - 1, asked);
  if (facts.sealed) assert.ok(facts.signed);
  if (own === 9) {
    assert.ok(facts.sealed || (facts.outcome === "grant" && facts.draft === null) || !hasPaper(ready));
    assert.ok(facts.sealed || facts.outcome === "grant", "a denial is sealed");
    assert.notEqual(facts.finishedAt, null);
    assert.deepEqual(Object.values(waits), [false, false, false]);
  }
}

const hasPaper = ({ config }: ReadyMachine) => config.meta.declared.resultPaper;
