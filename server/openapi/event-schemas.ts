import type { Who } from "../../workflows/chart.ts";
import { EVENTS, eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Schema } from "./schemas.ts";

/** The events that somebody may post; the others are appended by the program itself or by the worker. */
export const POSTED_EVENTS = (Object.keys(EVENTS) as EventType[]).filter((type) => {
  const { internal, who } = eventDefinition(type);
  return internal !== true && who.some(({ role }) => role !== "worker");
});

/** The name of an event's schema: REQUEST_SUPPLEMENT is `RequestSupplement`. */
export function eventSchemaName(type: EventType): string {
  return type
    .split("_")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("");
}

/** Who may cause an event, in words. */
export function whoMay(type: EventType): string {
  return eventDefinition(type).who.map(inWords).join("; ");
}

function inWords({ role, unit }: Who): string {
  return unit === "any" ? role : `${role} (${unit})`;
}

/** The bodies of POST …/events as the rules themselves check them, one schema an event. */
export function eventSchemas(): Record<string, Schema> {
  return Object.fromEntries(POSTED_EVENTS.map((type) => [eventSchemaName(type), eventSchema(type)]));
}

function eventSchema(type: EventType): Schema {
  const { label, schema } = eventDefinition(type);
  const { properties, required, ...rest } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return withDates({
    ...rest,
    title: type,
    description: `${label}. By ${whoMay(type)}.`,
    required: ["type", ...(required ?? [])],
    properties: { type: { const: type }, ...properties },
  }) as Schema;
}

/** Our own format "moment" is a date-time of the calendar. */
function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "format" && inner === "moment" ? "date-time" : withDates(inner),
    ]),
  );
}
