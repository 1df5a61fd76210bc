import assert from "node:assert/strict";

import { before, describe, it } from "mocha";

import type { ActorRole } from "../../workflows/chart.ts";
import type { ProcessName } from "../../workflows/declaration.ts";
import { decide } from "../../workflows/decide.ts";
import type { Dossier } from "../../workflows/decide.ts";
import { EVENTS } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import { explore } from "../../workflows/explore.ts";
import type { Place } from "../../workflows/explore.ts";
import {
  PLACES,
  STAFF,
  colleaguesOf,
  isTried,
  momentOf,
  payloadsOf,
  person,
} from "../../workflows/possible-requests.ts";
import type { Actor } from "../../workflows/rules.ts";
import { standingOf } from "../../workflows/standing.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { stepStates } from "../../workflows/step-states.ts";
import { SAMPLES, calendar, declarationOf, machineOf } from "./charts.ts";

/**
 * The event table of contract.md, written once more by hand and without a look at the machines: who ever may,
 * and when. Everybody tries everything everywhere; each verdict must be the table's.
 */

type Verdict = "allowed" | "403" | "409";
type Unit = "intake" | "processing" | "deciding" | "consulted" | "any";

/** Where a dossier stands, in the words of the table. */
interface Moment {
  process: ProcessName;
  /** State of the work, and the role at whose desk it lies. */
  work: string;
  desk: ActorRole | undefined;
  actor: Actor;
  place: Place;
  supplement: boolean;
  payment: boolean;
  withdrawal: boolean;
  /** No wait is open. */
  free: boolean;
  accepted: boolean;
  approved: boolean;
  paused: boolean;
  asked: string[];
  noPaper: boolean;
}

const INTAKE = ["filed", "accepted", "digitized"];
const staysWith = ({ place, actor }: Moment) =>
  place.facts.assignee === null || place.facts.assignee === actor.username;
/** The specialist works on the dossier himself (and does not wait for other agencies). */
const working = (m: Moment) => m.desk === "specialist" && m.work !== "consulting";
const is = (m: Moment, role: ActorRole) => m.actor.roles.includes(role);

const TABLE: Record<string, { who: [ActorRole, Unit][]; when: (m: Moment) => boolean }> = {
  ACCEPT: {
    who: [["frontdesk", "intake"]],
    when: (m) => m.work === "filed" && m.free && Object.keys(m.place.facts.received).length > 0,
  },
  REFUSE: { who: [["frontdesk", "intake"]], when: (m) => m.work === "filed" && !m.withdrawal },
  REQUEST_SUPPLEMENT: {
    who: [
      ["frontdesk", "intake"],
      ["specialist", "processing"],
    ],
    when: (m) =>
      !m.withdrawal &&
      !m.supplement &&
      (is(m, "frontdesk") ? INTAKE.includes(m.work) : m.desk === "specialist" && staysWith(m)),
  },
  SUPPLEMENT: {
    who: [
      ["frontdesk", "intake"],
      ["citizen", "any"],
    ],
    when: (m) => m.supplement && !m.withdrawal,
  },
  DIGITIZE: { who: [["frontdesk", "intake"]], when: (m) => m.work === "accepted" && m.free },
  TRANSFER: {
    who: [
      ["frontdesk", "intake"],
      ["clerk", "processing"],
    ],
    when: (m) => m.free && (is(m, "frontdesk") ? m.work === "digitized" : m.work.startsWith("forwarding")),
  },
  ASSIGN: {
    who: [
      ["head", "processing"],
      ["leader", "processing"],
      ["specialist", "processing"],
    ],
    when: (m) =>
      m.free && (m.work.startsWith("assigning") || working(m)) && (!is(m, "specialist") || staysWith(m)),
  },
  CONSULT: {
    who: [["specialist", "processing"]],
    when: (m) => m.process === "e" && m.free && working(m) && staysWith(m),
  },
  ANSWER: {
    who: [["specialist", "consulted"]],
    when: (m) => m.asked.includes(m.actor.agency ?? ""),
  },
  RECORD_MINUTES: {
    who: [["specialist", "processing"]],
    when: (m) => m.process === "h" && m.free && working(m) && staysWith(m),
  },
  REQUEST_PAYMENT: {
    who: [
      ["specialist", "processing"],
      ["frontdesk", "intake"],
    ],
    when: (m) =>
      !m.withdrawal &&
      !m.payment &&
      (is(m, "frontdesk") ? m.accepted && !m.approved : m.desk === "specialist" && staysWith(m)),
  },
  PAY: {
    who: [["frontdesk", "intake"]],
    when: (m) => !m.withdrawal && (m.payment || !m.supplement),
  },
  DRAFT_RESULT: {
    who: [["specialist", "processing"]],
    when: (m) => m.free && working(m) && m.work !== "inspecting" && staysWith(m),
  },
  PROPOSE: {
    who: [["specialist", "processing"]],
    when: (m) =>
      m.free &&
      working(m) &&
      m.work !== "inspecting" &&
      staysWith(m) &&
      (m.place.facts.draft !== null || m.process === "j" || m.noPaper),
  },
  APPROVE: {
    who: [
      ["head", "processing"],
      ["leader", "processing"],
    ],
    when: (m) => m.free && /pproving|Reviewing/.test(m.work) && is(m, m.desk!),
  },
  SEND_BACK: {
    who: [
      ["head", "processing"],
      ["leader", "processing"],
    ],
    when: (m) =>
      m.free &&
      (/^assigning[2-9]/.test(m.work) || (/pproving|Reviewing|^signing/.test(m.work) && is(m, m.desk!))),
  },
  SIGN: { who: [["leader", "processing"]], when: (m) => m.work === "signing" && m.free },
  SEAL: { who: [["clerk", "processing"]], when: (m) => m.work === "sealing" && m.free },
  RETURN: { who: [["frontdesk", "intake"]], when: (m) => m.work === "done" },
  // The due date is far: it can be extended, and nobody need apologise yet.
  EXTEND: {
    who: [
      ["leader", "processing"],
      ["leader", "deciding"],
    ],
    when: (m) => m.accepted && m.work !== "done" && !m.paused,
  },
  APOLOGISE: {
    who: [
      ["leader", "processing"],
      ["leader", "deciding"],
    ],
    when: () => false,
  },
  STOP: {
    who: [
      ["leader", "processing"],
      ["leader", "deciding"],
    ],
    when: (m) => m.accepted && !m.approved,
  },
  REQUEST_WITHDRAWAL: {
    who: [
      ["citizen", "any"],
      ["frontdesk", "intake"],
    ],
    when: (m) => !m.withdrawal && !m.approved,
  },
  CONFIRM_WITHDRAWAL: { who: [["frontdesk", "intake"]], when: (m) => m.withdrawal },
  REJECT_WITHDRAWAL: {
    who: [
      ["specialist", "processing"],
      ["frontdesk", "intake"],
    ],
    when: (m) =>
      m.withdrawal &&
      (is(m, "frontdesk") ? INTAKE.includes(m.work) : !INTAKE.includes(m.work) && staysWith(m)),
  },
  CORRECT: {
    who: [
      ["frontdesk", "intake"],
      ["specialist", "processing"],
    ],
    when: () => true,
  },
  LIMIT_PASSED: { who: [["worker", "any"]], when: (m) => m.asked.length > 0 && m.free },
  CALENDAR_CHANGED: { who: [["worker", "any"]], when: () => true },
  // "front desk from 1 on, specialist in 4, citizen with the secret in 5"
  ADD_DOCUMENT: {
    who: [
      ["frontdesk", "intake"],
      ["specialist", "processing"],
      ["citizen", "any"],
    ],
    when: (m) => is(m, "frontdesk") || (is(m, "specialist") ? m.place.status === 4 : m.place.status === 5),
  },
};

/** States after the last APPROVE (in a, after PROPOSE, which stands for it). */
const AFTER_APPROVAL = ["signing", "sealing", "done"];

function expected(type: EventType, m: Moment, consulted: string[]): Verdict {
  const { who, when } = TABLE[type]!;
  const { places } = m.place.facts;
  const theirs = who.some(
    ([role, unit]) =>
      is(m, role) &&
      (unit === "any" ||
        (unit === "consulted" ? consulted.includes(m.actor.agency!) : m.actor.agency === places[unit])),
  );
  if (!theirs) return "403";
  return !m.place.ended && when(m) ? "allowed" : "409";
}

function verdict(ready: ReadyMachine, place: Place, type: EventType, actor: Actor): Verdict {
  const dossier: Dossier = {
    state: place.state,
    facts: place.facts,
    dueAt: "2026-04-10T17:00:00+07:00",
    nextSeq: 2,
  };
  const answers = payloadsOf(type, ready.config.meta.declared, place.facts).map((payload) =>
    decide(ready, dossier, {
      type,
      actor,
      payload,
      now: momentOf(type),
      calendar,
      colleagues: colleaguesOf(place.facts.places.processing),
    }),
  );
  if (answers.some(({ ok }) => ok)) return "allowed";
  return answers.every((answer) => !answer.ok && answer.kind === "not-allowed") ? "403" : "409";
}

/** One dossier for each state, with and without a draft, in each unit in which it may lie there. */
function everyState(places: Place[]): Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) {
    const { draft, assignee, places: at } = place.facts;
    const key = JSON.stringify([place.state, draft !== null, assignee, at.processing]);
    if (!seen.has(key)) seen.set(key, place);
  }
  return [...seen.values()];
}

describe("the event table", () => {
  it("has a row for every event", () => {
    assert.deepEqual(Object.keys(TABLE).sort(), (Object.keys(EVENTS) as EventType[]).filter(isTried).sort());
  });

  const charts = [
    ...(Object.keys(SAMPLES) as ProcessName[]).map((process) => ({ process, ...SAMPLES[process] })),
    { process: "f" as const, code: "2.000986", tier: "commune" as const },
  ];
  for (const { process, code, tier } of charts) {
    describe(`process ${process} (${code}, ${tier})`, () => {
      let ready: ReadyMachine;
      let places: Place[];
      let consulted: string[];
      let everybody: Actor[];
      let desks: Map<string, ActorRole>;

      before(function () {
        this.timeout(60_000);
        ready = machineOf(code, tier);
        // One fee that the front desk may always take; what is due when is in decide.test.ts.
        ready.config.meta.declared.fees = [
          { code: "other", kind: "other", amount: null, dueAt: "processing" },
        ];
        places = everyState(explore(ready, calendar).places);
        consulted = ready.config.meta.declared.consulted.map(({ agency }) => agency);
        const units = ["intake", "deciding", "superior", "chair"].map((unit) => PLACES[unit as "intake"]);
        everybody = [...units, ...consulted, "unit-another"]
          .flatMap((unit) => STAFF.map((role) => person(role, unit)))
          .concat(person("citizen", null), person("worker", null));
        const chart = declarationOf(code).charts[tier]!;
        desks = new Map(stepStates(chart, tier).map(({ state, role }) => [state, role]));
      });

      const momentAt = (place: Place, actor: Actor): Moment => {
        const { waits, metas } = standingOf(ready, place.state);
        const accepted = place.facts.clock.acceptedAt !== null;
        const lastForwarding = process === "f" && tier === "commune" && place.workState === "forwarding2";
        return {
          process,
          work: place.workState,
          desk: desks.get(place.workState),
          actor,
          place,
          ...waits,
          free: !waits.supplement && !waits.payment && !waits.withdrawal,
          accepted,
          approved: AFTER_APPROVAL.includes(place.workState) || lastForwarding,
          paused: waits.supplement || waits.withdrawal || (waits.payment && process === "g"),
          asked: metas.flatMap((meta) => meta.consulted ?? []),
          noPaper: code === "1.001147",
        };
      };

      for (const type of Object.keys(TABLE) as EventType[]) {
        it(type, function () {
          this.timeout(60_000);
          const seen = { allowed: 0, "403": 0, "409": 0 };
          for (const place of places)
            for (const actor of everybody) {
              const should = expected(type, momentAt(place, actor), consulted);
              seen[should] += 1;
              const does = verdict(ready, place, type, actor);
              if (does !== should)
                assert.fail(
                  `${actor.username} ${type} in ${JSON.stringify(place.state)}: ${does}, the table says ${should}`,
                );
            }
          assert.ok(seen["403"] > 0);
        });
      }
    });
  }
});
