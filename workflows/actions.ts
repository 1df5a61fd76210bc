import type { Calendar, Limit } from "./calendar.ts";
import { reckonDeadline } from "./deadline.ts";
import type { ActionRef } from "./chart.ts";
import type { Facts } from "./facts.ts";
import type { Scene } from "./rules.ts";

/**
 * What the actions named in a machine do to the facts. Pure: each gets the facts and answers new ones.
 * `seq` is the number that the event will have in the history.
 */
type Change = (facts: Facts, scene: Scene, params: Record<string, unknown>, seq: number) => Facts;

// The payload fits its event's schema by now, so that the caller knows the type.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
const pick = <T>(scene: Scene, key: string) => scene.payload[key] as T;

function withFee(facts: Facts, scene: Scene, state: "requested" | "paid"): Facts {
  const code = pick<string>(scene, "feeCode");
  const amount = pick<number>(scene, "amount");
  const method = pick<"cash" | "transfer" | "online" | undefined>(scene, "method");
  const entry = { code, amount, state, ...(method === undefined ? {} : { method }) };
  const open = facts.fees.findIndex((fee) => fee.code === code && fee.state === "requested");
  return {
    ...facts,
    fees: open >= 0 ? facts.fees.map((fee, index) => (index === open ? entry : fee)) : [...facts.fees, entry],
  };
}

function received(facts: Facts, documents: { code: string; originals?: number; copies?: number }[]): Facts {
  const next = { ...facts.received };
  for (const { code, originals = 0, copies = 0 } of documents) {
    const before = next[code] ?? { originals: 0, copies: 0 };
    next[code] = { originals: before.originals + originals, copies: before.copies + copies };
  }
  return { ...facts, received: next };
}

function settleConsultation(facts: Facts, agency: unknown, state: "answered" | "passed"): Facts {
  return {
    ...facts,
    consultations: facts.consultations.map((consultation) =>
      consultation.agency === agency && consultation.state === "waiting"
        ? { ...consultation, state }
        : consultation,
    ),
  };
}

const closeWaits = (facts: Facts, scene: Scene): Facts => ({
  ...facts,
  supplement: null,
  withdrawalRequested: false,
  clock: {
    ...facts.clock,
    pauses: facts.clock.pauses.map((pause) => (pause.to === null ? { ...pause, to: scene.now } : pause)),
  },
});

/** An agency consulted has whole working days, counted as a limit is (deadlines.md, 3). */
function consultedUntil(now: string, workingDays: number, calendar: Calendar): string {
  const limit: Limit = { value: workingDays, unit: "working-day" };
  return reckonDeadline({ acceptedAt: now, limit, pauses: [] }, calendar).dueAt ?? now;
}

export const ACTIONS: Record<string, Change> = {
  /** The clock starts at acceptance (deadlines.md, 1). */
  accept: (facts, scene) => {
    const limit = pick<(Limit & { ground: string }) | undefined>(scene, "limit");
    return {
      ...facts,
      clock: {
        ...facts.clock,
        acceptedAt: scene.now,
        ...(limit === undefined
          ? {}
          : { limit: { value: limit.value, unit: limit.unit }, limitFrom: "entered" as const }),
      },
    };
  },
  digitize: (facts, scene) => ({
    ...facts,
    notApplicable: (pick<{ documentCode: string }[] | undefined>(scene, "notApplicable") ?? []).map(
      ({ documentCode }) => documentCode,
    ),
  }),
  transfer: (facts, scene) => ({
    ...facts,
    assignee: null,
    places: { ...facts.places, processing: pick<string>(scene, "agency") },
  }),
  moveTo: (facts, _scene, params) => ({
    ...facts,
    assignee: null,
    places: {
      ...facts.places,
      processing: facts.places[params.unit as keyof Facts["places"]] ?? facts.places.processing,
    },
  }),
  assign: (facts, scene) => ({ ...facts, assignee: pick<string>(scene, "assignee") }),
  consult: (facts, scene) => {
    const asked = pick<string[]>(scene, "agencies");
    const dueAt = pick<string | undefined>(scene, "dueAt");
    const days = new Map(scene.machine.consulted.map((entry) => [entry.agency, entry.workingDays]));
    return {
      ...facts,
      consultations: [
        ...facts.consultations.filter(({ agency }) => !asked.includes(agency)),
        ...asked.map((agency) => ({
          agency,
          dueAt: dueAt ?? consultedUntil(scene.now, days.get(agency) ?? 1, scene.calendar),
          state: "waiting" as const,
        })),
      ],
    };
  },
  answer: (facts, _scene, params) => settleConsultation(facts, params.agency, "answered"),
  passLimit: (facts, _scene, params) => settleConsultation(facts, params.agency, "passed"),
  recordMinutes: (facts) => ({ ...facts, minutes: true }),
  recordDraft: (facts, scene, _params, seq) => ({
    ...facts,
    draft: { seq, documentId: pick<number | undefined>(scene, "documentId") ?? null },
  }),
  recordOutcome: (facts, scene) => ({ ...facts, outcome: pick<"grant" | "deny">(scene, "outcome") }),
  sentBack: (facts) => ({ ...facts, outcome: null }),
  sign: (facts) => ({ ...facts, signed: true }),
  seal: (facts) => ({ ...facts, sealed: true }),
  finish: (facts, scene) => ({ ...facts, finishedAt: scene.now }),
  requestSupplement: (facts, scene, _params, seq) => ({
    ...facts,
    supplements: facts.supplements + (facts.clock.acceptedAt === null ? 0 : 1),
    supplementLog: [...facts.supplementLog, { seq, at: scene.now, answeredAt: null }],
    supplement: {
      seq,
      at: scene.now,
      documentCodes: pick<{ documentCode?: string }[]>(scene, "items").flatMap(({ documentCode }) =>
        documentCode === undefined ? [] : [documentCode],
      ),
    },
  }),
  supplement: (facts, scene) => ({
    ...received(facts, pick<{ code: string; originals?: number; copies?: number }[]>(scene, "documents")),
    supplement: null,
    supplementLog: facts.supplementLog.map((request) =>
      request.answeredAt === null ? { ...request, answeredAt: scene.now } : request,
    ),
    // Before acceptance no clock runs: the 8 office hours to answer begin anew.
    answerFrom: facts.answerFrom === null ? null : scene.now,
  }),
  requestPayment: (facts, scene) => withFee(facts, scene, "requested"),
  pay: (facts, scene) => withFee(facts, scene, "paid"),
  requestWithdrawal: (facts) => ({ ...facts, withdrawalRequested: true }),
  rejectWithdrawal: (facts) => ({ ...facts, withdrawalRequested: false }),
  /** A pause is opened and closed only by its own events; before acceptance no clock runs (deadlines.md, 0 and 8). */
  pause: (facts, scene, params) =>
    facts.clock.acceptedAt === null
      ? facts
      : {
          ...facts,
          clock: {
            ...facts.clock,
            pauses: [...facts.clock.pauses, { from: scene.now, to: null, reason: String(params.reason) }],
          },
        },
  resume: (facts, scene, params) => ({
    ...facts,
    clock: {
      ...facts.clock,
      pauses: facts.clock.pauses.map((pause) =>
        pause.to === null && pause.reason === params.reason ? { ...pause, to: scene.now } : pause,
      ),
    },
  }),
  extend: (facts, scene) => ({
    ...facts,
    clock: { ...facts.clock, extension: { at: scene.now, dueAt: pick<string>(scene, "dueAt") } },
  }),
  apologise: (facts, scene) => ({
    ...facts,
    apologies: facts.apologies + 1,
    promisedAt: pick<string>(scene, "dueAt"),
  }),
  correct: (facts, scene) => {
    const limit = pick<Limit | undefined>(scene, "limit");
    return limit === undefined
      ? facts
      : {
          ...facts,
          clock: {
            ...facts.clock,
            limit: { value: limit.value, unit: limit.unit },
            limitFrom: "entered",
          },
        };
  },
  addFile: (facts, scene) => {
    const component = pick<string>(scene, "component");
    return facts.files.includes(component) ? facts : { ...facts, files: [...facts.files, component] };
  },
  end: closeWaits,
};

/** The facts after these actions, in order. Throws when a machine names an action that does not exist. */
export function applyActions(actions: ActionRef[], facts: Facts, scene: Scene, seq: number): Facts {
  return actions.reduce((current, action) => {
    const change = ACTIONS[action.type];
    if (change === undefined) throw new Error(`unknown action ${action.type}`);
    return change(current, { ...scene, facts: current }, action.params ?? {}, seq);
  }, facts);
}
