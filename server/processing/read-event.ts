import { EVENTS, eventDefinition, isEventType } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import { checkVersion, mayKnow } from "../dossier/advance.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import { Invalid, NotFound } from "../platform/errors.ts";

/**
 * Reads the body of POST …/events on a dossier. Where it names no event that may be posted, throws in the order of
 * contract.md: NotFound, VersionMismatch, and only then Invalid.
 */
export async function readEventOn(
  deps: Deps,
  { code, caller, ifVersion }: { code: string; caller: Caller; ifVersion: number | undefined },
  body: unknown,
): Promise<{ type: EventType; payload: Payload }> {
  try {
    return readEvent(body);
  } catch (error) {
    const dossier = await findDossier(deps.db, code);
    if (dossier === undefined || !mayKnow(dossier, caller))
      throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    await checkVersion(deps.db, dossier, ifVersion);
    throw error;
  }
}

/** Reads the body of POST …/events. Throws Invalid when it names no event that may be posted. */
function readEvent(body: unknown): { type: EventType; payload: Payload } {
  const { type, ...given } = (body ?? {}) as Record<string, unknown>;
  if (typeof type !== "string" || !isEventType(type) || eventDefinition(type).internal === true) {
    const known = Object.keys(EVENTS).filter((name) => eventDefinition(name as EventType).internal !== true);
    throw new Invalid(
      [{ path: "type", message: `Hãy nêu sự kiện, một trong: ${known.join(", ")}.` }],
      undefined,
      "unknown-event",
    );
  }
  // A field that is null is a field that is not given.
  const payload: Payload = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  // Documents are known by text ids in every answer; inside, by their row's number.
  if (typeof payload.documentId === "string" && /^\d{1,15}$/.test(payload.documentId))
    payload.documentId = Number(payload.documentId);
  if (type === "CORRECT") payload.fields = correctedFields(payload.fields);
  return { type, payload };
}

/** `fields` as a list of `{path, before, after}`; also taken as `{path: {before, after}}`. */
function correctedFields(fields: unknown): unknown {
  if (fields === null || typeof fields !== "object" || Array.isArray(fields)) return fields;
  return Object.entries(fields).map(([path, change]) => ({ path, ...(change as object) }));
}
