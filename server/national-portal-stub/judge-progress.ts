import { CODES, refuse, type Refusal } from "./answer.ts";
import type { HeldDossier } from "./judge-dossier.ts";
import { judgeFields, type FieldRules, type PortalRecord } from "./judge-fields.ts";
import { mayFollow } from "./status-order.ts";

/** A record of `CapNhatTienDoHoSoMC.data[]`. */
const PROGRESS: FieldRules = {
  required: ["MaHoSo", "NguoiXuLy", "ThoiDiemXuLy", "NoiDungXuLy", "TrangThai"],
  dates: ["ThoiDiemXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh"],
  choices: { TrangThai: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] },
  longest: { NguoiXuLy: 50 },
};

export type ProgressVerdict =
  | { kind: "kept"; outOfOrder: boolean }
  | { kind: "duplicate" }
  | { kind: "refused"; outOfOrder: boolean; refusal: Refusal };

/** Two progress records with the same key are one; the second is ignored. */
export function progressKey(record: PortalRecord): string {
  return JSON.stringify([record.MaHoSo, record.TrangThai, record.ThoiDiemXuLy, record.NoiDungXuLy]);
}

/**
 * Judges one progress record. Out of order is a record that is earlier than one already held (kept all the
 * same, as history) or whose status may not follow (refused).
 */
export function judgeProgress(
  record: PortalRecord,
  held: HeldDossier | undefined,
  isHeld: (key: string) => boolean,
): ProgressVerdict {
  const refusal = judgeFields(record, PROGRESS);
  if (refusal) return { kind: "refused", outOfOrder: false, refusal };
  if (!held) {
    const unknown = refuse(CODES.unknownDossier, `Hồ sơ ${String(record.MaHoSo)} chưa tồn tại`);
    return { kind: "refused", outOfOrder: false, refusal: unknown };
  }
  if (isHeld(progressKey(record))) return { kind: "duplicate" };
  const status = Number(record.TrangThai);
  if (!mayFollow(held.status, status)) {
    const message = `TrangThai ${status} không được theo sau trạng thái ${held.status}`;
    return { kind: "refused", outOfOrder: true, refusal: refuse(CODES.invalid, message) };
  }
  return { kind: "kept", outOfOrder: String(record.ThoiDiemXuLy) < held.latestProgress };
}
