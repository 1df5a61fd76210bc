import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, it } from "mocha";
import { makeScratchDatabase } from "../national-portal/scratch-database.ts";
import { ACCOUNT, startPortalAtWork, type PortalAtWork } from "./portal-at-work.ts";

interface Answer {
  error_code: string;
  message: string;
  result?: Record<string, string>[];
}

let next = 0;
const newCode = () => `000.00.03.H30-231124-${String(++next).padStart(4, "0")}`;

function dossier(code: string, status: number, changes: Record<string, unknown> = {}) {
  return {
    MaHoSo: code,
    MaTTHC: "1.001193.000.00.00.H30",
    TenTTHC: "Đăng ký khai sinh",
    MaLinhVuc: "G15-HT01",
    TenLinhVuc: "Hộ tịch",
    KenhThucHien: "1",
    ChuHoSo: "Nguyễn Thị Thử",
    LoaiDoiTuong: "1",
    SoDienThoai: "0900000001",
    TrichYeuHoSo: "Đăng ký khai sinh",
    NgayTiepNhan: status === 1 || status === 3 ? "" : "20231124080000",
    NgayNopHoSo: "20231124075900",
    NgayHenTra: "",
    TrangThaiHoSo: String(status),
    HinhThuc: "0",
    DonViXuLy: "Sở Tư pháp",
    NoiNopHoSo: "2",
    HoSoCoThanhPhanSoHoa: "0",
    TaiKhoanDuocXacThucVoiVNeID: "0",
    DuocThanhToanTrucTuyen: "0",
    DinhDanhCHS: [{ LoaiDinhDanh: "1", SoDinhDanh: "093000000001" }],
    DSKetNoiCSDL: [],
    ...changes,
  };
}

function progress(code: string, status: number, at: string, changes: Record<string, unknown> = {}) {
  return {
    MaHoSo: code,
    NguoiXuLy: "Trần Văn Mẫu",
    ThoiDiemXuLy: at,
    NoiDungXuLy: "Xử lý",
    TrangThai: String(status),
    ...changes,
  };
}

describe("the portal stub", () => {
  let database: Awaited<ReturnType<typeof makeScratchDatabase>>;
  let portal: PortalAtWork;
  let program: Server;
  let programAnswer: (body: Record<string, unknown>) => unknown = () => ({});
  let now = Date.parse("2023-11-24T08:00:00+07:00");
  let session = "";

  before(async function () {
    this.timeout(60_000);
    database = await makeScratchDatabase();
    program = createServer((req, res) => {
      let text = "";
      req.on("data", (chunk: Buffer) => (text += chunk.toString()));
      req.on("end", () => {
        assert.equal(req.headers.authorization, "Bearer the-thu");
        assert.equal(req.url, "/api/v1/inbound/dossiers");
        res.setHeader("content-type", "application/json");
        res.end(JSON.stringify(programAnswer(JSON.parse(text) as Record<string, unknown>)));
      });
    });
    await new Promise<void>((resolve) => program.listen(0, resolve));
    const programUrl = `http://127.0.0.1:${(program.address() as AddressInfo).port}`;
    portal = await startPortalAtWork(database.url, { clock: () => new Date(now), programUrl });
    session = await logIn();
  });
  after(async () => {
    await portal.stop();
    program.close();
    await database.drop();
  });
  afterEach(() => portal.setFaults({}));

  async function post(path: string, body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(portal.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  }
  async function logIn(): Promise<string> {
    const { username, password } = ACCOUNT;
    const answer = (await (await post("/mapi/login", { username, password })).json()) as { session: string };
    return answer.session;
  }
  async function call(service: string, params: Record<string, unknown> = {}): Promise<Answer> {
    const reply = await post("/mapi/g", { session, madonvi: ACCOUNT.unit, service, ...params });
    return (await reply.json()) as Answer;
  }
  const add = (...data: unknown[]) => call("DongBoHoSoMC", { isUpdating: "False", data });
  const update = (...data: unknown[]) => call("DongBoHoSoMC", { isUpdating: "True", data });
  const tell = (...data: unknown[]) => call("CapNhatTienDoHoSoMC", { data });

  async function refuses(answer: Promise<Answer>, code: string, message: RegExp): Promise<void> {
    const { error_code, message: text } = await answer;
    assert.match(text, message);
    assert.equal(error_code, code);
  }
  async function accepts(answer: Promise<Answer>): Promise<void> {
    const got = await answer;
    assert.equal(got.error_code, "0", got.message);
    assert.match(got.message, /thành công/);
  }

  it("refuses a wrong password and an unknown or expired session", async () => {
    const wrong = (await (await post("/mapi/login", { username: "a", password: "b" })).json()) as Answer;
    assert.equal(wrong.error_code, "-1");
    const good = session;
    session = "xyz";
    await refuses(call("LayDanhSachTTHC"), "401", /hết hạn/);
    session = good;
    now += 31 * 60_000;
    await refuses(call("LayDanhSachTTHC"), "401", /hết hạn/);
    session = await logIn();
    await portal.setFaults({ expireSessions: true });
    await refuses(call("LayDanhSachTTHC"), "401", /hết hạn/);
    session = await logIn();
    assert.equal((await call("LayDanhSachTTHC")).error_code, "0");
  });

  it("answers its catalogue", async () => {
    assert.equal((await call("LayDanhSachTTHC")).result?.length, 2);
    const found = await call("LayThuTuc", { maTTHC: "1.001193.000.00.00.H30" });
    assert.equal(found.result?.[0]?.TENTTHC, "Đăng ký khai sinh");
    assert.deepEqual((await call("LayThuTuc", { maTTHC: "9.999999.000.00.00.H30" })).result, []);
    const fields = (await call("LayDanhMucLinhVuc")).result?.map((field) => field.TENLINHVUC);
    assert.deepEqual(fields?.sort(), ["Chứng thực", "Hộ tịch"]);
    assert.equal((await call("LayDanhMucCoQuan")).result?.[0]?.MADONVI, ACCOUNT.unit);
    await refuses(call("KhongCo"), "-2", /dịch vụ/);
    await refuses(call("LayDanhSachTTHC", { madonvi: "000.00.00.H31" }), "-1", /madonvi/);
  });

  it("keeps a dossier and its progress in order of arrival", async () => {
    const code = newCode();
    await accepts(add(dossier(code, 1)));
    await accepts(tell(progress(code, 1, "20231124075900")));
    await accepts(update(dossier(code, 2)));
    await accepts(tell(progress(code, 2, "20231124080000"), progress(code, 4, "20231124090000")));
    const held = await portal.get<{ dossier: Record<string, string>; progress: Record<string, string>[] }>(
      `/_received/${code}`,
    );
    assert.equal(held.dossier.TrangThaiHoSo, "4");
    assert.equal(held.dossier.NgayTiepNhan, "20231124080000");
    assert.deepEqual(
      held.progress.map((step) => step.TrangThai),
      ["1", "2", "4"],
    );
    const found = await call("TraCuuHoSo", { mahoso: code });
    assert.equal(found.result?.[0]?.SoLuongTienTrinh, "3");
    assert.deepEqual((await call("TraCuuHoSo", { mahoso: "x" })).result, []);
    assert.equal((await fetch(`${portal.url}/_received/x`)).status, 404);
  });

  it("refuses a second add, the update and the progress of an unknown dossier", async () => {
    const code = newCode();
    await refuses(update(dossier(code, 2)), "4", /chưa tồn tại/);
    await refuses(tell(progress(code, 2, "20231124080000")), "4", /chưa tồn tại/);
    await accepts(add(dossier(code, 2)));
    await refuses(add(dossier(code, 2)), "3", /đã tồn tại/);
  });

  const faulty: [string, Record<string, unknown>, RegExp][] = [
    ["an unknown procedure", { MaTTHC: "9.999999.000.00.00.H30" }, /MaTTHC .* danh mục/],
    ["a missing telephone number", { SoDienThoai: undefined }, /SoDienThoai là trường bắt buộc/],
    ["an empty name", { TenTTHC: "" }, /TenTTHC là trường bắt buộc/],
    ["no day of receipt in status 2", { NgayTiepNhan: "" }, /NgayTiepNhan/],
    ["an absent appointment", { NgayHenTra: undefined }, /NgayHenTra/],
    ["30 February", { NgayHenTra: "20230230080000" }, /NgayHenTra không đúng định dạng/],
    ["24:00", { NgayNopHoSo: "20231124240000" }, /NgayNopHoSo không đúng định dạng/],
    ["an ISO date", { NgayTiepNhan: "2023-11-24T08:00:00" }, /NgayTiepNhan không đúng định dạng/],
    ["a status as a number", { TrangThaiHoSo: 2 }, /TrangThaiHoSo phải là chuỗi/],
    ["a status that does not exist", { TrangThaiHoSo: "11" }, /TrangThaiHoSo không nhận/],
    ["a channel that does not exist", { KenhThucHien: "0" }, /KenhThucHien không nhận/],
    ["an abstract over 1000 characters", { TrichYeuHoSo: "ă".repeat(1001) }, /TrichYeuHoSo dài quá/],
    ["identities that are no list", { DinhDanhCHS: "093" }, /DinhDanhCHS/],
    ["a fee as a number", { DanhSachLePhi: [{ TenPhiLePhi: "Phí", Gia: 5 }] }, /DanhSachLePhi\[0\]/],
    ["another province's code", { MaHoSo: "000.00.03.H31-231124-0001" }, /H30/],
    ["a code of another form", { MaHoSo: "HS-1" }, /H30/],
    ["a first status of 4", { TrangThaiHoSo: "4" }, /không được theo sau lần gửi đầu tiên/],
    ["half a surrogate pair", { ChuHoSo: "\ud800" }, /ký tự không hợp lệ/],
  ];
  for (const [what, changes, message] of faulty) {
    it(`refuses ${what} and keeps nothing`, async () => {
      const code = newCode();
      await refuses(add(dossier(code, 2, changes)), "-1", message);
      assert.equal((await fetch(`${portal.url}/_received/${code}`)).status, 404);
    });
  }

  it("refuses progress with a missing or impossible moment, a long name or a number", async () => {
    const code = newCode();
    await accepts(add(dossier(code, 2)));
    await refuses(tell(progress(code, 2, "")), "-1", /ThoiDiemXuLy là trường bắt buộc/);
    await refuses(tell(progress(code, 2, "20231324080000")), "-1", /ThoiDiemXuLy/);
    const at = "20231124080000";
    await refuses(tell(progress(code, 2, at, { NguoiXuLy: "x".repeat(51) })), "-1", /NguoiXuLy/);
    await refuses(tell(progress(code, 2, at, { TrangThai: 2 })), "-1", /TrangThai/);
  });

  it("lets a status follow only as allowed", async () => {
    const code = newCode();
    const refused = { NgayTiepNhan: "" };
    await accepts(add(dossier(code, 1)));
    await refuses(update(dossier(code, 4)), "-1", /4 không được theo sau trạng thái 1/);
    await accepts(update(dossier(code, 5, refused)));
    await accepts(update(dossier(code, 7, refused)));
    await accepts(update(dossier(code, 1)));
    await accepts(update(dossier(code, 3)));
    await refuses(update(dossier(code, 2)), "-1", /2 không được theo sau trạng thái 3/);
    await accepts(update(dossier(code, 3)));
  });

  it("wants the day of receipt for ever once a dossier was accepted", async () => {
    const code = newCode();
    await accepts(add(dossier(code, 2)));
    await refuses(update(dossier(code, 5, { NgayTiepNhan: "" })), "-1", /NgayTiepNhan/);
    await accepts(update(dossier(code, 5)));
  });

  it("ignores the same progress, counts what is late or may not follow", async () => {
    interface Counts {
      duplicatesIgnored: number;
      outOfOrder: number;
      messages: number;
    }
    const earlier = await portal.get<Counts>("/_summary");
    const code = newCode();
    await accepts(add(dossier(code, 2)));
    await accepts(tell(progress(code, 4, "20231124100000")));
    await accepts(tell(progress(code, 4, "20231124100000"), progress(code, 4, "20231124100000")));
    await accepts(tell(progress(code, 4, "20231124090000")));
    await refuses(tell(progress(code, 10, "20231124110000")), "-1", /không được theo sau/);
    const later = await portal.get<Counts>("/_summary");
    assert.equal(later.duplicatesIgnored - earlier.duplicatesIgnored, 2);
    assert.equal(later.outOfOrder - earlier.outOfOrder, 2);
    assert.equal(later.messages - earlier.messages, 3);
  });

  it("judges a batch record by record and holds back what follows a refused one", async () => {
    const [a, b] = [newCode(), newCode()];
    const answer = await add(dossier(a, 2), dossier(b, 2, { SoDienThoai: "" }));
    assert.equal(answer.error_code, "1");
    assert.deepEqual(
      answer.result?.map((line) => [line.MaHoSo, line.error_code]),
      [
        [a, "0"],
        [b, "-1"],
      ],
    );
    await accepts(add(dossier(b, 2)));
    const steps = await tell(
      progress(a, 10, "20231124080000"),
      progress(a, 4, "20231124090000"),
      progress(b, 4, "20231124090000"),
    );
    assert.deepEqual(
      steps.result?.map((line) => line.error_code),
      ["-1", "2", "0"],
    );
  });

  it("takes the month's statistics and refuses month 0 and NaN", async () => {
    const counts = ["SoNhanTrongKy", "SoTonKyTruoc", "TongSoXuLy", "TongDaXuLy", "TongXuLyDungHan"];
    counts.push("TongXuLyTreHan", "TongChuaXuLy", "TongChuaXuLyTrongHan", "TongChuaXuLyTreHan");
    const percents = ["PhanTramXuLyDungHan", "PhanTramXuLyTreHan"];
    percents.push("PhanTramChuaXuLyTrongHan", "PhanTramChuaXuLyTreHan");
    const month = {
      ...{ Thang: "11", Nam: "2023", Madonvi: ACCOUNT.unit, TenDonVi: "Tỉnh", LoaiThongKe: "1" },
      ...Object.fromEntries(counts.map((name) => [name, "0"])),
      ...Object.fromEntries(percents.map((name) => [name, "0.00"])),
    };
    const send = (changes: object) => call("DongBoThongKeHoSo", { data: [{ ...month, ...changes }] });
    await accepts(send({}));
    await accepts(send({ TongDaXuLy: "3" }));
    await refuses(send({ Thang: "0" }), "-1", /Thang/);
    await refuses(send({ PhanTramXuLyDungHan: "NaN" }), "-1", /PhanTramXuLyDungHan/);
    await refuses(send({ TongDaXuLy: 3 }), "-1", /TongDaXuLy/);
  });

  it("misbehaves as told and refuses faults that are none", async () => {
    for (const body of [{ errorRate: 2 }, { down: "yes" }, { latency: 3 }, { latencyMs: -1 }, []]) {
      assert.equal(await portal.setFaults(body as Record<string, unknown>), 400, JSON.stringify(body));
    }
    assert.equal(await portal.setFaults({ down: true }), 200);
    assert.equal((await post("/mapi/g", {})).status, 503);
    assert.equal((await fetch(`${portal.url}/_summary`)).status, 200);
    await portal.setFaults({ errorRate: 1 });
    assert.equal((await post("/mapi/g", {})).status, 500);

    const code = newCode();
    await portal.setFaults({ codeZeroFailureRate: 1 });
    const failed = await add(dossier(code, 2));
    assert.equal(failed.error_code, "0");
    assert.doesNotMatch(failed.message, /thành công/);
    await portal.setFaults({ dropAckRate: 1 });
    await assert.rejects(add(dossier(code, 2)), /fetch failed/);
    await portal.setFaults({});
    await refuses(add(dossier(code, 2)), "3", /đã tồn tại/);
    await portal.setFaults({ latencyMs: 120 });
    const start = performance.now();
    await call("LayDanhMucCoQuan");
    assert.ok(performance.now() - start >= 118);
  });

  it("files a dossier online and then knows it by either code", async () => {
    const bodies: Record<string, unknown>[] = [];
    const local = newCode();
    programAnswer = (body) => {
      bodies.push(body);
      return { error_code: 0, message: "Đã nhận", code: local, secret: "ABCD2345" };
    };
    const filed = (await (await post("/_file", { procedureCode: "1.001193" })).json()) as Record<
      string,
      string
    >;
    assert.equal(filed.code, local);
    assert.match(String(filed.MaHoSo), /^G22\.99-231124-\d{6}$/);
    assert.deepEqual(bodies, [{ procedureCode: "1.001193", MaHoSo: filed.MaHoSo }]);

    await accepts(add(dossier(String(filed.MaHoSo), 1, { KenhThucHien: "2" })));
    for (const code of [local, filed.MaHoSo]) {
      const held = await portal.get<{ MaHoSo: string }>(`/_received/${code}`);
      assert.equal(held.MaHoSo, filed.MaHoSo);
    }
    await refuses(add(dossier("G22.99-231124-999999", 1)), "-1", /H30/);
  });

  it("takes any number of a dossier that was filed at the portal, and the province's alone of one filed there", async () => {
    const filedAtPortal = { KenhThucHien: "2", NoiNopHoSo: "1" };
    await accepts(add(dossier("QG-S7V5HQUS", 1, filedAtPortal)));
    await accepts(update(dossier("QG-S7V5HQUS", 2, filedAtPortal)));
    await refuses(add(dossier("QG-S7V5HQUT", 1, { KenhThucHien: "2", NoiNopHoSo: "2" })), "-1", /H30/);
  });

  it("answers unreadable JSON and unknown addresses without falling over", async () => {
    const headers = { "content-type": "application/json" };
    const broken = await fetch(`${portal.url}/mapi/g`, { method: "POST", headers, body: "{" });
    assert.equal(broken.status, 400);
    assert.equal((await fetch(`${portal.url}/nowhere`)).status, 404);
    await refuses(call("DongBoHoSoMC", { isUpdating: true, data: [] }), "-1", /isUpdating/);
    await refuses(call("DongBoHoSoMC", { isUpdating: "True", data: [] }), "-1", /data/);
  });
});
