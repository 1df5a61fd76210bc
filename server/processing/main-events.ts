import type { EventType } from "../../workflows/events.ts";
import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";

/** What brings a dossier on, in the order in which it is usually done. */
const ONWARD: EventType[] = [
  "CONFIRM_WITHDRAWAL",
  "SUPPLEMENT",
  "ACCEPT",
  "DIGITIZE",
  "TRANSFER",
  "ASSIGN",
  "ANSWER",
  "RECORD_MINUTES",
  "CONSULT",
  "REQUEST_PAYMENT",
  "PAY",
  "DRAFT_RESULT",
  "PROPOSE",
  "APPROVE",
  "SIGN",
  "SEAL",
  "RETURN",
];

/** The allowed events as the page offers them: first what brings the dossier on, then whatever else may be done. */
export function mainEvents(
  dossier: DossierRecord,
  allowed: readonly AllowedEvent[],
): { first: AllowedEvent[]; then: AllowedEvent[] } {
  const first = ONWARD.flatMap((type) => allowed.filter((event) => event.type === type)).filter((event) =>
    bringsOn(event.type, dossier, allowed),
  );
  return { first, then: allowed.filter((event) => !first.includes(event)) };
}

function bringsOn(type: EventType, dossier: DossierRecord, allowed: readonly AllowedEvent[]): boolean {
  const { facts, workState } = dossier;
  const mayPropose = allowed.some((event) => event.type === "PROPOSE");
  switch (type) {
    case "ASSIGN":
      return facts.assignee === null;
    case "RECORD_MINUTES":
      return workState === "inspecting" || !facts.minutes;
    case "REQUEST_PAYMENT":
      return workState === "determiningDuty";
    case "PAY":
      return (
        allowed
          .find((event) => event.type === "PAY")
          ?.needs.some(({ choices }) => choices?.some(({ amount }) => (amount ?? 0) > 0) === true) === true
      );
    case "DRAFT_RESULT":
      return facts.draft === null || !mayPropose;
    default:
      return true;
  }
}
