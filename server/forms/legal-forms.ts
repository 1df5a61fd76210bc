import { Refused } from "../platform/errors.ts";
import { dayOf } from "./moments.ts";

/** The forms of one dossier. */
export type FormKind = "receipt" | "supplement" | "refusal" | "apology" | "stop" | "control";
/** The book in which a front desk follows all of its dossiers. */
export type BookKind = "book";

/** A form as its circular names it. */
export interface LegalForm {
  /** "01". */
  number: string;
  title: string;
  /** "Thông tư số 01/2018/TT-VPCP". */
  circular: string;
}

/** The forms of each circular, by the first day on which it holds; a form that it lacks is undefined. */
const CIRCULARS: {
  from: string;
  circular: string;
  forms: Partial<Record<FormKind | BookKind, [number: string, title: string]>>;
}[] = [
  {
    from: "2018-11-23",
    circular: "Thông tư số 01/2018/TT-VPCP",
    forms: {
      receipt: ["01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"],
      supplement: ["02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"],
      refusal: ["03", "Phiếu từ chối giải quyết hồ sơ"],
      apology: ["04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả"],
      control: ["05", "Phiếu kiểm soát quá trình giải quyết hồ sơ"],
      book: ["06", "Sổ theo dõi hồ sơ"],
    },
  },
  {
    from: "2025-09-15",
    circular: "Thông tư số 03/2025/TT-VPCP",
    forms: {
      receipt: ["01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"],
      supplement: ["02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"],
      refusal: ["03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ"],
      apology: ["04", "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"],
      stop: ["05", "Thông báo dừng giải quyết hồ sơ"],
      control: ["06", "Phiếu kiểm soát quá trình giải quyết hồ sơ"],
      book: ["07", "Sổ theo dõi hồ sơ"],
    },
  },
];

/** Thrown when the law of that day had no such form: `form-not-in-force`. */
export class FormNotInForce extends Refused {
  constructor(kind: FormKind | BookKind, day: string) {
    const [year = "", month = "", date = ""] = day.split("-");
    super("form-not-in-force", `Ngày ${date}/${month}/${year} chưa có mẫu giấy tờ này theo quy định.`, {
      logText: `no form ${kind} in force on ${day}`,
    });
  }
}

/** The form in force on the day of this moment, in Vietnam. Throws FormNotInForce. */
export function legalForm(kind: FormKind | BookKind, moment: Date): LegalForm {
  const day = dayOf(moment);
  const inForce = CIRCULARS.filter(({ from }) => from <= day).at(-1);
  const form = inForce?.forms[kind];
  if (!inForce || !form) throw new FormNotInForce(kind, day);
  return { number: form[0], title: form[1], circular: inForce.circular };
}
