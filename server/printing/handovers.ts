import type { EventType } from "../../workflows/events.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { dayOf } from "../forms/moments.ts";
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

/**
 * Each hand-over of a dossier: who gave it, to whom or to which unit, when, and whether his step was done in time.
 * `limits`: by when each step is to be done, by its state; a step without one has no punctuality.
 */
export function handovers(
  deps: Deps,
  dossier: DossierRecord,
  history: ToldEvent[],
  limits: ReadonlyMap<string, Date>,
): ControlSlip["handovers"] {
  const unitName = (code: string | null) => (code === null ? "" : (deps.agencies.get(code)?.name ?? code));
  const passing = history.filter(({ type }) => HANDING_OVER.has(type));
  return passing.map((event, at) => {
    const next = passing[at + 1];
    return {
      from: `${event.actorName} – ${unitName(event.actorAgency)}`,
      to: receiver(event, next),
      at: event.at,
      punctuality: punctualityOf(event),
      note: eventDefinition(event.type).label,
    };
  });

  /** The step that the event ended is the state that the event before it led to. */
  function punctualityOf(event: ToldEvent): ControlSlip["handovers"][number]["punctuality"] {
    const from = history.findLast(({ seq }) => seq < event.seq)?.toState;
    // Receiving and scanning are one step, the front desk's.
    const before = from === "digitized" ? "accepted" : from;
    const limit = before === undefined || before === event.toState ? undefined : limits.get(before);
    if (limit === undefined) return undefined;
    if (event.at > limit) return "late";
    return dayOf(event.at) === dayOf(limit) ? "on-time" : "early";
  }

  function receiver(event: ToldEvent, next: ToldEvent | undefined): string {
    if (event.type === "RETURN") return "Người nộp hồ sơ";
    if (event.type === "TRANSFER") return unitName(String(event.data.agency));
    if (next !== undefined) return `${next.actorName} – ${unitName(next.actorAgency)}`;
    return unitName(dossier.facts.places.processing);
  }
}
