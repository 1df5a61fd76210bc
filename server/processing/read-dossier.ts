import { concerns, findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { iso } from "../dossier/time.ts";
import { dossierView, etagOf } from "../dossier/view.ts";
import { NotFound } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";

/** The dossier of a code for a member of staff. Throws NotFound when it does not concern his unit. */
export async function getDossier(deps: Deps, caller: Caller, code: string): Promise<DossierRecord> {
  const dossier = await findDossier(deps.db, code);
  if (dossier === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  return dossier;
}

export async function readDossier(deps: Deps, caller: Caller, code: string): Promise<Answer> {
  const dossier = await getDossier(deps, caller, code);
  return { status: 200, etag: etagOf(dossier), body: await dossierView(deps, dossier, caller) };
}

interface EventRow {
  seq: number;
  type: string;
  actor: string;
  actor_role: string;
  actor_agency: string | null;
  at: Date;
  recorded_at: Date;
  from_state: string;
  to_state: string;
  status: number;
  data: Record<string, unknown>;
  details: Record<string, unknown> | null;
  hash: Buffer;
  previous_hash: Buffer;
}

/** A dossier's history in order, with what was said in each event. */
export async function readHistory(
  deps: Deps,
  caller: Caller,
  code: string,
  page: { limit: number; cursor?: number | undefined },
): Promise<Answer> {
  const dossier = await getDossier(deps, caller, code);
  const { rows } = await deps.db.raw<{ rows: EventRow[] }>(
    `select e.*, p.data as details from events e
       left join event_personal p on p.dossier_id = e.dossier_id and p.seq = e.seq
      where e.dossier_id = ? and e.seq > ? order by e.seq limit ?`,
    [dossier.id, page.cursor ?? 0, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  return {
    status: 200,
    body: {
      items: shown.map((row) => ({
        seq: row.seq,
        type: row.type,
        actor: row.actor,
        role: row.actor_role,
        agencyCode: row.actor_agency,
        at: iso(row.at),
        recordedAt: iso(row.recorded_at),
        from: row.from_state === "" ? null : row.from_state,
        to: row.to_state,
        status: row.status,
        data: row.data,
        ...(row.details === null ? {} : { details: row.details }),
        hash: row.hash.toString("hex"),
        previousHash: row.previous_hash.toString("hex"),
      })),
      nextCursor: rows.length > page.limit ? String(shown.at(-1)?.seq) : null,
    },
  };
}
