import type { EventType } from "../../workflows/events.ts";

/** An event of the history and who caused it, by the name that his account has now. */
export interface ActedEvent {
  seq: number;
  type: EventType;
  at: Date;
  actor: string;
  actorName: string;
  actorRole: string;
  actorAgency: string | null;
}

/** Its columns, of `events e` and `accounts a` joined by the actor. */
export const ACTED = `e.seq, e.type, e.at, e.actor, coalesce(a.name, e.actor) as "actorName",
  e.actor_role as "actorRole", e.actor_agency as "actorAgency"`;
