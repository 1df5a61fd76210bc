import { approving, assigning, drafting, forwarding, signing } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

const backToDepartment = [{ type: "moveTo", params: { unit: "deciding" } }];

/**
 * (i) Submitted to the chair of the provincial People's Committee: the department prepares and approves, the
 * chair's office verifies, the chair signs and the Committee's clerk seals.
 */
export function submittedToChair(): ProcessChart {
  const chairReviewing = approving("head", "signing", "examining");
  chairReviewing.on?.SEND_BACK?.forEach((back) => {
    back.actions = [...(back.actions ?? []), ...backToDepartment];
  });
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("examining", "head"),
      examining: drafting("headApproving"),
      headApproving: approving("head", "approving", "examining"),
      approving: approving("leader", "forwarding", "examining"),
      forwarding: forwarding("chairReviewing", "chair"),
      chairReviewing,
      ...signing("examining", backToDepartment),
    },
  };
}
