import type { Pool } from "pg";
import type { DossierForPortal, ProgressForPortal } from "../dossier/portal-message.ts";
import { openPortal, type ClientDeps, type Portal } from "./client.ts";
import { composeProgress, progressKey } from "./compose-progress.ts";
import type { PortalRow } from "./judge-reply.ts";
import { PortalRefused } from "./portal-errors.ts";
import { portalTime } from "./portal-time.ts";

/** Status, the promised date, the moments of the course, and how many steps the portal says it holds. */
export type ComparedField =
  ("TrangThaiHoSo" | "NgayHenTra" | "NgayTiepNhan" | "NgayKetThucXuLy" | "NgayTra") | "SoLuongTienTrinh";

export interface Difference {
  dossierCode: string;
  /** The portal's field, "missing" for a dossier it does not hold, "unreadable" when it refuses to say. */
  what: "missing" | "unreadable" | ComparedField;
  ours: string;
  theirs: string;
  /** Messages of this dossier that are still to be delivered or failed: then the difference is explained. */
  undelivered: number;
}

interface OurDossier {
  code: string;
  maHoSo: string;
  status: number;
  due: Date | null;
  undelivered: number;
  progress: ProgressForPortal[];
  /** The moments as the portal was last told them; null where it was told nothing. */
  told: Pick<DossierForPortal, "receivedAt" | "finishedAt" | "returnedAt"> | null;
}

const AT_ONCE = 8;
const A_PAGE = 200;

/**
 * Compares our dossiers with what the portal holds, by TraCuuHoSo, and keeps the result in `reconciliations`
 * under `scope`. Progress is counted where the portal tells its number. Throws PortalUnavailable; then nothing
 * is kept. Codes that we do not have are left out.
 */
export async function compareWithPortal(
  deps: ClientDeps,
  dossierCodes: readonly string[],
  scope = "on demand",
): Promise<{ compared: number; differences: Difference[] }> {
  const { compared, differences } = await compareDossiers(deps.db, openPortal(deps), dossierCodes);
  await deps.db.query(
    `insert into reconciliations (run_at, scope, compared, differences, detail) values ($1, $2, $3, $4, $5)`,
    [deps.clock.now(), scope, compared, differences.length, JSON.stringify(differences)],
  );
  return { compared, differences };
}

/** The same without keeping it. Throws PortalUnavailable. */
export async function compareDossiers(
  db: Pool,
  portal: Portal,
  dossierCodes: readonly string[],
): Promise<{ compared: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let compared = 0;
  for (let start = 0; start < dossierCodes.length; start += A_PAGE) {
    const dossiers = await findDossiers(db, dossierCodes.slice(start, start + A_PAGE));
    compared += dossiers.length;
    const found: Difference[][] = [];
    const queue = dossiers.entries();
    const worker = async () => {
      for (const [index, dossier] of queue) found[index] = await compareOne(portal, dossier);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    differences.push(...found.flat());
  }
  return { compared, differences };
}

async function findDossiers(db: Pool, codes: readonly string[]): Promise<OurDossier[]> {
  const { rows } = await db.query<OurDossier>(
    `select d.code, coalesce(d.portal_code, d.code) as "maHoSo", d.status, coalesce(d.due_at, d.last_due_at) as due,
            (select count(*)::int from outbox o where o.dossier_id = d.id and o.state <> 'delivered') as undelivered,
            coalesce((select jsonb_agg(o.payload) from outbox o where o.dossier_id = d.id and o.kind = 'progress'),
              '[]') as progress,
            (select jsonb_build_object('receivedAt', o.payload -> 'receivedAt', 'finishedAt', o.payload -> 'finishedAt',
                'returnedAt', o.payload -> 'returnedAt')
               from outbox o where o.dossier_id = d.id and o.kind = 'dossier' order by o.id desc limit 1) as told
       from dossiers d where d.code = any ($1) order by d.id`,
    [codes],
  );
  return rows;
}

async function compareOne(portal: Portal, dossier: OurDossier): Promise<Difference[]> {
  const { code, maHoSo, undelivered } = dossier;
  const differ = (what: Difference["what"], ours: string, theirs: string): Difference => {
    return { dossierCode: code, what, ours, theirs, undelivered };
  };
  let held: PortalRow | undefined;
  try {
    [held] = await portal.query("TraCuuHoSo", { mahoso: maHoSo });
  } catch (error) {
    if (!(error instanceof PortalRefused)) throw error;
    return [differ("unreadable", maHoSo, error.reason)];
  }
  if (!held) return [differ("missing", maHoSo, "")];
  const ours: Partial<Record<Difference["what"], string>> = {
    TrangThaiHoSo: String(dossier.status),
    NgayHenTra: portalTime("NgayHenTra", dossier.due),
    ...(dossier.told === null
      ? {}
      : {
          NgayTiepNhan: portalTime("NgayTiepNhan", dossier.told.receivedAt),
          NgayKetThucXuLy: portalTime("NgayKetThucXuLy", dossier.told.finishedAt),
          NgayTra: portalTime("NgayTra", dossier.told.returnedAt),
        }),
    ...(held.SoLuongTienTrinh === undefined ? {} : { SoLuongTienTrinh: countProgress(dossier.progress) }),
  };
  return (Object.entries(ours) as [Difference["what"], string][])
    .filter(([what, value]) => value !== textOf(held[what]))
    .map(([what, value]) => differ(what, value, textOf(held[what])));
}

/** Progress that the portal takes for the same counts once; what cannot be mapped counts, for it is missing there. */
function countProgress(progress: readonly ProgressForPortal[]): string {
  const keys = progress.map((payload) => {
    try {
      return progressKey(composeProgress(payload));
    } catch {
      return JSON.stringify(payload);
    }
  });
  return String(new Set(keys).size);
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
