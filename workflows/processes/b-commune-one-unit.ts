import { drafting, lastApproving, signing } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

/** (b) A commune: one officer examines, the leader approves and signs. */
export function communeOneUnit(): ProcessChart {
  return {
    first: "examining",
    firstUnit: "deciding",
    states: {
      examining: drafting("approving"),
      approving: lastApproving("leader", "examining"),
      ...signing("examining"),
    },
  };
}
