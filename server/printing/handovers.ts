import type { EventType } from "../../workflows/events.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { ControlSlip } from "../forms/control-slip.ts";
import type { ToldEvent } from "./form-facts.ts";

/** The events by which a dossier passes from one hand to another. */
const HANDING_OVER = new Set<EventType>([
  "ACCEPT",
  "TRANSFER",
  "ASSIGN",
  "PROPOSE",
  "APPROVE",
  "SEND_BACK",
  "SIGN",
  "SEAL",
  "RETURN",
]);

/** Each hand-over of a dossier: who gave it, to whom or to which unit, when. */
export function handovers(
  deps: Deps,
  dossier: DossierRecord,
  history: ToldEvent[],
): ControlSlip["handovers"] {
  const unitName = (code: string | null) => (code === null ? "" : (deps.agencies.get(code)?.name ?? code));
  const passing = history.filter(({ type }) => HANDING_OVER.has(type));
  return passing.map((event, at) => {
    const next = passing[at + 1];
    return {
      from: `${event.actorName} – ${unitName(event.actorAgency)}`,
      to: receiver(event, next),
      at: event.at,
      note: eventDefinition(event.type).label,
    };
  });

  function receiver(event: ToldEvent, next: ToldEvent | undefined): string {
    if (event.type === "RETURN") return "Người nộp hồ sơ";
    if (event.type === "TRANSFER") return unitName(String(event.data.agency));
    if (next !== undefined) return `${next.actorName} – ${unitName(next.actorAgency)}`;
    return unitName(dossier.facts.places.processing);
  }
}
