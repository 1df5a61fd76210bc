import {
  approving,
  assigning,
  clockRuns,
  drafting,
  forwarding,
  head,
  lastApproving,
  leader,
  move,
  signing,
} from "../chart.ts";
import type { States, Transition } from "../chart.ts";
import type { ChartDeclaration, Tier, UnitRef } from "../declaration.ts";
import type { ProcessChart } from "./registry.ts";

/**
 * (f) Through tiers: each unit of the chain examines and approves its part, its clerk sends the dossier on.
 * The deciding agency signs; where the chain ends elsewhere, the dossier goes back there for signature.
 * Sending on or back never restarts the clock (deadlines.md, 8).
 */
export function throughTiers(chart: ChartDeclaration, tier: Tier): ProcessChart {
  const chain = chart.chain ?? ["intake", "deciding"];
  const endsAtDeciding = chain.at(-1) === "deciding";
  const states: States = {};
  chain.forEach((_unit, index) => {
    const stage = index + 1;
    const last = stage === chain.length;
    const provincial = last && endsAtDeciding && tier === "province";
    const examine = `examining${stage}`;
    const approve = `approving${stage}`;
    states[`assigning${stage}`] = assigning(
      examine,
      provincial ? "head" : "leader",
      stage === 1 ? {} : { SEND_BACK: [sendBackTo(chain, stage - 1)] },
    );
    states[examine] = drafting(provincial ? `headApproving${stage}` : approve);
    if (provincial) states[`headApproving${stage}`] = approving("head", approve, examine);
    if (last && endsAtDeciding) states[approve] = lastApproving("leader", examine);
    else {
      states[approve] = approving("leader", `forwarding${stage}`, examine);
      states[`forwarding${stage}`] = last
        ? forwarding("signing", "deciding", { approved: true })
        : forwarding(`assigning${stage + 1}`, unitAt(chain, stage));
    }
  });
  const lastExamine = `examining${chain.length}`;
  const backToLast = endsAtDeciding ? [] : [{ type: "moveTo", params: { unit: chain.at(-1) } }];
  return {
    first: "assigning1",
    firstUnit: chain[0] === "intake" ? "intake" : "deciding",
    states: { ...states, ...signing(lastExamine, backToLast) },
  };
}

/** Back to the officer of an earlier stage, in that stage's unit. */
function sendBackTo(chain: UnitRef[], stage: number): Transition {
  return move(
    `examining${stage}`,
    [head, leader],
    [clockRuns],
    [{ type: "sentBack" }, { type: "moveTo", params: { unit: unitAt(chain, stage - 1) } }],
  );
}

function unitAt(chain: UnitRef[], index: number): UnitRef {
  const unit = chain[index];
  if (unit === undefined) throw new Error(`chain of ${chain.length} units has no stage ${index + 1}`);
  return unit;
}
