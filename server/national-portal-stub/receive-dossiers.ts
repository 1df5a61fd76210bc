import type { PoolClient } from "pg";
import { answerPush, CODES, refuse, type Answer, type Refusal } from "./answer.ts";
import { lockCodes } from "./database.ts";
import { judgeDossier, type HeldDossier, type PortalKnowledge } from "./judge-dossier.ts";
import { isRecord, type PortalRecord } from "./judge-fields.ts";

/**
 * DongBoHoSoMC: adds (`isUpdating "False"`) or updates ("True") the dossiers of `data`. Records are judged one
 * after another; what is accepted is kept even when others of the request are refused.
 */
export async function receiveDossiers(
  trx: PoolClient,
  params: PortalRecord,
  province: string,
  now: Date,
): Promise<Answer> {
  if (params.isUpdating !== "True" && params.isUpdating !== "False") {
    return refuse(CODES.invalid, 'isUpdating phải là "True" hoặc "False"');
  }
  const records = readData(params.data);
  if (!records) return refuse(CODES.invalid, "data phải là danh sách hồ sơ và không được rỗng");
  const codes = codesOf(records);
  await lockCodes(trx, codes);
  const held = await findHeld(trx, codes);
  const portal = await findKnowledge(trx, records, codes, province);

  const verdicts: { MaHoSo: string; refusal: Refusal | undefined }[] = [];
  const kept = new Map<string, { dossier: HeldDossier; messages: number }>();
  const stopped = new Set<string>();
  for (const record of records) {
    const code = typeof record.MaHoSo === "string" ? record.MaHoSo : "";
    const refusal = stopped.has(code)
      ? refuse(CODES.heldBack, `Bản ghi trước của hồ sơ ${code} không được chấp nhận`)
      : judgeDossier(record, held.get(code), params.isUpdating === "True", portal);
    verdicts.push({ MaHoSo: code, refusal });
    if (refusal) {
      stopped.add(code);
      continue;
    }
    const latestProgress = held.get(code)?.latestProgress ?? "";
    const dossier = { code, status: Number(record.TrangThaiHoSo), record, latestProgress };
    held.set(code, dossier);
    kept.set(code, { dossier, messages: (kept.get(code)?.messages ?? 0) + 1 });
  }
  await keep(trx, [...kept.values()], now);
  return answerPush(verdicts, "Đồng bộ hồ sơ thành công");
}

export function readData(data: unknown): PortalRecord[] | undefined {
  if (!Array.isArray(data) || data.length === 0 || !data.every(isRecord)) return undefined;
  return data;
}

export function codesOf(records: readonly PortalRecord[]): string[] {
  return [...new Set(records.map((record) => record.MaHoSo).filter((code) => typeof code === "string"))];
}

export async function findHeld(trx: PoolClient, codes: readonly string[]): Promise<Map<string, HeldDossier>> {
  const { rows } = await trx.query<HeldDossier>(
    `select code, status, record, latest_progress as "latestProgress" from dossiers where code = any ($1)`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

async function findKnowledge(
  trx: PoolClient,
  records: readonly PortalRecord[],
  codes: readonly string[],
  province: string,
): Promise<PortalKnowledge> {
  const { rows } = await trx.query<{ code: string; what: string }>(
    `select code, 'procedure' as what from procedures where code = any ($1)
     union all select code, 'issued' from filings where code = any ($2)`,
    [records.map((record) => record.MaTTHC).filter((code) => typeof code === "string"), codes],
  );
  const known = new Set(rows.map((row) => `${row.what} ${row.code}`));
  return {
    hasProcedure: (code) => known.has(`procedure ${code}`),
    hasIssued: (code) => known.has(`issued ${code}`),
    province,
  };
}

async function keep(
  trx: PoolClient,
  kept: readonly { dossier: HeldDossier; messages: number }[],
  now: Date,
): Promise<void> {
  if (kept.length === 0) return;
  const rows = kept.map(({ dossier, messages }) => ({ ...dossier, messages }));
  await trx.query(
    `insert into dossiers as d (code, status, record, messages, first_at, updated_at)
     select code, status, record, messages, $2, $2
       from jsonb_to_recordset($1::jsonb) as r (code text, status int, record jsonb, messages int)
     on conflict (code) do update set status = excluded.status, record = excluded.record,
       messages = d.messages + excluded.messages, updated_at = excluded.updated_at`,
    [JSON.stringify(rows), now],
  );
}
