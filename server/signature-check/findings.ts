/** How a file or a signature is judged; the worse of two stands later. */
export const VERDICTS = ["valid", "untrusted", "unjudged", "invalid"] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * All that a check can find: the verdict it leads to, and what is said to people. `note` changes no verdict.
 * The codes are stable: programs read them.
 */
export const FINDINGS = {
  // The file as a whole
  "not-a-pdf": ["unjudged", "Tệp này không phải là tệp PDF."],
  "file-too-large": ["unjudged", "Tệp lớn hơn 50 MB nên không kiểm tra được."],
  "file-too-complex": ["unjudged", "Tệp phức tạp bất thường nên không kiểm tra an toàn được."],
  "file-encrypted": ["unjudged", "Tệp PDF được mã hóa (đặt mật khẩu) nên không kiểm tra được."],
  "no-signature": ["unjudged", "Tệp PDF này không có chữ ký số."],
  "structure-unclear": [
    "unjudged",
    "Cấu trúc của tệp không chuẩn: các phần mềm đọc khác nhau có thể hiện nội dung khác nhau.",
  ],
  "duplicate-object": [
    "unjudged",
    "Trong tệp có hai nội dung mang cùng một số hiệu; phần mềm đọc có thể hiện nội dung không được ký.",
  ],
  "active-content": [
    "unjudged",
    "Tệp chứa mã lệnh hoặc nội dung lấy từ nơi khác, có thể làm thay đổi những gì người đọc thấy.",
  ],
  "field-value-differs": ["invalid", "Giá trị của ô biểu mẫu khác với chữ hiện trên trang."],
  "field-unreadable": ["unjudged", "Tệp có ô biểu mẫu mà không so được giá trị với chữ hiện trên trang."],
  "stray-signature": ["unjudged", "Trong tệp có một chữ ký số không gắn với vị trí ký nào."],

  // Where the signature stands in the file
  "byte-range-malformed": ["invalid", "Phạm vi được ký (ByteRange) ghi sai."],
  "byte-range-start": ["invalid", "Phạm vi được ký không bắt đầu từ đầu tệp."],
  "byte-range-gap": [
    "invalid",
    "Phần không được ký rộng hơn chỗ dành cho chữ ký, có thể giấu nội dung khác.",
  ],
  "byte-range-end": ["invalid", "Phạm vi được ký không kết thúc ở cuối một phiên bản của tệp."],
  "byte-range-overlap": ["invalid", "Hai chữ ký ghi cùng một phạm vi, hoặc phạm vi được ký chồng lên nhau."],
  "several-contents": ["invalid", "Chữ ký có nhiều hơn một phần nội dung (Contents hoặc ByteRange)."],
  "signature-removed": ["invalid", "Một chữ ký đã có trong tệp sau đó bị gỡ hoặc bị thay."],

  // What was done to the file after the signature
  "garbage-appended": ["invalid", "Sau khi ký, có dữ liệu lạ được nối vào cuối tệp."],
  "object-appended": ["invalid", "Sau khi ký, có đối tượng lạ được thêm vào tệp."],
  "unused-object": [
    "note",
    "Phần mềm ký sau đã để lại trong tệp dữ liệu không dùng đến; người ký sau chịu trách nhiệm, nội dung hiện ra không đổi.",
  ],
  "object-changed": ["invalid", "Sau khi ký, nội dung của tệp đã bị sửa."],
  "page-changed": ["invalid", "Sau khi ký, một trang của văn bản đã bị sửa, thêm hoặc bớt."],
  "widget-changed": ["invalid", "Sau khi ký, hình hoặc vị trí của chữ ký đã có trên trang bị sửa."],
  "annotation-added": ["invalid", "Sau khi ký, có ghi chú hoặc hình được đặt đè lên trang."],
  "overlay-added": ["invalid", "Sau khi ký, có hình che phần lớn trang được thêm vào."],
  "field-changed": ["invalid", "Sau khi ký, giá trị hoặc hình của ô biểu mẫu đã bị sửa."],
  "content-hidden": ["invalid", "Sau khi ký, có nội dung bị xóa hoặc bị ẩn khỏi tệp."],
  "content-replaced": ["invalid", "Sau khi ký, tệp bị chuyển sang nội dung khác đã giấu sẵn."],
  "changes-forbidden": ["invalid", "Chữ ký chứng nhận cấm mọi thay đổi về sau, nhưng tệp đã được thay đổi."],

  // The signature itself
  "content-changed": ["invalid", "Nội dung đã bị sửa sau khi ký, hoặc chữ ký được chép từ tệp khác."],
  "signature-wrong": ["invalid", "Chữ ký không khớp với chứng thư của người ký."],
  "certificate-exchanged": ["invalid", "Chứng thư kèm theo không phải chứng thư mà người ký đã dùng."],
  "certificate-reference-missing": ["invalid", "Chữ ký không nêu chứng thư đã dùng như chuẩn CAdES đòi hỏi."],
  "signature-unreadable": ["invalid", "Phần chữ ký hỏng, không đọc được."],
  "signature-kind-not-judged": ["unjudged", "Loại chữ ký này chưa kiểm tra được ở đây."],
  "algorithm-not-supported": [
    "unjudged",
    "Chữ ký dùng thuật toán mà hệ thống này chưa kiểm tra được; điều đó không có nghĩa là chữ ký sai.",
  ],
  "weak-algorithm": ["invalid", "Chữ ký dùng thuật toán không còn an toàn."],

  // The certificate
  "issuer-not-trusted": [
    "untrusted",
    "Chữ ký khớp với nội dung, nhưng nơi cấp chứng thư không nằm trong danh sách được tin cậy: ai cũng có thể tự tạo chứng thư mang tên như vậy.",
  ],
  "chain-broken": ["invalid", "Chứng thư của người ký không do nơi cấp ghi trên đó ký."],
  "certificate-not-for-signing": ["invalid", "Chứng thư không được cấp để ký văn bản."],
  "certificate-expired": ["invalid", "Chứng thư đã hết hạn hoặc chưa có hiệu lực vào lúc ký."],
  "certificate-expired-since": [
    "unjudged",
    "Chứng thư nay đã hết hạn và chữ ký không có dấu thời gian, nên không chứng minh được đã ký khi chứng thư còn hạn.",
  ],
  "certificate-revoked": ["invalid", "Chứng thư đã bị thu hồi."],
  "certificate-revoked-later": [
    "note",
    "Chứng thư bị thu hồi sau thời điểm ký đã được dấu thời gian chứng minh.",
  ],
  "revocation-unknown": ["note", "Chưa có thông tin để biết chứng thư có bị thu hồi hay không."],
  "time-in-future": ["unjudged", "Thời điểm ký ghi trong chữ ký ở sau thời điểm kiểm tra."],
  "time-not-proved": ["note", "Thời điểm ký do máy của người ký ghi, chưa có dấu thời gian chứng minh."],
  "time-missing": ["unjudged", "Chữ ký không ghi thời điểm ký và không có dấu thời gian."],

  // The timestamp
  "timestamp-broken": ["invalid", "Dấu thời gian hỏng hoặc không phải của chữ ký này."],
  "timestamp-not-trusted": ["untrusted", "Dấu thời gian do nơi không được tin cậy cấp."],
} as const satisfies Record<string, readonly [Verdict | "note", string]>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  code: FindingCode;
  text: string;
  /** For experts, in English: which object, which offset. Empty when there is nothing to add. */
  detail: string;
}

export function finding(code: FindingCode, detail = ""): Finding {
  return { code, text: FINDINGS[code][1], detail };
}

/** The verdict that these findings lead to: the worst of them. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const rank = findings.map(({ code }) => {
    const [verdict] = FINDINGS[code];
    return verdict === "note" ? 0 : VERDICTS.indexOf(verdict);
  });
  return VERDICTS[Math.max(0, ...rank)] ?? "unjudged";
}

/** The worst findings first, and each code once with its first detail. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const once = findings.filter(
    (one, at) => findings.findIndex(({ code, detail }) => code === one.code && detail === one.detail) === at,
  );
  const weight = ({ code }: Finding) =>
    FINDINGS[code][0] === "note" ? -1 : VERDICTS.indexOf(FINDINGS[code][0]);
  return once.sort((a, b) => weight(b) - weight(a));
}

/** Thrown where a file cannot be judged at all, or a part is so wrong that reading cannot go on. */
export class NotJudged extends Error {
  constructor(
    readonly code: FindingCode,
    readonly detail = "",
  ) {
    super(`${code}: ${detail}`);
    this.name = "NotJudged";
  }
}
