import type { Knex } from "knex";
import type { Database } from "../platform/database.ts";
import { ACTED, type ActedEvent } from "./acted-event.ts";
import type { Caller, Deps } from "./deps.ts";
import { portalMessages, type PortalMessages } from "./portal-message.ts";
import { lockDossier, type DossierRecord } from "./record.ts";
import { iso } from "./time.ts";

export type PortalRowToSend = PortalMessages["rows"][number] & { seq: number; status: number };

export interface TellDeps extends Pick<Deps, "agencies" | "publicUrl"> {
  catalogue: Pick<Deps["catalogue"], "version">;
}

interface ToldEvent extends ActedEvent {
  status: number;
}

const NOBODYS: readonly string[] = ["citizen", "worker", "portal"];

/**
 * Makes the messages of a dossier that the portal does not know: its record at each step and the steps, in their order, so
 * that each status may follow the one before. `choose` picks of them what the portal needs. The last record is that which
 * the dossier's own next event goes on from. They take the place of the messages `held`, of which some may be missing or
 * refused. Answers how many messages there are to send; none where others than `held` are there, or one is being sent.
 */
export async function tellWhole(
  db: Database,
  deps: TellDeps,
  dossierCode: string,
  {
    now,
    held,
    choose,
  }: {
    now: Date;
    held: readonly string[];
    choose: (rows: readonly PortalRowToSend[]) => readonly PortalRowToSend[];
  },
): Promise<number> {
  return db.transaction(async (trx) => {
    const dossier = await lockDossier(trx, dossierCode);
    if (dossier === undefined || !(await areAllAndAtRest(trx, dossier.id, held))) return 0;
    const { rows, digest } = await composeWhole(trx, deps, dossier);
    const chosen = choose(rows);
    if (chosen.length < held.length) return 0;
    const values = {
      ...{ id: dossier.id, code: dossier.code, portalCode: dossier.portalCode, now },
      ...{ held: [...held], rows: JSON.stringify(chosen) },
    };
    // Nothing is ever deleted here, and messages go in the order of their ids: the first take the old ids, in order.
    await trx.raw(
      `update outbox o
          set seq = (m.value ->> 'seq')::int, kind = m.value ->> 'kind', payload = m.value -> 'payload', state = 'pending',
              attempts = 0, next_attempt_at = :now, claimed_by = null, claimed_at = null, last_error = null,
              delivered_at = null, created_at = :now
         from jsonb_array_elements(:rows::jsonb) with ordinality m (value, place)
        where o.id = (:held::bigint[])[m.place]`,
      values,
    );
    await trx.raw(
      `insert into outbox (dossier_id, dossier_code, portal_code, seq, kind, payload, next_attempt_at, created_at)
       select :id, :code, :portalCode, (m.value ->> 'seq')::int, m.value ->> 'kind', m.value -> 'payload', :now, :now
         from jsonb_array_elements(:rows::jsonb) with ordinality m (value, place)
        where m.place > cardinality(:held::bigint[]) order by m.place`,
      values,
    );
    await trx.raw("update dossiers set portal_digest = :digest where id = :id", { digest, id: dossier.id });
    await trx.raw("select pg_notify('outbox', '')");
    return chosen.length;
  });
}

/** Whether these are all the messages of the dossier, and none is being sent just now; then none is until the end. */
async function areAllAndAtRest(trx: Knex, id: number, held: readonly string[]): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { id: string; claimed: boolean }[] }>(
    // By the number itself: as a text, which "id" alone would mean here, 100 comes before 99.
    `select id::text, claimed_by is not null as claimed from outbox where dossier_id = ? order by outbox.id for update`,
    [id],
  );
  return rows.length === held.length && rows.every((row, at) => row.id === held[at] && !row.claimed);
}

async function composeWhole(
  trx: Knex,
  deps: TellDeps,
  dossier: DossierRecord,
): Promise<{ rows: PortalRowToSend[]; digest: Buffer | null }> {
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const { rows: events } = await trx.raw<{ rows: ToldEvent[] }>(
    `select ${ACTED}, e.status from events e left join accounts a on a.username = e.actor
      where e.dossier_id = ? order by e.seq`,
    [dossier.id],
  );
  const { agencies, publicUrl } = deps;
  const rows: PortalRowToSend[] = [];
  let digest: Buffer | null = null;
  for (const [at, event] of events.entries()) {
    const record = at === events.length - 1 ? dossier : asItWas(dossier, event);
    const { type, seq, status } = event;
    const context = { declaration, agencies, publicUrl, digest };
    const told = { type, seq, at: iso(event.at), caller: callerOf(event), payload: {} };
    const messages = portalMessages(record, { ...context, event: told });
    rows.push(...messages.rows.map((row) => ({ ...row, seq, status })));
    digest = messages.digest;
  }
  return { rows, digest };
}

/** The record as the portal would have been told after an earlier event; what is not its course is as it is now. */
function asItWas(dossier: DossierRecord, { at, status }: ToldEvent): DossierRecord {
  const by = <T extends Date | string>(moment: T | null): T | null =>
    moment === null || new Date(moment) > at ? null : moment;
  const { facts } = dossier;
  const receivedAt = by(dossier.receivedAt);
  const finishedAt = by(facts.finishedAt);
  return {
    ...dossier,
    ...{ status, receivedAt, closedAt: by(dossier.closedAt) },
    ...(receivedAt === null ? { dueAt: null, lastDueAt: null } : {}),
    facts: {
      ...facts,
      finishedAt,
      sealed: facts.sealed && finishedAt !== null,
      supplementLog: facts.supplementLog
        .filter((one) => by(one.at) !== null)
        .map((one) => ({ ...one, answeredAt: by(one.answeredAt) })),
    },
  };
}

function callerOf({ actor, actorName, actorRole, actorAgency }: ToldEvent): Caller {
  return {
    kind: NOBODYS.includes(actorRole) ? (actorRole as Caller["kind"]) : "staff",
    ...{ username: actor, name: actorName, roles: [actorRole], agency: actorAgency },
  };
}
