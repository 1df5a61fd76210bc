import type { SigningType } from "./signings.ts";

export const TYPE_WORDS: Record<SigningType, string> = {
  SIGN: "Ký kết quả",
  SEAL: "Đóng dấu, phát hành",
  COPY: "Ký bản sao điện tử",
};

/** Why a signing came to nothing, or why a number was cancelled, by the stable code. */
const REASONS: Record<string, string> = {
  interrupted: "Hệ thống bị dừng giữa chừng khi đang ký",
  "signing-abandoned": "Lần ký bị gián đoạn quá lâu",
  "signing-failed": "Lỗi khi ký, chi tiết ở nhật ký hệ thống",
  "copy-signed-already": "Bản sao đã được ký",
  "signed-already": "Hồ sơ đã được ký bằng một số khác",
  "dossier-ended": "Hồ sơ dừng giải quyết hoặc được rút trước khi đóng dấu",
  "changed-meanwhile": "Hồ sơ được người khác thay đổi trong lúc ký",
  "version-mismatch": "Hồ sơ được người khác thay đổi trong lúc ký",
  "event-not-allowed": "Hồ sơ đã chuyển sang bước khác trong lúc ký",
  "event-not-yours": "Người ký không còn quyền ký hồ sơ",
  "no-draft": "Chưa có dự thảo kết quả",
  "draft-not-pdf": "Dự thảo tải lên không phải tệp PDF",
  "draft-signed": "Dự thảo tải lên đã có chữ ký số",
  "pdf-not-signable": "Tệp PDF tải lên không ký được",
  "character-not-printable": "Dự thảo có ký tự không in được",
  "pin-needed": "Chưa nhập mã PIN",
  "wrong-pin": "Mã PIN không đúng",
  "otp-needed": "Chưa nhập mã OTP",
  "wrong-otp": "Mã OTP không đúng hoặc đã hết hạn",
  "pin-locked": "Khóa ký đã bị khóa vì nhập sai mã PIN nhiều lần",
  "key-unavailable": "Không dùng được khóa ký: thiết bị, tệp khóa hoặc dịch vụ ký không sẵn sàng",
  "key-mismatch": "Khóa ký không khớp với chứng thư đã khai báo",
  "no-signing-keys": "Chưa khai báo khóa ký",
  "no-signature-image": "Chưa nhập ảnh chữ ký hoặc con dấu",
  "certificate-not-valid": "Chứng thư số chưa có hiệu lực hoặc đã hết hạn",
  "certificate-revoked": "Chứng thư số đã bị thu hồi",
  "signature-field-signed": "Vị trí ký đã được ký",
  unavailable: "Cơ sở dữ liệu không trả lời",
  "no-timestamp-authority": "Chưa cấu hình dịch vụ dấu thời gian",
  "timestamp-unavailable": "Dịch vụ dấu thời gian không trả lời",
  "no-validation-data": "Không lấy được dữ liệu thu hồi chứng thư",
};

export function reasonInWords(code: string): string {
  return REASONS[code] ?? `Lỗi khi ký (${code})`;
}
