import type { DossierForPortal } from "../dossier/portal-message.ts";
import { chosen, required, statusText, truncate } from "./compose-field.ts";
import type { PortalRow } from "./judge-reply.ts";
import { CannotBeMapped } from "./portal-errors.ts";
import { portalTime } from "./portal-time.ts";

/** What the portal's record needs besides the dossier. */
export interface ComposeContext {
  /** MaLinhVuc of the procedure in the portal's catalogue. */
  fieldCode: string;
  /** Our own number, under which files are fetched. */
  dossierCode: string;
  publicUrl: string;
}

const CHANNELS = { counter: "1", online: "2", postal: "3" };
const HOLDERS = { citizen: "1", business: "2", agency: "3", organisation: "4" };
/** A passport has no kind of its own: its number stands in SoGiayToChuHoSo alone. */
const IDENTITIES = { cccd: "1", cmnd: "2", taxCode: "3", passport: "" };
/** The portal knows the counter (0) and the post (1); what is fetched online is not posted. */
const RETURNS = { counter: "0", postal: "1", online: "0" };
/** 1 at intake, 4 at the return of the result; 2 is what is asked for in between. */
const FEE_MOMENTS = { intake: "1", processing: "2", return: "4" };

/**
 * The dossier record of `DongBoHoSoMC.data[]`: every scalar a string, moments yyyyMMddHHmmss in +07:00, "" for
 * what is absent. Throws CannotBeMapped with the portal's field and the reason, in Vietnamese for the officer.
 */
export function composeDossier(dossier: DossierForPortal, context: ComposeContext): PortalRow {
  const { holder, procedure } = dossier;
  const status = statusText("TrangThaiHoSo", dossier.status);
  const receivedAt = portalTime("NgayTiepNhan", dossier.receivedAt);
  if (receivedAt === "" && !["1", "3", "5", "7", "8"].includes(status)) {
    throw new CannotBeMapped("NgayTiepNhan", `trạng thái ${status} phải có ngày tiếp nhận`);
  }
  const identityKind = chosen("DinhDanhCHS", IDENTITIES, holder.identity.type);
  const identityNumber = required("SoGiayToChuHoSo", holder.identity.number);
  return {
    MaHoSo: required("MaHoSo", dossier.code),
    MaTTHC: required("MaTTHC", procedure.code),
    TenTTHC: required("TenTTHC", procedure.name),
    MaLinhVuc: required("MaLinhVuc", context.fieldCode),
    TenLinhVuc: required("TenLinhVuc", dossier.field),
    KenhThucHien: chosen("KenhThucHien", CHANNELS, dossier.channel),
    SoGiayToChuHoSo: identityNumber,
    ChuHoSo: required("ChuHoSo", holder.name),
    LoaiDoiTuong: chosen("LoaiDoiTuong", HOLDERS, holder.kind),
    MaDoiTuong: "",
    SoDienThoai: required("SoDienThoai", dossier.phone),
    Email: dossier.email ?? "",
    TrichYeuHoSo: truncate(required("TrichYeuHoSo", procedure.name), 1000),
    NgayNopHoSo: required("NgayNopHoSo", portalTime("NgayNopHoSo", dossier.submittedAt)),
    NgayTiepNhan: receivedAt,
    NgayHenTra: portalTime("NgayHenTra", dossier.dueAt),
    TrangThaiHoSo: status,
    NgayKetThucXuLy: portalTime("NgayKetThucXuLy", dossier.finishedAt),
    NgayTra: portalTime("NgayTra", dossier.returnedAt),
    NgayTuChoi: portalTime("NgayTuChoi", dossier.refusedAt),
    HinhThuc: chosen("HinhThuc", RETURNS, dossier.returnMethod),
    DonViXuLy: required("DonViXuLy", dossier.processingUnit),
    // 1: filed at the national portal, which gave it its number; 2: with the province.
    NoiNopHoSo: dossier.code === context.dossierCode ? "2" : "1",
    HoSoCoThanhPhanSoHoa: dossier.papers.length > 0 ? "1" : "0",
    TaiKhoanDuocXacThucVoiVNeID: "0",
    DuocThanhToanTrucTuyen: paymentOf(dossier.fees),
    DinhDanhCHS: identityKind === "" ? [] : [{ LoaiDinhDanh: identityKind, SoDinhDanh: identityNumber }],
    DSKetNoiCSDL: [],
    TaiLieuNop: dossier.papers.map((paper) => composePaper(paper, context)),
    DanhSachLePhi: dossier.fees.map(composeFee),
    DanhSachHoSoBoSung: dossier.supplements.map(composeSupplement),
    DanhSachGiayToKetQua: dossier.results.map((result) => composeResult(result, context)),
  };
}

/** 0 no fee, 2 paid through the province's gateway, 3 a fee that was not paid online. */
function paymentOf(fees: DossierForPortal["fees"]): string {
  const due = fees.filter(({ amount }) => amount > 0);
  if (due.length === 0) return "0";
  return due.some(({ paid, method }) => paid && method === "online") ? "2" : "3";
}

function composePaper(paper: DossierForPortal["papers"][number], context: ComposeContext): PortalRow {
  return {
    TepDinhKemId: String(paper.id),
    TenTepDinhKem: truncate(required("TaiLieuNop.TenTepDinhKem", paper.fileName), 4000),
    IsDeleted: "0",
    MaThanhPhanHoSo: required("TaiLieuNop.MaThanhPhanHoSo", paper.component),
    DuongDanTaiTepTin: address(context, `documents/${paper.id}`),
    DuocSoHoa: "1",
    // 1: used again without the code of a result, 2: a result stands for it, named in MaKetQuaThayThe.
    DuocTaiSuDung: paper.reused === undefined ? "0" : paper.reused.resultCode === null ? "1" : "2",
    // The province's own store, not that of the national portal.
    DuocLayTuKhoDMQG: "0",
    MaKetQuaThayThe: paper.reused?.resultCode ?? "",
  };
}

function composeFee(fee: DossierForPortal["fees"][number]): PortalRow {
  if (!Number.isSafeInteger(fee.amount) || fee.amount < 0) {
    throw new CannotBeMapped("DanhSachLePhi.Gia", `${fee.amount} không phải là số tiền đồng`);
  }
  return {
    TenPhiLePhi: required("DanhSachLePhi.TenPhiLePhi", fee.name),
    MaPhiLePhi: required("DanhSachLePhi.MaPhiLePhi", fee.code),
    HinhThucThu: chosen("DanhSachLePhi.HinhThucThu", FEE_MOMENTS, fee.dueAt),
    Gia: String(fee.amount),
    LoaiPhiLePhi: "1",
  };
}

/** What is to be supplemented may name persons, so the portal hears only that and when. */
function composeSupplement(supplement: DossierForPortal["supplements"][number]): PortalRow {
  const { id, requestedAt, answeredAt } = supplement;
  return {
    HoSoBoSungId: id,
    NoiDungBoSung: "Yêu cầu bổ sung hồ sơ",
    NgayBoSung: portalTime("DanhSachHoSoBoSung.NgayBoSung", requestedAt),
    NgayTiepNhanBoSung: portalTime("DanhSachHoSoBoSung.NgayTiepNhanBoSung", answeredAt),
    TrangThaiBoSung: answeredAt !== null,
  };
}

function composeResult(result: DossierForPortal["results"][number], context: ComposeContext): PortalRow {
  return {
    TenGiayTo: truncate(required("DanhSachGiayToKetQua.TenGiayTo", result.title), 2000),
    GiayToId: String(result.id),
    DuongDanTepTinKetQua: address(context, "result.pdf"),
    MaGiayToKetQua: required("DanhSachGiayToKetQua.MaGiayToKetQua", result.code),
  };
}

function address({ publicUrl, dossierCode }: ComposeContext, what: string): string {
  return `${publicUrl}/api/v1/dossiers/${encodeURIComponent(dossierCode)}/${what}`;
}
