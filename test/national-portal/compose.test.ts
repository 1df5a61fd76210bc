import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { composeDossier } from "../../server/national-portal/compose-dossier.ts";
import { composeProgress } from "../../server/national-portal/compose-progress.ts";
import type { DossierForPortal } from "../../server/dossier/portal-message.ts";
import { judgeDossier } from "../../server/national-portal-stub/judge-dossier.ts";
import { makeDossier, makeProgress } from "./messages.ts";

const code = "000.00.03.H30-231124-0001";
const context = { fieldCode: "G15-HT01", dossierCode: code, publicUrl: "https://motcua.example" };
const compose = (changes: Partial<DossierForPortal> = {}) =>
  composeDossier(makeDossier(code, changes), context);

describe("the dossier record for the portal", () => {
  it("says channel, holder and return method in the portal's numbers", () => {
    assert.deepEqual(
      (["counter", "online", "postal"] as const).map((channel) => compose({ channel }).KenhThucHien),
      ["1", "2", "3"],
    );
    const { holder } = makeDossier(code);
    assert.deepEqual(
      (["citizen", "business", "agency", "organisation"] as const).map(
        (kind) => compose({ holder: { ...holder, kind } }).LoaiDoiTuong,
      ),
      ["1", "2", "3", "4"],
    );
    assert.equal(compose({ returnMethod: "postal" }).HinhThuc, "1");
    assert.equal(compose({ returnMethod: "online" }).HinhThuc, "0");
  });

  it("names the identity, and a passport only as a number", () => {
    const identified = (type: "cccd" | "cmnd" | "taxCode" | "passport", number: string) =>
      compose({ holder: { kind: "citizen", name: "Trần Văn Mẫu", identity: { type, number } } });
    assert.deepEqual(identified("cccd", "093000000001").DinhDanhCHS, [
      { LoaiDinhDanh: "1", SoDinhDanh: "093000000001" },
    ]);
    assert.deepEqual(identified("cmnd", "360000001").DinhDanhCHS, [
      { LoaiDinhDanh: "2", SoDinhDanh: "360000001" },
    ]);
    assert.deepEqual(identified("taxCode", "1800000001").DinhDanhCHS, [
      { LoaiDinhDanh: "3", SoDinhDanh: "1800000001" },
    ]);
    const passport = identified("passport", "C0000001");
    assert.deepEqual(passport.DinhDanhCHS, []);
    assert.equal(passport.SoGiayToChuHoSo, "C0000001");
  });

  it("writes moments as yyyyMMddHHmmss in Vietnam's time, and absent ones as nothing", () => {
    const record = compose({ dueAt: "2023-11-24T17:30:00Z" });
    assert.equal(record.NgayNopHoSo, "20231124075900");
    assert.equal(record.NgayTiepNhan, "20231124080000");
    assert.equal(record.NgayHenTra, "20231125003000");
    assert.equal(record.NgayTra, "");
  });

  it("dresses no status up as another", () => {
    for (const status of [5, 6, 7, 8, 9, 10]) assert.equal(compose({ status }).TrangThaiHoSo, String(status));
  });

  it("carries papers, fees, supplements and the result", () => {
    const record = compose({
      papers: [{ id: 7, component: "02", fileName: "giấy chứng sinh.pdf", sha256: "ab" }],
      fees: [{ code: "lp1", name: "Lệ phí", amount: 8000, dueAt: "return", paid: true, method: "online" }],
      supplements: [{ id: 3, requestedAt: "2023-11-24T09:00:00+07:00", answeredAt: null }],
      results: [{ id: 9, title: "Giấy khai sinh", code: "KQ01", fileName: "kq.pdf", sha256: "cd" }],
    });
    assert.deepEqual(record.TaiLieuNop, [
      {
        TepDinhKemId: "7",
        TenTepDinhKem: "giấy chứng sinh.pdf",
        IsDeleted: "0",
        MaThanhPhanHoSo: "02",
        DuongDanTaiTepTin: `https://motcua.example/api/v1/dossiers/${code}/documents/7`,
        DuocSoHoa: "1",
        DuocTaiSuDung: "0",
        DuocLayTuKhoDMQG: "0",
        MaKetQuaThayThe: "",
      },
    ]);
    assert.equal(record.HoSoCoThanhPhanSoHoa, "1");
    assert.deepEqual(record.DanhSachLePhi, [
      { TenPhiLePhi: "Lệ phí", MaPhiLePhi: "lp1", HinhThucThu: "4", Gia: "8000", LoaiPhiLePhi: "1" },
    ]);
    assert.equal(record.DuocThanhToanTrucTuyen, "2");
    assert.deepEqual(record.DanhSachHoSoBoSung, [
      {
        HoSoBoSungId: 3,
        NoiDungBoSung: "Yêu cầu bổ sung hồ sơ",
        NgayBoSung: "20231124090000",
        NgayTiepNhanBoSung: "",
        TrangThaiBoSung: false,
      },
    ]);
    assert.deepEqual(record.DanhSachGiayToKetQua, [
      {
        TenGiayTo: "Giấy khai sinh",
        GiayToId: "9",
        DuongDanTepTinKetQua: `https://motcua.example/api/v1/dossiers/${code}/result.pdf`,
        MaGiayToKetQua: "KQ01",
      },
    ]);
  });

  it("tells a fee that was paid in cash from none at all", () => {
    const fee = { code: "a", name: "Phí", amount: 5000, dueAt: "intake" as const };
    assert.equal(compose({ fees: [{ ...fee, paid: true, method: "cash" }] }).DuocThanhToanTrucTuyen, "3");
    assert.equal(
      compose({ fees: [{ ...fee, amount: 0, paid: true, method: null }] }).DuocThanhToanTrucTuyen,
      "0",
    );
  });

  it("cuts the abstract at 1000 characters and never in half of one", () => {
    const procedure = { code: "1.001193.000.00.00.H30", name: `${"ệ".repeat(999)}😀😀` };
    assert.equal(compose({ procedure }).TrichYeuHoSo, `${"ệ".repeat(999)}😀`);
  });

  it("knows a dossier that was filed at the portal by its foreign number", () => {
    assert.equal(compose().NoiNopHoSo, "2");
    const online = composeDossier(makeDossier("G22.99-231124-000001", { channel: "online" }), context);
    assert.equal(online.NoiNopHoSo, "1");
    assert.equal(online.MaHoSo, "G22.99-231124-000001");
  });

  it("stands before the stub's judge", () => {
    const portal = { hasProcedure: () => true, hasIssued: () => false, province: "H30" };
    assert.equal(judgeDossier(compose(), undefined, false, portal), undefined);
    assert.equal(judgeDossier(compose({ status: 1, receivedAt: null }), undefined, false, portal), undefined);
  });

  const faults: [string, Partial<DossierForPortal>][] = [
    ["SoDienThoai", { phone: " " }],
    ["TenTTHC", { procedure: { code: "1", name: "" } }],
    ["TrangThaiHoSo", { status: 11 }],
    ["NgayTiepNhan", { status: 4, receivedAt: null }],
    ["NgayHenTra", { dueAt: "hôm nay" }],
    ["KenhThucHien", { channel: "fax" as "counter" }],
    ["KenhThucHien", { channel: "toString" as "counter" }],
    ["DonViXuLy", { processingUnit: "" }],
    [
      "DanhSachLePhi.Gia",
      { fees: [{ code: "a", name: "b", amount: 0.5, dueAt: "intake", paid: false, method: null }] },
    ],
  ];
  for (const [field, changes] of faults) {
    it(`names ${field} when it cannot be said: ${JSON.stringify(changes)}`, () => {
      assert.throws(() => compose(changes), { code: "portal-cannot-be-mapped", field });
    });
  }
});

describe("the progress record for the portal", () => {
  it("is all text", () => {
    assert.deepEqual(composeProgress(makeProgress(code, 4, 5, { dueAt: "2023-11-27T17:00:00+07:00" })), {
      MaHoSo: code,
      NguoiXuLy: "Trần Văn Mẫu",
      ChucDanh: "Chuyên viên",
      PhongBanXuLy: "Sở Tư pháp",
      ThoiDiemXuLy: "20231124080500",
      NoiDungXuLy: "Xử lý (bước 5)",
      TrangThai: "4",
      NgayBatDau: "",
      NgayKetThucTheoQuyDinh: "20231127170000",
    });
  });
  it("cuts the handler's name at 50 characters", () => {
    assert.equal(
      composeProgress(makeProgress(code, 4, 1, { handler: "ắ".repeat(60) })).NguoiXuLy,
      "ắ".repeat(50),
    );
  });
  it("is refused without a moment, a text or a handler", () => {
    for (const [field, changes] of [
      ["ThoiDiemXuLy", { at: "" }],
      ["NoiDungXuLy", { text: "" }],
      ["NguoiXuLy", { handler: "" }],
    ] as const) {
      assert.throws(() => composeProgress(makeProgress(code, 4, 1, changes)), { field });
    }
  });
});
