import type { ProcessName } from "../../workflows/declaration.ts";
import { matterOf } from "./matter.ts";
import type { Matter } from "./matter.ts";
import type { SourceRow } from "./source.ts";

export interface ProcessRule {
  name: string;
  process: ProcessName | "by-tier";
  /** The rule as a sentence, for docs/catalogue.md. */
  says: string;
  applies: (matter: Matter) => boolean;
}

const twoLevels = ({ levels }: Matter) => levels.length === 2;
const provincial = ({ levels }: Matter) => levels.includes("province");
const atLeast = ({ days }: Matter, n: number) => days === null || days >= n;
const known = ({ days }: Matter, n: number) => days !== null && days >= n;
const oneOf = ({ code }: Matter, codes: string) => codes.split(" ").includes(code);

/** Cấp lại, gia hạn, điều chỉnh … : the holder was examined before. */
const REISSUE =
  /^(đăng ký )?(cấp )?(đổi|lại|gia hạn|điều chỉnh|sửa đổi|bổ sung|sửa lỗi|cấp đổi|cấp lại|thay đổi|đính chính)(?!\p{L})/u;
const ENDING = /^(thu hồi|hủy|miễn nhiệm|chấm dứt|miễn kiểm tra|giảm kiểm tra|xóa|tạm dừng|thôi |trả lại)/u;

const NOTIFICATION =
  /^((tiếp nhận )?(hồ sơ )?(thông báo|báo cáo|khai báo|tự công bố|công bố)|(điều chỉnh|hủy bỏ)( nội dung)?( của)? bản công bố|(sửa đổi, bổ sung|chấm dứt) thông báo)(?!\p{L})/u;
const AUTHORITY_CONCLUDES =
  /^(thông báo (nhà ở|quyền sử dụng đất|đủ điều kiện|đơn vị đủ điều kiện)|công bố (danh mục|dự án|khu vực|mở |hoạt động|lại |đưa ))/u;
const LICENCE =
  /^(giấy (phép|chứng nhận)|quyết định|chứng chỉ|bằng |văn bản (chấp thuận|phê duyệt|chứng nhận)|công văn cho phép)/u;

const LAND_DUTY =
  /(đăng ký(, cấp giấy chứng nhận)? (đất đai|biến động|quyền sử dụng đất|tài sản gắn liền|đối với)|đăng ký, cấp giấy chứng nhận|tách thửa|xác định lại diện tích|giao đất|cho thuê đất|chuyển mục đích sử dụng đất)/u;
const NO_LAND_DUTY =
  /(^đính chính|^thu hồi|^(giải quyết|hòa giải) tranh chấp|^tặng cho quyền sử dụng đất cho nhà nước|giao đất để quản lý|^tổ chức kinh tế nhận chuyển nhượng|^xóa |^giao rừng)/u;

const CHAIR_NAMED =
  /thuộc (thẩm quyền|trách nhiệm)[^;]{0,60}(ủy ban nhân(?: dân)?|ubnd|hội đồng nhân dân|chủ tịch)[^;]{0,30} tỉnh|\((thẩm quyền|cấp tỉnh - thẩm quyền) của (ubnd|ủy ban nhân dân) cấp tỉnh\)|do chủ tịch (ubnd|ủy ban nhân dân) cấp tỉnh phê duyệt/u;
const CHAIR_RESULT =
  /chủ tịch (nước|ubnd|ủy ban nhân dân)(?! cấp xã)|(của|phê duyệt của) (ubnd|ủy ban nhân dân) (cấp )?tỉnh/u;
const CHAIR_VERB =
  /^((cho phép )?(thành lập|sáp nhập|chia,? tách|chia;|hợp nhất|giải thể)|thành lập hoặc cho phép|đổi tên trường|cấp phép thành lập văn phòng giám định|cho phép thành lập|phê duyệt|thẩm định, phê duyệt|(điều chỉnh quyết định )?giao chủ đầu tư|điều chỉnh quyết định chấp thuận|thay đổi chủ tịch hội đồng|chấp thuận chủ trương|chấp thuận điều chỉnh chủ trương|chấp thuận nhà đầu tư|điều chỉnh chấp thuận chủ trương|quyết định chủ trương|quyết định chuyển mục đích|xác lập quyền sở hữu toàn dân|quyết định xác lập|chuyển đổi (trường|công năng))/u;
const DEPARTMENT_DECIDES =
  /thẩm quyền (giải quyết )?của (sở|ban quản lý)|công ty luật|của thương nhân|hội nghị, hội thảo về|trang thông tin|nội dung (trao đổi|tác phẩm|quảng cáo)|kế hoạch khuyến nông|hệ sinh thái|sự cố hóa chất|văn phòng điều hành|đơn vị trực thuộc|giải quyết tranh chấp trong kinh doanh/u;

const INSPECTION =
  /(thẩm định|kiểm tra|nghiệm thu|đủ điều kiện|đạt tiêu chuẩn|thực hành tốt|hội đồng cấp|xếp hạng|hạng cơ sở|kiểm dịch|lấy mẫu|khám giám định|xét tặng|thi tuyển|xét tuyển|an toàn dịch bệnh|làng nghề|điểm du lịch|khu du lịch|tham vấn|kiểm định an toàn|phân hạng|xác định, xác định lại mức độ khuyết tật|phương án ứng phó|chỉ định (cơ sở|tổ chức)|đánh giá(?! kỹ năng| công nghệ)[^;]{0,20} (việc|kết quả|sự)|xét tài trợ|hiện trường)/u;
const TRADE_WORD =
  /(giám định viên|kiểm định viên|thẩm tra viên|đăng kiểm viên|giám định tư pháp|dấu nghiệp vụ|thẻ kiểm định|tập sự|đạt yêu cầu kiểm tra|thanh toán chi phí|hồ sơ công bố|xác nhận giá trị sử dụng|đánh giá kỹ năng|đại diện quyền|được miễn|chuyên gia giám định)/u;

const CONSULTED =
  /(giấy phép xây dựng|xây dựng (tượng đài|mới)|giấy phép môi trường|^lấy ý kiến|khai thác nước|thăm dò nước|nước dưới đất|khoáng sản|nhận chìm|nguồn gen|nguy cấp, quý, hiếm|điện mặt trời|di sản|di tích|vùng biển|phương án bảo vệ công trình|trong phạm vi bảo vệ công trình|khu công nghiệp sinh thái|thuộc thẩm quyền của ban quản lý khu|dự án bất động sản|cây xanh|trung tâm dữ liệu|vật liệu nổ công nghiệp)/u;
const FOREIGN =
  /((thương nhân|tổ chức|cá nhân|cơ sở|doanh nghiệp|nhà đầu tư|chi nhánh|nhà xuất bản|báo chí)[^;]{0,60} nước ngoài|người nước ngoài|có vốn đầu tư nước ngoài|người lao động nước ngoài|ra nước ngoài triển lãm|^giải quyết việc nuôi con nuôi có yếu tố nước ngoài)/u;
const FOREIGN_ALONE =
  /(đào tạo nghề luật sư|văn bằng|công nhận bằng|thực tập|mời nhà khoa học|học bổng|đi làm việc|giấy chứng nhận đăng ký quyền|đăng ký hoạt động|chấm dứt|hộ chiếu|truyền hình nước ngoài|xác nhận không thuộc diện|đơn vị trực thuộc ở nước ngoài|ký quỹ|quân phục|chuyển đổi|công tác xã hội|^giải thể)/u;

/** Read one by one, where the words of the name mislead a rule. */
const READ_AS_NOTIFICATION = "1.014069";
const READ_AS_PLAIN =
  "1.001928 1.003198 1.008603 1.012291 1.012527 1.014382 1.014383 1.014566 2.000361 2.002253 2.002349 2.002818 3.000474 1.004359 1.005136 1.004692 1.005429 1.010813 1.010831 1.012904 1.012955 1.014943 1.013697 2.000229 3.000499";
const EITHER_LEVEL = "1.004944 1.004946 1.115116 2.001955";

/** First match wins. */
export const PROCESS_RULES: readonly ProcessRule[] = [
  {
    name: "same-day-at-one-counter",
    process: "a",
    says: "the limit is the same day, or at most 4 working hours",
    applies: ({ row }) =>
      row.limit?.unit === "same-day" || (row.limit?.unit === "working-hour" && row.limit.value <= 4),
  },
  {
    name: "certification-and-copies",
    process: "a",
    says: "field Chứng thực with a limit of at most 2 working days or unknown; copies from a register (cấp bản sao) in one day",
    applies: (m) =>
      (m.field === "Chứng thực" && !known(m, 3)) ||
      (m.name.startsWith("cấp bản sao") && m.days !== null && m.days <= 1),
  },
  {
    name: "no-result-paper",
    process: "j",
    says: "the source says that there is no result paper",
    applies: ({ row }) => row.resultPaper === false,
  },
  {
    name: "notification",
    process: "j",
    says: "the name begins with thông báo, báo cáo, khai báo, (tự) công bố …; the result is no licence, certificate or decision, and it is not the authority that concludes",
    applies: (m) =>
      oneOf(m, READ_AS_NOTIFICATION) ||
      (NOTIFICATION.test(m.name) && !AUTHORITY_CONCLUDES.test(m.name) && !LICENCE.test(m.result)),
  },
  {
    name: "read-as-plain",
    process: "by-tier",
    says: "read one by one: words of the name suggest another process, but one agency decides alone",
    applies: (m) => oneOf(m, READ_AS_PLAIN),
  },
  {
    name: "land-with-financial-duty",
    process: "g",
    says: "fields Đất đai and Tài chính đất đai: registration, certificates, allocation, lease, change of use, land money",
    applies: (m) =>
      (m.field === "Đất đai" && LAND_DUTY.test(m.name) && !NO_LAND_DUTY.test(m.name)) ||
      (m.field === "Tài chính đất đai" && /tiền sử dụng đất|ghi nợ|tính/u.test(m.name)),
  },
  {
    name: "royalty-or-sea-area-fee",
    process: "g",
    says: "tiền cấp quyền khai thác, giao khu vực biển",
    applies: ({ name }) =>
      /tiền cấp quyền khai thác|^(sửa đổi, bổ sung quyết định )?giao khu vực biển/u.test(name),
  },
  {
    name: "linked-procedures",
    process: "f",
    says: "the name says liên thông",
    applies: ({ name }) => name.includes("liên thông"),
  },
  {
    name: "merit-social-education-chain",
    process: "f",
    says: "two levels, and merit, commendation, reception into a social home, school standards, scholarships",
    applies: (m) =>
      twoLevels(m) &&
      !oneOf(m, EITHER_LEVEL) &&
      (/^(Người có công|Thi đua, khen thưởng|Kiểm định chất lượng giáo dục|Phòng, chống tệ nạn xã hội)$/u.test(
        m.field,
      ) ||
        /cơ sở trợ giúp xã hội|đạt chuẩn quốc gia|^cấp học bổng và hỗ trợ/u.test(m.name)),
  },
  {
    name: "appraisal-report",
    process: "h",
    says: "thẩm định whose result is a report or notice of appraisal",
    applies: ({ name, result }) =>
      name.includes("thẩm định") &&
      /^(báo cáo|văn bản thông báo|thông báo) (kết quả )?(thẩm định|kết quả)/u.test(result),
  },
  {
    name: "chair-named",
    process: "i",
    says: "a provincial chart, and the name puts it under the People's Committee, its chair or the People's Council of the province",
    applies: (m) => provincial(m) && CHAIR_NAMED.test(m.name) && !DEPARTMENT_DECIDES.test(m.name),
  },
  {
    name: "chair-decides",
    process: "i",
    says: "a provincial chart, and the result is a decision of the President (nationality), the People's Committee or its chair; not through an award council",
    applies: (m) =>
      provincial(m) &&
      CHAIR_RESULT.test(m.result) &&
      !DEPARTMENT_DECIDES.test(m.name) &&
      !m.name.includes("xét tặng") &&
      !m.name.startsWith("trả lại") &&
      !(FOREIGN.test(m.name) && m.name.startsWith("cấp")),
  },
  {
    name: "chair-founds-or-approves",
    process: "i",
    says: "the name begins with a verb of founding, merging, dividing, dissolving, approving; it is not a department's own matter",
    applies: (m) =>
      m.levels[0] === "province" &&
      atLeast(m, 3) &&
      ((CHAIR_VERB.test(m.name) && !DEPARTMENT_DECIDES.test(m.name)) ||
        m.name.includes("nhà ở cũ thuộc tài sản công")),
  },
  {
    name: "associations-and-funds",
    process: "i",
    says: "provincial associations and funds: the chair permits",
    applies: (m) => m.levels[0] === "province" && m.field === "Quản lý nhà nước về hội, quỹ",
  },
  {
    name: "quarantine",
    process: "h",
    says: "kiểm dịch: goods or vehicles are examined and a record is made",
    applies: ({ name }) => name.includes("kiểm dịch") && !/tập sự|chứng chỉ/u.test(name),
  },
  {
    name: "inspection-record",
    process: "h",
    says: "the result is a record of inspection, acceptance, medical examination or consultation meeting",
    applies: ({ result }) => /^biên bản (kiểm tra|nghiệm thu|giám định|họp)/u.test(result),
  },
  {
    name: "inspection-or-council",
    process: "h",
    says: "at least 3 working days, and thẩm định, kiểm tra, nghiệm thu, đủ điều kiện, xếp hạng, xét tặng, chỉ định …; no reissue, renewal or change within 10 days, no revocation or loss",
    applies: (m) =>
      atLeast(m, 3) &&
      INSPECTION.test(m.name) &&
      !TRADE_WORD.test(m.name) &&
      !ENDING.test(m.name) &&
      !/bị mất|bị hỏng|hư hỏng/u.test(m.name) &&
      !(REISSUE.test(m.name) && !known(m, 11)),
  },
  {
    name: "laboratory-safety",
    process: "h",
    says: "laboratories, conservation centres, museums, first-aid posts: appraised on the spot, at least 10 working days",
    applies: (m) =>
      known(m, 10) &&
      /^cấp (mới |lại )?(giấy chứng nhận cơ sở (xét nghiệm|bảo tồn)|giấy phép hoạt động (bảo tàng|đối với (trạm|điểm) sơ cấp cứu))/u.test(
        m.name,
      ) &&
      !/hư hỏng|bị mất/u.test(m.name),
  },
  {
    name: "consulted-agencies",
    process: "e",
    says: "at least 7 working days, and building, minerals, water, environment, genetic resources, heritage, solar power, irrigation works, industrial zones; no reissue",
    applies: (m) =>
      known(m, 7) &&
      CONSULTED.test(m.name) &&
      !/^(cấp lại|cấp đổi|đăng ký(?! mới| bổ sung)|hòa giải|nộp|giao nộp|hủy|trợ cấp|hưởng)|mã số|thông tin, dữ liệu|giống cây trồng|chứng chỉ|huấn luyện|sản phẩm mỹ nghệ|nghệ nhân|nghiên cứu khoa học và công nghệ|hành nghề khoan/u.test(
        m.name,
      ),
  },
  {
    name: "foreign-element",
    process: "e",
    says: "a provincial chart, at least 7 working days, and foreign organisations, persons or workers; no civil status, diplomas, reissues or renewals",
    applies: (m) =>
      provincial(m) &&
      known(m, 7) &&
      FOREIGN.test(m.name) &&
      !FOREIGN_ALONE.test(m.name) &&
      !REISSUE.test(m.name) &&
      !m.field.includes("Tần số"),
  },
  {
    name: "by-tier",
    process: "by-tier",
    says: "one agency decides: commune (b), district (c), department (d)",
    applies: () => true,
  },
];

/** The rule that a row falls under. */
export function ruleFor(row: SourceRow): ProcessRule {
  const matter = matterOf(row);
  const rule = PROCESS_RULES.find((one) => one.applies(matter));
  if (rule === undefined) throw new Error(`No process rule for ${row.code}`);
  return rule;
}
