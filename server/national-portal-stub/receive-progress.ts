import type { PoolClient } from "pg";
import { answerPush, CODES, refuse, type Answer, type Refusal } from "./answer.ts";
import { lockCodes } from "./database.ts";
import type { PortalRecord } from "./judge-fields.ts";
import { judgeProgress, progressKey } from "./judge-progress.ts";
import { codesOf, findHeld, readData } from "./receive-dossiers.ts";

interface Kept {
  code: string;
  key: string;
  record: PortalRecord;
}

interface Irregular {
  kind: "duplicate" | "out-of-order";
  code: string;
  record: PortalRecord;
}

/**
 * CapNhatTienDoHoSoMC: appends the progress records of `data`, in their order. A record that the portal holds
 * already is accepted and ignored. After a refused record, later ones of the same dossier in the request are
 * held back.
 */
export async function receiveProgress(trx: PoolClient, params: PortalRecord, now: Date): Promise<Answer> {
  const records = readData(params.data);
  if (!records) return refuse(CODES.invalid, "data phải là danh sách tiến độ và không được rỗng");
  const codes = codesOf(records);
  await lockCodes(trx, codes);
  const held = await findHeld(trx, codes);
  const keys = await findKeys(trx, records.map(progressKey));

  const verdicts: { MaHoSo: string; refusal: Refusal | undefined }[] = [];
  const kept: Kept[] = [];
  const irregular: Irregular[] = [];
  const stopped = new Set<string>();
  for (const record of records) {
    const code = typeof record.MaHoSo === "string" ? record.MaHoSo : "";
    if (stopped.has(code)) {
      const message = `Bản ghi trước của hồ sơ ${code} không được chấp nhận`;
      verdicts.push({ MaHoSo: code, refusal: refuse(CODES.heldBack, message) });
      continue;
    }
    const dossier = held.get(code);
    const verdict = judgeProgress(record, dossier, (key) => keys.has(key));
    verdicts.push({ MaHoSo: code, refusal: verdict.kind === "refused" ? verdict.refusal : undefined });
    if (verdict.kind === "duplicate") irregular.push({ kind: "duplicate", code, record });
    else if (verdict.outOfOrder) irregular.push({ kind: "out-of-order", code, record });
    if (verdict.kind === "refused") stopped.add(code);
    if (verdict.kind === "kept" && dossier) {
      const at = String(record.ThoiDiemXuLy);
      const latestProgress = at > dossier.latestProgress ? at : dossier.latestProgress;
      held.set(code, { ...dossier, status: Number(record.TrangThai), latestProgress });
      keys.add(progressKey(record));
      kept.push({ code, key: progressKey(record), record });
    }
  }
  await keepProgress(trx, kept, now);
  await moveDossiers(
    trx,
    [...new Set(kept.map(({ code }) => code))].map((code) => held.get(code)),
    now,
  );
  await noteIrregular(trx, irregular, now);
  return answerPush(verdicts, "Cập nhật tiến độ thành công");
}

async function findKeys(trx: PoolClient, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await trx.query<{ key: string }>(`select key from progress where key = any ($1)`, [keys]);
  return new Set(rows.map((row) => row.key));
}

async function keepProgress(trx: PoolClient, kept: readonly Kept[], now: Date): Promise<void> {
  if (kept.length === 0) return;
  await trx.query(
    `insert into progress (code, key, record, received_at)
     select code, key, record, $2
       from rows from (jsonb_to_recordset($1::jsonb) as (code text, key text, record jsonb))
            with ordinality as r (code, key, record, n)
      order by n`,
    [JSON.stringify(kept), now],
  );
}

/** The dossier stands where its latest progress put it; the record shows that status too. */
async function moveDossiers(trx: PoolClient, dossiers: readonly unknown[], now: Date): Promise<void> {
  if (dossiers.length === 0) return;
  await trx.query(
    `update dossiers d set status = r.status, latest_progress = r."latestProgress", updated_at = $2,
            record = jsonb_set(d.record, '{TrangThaiHoSo}', to_jsonb(r.status::text))
       from jsonb_to_recordset($1::jsonb) as r (code text, status int, "latestProgress" text)
      where d.code = r.code`,
    [JSON.stringify(dossiers), now],
  );
}

async function noteIrregular(trx: PoolClient, irregular: readonly Irregular[], now: Date): Promise<void> {
  if (irregular.length === 0) return;
  await trx.query(
    `insert into irregular (kind, code, record, received_at)
     select kind, code, record, $2 from jsonb_to_recordset($1::jsonb) as r (kind text, code text, record jsonb)`,
    [JSON.stringify(irregular), now],
  );
}
