import { drafting, propose, signing } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

/** (a) One counter, the same day: the officer prepares, the leader signs; nothing is assigned or approved apart. */
export function sameDayCounter(): ProcessChart {
  const examining = drafting("signing");
  return {
    first: "examining",
    firstUnit: "deciding",
    states: {
      examining: {
        ...examining,
        on: {
          ...examining.on,
          PROPOSE: [
            propose("done", [{ type: "noPaper" }], [{ type: "finish" }]),
            propose("signing", [{ type: "paper" }]),
          ],
        },
      },
      ...signing("examining"),
    },
  };
}
