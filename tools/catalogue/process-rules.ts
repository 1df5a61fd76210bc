import type { ProcessName, Tier } from "../../workflows/declaration.ts";
import { readable } from "./text.ts";
import type { SourceRow } from "./source.ts";

/** What a rule looks at. `name` and `result` are in lower case, the name without "Thủ tục". */
export interface Matter {
  code: string;
  name: string;
  result: string;
  field: string;
  levels: readonly Tier[];
  department: string | null;
  /** The limit in working days, rounded up; null where none is known. */
  days: number | null;
  row: SourceRow;
}

export interface ProcessRule {
  name: string;
  process: ProcessName | "by-tier";
  /** The rule as a sentence, for docs/catalogue.md. */
  says: string;
  applies: (matter: Matter) => boolean;
}

export function matterOf(row: SourceRow): Matter {
  return {
    code: row.code,
    name: readable(row.displayName ?? row.name),
    result: readable(row.result ?? ""),
    field: row.field,
    levels: row.levels,
    department: row.department,
    days: workingDays(row),
    row,
  };
}

/** A limit in working days, to compare limits of different units; never used to reckon a due date. */
export function workingDays({ limit }: SourceRow): number | null {
  if (limit === null) return null;
  switch (limit.unit) {
    case "working-hour":
      return Math.ceil(limit.value / 8);
    case "same-day":
      return 1;
    case "working-day":
      return limit.value;
    case "day":
      return Math.max(1, Math.floor((limit.value * 5) / 7));
    case "month":
      return limit.value * 22;
  }
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
  /(^đính chính|^thu hồi|tranh chấp|^tặng cho quyền sử dụng đất cho nhà nước|giao đất để quản lý|^tổ chức kinh tế nhận chuyển nhượng|^xóa |^giao rừng)/u;

const CHAIR_NAMED =
  /thuộc (thẩm quyền|trách nhiệm)[^;]{0,60}(ủy ban nhân(?: dân)?|ubnd|hội đồng nhân dân|chủ tịch)[^;]{0,30} tỉnh|\((thẩm quyền|cấp tỉnh - thẩm quyền) của (ubnd|ủy ban nhân dân) cấp tỉnh\)|do chủ tịch (ubnd|ủy ban nhân dân) cấp tỉnh phê duyệt/u;
const CHAIR_RESULT =
  /chủ tịch (nước|ubnd|ủy ban nhân dân)(?! cấp xã)|(của|phê duyệt của) (ubnd|ủy ban nhân dân) (cấp )?tỉnh/u;
const CHAIR_VERB =
  /^((cho phép )?(thành lập|sáp nhập|chia|hợp nhất|giải thể)|thành lập hoặc cho phép|đổi tên trường|cho phép thành lập|phê duyệt|thẩm định, phê duyệt|giao chủ đầu tư|chấp thuận chủ trương|chấp thuận điều chỉnh chủ trương|chấp thuận nhà đầu tư|điều chỉnh chấp thuận chủ trương|quyết định chủ trương|quyết định chuyển mục đích|xác lập quyền sở hữu toàn dân|quyết định xác lập|chuyển đổi (trường|công năng))/u;
const DEPARTMENT_DECIDES =
  /thẩm quyền (giải quyết )?của (sở|ban quản lý)|công ty luật|của thương nhân|hội nghị, hội thảo về|trang thông tin|nội dung (trao đổi|tác phẩm|quảng cáo)|kế hoạch khuyến nông|phân ban|tại nước ngoài|giải quyết tranh chấp trong kinh doanh/u;

const INSPECTION =
  /(thẩm định|kiểm tra|nghiệm thu|đủ điều kiện|đạt tiêu chuẩn|thực hành tốt|hội đồng cấp|xếp hạng|hạng cơ sở|kiểm dịch|lấy mẫu|khám giám định|xét tặng|thi tuyển|xét tuyển|an toàn dịch bệnh|làng nghề|điểm du lịch|khu du lịch|tham vấn|kiểm định an toàn|phân hạng|xác định, xác định lại mức độ khuyết tật|phương án ứng phó|chỉ định (cơ sở|tổ chức)|đánh giá(?! kỹ năng| công nghệ)[^;]{0,20} (việc|kết quả|sự)|xét tài trợ|hiện trường)/u;
const TRADE_WORD =
  /(giám định viên|kiểm định viên|thẩm tra viên|đăng kiểm viên|giám định tư pháp|dấu nghiệp vụ|thẻ kiểm định|tập sự|đạt yêu cầu kiểm tra|thanh toán chi phí|hồ sơ công bố|xác nhận giá trị sử dụng|đánh giá kỹ năng|đại diện quyền|được miễn|chuyên gia giám định)/u;

const CONSULTED =
  /(giấy phép xây dựng|xây dựng (tượng đài|mới)|giấy phép môi trường|^lấy ý kiến|khai thác nước|thăm dò nước|nước dưới đất|khoáng sản|nhận chìm|nguồn gen|nguy cấp, quý, hiếm|điện mặt trời|di sản|di tích|vùng biển|phương án bảo vệ công trình|trong phạm vi bảo vệ công trình|cụm công nghiệp|khu (công nghiệp|kinh tế)|dự án bất động sản|cây xanh|trung tâm dữ liệu|vật liệu nổ công nghiệp)/u;
const FOREIGN =
  /((thương nhân|tổ chức|cá nhân|cơ sở|doanh nghiệp|nhà đầu tư|chi nhánh|nhà xuất bản|báo chí)[^;]{0,60} nước ngoài|người nước ngoài|có vốn đầu tư nước ngoài|người lao động nước ngoài|ra nước ngoài triển lãm)/u;
const FOREIGN_ALONE =
  /(đào tạo nghề luật sư|văn bằng|công nhận bằng|thực tập|mời nhà khoa học|học bổng|đi làm việc|giấy chứng nhận đăng ký quyền|đăng ký hoạt động|chấm dứt|hộ chiếu|truyền hình nước ngoài|xác nhận không thuộc diện|đơn vị trực thuộc ở nước ngoài|ký quỹ|quân phục|chuyển đổi|công tác xã hội|^giải thể)/u;

/** Read one by one, where the words of the name mislead a rule. */
const READ_AS_NOTIFICATION = "1.014069";
const READ_AS_PLAIN =
  "1.001928 1.003198 1.004359 1.005136 1.005419 1.005429 1.010813 1.010831 1.012904 1.013697 2.000229 3.000499 3.000605";
const EITHER_LEVEL = "1.004944 1.004946 1.115116 2.001955";

/** First match wins. */
export const PROCESS_RULES: readonly ProcessRule[] = [
  {
    name: "same-day-at-one-counter",
    process: "a",
    says: "hạn trong ngày, hoặc không quá 4 giờ làm việc",
    applies: ({ row }) =>
      row.limit?.unit === "same-day" || (row.limit?.unit === "working-hour" && row.limit.value <= 4),
  },
  {
    name: "certification-and-copies",
    process: "a",
    says: "chứng thực (hạn không quá 2 ngày làm việc hoặc không rõ), cấp bản sao từ sổ gốc trong 1 ngày",
    applies: (m) =>
      (m.field === "Chứng thực" && !known(m, 3)) ||
      (/^cấp bản sao/u.test(m.name) && m.days !== null && m.days <= 1),
  },
  {
    name: "no-result-paper",
    process: "j",
    says: "kết quả không phải là văn bản",
    applies: ({ row }) => row.resultPaper === false,
  },
  {
    name: "notification",
    process: "j",
    says: "tên bắt đầu bằng thông báo, báo cáo, khai báo, (tự) công bố; kết quả không phải giấy phép, giấy chứng nhận, quyết định, và không phải cơ quan kết luận",
    applies: (m) =>
      oneOf(m, READ_AS_NOTIFICATION) ||
      (NOTIFICATION.test(m.name) && !AUTHORITY_CONCLUDES.test(m.name) && !LICENCE.test(m.result)),
  },
  {
    name: "read-as-plain",
    process: "by-tier",
    says: "đọc từng thủ tục: từ ngữ trong tên gợi một quy trình khác, nhưng một cơ quan tự giải quyết",
    applies: (m) => oneOf(m, READ_AS_PLAIN),
  },
  {
    name: "land-with-financial-duty",
    process: "g",
    says: "lĩnh vực đất đai, tài chính đất đai: đăng ký, cấp giấy chứng nhận, giao, thuê, chuyển mục đích, tiền sử dụng đất",
    applies: (m) =>
      (m.field === "Đất đai" && LAND_DUTY.test(m.name) && !NO_LAND_DUTY.test(m.name)) ||
      (m.field === "Tài chính đất đai" && /tiền sử dụng đất|ghi nợ|tính/u.test(m.name)),
  },
  {
    name: "royalty-or-sea-area-fee",
    process: "g",
    says: "tiền cấp quyền khai thác, giao khu vực biển",
    applies: ({ name }) =>
      /tiền cấp quyền khai thác|giao khu vực biển/u.test(name) && !/^trả lại/u.test(name),
  },
  {
    name: "linked-procedures",
    process: "f",
    says: "tên có «liên thông»",
    applies: ({ name }) => /liên thông/u.test(name),
  },
  {
    name: "merit-social-education-chain",
    process: "f",
    says: "hai cấp; người có công, thi đua khen thưởng, tiếp nhận vào cơ sở trợ giúp xã hội, đạt chuẩn và kiểm định trường học, học bổng",
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
    says: "thẩm định mà kết quả là báo cáo hoặc thông báo thẩm định",
    applies: ({ name, result }) =>
      /thẩm định/u.test(name) &&
      /^(báo cáo|văn bản thông báo|thông báo) (kết quả )?(thẩm định|kết quả)/u.test(result),
  },
  {
    name: "chair-named",
    process: "i",
    says: "cấp tỉnh; tên nêu thẩm quyền của UBND, Chủ tịch UBND hoặc HĐND tỉnh",
    applies: (m) => provincial(m) && CHAIR_NAMED.test(m.name) && !DEPARTMENT_DECIDES.test(m.name),
  },
  {
    name: "chair-decides",
    process: "i",
    says: "cấp tỉnh; kết quả là quyết định của Chủ tịch nước, UBND hoặc Chủ tịch UBND tỉnh, và không qua hội đồng xét tặng",
    applies: (m) =>
      provincial(m) &&
      CHAIR_RESULT.test(m.result) &&
      !DEPARTMENT_DECIDES.test(m.name) &&
      !/xét tặng/u.test(m.name) &&
      !(FOREIGN.test(m.name) && /^cấp/u.test(m.name)),
  },
  {
    name: "chair-founds-or-approves",
    process: "i",
    says: "cấp tỉnh; tên bắt đầu bằng thành lập, sáp nhập, chia tách, giải thể, phê duyệt, chấp thuận chủ trương đầu tư; không phải việc của sở",
    applies: (m) =>
      m.levels[0] === "province" &&
      atLeast(m, 3) &&
      ((CHAIR_VERB.test(m.name) && !DEPARTMENT_DECIDES.test(m.name)) ||
        /nhà ở cũ thuộc tài sản công/u.test(m.name)),
  },
  {
    name: "associations-and-funds",
    process: "i",
    says: "cấp tỉnh; hội, quỹ: Chủ tịch UBND tỉnh cho phép",
    applies: (m) => m.levels[0] === "province" && m.field === "Quản lý nhà nước về hội, quỹ",
  },
  {
    name: "nationality",
    process: "i",
    says: "cấp tỉnh; nhập, thôi, trở lại quốc tịch: Chủ tịch UBND tỉnh đề xuất, Chủ tịch nước quyết định",
    applies: ({ field, name }) => field === "Quốc tịch" && /^(nhập|thôi|trở lại)/u.test(name),
  },
  {
    name: "quarantine",
    process: "h",
    says: "kiểm dịch: khám lô hàng, phương tiện, lập biên bản",
    applies: ({ name }) => /kiểm dịch/u.test(name) && !/tập sự|chứng chỉ/u.test(name),
  },
  {
    name: "inspection-or-council",
    process: "h",
    says: "ít nhất 3 ngày làm việc; thẩm định, kiểm tra, nghiệm thu, đủ điều kiện, hội đồng, xếp hạng, xét tặng, chỉ định …; không phải cấp lại, gia hạn, điều chỉnh trong 10 ngày; không phải thu hồi, miễn nhiệm, bị mất",
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
    says: "cơ sở xét nghiệm, cơ sở bảo tồn, bảo tàng: thẩm định tại chỗ, ít nhất 11 ngày làm việc",
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
    says: "ít nhất 7 ngày làm việc; xây dựng, khoáng sản, nước, môi trường, nguồn gen, di sản, điện mặt trời, công trình thủy lợi, khu công nghiệp; không phải cấp lại",
    applies: (m) =>
      known(m, 7) &&
      CONSULTED.test(m.name) &&
      !/^(cấp lại|cấp đổi|hòa giải|nộp|giao nộp|hủy|trợ cấp|hưởng)|mã số|thông tin, dữ liệu|chứng chỉ|huấn luyện|sản phẩm mỹ nghệ|nghệ nhân|nghiên cứu khoa học và công nghệ|hành nghề khoan/u.test(
        m.name,
      ),
  },
  {
    name: "foreign-element",
    process: "e",
    says: "cấp tỉnh, ít nhất 7 ngày làm việc; tổ chức, cá nhân, người lao động nước ngoài; không phải hộ tịch, văn bằng, cấp lại, gia hạn",
    applies: (m) =>
      provincial(m) &&
      known(m, 7) &&
      FOREIGN.test(m.name) &&
      !FOREIGN_ALONE.test(m.name) &&
      !REISSUE.test(m.name) &&
      !/Tần số/u.test(m.field),
  },
  {
    name: "by-tier",
    process: "by-tier",
    says: "một cơ quan giải quyết: xã (b), huyện (c), sở (d)",
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
