import { assigning, drafting, lastApproving, signing } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

/** (c) A district: the leader assigns, a specialist examines, the leader approves and signs. */
export function districtDepartment(): ProcessChart {
  return {
    first: "assigning",
    firstUnit: "deciding",
    states: {
      assigning: assigning("examining", "leader"),
      examining: drafting("approving"),
      approving: lastApproving("leader", "examining"),
      ...signing("examining"),
    },
  };
}
