import { CODES, refuse, type Refusal } from "./answer.ts";
import { judgeFields, type FieldRules, type PortalRecord } from "./judge-fields.ts";
import { mayFollow } from "./status-order.ts";

const STATUSES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] as const;
const YES_NO = ["0", "1"] as const;

/** A record of `DongBoHoSoMC.data[]`. */
const DOSSIER: FieldRules = {
  required: [
    ...["MaHoSo", "MaTTHC", "TenTTHC", "MaLinhVuc", "TenLinhVuc", "KenhThucHien", "LoaiDoiTuong"],
    ...["SoDienThoai", "TrichYeuHoSo", "NgayNopHoSo", "TrangThaiHoSo", "HinhThuc", "DonViXuLy", "NoiNopHoSo"],
    ...["HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen"],
  ],
  mayBeEmpty: ["NgayTiepNhan", "NgayHenTra"],
  requiredLists: ["DinhDanhCHS", "DSKetNoiCSDL"],
  dates: ["NgayTiepNhan", "NgayNopHoSo", "NgayHenTra", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi"],
  choices: {
    KenhThucHien: ["1", "2", "3"],
    LoaiDoiTuong: ["1", "2", "3", "4"],
    TrangThaiHoSo: STATUSES,
    HinhThuc: YES_NO,
    NoiNopHoSo: ["1", "2"],
    HoSoCoThanhPhanSoHoa: YES_NO,
    TaiKhoanDuocXacThucVoiVNeID: YES_NO,
    DuocThanhToanTrucTuyen: ["0", "1", "2", "3"],
  },
  longest: { TrichYeuHoSo: 1000 },
  lists: {
    DinhDanhCHS: {
      required: ["LoaiDinhDanh", "SoDinhDanh"],
      choices: { LoaiDinhDanh: ["1", "2", "3"] },
    },
    DSKetNoiCSDL: { required: ["MaCSDL"] },
    TaiLieuNop: {
      required: ["TepDinhKemId", "TenTepDinhKem", "MaThanhPhanHoSo"],
      choices: {
        IsDeleted: YES_NO,
        DuocSoHoa: YES_NO,
        DuocTaiSuDung: ["0", "1", "2"],
        DuocLayTuKhoDMQG: YES_NO,
      },
      longest: { TenTepDinhKem: 4000 },
    },
    DanhSachLePhi: { required: ["TenPhiLePhi", "MaPhiLePhi", "HinhThucThu", "Gia", "LoaiPhiLePhi"] },
    DanhSachTepDinhKemKhac: { required: ["TenGiayTo"], integers: ["SoLuong", "LoaiGiayTo"] },
    DanhSachHoSoBoSung: {
      required: ["HoSoBoSungId", "NoiDungBoSung", "NgayBoSung"],
      integers: ["HoSoBoSungId"],
      booleans: ["TrangThaiBoSung"],
      dates: ["NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi"],
      lists: {
        DanhSachGiayToBoSung: { required: [], integers: ["SoLuong", "LoaiGiayTo"] },
        DanhSachLePhiBoSung: { required: [] },
      },
    },
    DanhSachGiayToKetQua: { required: ["TenGiayTo"], longest: { TenGiayTo: 2000 } },
  },
};

export interface HeldDossier {
  code: string;
  status: number;
  record: PortalRecord;
  /** ThoiDiemXuLy of the latest progress held, "" when there is none. */
  latestProgress: string;
}

/** What the portal knows besides the dossier itself. */
export interface PortalKnowledge {
  hasProcedure: (code: string) => boolean;
  hasIssued: (code: string) => boolean;
  /** Level-1 identifier that a dossier code of this unit must carry, such as H30. */
  province: string;
}

/** The reason why this dossier record is refused, or undefined when it is to be kept. */
export function judgeDossier(
  record: PortalRecord,
  held: HeldDossier | undefined,
  isUpdating: boolean,
  portal: PortalKnowledge,
): Refusal | undefined {
  const refusal = judgeFields(record, DOSSIER);
  if (refusal) return refusal;
  const code = String(record.MaHoSo);
  if (!isOwnNumber(record, portal) && !carriesProvince(code, portal.province)) {
    return refuse(CODES.invalid, `MaHoSo ${code} không mang mã định danh ${portal.province}`);
  }
  const procedure = String(record.MaTTHC);
  if (!portal.hasProcedure(procedure)) {
    return refuse(CODES.invalid, `MaTTHC ${procedure} không có trong danh mục thủ tục`);
  }
  if (held && !isUpdating) return refuse(CODES.exists, `Hồ sơ ${code} đã tồn tại`);
  if (!held && isUpdating) return refuse(CODES.unknownDossier, `Hồ sơ ${code} chưa tồn tại`);
  if (held && held.record.MaTTHC !== procedure) {
    return refuse(CODES.invalid, `MaTTHC của hồ sơ ${code} không được thay đổi`);
  }
  return judgeReceipt(record, held) ?? judgeOrder(record, held);
}

/**
 * Whether the dossier was filed at the portal and has its number from there. The portal has other places that give out
 * numbers, and this stub forgets its own with its database; so what the record says is taken for it.
 */
function isOwnNumber(record: PortalRecord, portal: PortalKnowledge): boolean {
  return record.NoiNopHoSo === "1" || portal.hasIssued(String(record.MaHoSo));
}

function judgeReceipt(record: PortalRecord, held: HeldDossier | undefined): Refusal | undefined {
  if (record.NgayTiepNhan !== "") return undefined;
  const status = Number(record.TrangThaiHoSo);
  const accepted = held !== undefined && held.record.NgayTiepNhan !== "";
  if (!accepted && [1, 3, 5, 7, 8].includes(status)) return undefined;
  return refuse(CODES.invalid, `NgayTiepNhan là trường bắt buộc ở trạng thái ${status}`);
}

function judgeOrder(record: PortalRecord, held: HeldDossier | undefined): Refusal | undefined {
  const status = Number(record.TrangThaiHoSo);
  if (mayFollow(held?.status, status)) return undefined;
  const before = held ? `trạng thái ${held.status}` : "lần gửi đầu tiên";
  return refuse(CODES.invalid, `TrangThaiHoSo ${status} không được theo sau ${before}`);
}

/** `000.00.13.H30-211130-0001` and `H30.13-211130-0001` carry H30. */
function carriesProvince(code: string, province: string): boolean {
  const parts = /^([A-Z0-9.]+)-\d{6}-\d{4,}$/.exec(code);
  return parts?.[1]?.split(".").includes(province) ?? false;
}
