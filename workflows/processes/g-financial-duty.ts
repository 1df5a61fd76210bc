import { assigning, draftResult, drafting, frontdesk, move, propose, reassign } from "../chart.ts";
import type { ChartDeclaration, Tier } from "../declaration.ts";
import { approvals, firstDesk } from "./tiers.ts";
import type { ProcessChart } from "./registry.ts";

/**
 * (g) A financial duty in the middle: the specialist has it determined, the clock waits until it is paid.
 * An exemption is recorded as a payment of 0 đồng with its ground. A denial needs no duty.
 */
export function financialDuty(_chart: ChartDeclaration, tier: Tier): ProcessChart {
  const { first, states } = approvals(tier, "drafting");
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("determiningDuty", firstDesk(tier)),
      determiningDuty: {
        meta: { status: 4, desk: "specialist" },
        on: {
          ASSIGN: [reassign()],
          // Not held up by clockRuns: this is the payment that ends the wait.
          PAY: [
            move(
              "drafting",
              [frontdesk],
              [
                { type: "notWithdrawing" },
                { type: "dutyAwaited" },
                { type: "feeKnown" },
                { type: "payable" },
                { type: "settlesDuty" },
              ],
            ),
          ],
          DRAFT_RESULT: [draftResult()],
          PROPOSE: [propose(first, [{ type: "proposesDenial" }])],
        },
      },
      drafting: drafting(first),
      ...states,
    },
  };
}
