import { Invalid, Refused, Unavailable } from "../platform/errors.ts";

/** What may go wrong with a key, told plainly; none of them ever holds the PIN. */

export function pinNeeded(): Invalid {
  const message = "Khóa ký này cần mã PIN. Hãy nhập mã PIN.";
  return new Invalid([{ path: "pin", message }], message, "pin-needed");
}

export function wrongPin(): Invalid {
  const message = "Mã PIN không đúng. Nhập sai nhiều lần, thiết bị hoặc dịch vụ ký sẽ tự khóa.";
  return new Invalid([{ path: "pin", message }], message, "wrong-pin");
}

export function otpNeeded(): Invalid {
  const message = "Dịch vụ ký yêu cầu cả mã OTP: nhập mã PIN, một dấu cách, rồi mã OTP.";
  return new Invalid([{ path: "pin", message }], message, "otp-needed");
}

export function wrongOtp(): Invalid {
  const message = "Mã OTP không đúng hoặc đã hết hạn. Hãy lấy mã mới rồi ký lại.";
  return new Invalid([{ path: "pin", message }], message, "wrong-otp");
}

export function pinLocked(): Refused {
  return new Refused(
    "pin-locked",
    "Khóa ký đã bị khóa vì nhập sai mã PIN nhiều lần. Hãy liên hệ đơn vị cấp chứng thư để mở khóa.",
  );
}

export function keyUnavailable(cause?: unknown): Unavailable {
  return new Unavailable(
    "key-unavailable",
    "Không dùng được khóa ký lúc này: thiết bị chưa cắm, tệp khóa không còn hoặc dịch vụ ký không trả lời.",
    { ...(cause === undefined ? {} : { cause }), logText: "the signing key cannot be used" },
  );
}

export function keyMismatch(): Refused {
  return new Refused(
    "key-mismatch",
    "Khóa ký không khớp với chứng thư đã khai báo. Hãy báo người quản trị khai báo lại khóa ký.",
  );
}

export function noSigningKeys(owner: string): Unavailable {
  return new Unavailable(
    "no-signing-keys",
    `Hệ thống chưa được cấu hình khóa ký số của ${owner}. Hãy báo người quản trị khai báo khóa ký.`,
  );
}

export function noSignatureImage(owner: string): Unavailable {
  return new Unavailable(
    "no-signature-image",
    `Chưa có ảnh chữ ký hoặc con dấu của ${owner}. Hãy báo người quản trị nhập ảnh.`,
  );
}

export function certificateNotValid(from: Date, to: Date): Refused {
  return new Refused(
    "certificate-not-valid",
    "Chứng thư số chưa có hiệu lực hoặc đã hết hạn, không ký được. Hãy gia hạn chứng thư.",
    { extras: { validFrom: from.toISOString(), validTo: to.toISOString() } },
  );
}

export function certificateRevoked(since: Date): Refused {
  return new Refused("certificate-revoked", "Chứng thư số đã bị thu hồi, không ký được.", {
    extras: { revokedAt: since.toISOString() },
  });
}
