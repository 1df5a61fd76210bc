import { approving, assigning, drafting, lastApproving, signing } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

/** (d) A provincial department: the division head assigns and approves before the leader. */
export function provincialDepartment(): ProcessChart {
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("examining", "head"),
      examining: drafting("headApproving"),
      headApproving: approving("head", "approving", "examining"),
      approving: lastApproving("leader", "examining"),
      ...signing("examining"),
    },
  };
}
