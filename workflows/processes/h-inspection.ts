import { assigning, clockRuns, drafting, move, reassign, specialist } from "../chart.ts";
import type { Transition } from "../chart.ts";
import type { ChartDeclaration, Tier } from "../declaration.ts";
import { approvals, firstDesk } from "./tiers.ts";
import type { ProcessChart } from "./registry.ts";

/** (h) A field inspection or an appraisal council: no result is drafted before its minutes are recorded. */
export function inspection(_chart: ChartDeclaration, tier: Tier): ProcessChart {
  const { first, states } = approvals(tier, "drafting");
  const minutes = (target: string | undefined): Transition =>
    move(target, [specialist], [clockRuns, { type: "holder" }], [{ type: "recordMinutes" }]);
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("inspecting", firstDesk(tier)),
      inspecting: {
        meta: { status: 4, desk: "specialist" },
        on: { ASSIGN: [reassign()], RECORD_MINUTES: [minutes("drafting")] },
      },
      drafting: drafting(first, { RECORD_MINUTES: [minutes(undefined)] }),
      ...states,
    },
  };
}
