import type { Batch, Message } from "./claim-messages.ts";
import type { Portal, PushKind } from "./client.ts";
import { composeDossier } from "./compose-dossier.ts";
import { composeProgress } from "./compose-progress.ts";
import type { FieldCodes } from "./field-codes.ts";
import type { PortalRow, PushVerdict } from "./judge-reply.ts";
import { CannotBeMapped, PortalUnavailable } from "./portal-errors.ts";

/** What became of a message. */
export type Outcome =
  | { kind: "delivered" }
  /** Stays failed, with its reason, until somebody sends it again. */
  | { kind: "failed"; reason: string }
  /** Goes again by itself; `counted` when the message may be at fault. */
  | { kind: "retry"; reason: string; counted: boolean }
  /** Was not looked at, because an earlier one of its dossier did not pass. */
  | { kind: "held" };

export interface SendDeps {
  portal: Portal;
  fieldCodes: FieldCodes;
  publicUrl: string;
}

export interface Sent {
  /** By message id; every message of the batch has one. */
  outcomes: Map<string, Outcome>;
  /** Why the portal could not be used, when that ended it. */
  fault?: PortalUnavailable;
}

/** After this many doubtful answers a message counts as refused, so that somebody sees it. */
const MOST_DOUBTS = 10;

interface Item {
  message: Message;
  record: PortalRow;
}

/**
 * Sends a batch: "đã tồn tại" is sent again as an update and an update of an unknown dossier as an add, a batch
 * refused as a whole goes record by record. Never throws; see `fault`.
 */
export async function sendBatch(deps: SendDeps, batch: Batch): Promise<Sent> {
  const outcomes = new Map<string, Outcome>();
  try {
    const items = await composeAll(deps, batch, outcomes);
    const turned = await pushAll(deps, batch.kind, items, outcomes);
    // Once each way: a portal that contradicts itself ends in a refusal, not in a circle.
    await pushAll(deps, "update", turned.existing, outcomes);
    await pushAll(deps, "add", turned.unknown, outcomes);
    return { outcomes };
  } catch (error) {
    // Anything else (our own database, a slip of ours) must not end in a message tried without a rest either.
    const fault =
      error instanceof PortalUnavailable
        ? error
        : new PortalUnavailable(String(error), true, { cause: error });
    for (const { id } of batch.messages) {
      if (!outcomes.has(id))
        outcomes.set(id, { kind: "retry", reason: fault.message, counted: fault.reached });
    }
    return { outcomes, fault };
  }
}

async function composeAll(deps: SendDeps, batch: Batch, outcomes: Map<string, Outcome>): Promise<Item[]> {
  const items: Item[] = [];
  const stopped = new Set<string>();
  for (const message of batch.messages) {
    const { id, dossierId } = message;
    if (stopped.has(dossierId)) {
      outcomes.set(id, { kind: "held" });
      continue;
    }
    try {
      items.push({ message, record: await compose(deps, message) });
    } catch (error) {
      if (error instanceof PortalUnavailable) throw error;
      // A payload that has not even the expected shape must not hold up the others either.
      const reason = error instanceof CannotBeMapped ? error.message : `không đọc được: ${String(error)}`;
      outcomes.set(id, { kind: "failed", reason });
      stopped.add(dossierId);
    }
  }
  return items;
}

async function compose(deps: SendDeps, message: Message): Promise<PortalRow> {
  if (message.kind === "progress") return composeProgress(message.payload);
  const { payload, dossierCode } = message;
  const fieldCode = await deps.fieldCodes.get(payload.field, payload.procedure.code);
  return composeDossier(payload, { fieldCode, dossierCode, publicUrl: deps.publicUrl });
}

/** Pushes the items and notes what became of them; answers those that must go the other way. */
async function pushAll(
  deps: SendDeps,
  kind: PushKind,
  items: readonly Item[],
  outcomes: Map<string, Outcome>,
): Promise<{ existing: Item[]; unknown: Item[] }> {
  const existing: Item[] = [];
  const unknown: Item[] = [];
  if (items.length === 0) return { existing, unknown };
  const records = items.map(({ record }) => record);
  const verdicts = await deps.portal.push(kind, records);
  const stopped = new Set<string>();
  for (const [index, item] of items.entries()) {
    const { id, dossierId } = item.message;
    const verdict = verdicts === "singly" ? await pushOne() : verdicts[index];
    if (!verdict) throw new Error("a push without a verdict");
    if (kind === "add" && verdict.kind === "exists") existing.push(item);
    else if (kind === "update" && verdict.kind === "unknown") unknown.push(item);
    else outcomes.set(id, outcomeOf(kind, item.message, verdict));
    if (verdict.kind !== "accepted" && !stopped.has(dossierId)) stopped.add(dossierId);

    async function pushOne(): Promise<PushVerdict> {
      if (stopped.has(dossierId)) return { kind: "heldBack", reason: "" };
      const one = await deps.portal.push(kind, [item.record]);
      return one === "singly" ? { kind: "refused", reason: "không rõ lý do" } : (one[0] ?? refusedWithout);
    }
  }
  return { existing, unknown };
}

const refusedWithout: PushVerdict = { kind: "refused", reason: "không rõ lý do" };

function outcomeOf(kind: PushKind, message: Message, verdict: PushVerdict): Outcome {
  switch (verdict.kind) {
    case "accepted":
      return { kind: "delivered" };
    case "heldBack":
      return { kind: "held" };
    case "exists":
      // Progress that is there already was delivered before, and we were not told.
      return kind === "progress" ? { kind: "delivered" } : { kind: "failed", reason: verdict.reason };
    case "doubtful":
      return message.attempts + 1 < MOST_DOUBTS
        ? { kind: "retry", reason: verdict.reason, counted: true }
        : { kind: "failed", reason: verdict.reason };
    case "unknown":
    case "refused":
      return { kind: "failed", reason: verdict.reason };
  }
}
