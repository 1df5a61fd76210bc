import type { Deps } from "../dossier/deps.ts";
import type { SignatureLevel, SigningState, SigningType } from "./signings.ts";

export interface ShownSigning {
  id: number;
  dossierCode: string;
  /** The paper whose copy is signed; null for a result. */
  documentId: number | null;
  type: SigningType;
  state: SigningState;
  by: string;
  byName: string;
  startedAt: Date;
  endedAt: Date | null;
  reason: string | null;
  level: SignatureLevel | null;
}

const SELECT = `
  select s.id, d.code as "dossierCode", s.document_id as "documentId", s.type, s.state, s.by_username as by, coalesce(a.name, s.by_username) as "byName",
    s.started_at as "startedAt", s.ended_at as "endedAt", s.reason, s.level
  from signings s join dossiers d on d.id = s.dossier_id left join accounts a on a.username = s.by_username`;

/** All signings of one dossier, the last first. */
export async function signingsOf({ db }: Pick<Deps, "db">, dossierId: number): Promise<ShownSigning[]> {
  const { rows } = await db.raw<{ rows: ShownSigning[] }>(
    `${SELECT} where s.dossier_id = ? order by s.id desc limit 100`,
    [dossierId],
  );
  return rows;
}

export interface UnitSignings {
  running: ShownSigning[];
  /** The last attempt of each dossier that still waits for its signature. */
  failed: ShownSigning[];
  done: ShownSigning[];
  /** Sealed results whose signatures have no timestamp. */
  unstamped: ShownSigning[];
}

const MOST = 100;

/** What a unit is signing of its results, what it has to sign again, and what it signed last. */
export async function signingsOfUnit({ db }: Pick<Deps, "db">, agency: string): Promise<UnitSignings> {
  const read = async (where: string, order: string) => {
    const { rows } = await db.raw<{ rows: ShownSigning[] }>(
      `${SELECT} where s.agency = ? and s.document_id is null and ${where} order by ${order} limit ${MOST}`,
      [agency],
    );
    return rows;
  };
  const [running, failed, done, unstamped] = await Promise.all([
    read("s.state = 'running'", "s.id"),
    read(
      `s.state in ('failed', 'abandoned') and d.closed_at is null
        and d.work_state = case s.type when 'SIGN' then 'signing' else 'sealing' end
        and not exists (select from signings l where l.dossier_id = s.dossier_id and l.document_id is null and l.id > s.id)`,
      "s.id desc",
    ),
    read("s.state = 'done'", "s.id desc"),
    read("s.state = 'done' and s.type = 'SEAL' and s.level = 'B-B'", "s.id desc"),
  ]);
  return { running, failed, done, unstamped };
}

export interface CopyAttempt {
  state: "running" | "failed" | "abandoned";
  startedAt: Date;
  reason: string | null;
}

/** The last attempt at each paper's copy that is under way or came to nothing, by the document's id. */
export async function copyAttempts(
  { db }: Pick<Deps, "db">,
  dossierId: number,
): Promise<Map<number, CopyAttempt>> {
  const { rows } = await db.raw<{
    rows: (Omit<CopyAttempt, "state"> & { id: number; state: SigningState })[];
  }>(
    `select distinct on (document_id) document_id as id, state, started_at as "startedAt", reason
       from signings where dossier_id = ? and document_id is not null order by document_id, id desc`,
    [dossierId],
  );
  const open = rows.flatMap(({ id, state, ...one }) =>
    state === "done" ? [] : [[id, { state, ...one }] as const],
  );
  return new Map(open);
}
