import type { EventType } from "../../workflows/events.ts";

/** What officers call a role when it is read in a history; citizens, worker and portal act too. */
export const ACTOR_ROLES: Record<string, string> = {
  frontdesk: "Bộ phận Một cửa",
  specialist: "Chuyên viên",
  head: "Trưởng phòng",
  leader: "Lãnh đạo",
  clerk: "Văn thư",
  citizen: "Người nộp hồ sơ",
  worker: "Hệ thống",
  portal: "Cổng Dịch vụ công quốc gia",
};

export const CHANNELS: Record<string, string> = {
  counter: "tại quầy",
  online: "trực tuyến",
  postal: "qua bưu chính",
};

export const RETURN_METHODS: Record<string, string> = {
  counter: "Tại quầy",
  postal: "Qua bưu chính",
  online: "Trực tuyến",
};

export const PAYMENT_METHODS: Record<string, string> = {
  cash: "tiền mặt",
  transfer: "chuyển khoản",
  online: "trực tuyến",
};

export const IDENTITY_TYPES: Record<string, string> = {
  cccd: "Số định danh cá nhân (CCCD)",
  cmnd: "Chứng minh nhân dân",
  passport: "Hộ chiếu",
  taxCode: "Mã số thuế",
};

export const PERSON_KINDS: Record<string, string> = {
  citizen: "Cá nhân",
  business: "Doanh nghiệp",
  agency: "Cơ quan nhà nước",
  organisation: "Tổ chức",
};

export const LIMIT_UNITS: Record<string, string> = {
  "working-day": "ngày làm việc",
  "working-hour": "giờ làm việc",
  day: "ngày",
  month: "tháng",
  "same-day": "trong ngày",
};

/** The parts of a person's record as a form and a history name them. */
const PERSON_PARTS: Record<string, string> = {
  kind: "Loại",
  name: "Họ tên",
  "identity.type": "Loại giấy tờ",
  "identity.number": "Số giấy tờ",
  phone: "Điện thoại",
  email: "Thư điện tử",
  "address.province": "Tỉnh, thành phố",
  "address.district": "Huyện, quận",
  "address.commune": "Xã, phường",
  "address.street": "Số nhà, đường, ấp",
};

/** What is corrected, as people call it: "Họ tên người nộp". */
export function correctedName(path: string): string {
  const [whose = "", ...rest] = path.split(".");
  const part = PERSON_PARTS[rest.join(".")];
  if (part !== undefined) return `${part} ${whose === "owner" ? "chủ hồ sơ" : "người nộp"}`;
  return (
    { authorisation: "Căn cứ ủy quyền", note: "Ghi chú", returnMethod: "Cách nhận kết quả" }[path] ?? path
  );
}

/** A corrected value as people read it. */
export function correctedValue(path: string, value: unknown): string {
  const words = path.endsWith(".kind")
    ? PERSON_KINDS
    : path.endsWith("identity.type")
      ? IDENTITY_TYPES
      : path === "returnMethod"
        ? RETURN_METHODS
        : {};
  const text = typeof value === "string" ? value : "";
  return text === "" ? "(trống)" : (words[text] ?? text);
}

/** The parts of the record that a correction may change, in the order of the form. */
export const PERSON_PATHS = Object.keys(PERSON_PARTS);

/** The key of each event on the page of a dossier, by a letter of what officers call it. */
export const EVENT_KEYS: Partial<Record<EventType, string>> = {
  ACCEPT: "t",
  REFUSE: "c",
  REQUEST_SUPPLEMENT: "b",
  SUPPLEMENT: "n",
  DIGITIZE: "s",
  TRANSFER: "h",
  ASSIGN: "p",
  CONSULT: "y",
  ANSWER: "l",
  RECORD_MINUTES: "m",
  REQUEST_PAYMENT: "v",
  PAY: "f",
  DRAFT_RESULT: "d",
  PROPOSE: "r",
  APPROVE: "a",
  SEND_BACK: "q",
  SIGN: "k",
  SEAL: "o",
  RETURN: "g",
  EXTEND: "e",
  APOLOGISE: "x",
  STOP: "u",
  REQUEST_WITHDRAWAL: "w",
  CONFIRM_WITHDRAWAL: "z",
  REJECT_WITHDRAWAL: "j",
  CORRECT: "i",
};
