import { EVENTS, eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import { judge } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { withPaperNames } from "../dossier/paper-names.ts";
import type { DossierRecord } from "../dossier/record.ts";

/** A reason, and what cannot be done because of it. */
export interface WhyNot {
  reason: string;
  labels: string[];
}

/**
 * Why this caller may not do now what he may do with other dossiers or at another moment, in the words of the rule that
 * stands in the way. What is never his is not named.
 */
export async function whyNot(
  deps: Deps,
  dossier: DossierRecord,
  caller: Caller,
  allowed: readonly { type: EventType }[],
): Promise<WhyNot[]> {
  const may = new Set(allowed.map(({ type }) => type));
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const reasons = new Map<string, string[]>();
  for (const type of Object.keys(EVENTS) as EventType[]) {
    const { label, internal, who } = eventDefinition(type);
    if (may.has(type) || internal === true || !who.some(({ role }) => caller.roles.includes(role))) continue;
    const { decision } = await judge(deps, dossier, { type, caller, payload: {} }, deps.clock.now());
    if (decision.ok || decision.kind !== "refused") continue;
    // The message about the state names the event itself; what is common to all of them is where the dossier stands.
    const reason =
      decision.rule === "state"
        ? decision.message.replace(/^.* khi hồ sơ đang/, "Hồ sơ đang")
        : withPaperNames(decision.message, declaration);
    reasons.set(reason, [...(reasons.get(reason) ?? []), label]);
  }
  return [...reasons].map(([reason, labels]) => ({ reason, labels }));
}
