import { createMachine } from "xstate";
import type { AnyStateMachine } from "xstate";
import { chartTiers } from "./declaration.ts";
import type { ChartDeclaration, Declaration, Tier } from "./declaration.ts";
import { citizen, clockRuns, decidingLeader, frontdesk, leader, move, specialist, worker } from "./chart.ts";
import type { StateNode, States, Transition } from "./chart.ts";
import type { MachineFacts } from "./facts.ts";
import { PROCESSES } from "./processes/registry.ts";
import type { ProcessChart } from "./processes/registry.ts";

/** The compiled machine: plain JSON that `createMachine` of XState v5 accepts anywhere. */
export interface MachineConfig extends Omit<StateNode, "meta"> {
  id: string;
  version: string;
  meta: { declared: MachineFacts };
}

/** Version of the shared part of all machines; part of the JSON and so of every machine's hash. */
const SHARED_VERSION = "1";

/**
 * Compiles one tier of a declaration. An open dossier is parallel {work, supplement, payment, withdrawal}:
 * the waits stand beside the work, so that it stays exactly where it was; ends stand outside.
 * Throws when the declaration has no chart for the tier, or one that its process cannot carry.
 */
export function compileMachine(declaration: Declaration, tier: Tier): MachineConfig {
  const chart = declaration.charts[tier];
  if (chart === undefined) throw new Error(`${declaration.code} has no chart for tier ${tier}`);
  const facts = machineFacts(declaration, chart, tier);
  const process: ProcessChart = declaredChart(chart) ?? PROCESSES[chart.process](chart, tier);
  if (!facts.resultPaper && (chart.process === "f" || chart.process === "i"))
    throw new Error(`${declaration.code}: process ${chart.process} needs a result paper`);
  return {
    id: `${declaration.code}-${tier}`,
    version: SHARED_VERSION,
    initial: "open",
    meta: { declared: facts },
    states: {
      open: {
        type: "parallel",
        on: openEvents(),
        states: {
          work: { initial: "filed", states: { ...intake(process), ...process.states, done: done() } },
          supplement: supplement(),
          payment: payment(facts.pausesFor.includes("financial-duty")),
          withdrawal: withdrawal(),
        },
      },
      refused: { id: "refused", type: "final", meta: { status: 3 } },
      stopped: { id: "stopped", type: "final", meta: { status: 8 } },
      returned: { id: "returned", type: "final", meta: { status: 10 } },
    },
  };
}

/** Every chart of a declaration, compiled: what is hashed and kept when a version comes into force. */
export function compileAll(declaration: Declaration): Partial<Record<Tier, MachineConfig>> {
  return Object.fromEntries(chartTiers(declaration).map((tier) => [tier, compileMachine(declaration, tier)]));
}

/** An XState machine of the config. Guards are named in it and judged by decide.ts. */
export function buildMachine(
  config: MachineConfig,
  allowed: (event: unknown, params: unknown) => boolean,
): AnyStateMachine {
  return createMachine(
    config as never,
    {
      guards: { allowed: ({ event }: { event: unknown }, params: unknown) => allowed(event, params) },
    } as never,
  );
}

function machineFacts(declaration: Declaration, chart: ChartDeclaration, tier: Tier): MachineFacts {
  return {
    procedure: declaration.code,
    tier,
    process: chart.process,
    papers: declaration.documents
      .filter((document) => document.kind !== "heading")
      .map((document) => ({
        code: document.code,
        ...(document.case === undefined ? {} : { case: document.case }),
        required: document.required,
        handling: document.handling,
        ...(document.quantity === undefined ? {} : { quantity: document.quantity }),
        ...(document.onlyChannel === undefined ? {} : { channel: document.onlyChannel }),
      })),
    fees: declaration.fees.map(({ code, kind, amount, dueAt }) => ({ code, kind, amount, dueAt })),
    resultPaper: declaration.result.paper !== false,
    consulted: (chart.consulted ?? []).map(({ agency, workingDays }) => ({ agency, workingDays })),
    pausesFor: ["supplement", "withdrawal", ...(chart.pausesFor ?? []).map(({ wait }) => wait)],
    steps: chart.steps.map(({ state, name, role, unit, share }) => ({ state, name, role, unit, share })),
  };
}

/** A declaration may bring its own states; its first one is that of the first step after acceptance. */
function declaredChart(chart: ChartDeclaration): ProcessChart | undefined {
  if (chart.states === undefined) return undefined;
  const states = chart.states as States;
  const first = Object.keys(states)[0];
  if (first === undefined) throw new Error("a declaration's own chart has no state");
  return { first, firstUnit: "deciding", states };
}

function openEvents(): Record<string, Transition[]> {
  return {
    STOP: [
      move(
        "#stopped",
        [leader, decidingLeader],
        [{ type: "accepted" }, { type: "notApproved" }, { type: "notDone" }],
        [{ type: "end" }],
      ),
    ],
    CONFIRM_WITHDRAWAL: [move("#stopped", [frontdesk], [{ type: "withdrawing" }], [{ type: "end" }])],
    EXTEND: [
      move(
        undefined,
        [leader, decidingLeader],
        [
          { type: "accepted" },
          { type: "notDone" },
          { type: "clockCounts" },
          { type: "notExtended" },
          { type: "hasDueDate" },
          { type: "extendedInTime" },
          { type: "laterThanDue" },
        ],
        [{ type: "extend" }],
      ),
    ],
    APOLOGISE: [
      move(
        undefined,
        [leader, decidingLeader],
        [
          { type: "accepted" },
          { type: "notDone" },
          { type: "clockCounts" },
          { type: "hasDueDate" },
          { type: "tooLateToExtend" },
          { type: "laterThanDue" },
        ],
        [{ type: "apologise" }],
      ),
    ],
    CORRECT: [move(undefined, [frontdesk, specialist], [{ type: "correctable" }], [{ type: "correct" }])],
    CALENDAR_CHANGED: [move(undefined, [worker], [])],
    ADD_DOCUMENT: [
      move(undefined, [frontdesk], [{ type: "mayAddDocument" }], [{ type: "addFile" }]),
      move(
        undefined,
        [specialist],
        [{ type: "statusIn", params: { statuses: [4] } }, clockRuns, { type: "mayAddDocument" }],
        [{ type: "addFile" }],
      ),
      move(
        undefined,
        [citizen],
        [{ type: "notWithdrawing" }, { type: "awaitsCitizen" }, { type: "mayAddDocument" }],
        [{ type: "addFile" }],
      ),
    ],
  };
}

function intake(process: ProcessChart): States {
  return {
    filed: {
      meta: { status: 1, desk: "frontdesk" },
      on: {
        ACCEPT: [
          move(
            "accepted",
            [frontdesk],
            [clockRuns, { type: "papersReceived" }, { type: "limitEntered" }],
            [{ type: "accept" }],
          ),
        ],
        // From 1, or from a 5 asked for in 1: not held up by an open request for supplement.
        REFUSE: [move("#refused", [frontdesk], [{ type: "notWithdrawing" }], [{ type: "end" }])],
      },
    },
    accepted: {
      meta: { status: 2, desk: "frontdesk" },
      on: {
        DIGITIZE: [
          move("digitized", [frontdesk], [clockRuns, { type: "papersDigitized" }], [{ type: "digitize" }]),
        ],
      },
    },
    digitized: {
      meta: { status: 2, desk: "frontdesk" },
      on: {
        TRANSFER: [
          move(
            process.first,
            [frontdesk],
            [
              clockRuns,
              { type: "intakeFeesPaid" },
              { type: "transferTo", params: { unit: process.firstUnit } },
            ],
            [{ type: "transfer" }],
          ),
        ],
      },
    },
  };
}

function done(): StateNode {
  return {
    meta: { status: 9, desk: "frontdesk", approved: true },
    on: {
      RETURN: [
        move(
          "#returned",
          [frontdesk],
          [{ type: "resultReady" }, { type: "returnFeesPaid" }],
          [{ type: "end" }],
        ),
      ],
    },
  };
}

function supplement(): StateNode {
  const rules = [
    { type: "notWithdrawing" },
    { type: "notSupplementing" },
    { type: "notApproved" },
    { type: "leaderConsents" },
    { type: "itemsKnown" },
  ] as const;
  const actions = [{ type: "requestSupplement" }, { type: "pause", params: { reason: "supplement" } }];
  return {
    initial: "none",
    states: {
      none: {
        on: {
          REQUEST_SUPPLEMENT: [
            move(
              "asked",
              [frontdesk],
              [{ type: "statusIn", params: { statuses: [1, 2] } }, ...rules],
              actions,
            ),
            move(
              "asked",
              [specialist],
              [{ type: "deskIs", params: { desk: "specialist" } }, { type: "holder" }, ...rules],
              actions,
            ),
          ],
        },
      },
      asked: {
        meta: { status: 5 },
        on: {
          SUPPLEMENT: [
            move(
              "none",
              [frontdesk, citizen],
              [{ type: "notWithdrawing" }, { type: "suppliedKnown" }],
              [{ type: "supplement" }, { type: "resume", params: { reason: "supplement" } }],
            ),
          ],
        },
      },
    },
  };
}

function payment(pauses: boolean): StateNode {
  const pause = pauses ? [{ type: "pause", params: { reason: "financial-duty" } }] : [];
  const resume = pauses ? [{ type: "resume", params: { reason: "financial-duty" } }] : [];
  const request = (
    target: string | undefined,
    actions: { type: string; params?: Record<string, unknown> }[],
  ) => {
    const rules = [
      { type: "notWithdrawing" },
      { type: "notApproved" },
      { type: "feeLeft" },
      { type: "feeKnown" },
      { type: "groundGiven" },
      { type: "notYetPaid" },
    ] as const;
    return [
      move(
        target,
        [specialist],
        [{ type: "deskIs", params: { desk: "specialist" } }, { type: "holder" }, ...rules],
        [{ type: "requestPayment" }, ...actions],
      ),
      move(
        target,
        [frontdesk],
        [{ type: "statusIn", params: { statuses: [2, 4] } }, ...rules],
        [{ type: "requestPayment" }, ...actions],
      ),
    ];
  };
  return {
    initial: "none",
    states: {
      none: {
        on: {
          REQUEST_PAYMENT: request("requested", pause),
          PAY: [
            move(
              undefined,
              [frontdesk],
              [
                { type: "statusIn", params: { statuses: [1, 2, 4, 9] } },
                { type: "notWithdrawing" },
                { type: "notSupplementing" },
                { type: "feeKnown" },
                { type: "payable" },
              ],
              [{ type: "pay" }],
            ),
          ],
        },
      },
      requested: {
        meta: { status: 6 },
        on: {
          REQUEST_PAYMENT: request(undefined, []),
          PAY: [
            move(
              "none",
              [frontdesk],
              [{ type: "notWithdrawing" }, { type: "feeKnown" }, { type: "payable" }, { type: "settlesAll" }],
              [{ type: "pay" }, ...resume],
            ),
            move(
              undefined,
              [frontdesk],
              [
                { type: "notWithdrawing" },
                { type: "feeKnown" },
                { type: "payable" },
                { type: "leavesUnpaid" },
              ],
              [{ type: "pay" }],
            ),
          ],
        },
      },
    },
  };
}

function withdrawal(): StateNode {
  return {
    initial: "none",
    states: {
      none: {
        on: {
          REQUEST_WITHDRAWAL: [
            move(
              "requested",
              [frontdesk, citizen],
              [{ type: "notApproved" }, { type: "notDone" }],
              [{ type: "requestWithdrawal" }, { type: "pause", params: { reason: "withdrawal" } }],
            ),
          ],
        },
      },
      requested: {
        meta: { status: 7 },
        on: {
          REJECT_WITHDRAWAL: [
            move(
              "none",
              [frontdesk],
              [{ type: "statusIn", params: { statuses: [1, 2] } }],
              [{ type: "rejectWithdrawal" }, { type: "resume", params: { reason: "withdrawal" } }],
            ),
            move(
              "none",
              [specialist],
              [{ type: "statusIn", params: { statuses: [4] } }, { type: "holder" }],
              [{ type: "rejectWithdrawal" }, { type: "resume", params: { reason: "withdrawal" } }],
            ),
          ],
        },
      },
    },
  };
}
