import { approving, clockRuns, draftResult, move, reassign, signing, specialist } from "../chart.ts";
import type { ProcessChart } from "./registry.ts";

/**
 * (j) A notification: the officer takes note of it and the dossier is done. A paper is optional: where one
 * was drafted, and for every denial, it is approved, signed and sealed.
 */
export function notification(): ProcessChart {
  const who = [specialist];
  const record = [{ type: "recordOutcome" }];
  return {
    first: "examining",
    firstUnit: "deciding",
    states: {
      examining: {
        meta: { status: 4, desk: "specialist" },
        on: {
          ASSIGN: [reassign()],
          DRAFT_RESULT: [draftResult()],
          PROPOSE: [
            move(
              "done",
              who,
              [clockRuns, { type: "holder" }, { type: "takesNote" }],
              [...record, { type: "finish" }],
            ),
            move("approving", who, [clockRuns, { type: "holder" }, { type: "proposesPaper" }], record),
          ],
        },
      },
      approving: approving("leader", "signing", "examining"),
      ...signing("examining"),
    },
  };
}
