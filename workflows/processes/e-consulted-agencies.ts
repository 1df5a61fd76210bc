import { assigning, clockRuns, drafting, move, specialist, worker } from "../chart.ts";
import type { StateNode, States, Transition } from "../chart.ts";
import type { ChartDeclaration, Tier } from "../declaration.ts";
import { approvals, firstDesk } from "./tiers.ts";
import type { ProcessChart } from "./registry.ts";

/**
 * (e) Agencies consulted in parallel, each with its own limit. The work goes on when each has answered or
 * its limit has passed; a silent agency does not stop the clock, unless the declaration cites the ground on
 * which it does (deadlines.md, 7).
 */
export function consultedAgencies(chart: ChartDeclaration, tier: Tier): ProcessChart {
  const pauses = (chart.pausesFor ?? []).some(({ wait }) => wait === "consultation");
  const reason = { reason: "consultation" };
  const consult: Transition = move(
    "consulting",
    [specialist],
    [clockRuns, { type: "holder" }, { type: "consultable" }],
    [{ type: "consult" }, ...(pauses ? [{ type: "pause", params: reason }] : [])],
  );
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("examining", firstDesk(tier)),
      examining: drafting(approvals(tier).first, { CONSULT: [consult] }),
      consulting: {
        type: "parallel",
        meta: { status: 4, desk: "specialist" },
        states: regions(chart),
        onDone: { target: "drafting", ...(pauses ? { actions: [{ type: "resume", params: reason }] } : {}) },
      },
      drafting: drafting(approvals(tier).first, { CONSULT: [consult] }),
      ...approvals(tier, "drafting").states,
    },
  };
}

function regions(chart: ChartDeclaration): States {
  return Object.fromEntries(
    (chart.consulted ?? []).map(({ agency }, index) => [`agency${index + 1}`, region(agency)]),
  );
}

function region(agency: string): StateNode {
  const mine = { type: "eventConcerns", params: { agency } } as const;
  return {
    initial: "choosing",
    states: {
      choosing: {
        always: [
          move("waiting", [], [{ type: "consulted", params: { agency } }]),
          move("notAsked", [], [{ type: "notConsulted", params: { agency } }]),
        ],
      },
      waiting: {
        meta: { consulted: agency },
        on: {
          // Held up by nothing: an answer arrives during every wait, also while a withdrawal is decided.
          ANSWER: [
            move(
              "answered",
              [{ role: "specialist", unit: `agency:${agency}` }],
              [],
              [{ type: "answer", params: { agency } }],
            ),
          ],
          LIMIT_PASSED: [
            move(
              "passed",
              [worker],
              [clockRuns, mine, { type: "consultationPassed", params: { agency } }],
              [{ type: "passLimit", params: { agency } }],
            ),
          ],
        },
      },
      answered: { type: "final" },
      passed: { type: "final" },
      notAsked: { type: "final" },
    },
  };
}
