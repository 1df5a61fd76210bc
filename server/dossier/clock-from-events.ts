import { limitFor } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import type { Limit } from "../../workflows/calendar.ts";
import type { ClockFact, MachineFacts } from "../../workflows/facts.ts";
import { iso } from "./time.ts";

/** What of an event tells about time. */
export interface TimedEvent {
  type: string;
  at: Date;
  data: Record<string, unknown>;
}

export interface DerivedClock {
  clock: ClockFact;
  answerFrom: string | null;
  awaitsSupplement: boolean;
}

/**
 * A dossier's clock as its events alone give it, whatever its row says: when it started, by which limit, and why it
 * stood still. Written apart from the decision's own bookkeeping, so that one checks the other.
 */
export function clockFromEvents(
  events: TimedEvent[],
  declaration: Declaration,
  machine: Pick<MachineFacts, "pausesFor">,
): DerivedClock {
  const clock: ClockFact = {
    acceptedAt: null,
    limit: null,
    limitFrom: "unknown",
    pauses: [],
    extension: null,
  };
  const unpaid = new Set<string>();
  let answerFrom: string | null = null;
  let awaitsSupplement = false;

  const open = (reason: string, from: string) => {
    if (clock.acceptedAt !== null) clock.pauses.push({ from, to: null, reason });
  };
  const close = (to: string, reason?: string) => {
    for (const pause of clock.pauses)
      if (pause.to === null && (reason === undefined || pause.reason === reason)) pause.to = to;
  };
  const enter = (limit: unknown) => {
    if (limit === undefined) return;
    const { value, unit } = limit as Limit;
    clock.limit = { value, unit };
    clock.limitFrom = "entered";
  };

  for (const { type, at: moment, data } of events) {
    const at = iso(moment);
    switch (type) {
      case "FILE": {
        const channel = data.channel as "counter" | "online" | "postal";
        const limit = limitFor(declaration, (data.case as string | null | undefined) ?? null, channel);
        if (limit !== null) {
          clock.limit = { value: limit.value, unit: limit.unit };
          clock.limitFrom = declaration.limitFrom;
        }
        if (channel === "online") answerFrom = at;
        break;
      }
      case "ACCEPT":
        clock.acceptedAt = at;
        enter(data.limit);
        break;
      case "CORRECT":
        enter(data.limit);
        break;
      case "REQUEST_SUPPLEMENT":
        awaitsSupplement = true;
        open("supplement", at);
        break;
      case "SUPPLEMENT":
        awaitsSupplement = false;
        if (answerFrom !== null) answerFrom = at;
        close(at, "supplement");
        break;
      case "REQUEST_WITHDRAWAL":
        open("withdrawal", at);
        break;
      case "REJECT_WITHDRAWAL":
        close(at, "withdrawal");
        break;
      case "REQUEST_PAYMENT":
        if (unpaid.size === 0 && machine.pausesFor.includes("financial-duty")) open("financial-duty", at);
        unpaid.add(String(data.feeCode));
        break;
      case "PAY":
        if (unpaid.delete(String(data.feeCode)) && unpaid.size === 0) close(at, "financial-duty");
        break;
      case "EXTEND":
        clock.extension = { at, dueAt: String(data.dueAt) };
        break;
      case "REFUSE":
      case "STOP":
      case "CONFIRM_WITHDRAWAL":
      case "RETURN":
        close(at);
        break;
      default:
    }
  }
  return { clock, answerFrom, awaitsSupplement };
}
