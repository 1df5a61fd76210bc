import type { Apology } from "../../server/forms/apology.ts";
import type { ControlSlip } from "../../server/forms/control-slip.ts";
import type { BookLine, FollowUpBook } from "../../server/forms/follow-up-book.ts";
import type { DossierOnPaper } from "../../server/forms/dossier-form.ts";
import type { Receipt } from "../../server/forms/receipt.ts";
import type { Refusal } from "../../server/forms/refusal.ts";
import type { StopNotice } from "../../server/forms/stop-notice.ts";
import type { Result } from "../../server/signing/render-result.ts";
import type { SupplementRequest } from "../../server/forms/supplement-request.ts";
import { toVietnamIso } from "../../workflows/vietnam-time.ts";

const filed2022 = new Date("2022-09-13T08:31:05+07:00");

/** A made-up dossier; `filedAt` decides which circular's forms it gets. */
export function aDossier(filedAt = filed2022): DossierOnPaper {
  const day = toVietnamIso(filedAt.getTime()).slice(2, 10).replaceAll("-", "");
  const code = `000.00.13.H30-${day}-0007`;
  return {
    unitName: "Trung tâm Phục vụ hành chính công",
    parentUnitName: "Ủy ban nhân dân tỉnh Hậu Giang",
    place: "Hậu Giang",
    filedAt,
    issuedAt: filedAt,
    code,
    applicantName: "Nguyễn Thị Thử",
    address: "Số 12 đường Mẫu, phường I, thành phố Vị Thanh, tỉnh Hậu Giang",
    phone: "0900000001",
    email: "thu@example.com",
    procedureName: "Công nhận báo cáo viên pháp luật cấp tỉnh",
    trackingUrl: `http://localhost:3000/tra-cuu/${code}`,
  };
}

export function aReceipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    ...aDossier(),
    secret: "K7MX4PQ2",
    decidingAgencyName: "Sở Tư pháp",
    papers: [
      { title: "Văn bản đề nghị công nhận báo cáo viên pháp luật", originals: 1, copies: 0 },
      {
        title: "Danh sách trích ngang của người được đề nghị, có xác nhận của cơ quan quản lý",
        originals: 1,
        copies: 2,
      },
      { title: "Bản sao bằng tốt nghiệp đại học luật", originals: 0, copies: 1, reused: true },
    ],
    processingTime: "05 ngày làm việc",
    receivedAt: new Date("2022-09-13T08:31:05+07:00"),
    dueAt: new Date("2022-09-20T16:30:00+07:00"),
    provisional: false,
    returnMethod: "counter",
    fees: [{ name: "Lệ phí", amount: 150000, paid: true }],
    receiverName: "Lê Thị Quầy",
    contactPhone: "0293 000 000",
    ...changes,
  };
}

export function aSupplementRequest(changes: Partial<SupplementRequest> = {}): SupplementRequest {
  return {
    ...aDossier(),
    reason: "Giấy tờ nộp kèm chưa đủ theo thành phần hồ sơ của thủ tục",
    items: [
      {
        title: "Bản sao bằng tốt nghiệp đại học luật",
        note: "Nộp bản sao có chứng thực trong thời hạn 06 tháng",
        originals: 0,
        copies: 1,
      },
      {
        title: "Danh sách trích ngang",
        note: "Bổ sung xác nhận của cơ quan quản lý",
        originals: 1,
        copies: 0,
      },
    ],
    officerName: "Lê Thị Quầy",
    contactPhone: "0293 000 000",
    ...changes,
  };
}

export function aRefusal(changes: Partial<Refusal> = {}): Refusal {
  return {
    ...aDossier(),
    reason:
      "Nội dung đề nghị không thuộc thẩm quyền giải quyết của Sở Tư pháp; đề nghị nộp tại Ủy ban nhân dân cấp xã.",
    officerName: "Lê Thị Quầy",
    contactPhone: "0293 000 000",
    ...changes,
  };
}

export function anApology(changes: Partial<Apology> = {}): Apology {
  return {
    ...aDossier(),
    issuedAt: new Date("2022-09-19T15:00:00+07:00"),
    agencyName: "Sở Tư pháp",
    agencyParentName: "Ủy ban nhân dân tỉnh Hậu Giang",
    receivedAt: new Date("2022-09-13T08:31:05+07:00"),
    dueAt: new Date("2022-09-20T17:00:00+07:00"),
    promisedAt: new Date("2022-09-27T17:00:00+07:00"),
    reason: "cơ quan được lấy ý kiến chưa trả lời.",
    signerTitle: "Giám đốc",
    signerName: "Trần Văn Mẫu",
    ...changes,
  };
}

export function aStopNotice(changes: Partial<StopNotice> = {}): StopNotice {
  return {
    ...aDossier(new Date("2025-09-15T08:00:00+07:00")),
    agencyName: "Sở Tư pháp",
    agencyParentName: "Ủy ban nhân dân tỉnh Hậu Giang",
    receivedAt: new Date("2025-09-15T08:10:00+07:00"),
    askedBy: "applicant",
    reason: "không còn nhu cầu",
    stage: "Thẩm định hồ sơ",
    signerTitle: "Giám đốc",
    signerName: "Trần Văn Mẫu",
    ...changes,
  };
}

export function aControlSlip(changes: Partial<ControlSlip> = {}): ControlSlip {
  return {
    ...aDossier(),
    agencyName: "Sở Tư pháp",
    receivedAt: new Date("2022-09-13T08:31:05+07:00"),
    dueAt: new Date("2022-09-20T17:00:00+07:00"),
    handovers: [
      {
        from: "Lê Thị Quầy, Trung tâm Phục vụ hành chính công",
        to: "Phạm Văn Chuyên, Sở Tư pháp",
        at: new Date("2022-09-13T10:00:00+07:00"),
        punctuality: "early",
      },
      {
        from: "Phạm Văn Chuyên, Sở Tư pháp",
        to: "Trần Văn Mẫu, Sở Tư pháp",
        at: new Date("2022-09-19T09:00:00+07:00"),
        punctuality: "late",
        note: "Chờ ý kiến phối hợp",
      },
    ],
    ...changes,
  };
}

const PEOPLE = [
  "Nguyễn Thị Thử",
  "Trần Văn Mẫu",
  "Lê Thị Ví Dụ",
  "Phạm Văn Giả Định",
  "Công ty TNHH Thử Nghiệm",
];
const MATTERS = [
  { name: "Đăng ký khai sinh", agency: "UBND xã Đại Thành" },
  { name: "Công nhận báo cáo viên pháp luật cấp tỉnh", agency: "Sở Tư pháp" },
  {
    name: "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
    agency: "UBND thành phố Vị Thanh",
  },
  { name: "Đăng ký thành lập công ty trách nhiệm hữu hạn một thành viên", agency: "Sở Kế hoạch và Đầu tư" },
];

/** A book of so many made-up dossiers, one every two hours from `from` on. */
export function aBook(count: number, from = new Date("2022-09-12T07:30:00+07:00")): FollowUpBook {
  const hour = 3_600_000;
  const lines = Array.from({ length: count }, (_, i): BookLine => {
    const receivedAt = new Date(from.getTime() + 2 * i * hour);
    const { name, agency } = MATTERS[i % MATTERS.length] ?? { name: "", agency: "" };
    const returned = i % 3 === 0;
    const day = new Date(receivedAt.getTime() + 7 * hour).toISOString().slice(2, 10).replaceAll("-", "");
    return {
      code: `000.00.13.H30-${day}-${String(i + 1).padStart(4, "0")}`,
      procedureName: name,
      sets: 1,
      applicantName: PEOPLE[i % PEOPLE.length] ?? "",
      address: `Số ${i + 1} đường Mẫu, phường I, thành phố Vị Thanh, tỉnh Hậu Giang`,
      phone: `09${String(i).padStart(8, "0")}`,
      agencyName: agency,
      receivedAt,
      dueAt: i % 7 === 6 ? null : new Date(receivedAt.getTime() + 120 * hour),
      returnedAt: returned ? new Date(receivedAt.getTime() + 100 * hour) : null,
      returnMethod: ["Tại quầy", "Bưu chính công ích", "Trực tuyến"][i % 3] ?? "",
      recipient: returned ? (PEOPLE[i % PEOPLE.length] ?? null) : null,
      note: i % 5 === 4 ? "Nộp trực tuyến; Chờ bổ sung" : "",
    };
  });
  return {
    unitName: "Trung tâm Phục vụ hành chính công",
    parentUnitName: "Ủy ban nhân dân tỉnh Hậu Giang",
    place: "Hậu Giang",
    from,
    to: lines.at(-1)?.receivedAt ?? from,
    printedAt: new Date("2022-09-30T16:00:00+07:00"),
    lines,
  };
}

/** A result of a made-up dossier. */
export function aResult(changes: Partial<Result> = {}): Result {
  return {
    agencyName: "Sở Tư pháp",
    parentAgencyName: "Ủy ban nhân dân tỉnh Hậu Giang",
    number: "125/QĐ-STP",
    place: "Hậu Giang",
    date: new Date("2022-09-20T09:30:00+07:00"),
    procedureName: "Công nhận báo cáo viên pháp luật cấp tỉnh",
    procedureCode: "1.000664.000.00.00.H30",
    dossierCode: "000.00.13.H30-220916-0007",
    applicantName: "Nguyễn Thị Thử",
    outcome: "grant",
    resultTitle: "Quyết định công nhận báo cáo viên pháp luật",
    fields: [
      { label: "Lĩnh vực", value: "Tư pháp, hộ tịch" },
      { label: "Thời hạn", value: "05 năm kể từ ngày ký" },
    ],
    signerTitle: "Giám đốc",
    signerName: "Trần Văn Mẫu",
    trackingUrl: "http://localhost:3000/tra-cuu/000.00.13.H30-220916-0007",
    ...changes,
  };
}
