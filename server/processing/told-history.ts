import { ACTED, type ActedEvent } from "../dossier/acted-event.ts";
import type { Deps } from "../dossier/deps.ts";

/** An event of the history with what was said in it, and by whom. */
export interface ToldEvent extends ActedEvent {
  data: Record<string, unknown>;
  details: Record<string, unknown>;
}

/** The history of a dossier in order, from after `since`, with the names of those who acted. */
export async function toldHistory(deps: Deps, dossierId: number, since = 0): Promise<ToldEvent[]> {
  const { rows } = await deps.db.raw<{ rows: ToldEvent[] }>(
    `select ${ACTED}, e.data, coalesce(p.data, '{}') as details
       from events e left join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
       left join accounts a on a.username = e.actor
      where e.dossier_id = ? and e.seq > ? order by e.seq`,
    [dossierId, since],
  );
  return rows;
}

/** The names of accounts by user name. */
export async function namesOf(deps: Deps, usernames: (string | null)[]): Promise<Map<string, string>> {
  const rows = await deps.db
    .select<{ username: string; name: string }[]>("username", "name")
    .from("accounts")
    .whereIn(
      "username",
      usernames.filter((one) => one !== null),
    );
  return new Map(rows.map(({ username, name }) => [username, name]));
}
