import type { PoolClient } from "pg";
import { CODES, refuse, type Answer } from "./answer.ts";
import { judgeFields, type FieldRules, type PortalRecord } from "./judge-fields.ts";
import { readData } from "./receive-dossiers.ts";

const COUNTS = [
  ...["SoNhanTrongKy", "SoTonKyTruoc", "TongSoXuLy", "TongDaXuLy", "TongXuLyDungHan", "TongXuLyTreHan"],
  ...["TongChuaXuLy", "TongChuaXuLyTrongHan", "TongChuaXuLyTreHan"],
] as const;
const PERCENTS = [
  ...["PhanTramXuLyDungHan", "PhanTramXuLyTreHan", "PhanTramChuaXuLyTrongHan", "PhanTramChuaXuLyTreHan"],
] as const;

const STATISTICS: FieldRules = {
  required: ["Thang", "Nam", "Madonvi", "TenDonVi", "LoaiThongKe", ...COUNTS, ...PERCENTS],
  choices: { LoaiThongKe: ["1"] },
};

/** DongBoThongKeHoSo: the month's figures of a unit; sent again, they replace the earlier ones. */
export async function receiveStatistics(trx: PoolClient, params: PortalRecord, now: Date): Promise<Answer> {
  const records = readData(params.data);
  if (!records) return refuse(CODES.invalid, "data phải là danh sách thống kê và không được rỗng");
  for (const record of records) {
    const refusal = judgeFields(record, STATISTICS) ?? judgeFigures(record);
    if (refusal) return refusal;
  }
  for (const record of records) {
    await trx.query(
      `insert into statistics (year, month, unit, kind, record, received_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (year, month, unit, kind)
       do update set record = excluded.record, received_at = excluded.received_at`,
      [record.Nam, record.Thang, record.Madonvi, record.LoaiThongKe, JSON.stringify(record), now],
    );
  }
  return { error_code: CODES.ok, message: "Đồng bộ thống kê thành công" };
}

function judgeFigures(record: PortalRecord): Answer | undefined {
  // Clients in the field have sent a month counted from 0, and "NaN" where a denominator was 0.
  if (!/^([1-9]|1[0-2])$/.test(String(record.Thang))) return refuse(CODES.invalid, "Thang phải từ 1 đến 12");
  if (!/^20\d\d$/.test(String(record.Nam))) return refuse(CODES.invalid, "Nam không đúng");
  for (const field of COUNTS) {
    if (!/^\d+$/.test(String(record[field]))) return refuse(CODES.invalid, `${field} phải là số`);
  }
  for (const field of PERCENTS) {
    if (!/^\d{1,3}\.\d{2}$/.test(String(record[field]))) {
      return refuse(CODES.invalid, `${field} phải là tỷ lệ có hai chữ số thập phân`);
    }
  }
  return undefined;
}
