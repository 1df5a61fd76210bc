import type { ProgressForPortal } from "../dossier/portal-message.ts";
import { required, statusText, truncate } from "./compose-field.ts";
import type { PortalRow } from "./judge-reply.ts";
import { portalTime } from "./portal-time.ts";

/** The progress record of `CapNhatTienDoHoSoMC.data[]`. Throws CannotBeMapped with the field and the reason. */
export function composeProgress(progress: ProgressForPortal): PortalRow {
  return {
    MaHoSo: required("MaHoSo", progress.code),
    NguoiXuLy: truncate(required("NguoiXuLy", progress.handler), 50),
    ChucDanh: progress.position,
    PhongBanXuLy: progress.unit,
    ThoiDiemXuLy: required("ThoiDiemXuLy", portalTime("ThoiDiemXuLy", progress.at)),
    NoiDungXuLy: required("NoiDungXuLy", progress.text),
    TrangThai: statusText("TrangThai", progress.status),
    NgayBatDau: "",
    NgayKetThucTheoQuyDinh: portalTime("NgayKetThucTheoQuyDinh", progress.dueAt),
  };
}

/** The portal ignores a progress record whose key it holds already. */
export function progressKey(record: PortalRow): string {
  return JSON.stringify([record.MaHoSo, record.TrangThai, record.ThoiDiemXuLy, record.NoiDungXuLy]);
}
