import { approving, lastApproving, signing } from "../chart.ts";
import type { States } from "../chart.ts";
import type { Tier } from "../declaration.ts";

/** Who assigns: the division head in a provincial department, the leader in a district or commune. */
export function firstDesk(tier: Tier): "head" | "leader" {
  return tier === "province" ? "head" : "leader";
}

/** The approvals of a tier, then signature and seal: the division head's comes first where there is one. */
export function approvals(tier: Tier, back = "drafting"): { first: string; states: States } {
  if (tier !== "province")
    return {
      first: "approving",
      states: { approving: lastApproving("leader", back), ...signing(back) },
    };
  return {
    first: "headApproving",
    states: {
      headApproving: approving("head", "approving", back),
      approving: lastApproving("leader", back),
      ...signing(back),
    },
  };
}
