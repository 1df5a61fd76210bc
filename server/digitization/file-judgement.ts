import { Problem } from "../platform/errors.ts";

/** What an uploaded file turned out to be, by its bytes. A JPEG or PNG is one page. */
export interface Judgement {
  mediaType: "application/pdf" | "image/jpeg" | "image/png" | "image/tiff";
  pages: number;
  /** What is taken all the same, and better scanned again. */
  warnings?: ScanWarning[];
}

/** `page` from 1. */
export interface ScanWarning {
  code: "low-resolution" | "blank-page";
  page: number;
}

export const WARNING_WORDS: Record<ScanWarning["code"], string> = {
  "low-resolution": "ảnh nhỏ hoặc mờ, dưới 200 dpi trên khổ A4",
  "blank-page": "trang trắng",
};

const MESSAGES = {
  "file-empty": "Tệp không có nội dung (0 byte). Hãy chọn lại tệp.",
  "file-too-large": "Tệp vượt quá 50 MB. Hãy quét lại với dung lượng nhỏ hơn.",
  "file-type-not-accepted":
    "Chỉ nhận tệp PDF, JPEG, PNG hoặc TIFF. Nội dung của tệp này không phải một trong các loại đó.",
  "file-broken": "Tệp bị hỏng hoặc chưa được tải lên đầy đủ. Hãy quét hoặc tải lại.",
  "file-encrypted": "Tệp PDF có đặt mật khẩu hoặc bị mã hóa. Hãy bỏ mật khẩu rồi tải lại.",
  "file-too-complex":
    "Tệp quá phức tạp, hệ thống không đọc được trong thời gian cho phép. Hãy quét lại thành tệp mới.",
  "file-blank": "Tệp chỉ có trang trắng. Hãy kiểm tra mặt giấy rồi quét lại.",
  "pdf-without-pages": "Tệp PDF không có trang nào.",
  "pdf-too-many-pages": "Tệp PDF có quá nhiều trang. Hãy tách thành nhiều tệp.",
  "pdf-script":
    "Tệp PDF có chứa mã lệnh (JavaScript, XFA) nên không được nhận. Hãy in ra PDF mới rồi tải lại.",
  "pdf-embedded-file": "Tệp PDF có tệp khác đính kèm bên trong nên không được nhận. Hãy tải từng tệp riêng.",
  "pdf-launch": "Tệp PDF có lệnh mở chương trình hoặc tệp khác nên không được nhận.",
  "tiff-too-many-pages": "Tệp TIFF có quá nhiều trang. Hãy tách thành nhiều tệp.",
  "image-too-large": "Ảnh có kích thước quá lớn. Hãy quét lại ở độ phân giải 200–300 dpi.",
  "image-too-small": "Ảnh quá nhỏ, không thể đọc được. Hãy quét lại ở độ phân giải từ 200 dpi.",
} as const;

export type UnfitCode = keyof typeof MESSAGES;

/** Thrown when a file is not taken, with a stable code and what the sender can do about it. */
export class FileUnfit extends Problem {
  readonly status: 413 | 415 | 422;
  readonly title = "Tệp không được nhận";
  constructor(
    override readonly code: UnfitCode,
    {
      pages,
      ...options
    }: { cause?: unknown; /** How many there are, all of them blank. */ pages?: number } = {},
  ) {
    const which = pages === undefined ? "" : pages === 1 ? " (trang 1)" : ` (trang 1 đến ${pages})`;
    super(code, MESSAGES[code].replace("trang trắng", `trang trắng${which}`), {
      ...options,
      ...(pages === undefined ? {} : { extras: { pages } }),
      logText: `file refused: ${code}`,
    });
    this.status = code === "file-too-large" ? 413 : code === "file-type-not-accepted" ? 415 : 422;
  }
}
