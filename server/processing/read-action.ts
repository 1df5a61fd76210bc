import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { FieldErrors } from "../web/form.tsx";
import { correctableValues } from "./correctable.ts";
import { amountTyped, fieldsBelow, momentTyped, textIn } from "./typed-form.ts";
import type { Typed } from "./typed-form.ts";

export interface ReadAction {
  payload: Payload;
  /** What is missing or cannot be read, by the form's own field. */
  errors: FieldErrors;
}

type Errors = Record<string, string>;
type Reader = (
  typed: Typed,
  around: { event: AllowedEvent; dossier: DossierRecord; errors: Errors },
) => unknown;

/** The payload that a form's fields make, with only the fields that this event asks for. */
export function readAction(event: AllowedEvent, dossier: DossierRecord, typed: Typed): ReadAction {
  const errors: Errors = {};
  const payload: Payload = {};
  for (const need of event.needs) {
    const read = readerOf(event.type, need.field);
    const value = read(typed, { event, dossier, errors });
    if (value !== undefined) payload[need.field] = value;
    else if (need.required && errors[formField(need.field)] === undefined)
      errors[formField(need.field)] = MISSING[need.field] ?? "Hãy nhập nội dung này.";
  }
  if (event.type === "PROPOSE" && payload.outcome === "deny" && payload.reason === undefined)
    errors.reason = "Đề xuất từ chối phải nêu lý do.";
  if (event.type === "CORRECT" && payload.fields === undefined && payload.limit === undefined)
    errors[""] = "Chưa có nội dung nào khác với nội dung đang lưu.";
  if (event.type === "DRAFT_RESULT" && payload.fields === undefined && payload.documentId === undefined)
    errors["fields.text.1"] = "Hãy nhập nội dung dự thảo, hoặc chọn tệp dự thảo đã tải lên.";
  return { payload, errors };
}

/** The form's field at which something wrong with a part of the payload is told. */
export function formField(path: string): string {
  const [first = ""] = path.split(".");
  if (first === "dueAt") return "dueAt.date";
  if (first === "recipient") return path.includes("name") ? "recipient.name" : "recipient.number";
  if (path === "limit") return "limit.value";
  if (first === "leaderConsent") return path.endsWith("reason") ? path : "leaderConsent.username";
  if (first === "applicant" || first === "owner" || first === "returnMethod" || first === "note")
    return `fields.${path}`;
  if (first === "limit") return path;
  return first === "fields" ? "" : first;
}

const MISSING: Record<string, string> = {
  reason: "Hãy nhập lý do.",
  items: "Hãy chọn hoặc ghi ít nhất một giấy tờ cần bổ sung.",
  documents: "Hãy chọn giấy tờ đã nhận.",
  agency: "Hãy chọn đơn vị nhận hồ sơ.",
  assignee: "Hãy chọn người thụ lý.",
  agencies: "Hãy chọn ít nhất một đơn vị.",
  opinion: "Hãy nhập ý kiến.",
  finding: "Hãy nhập kết luận.",
  feeCode: "Hãy chọn khoản phí, lệ phí.",
  amount: "Hãy nhập số tiền, là số đồng.",
  method: "Hãy chọn cách nộp.",
  reference: "Hãy nhập số biên lai hoặc mã giao dịch.",
  outcome: "Hãy chọn đồng ý hoặc từ chối.",
  dueAt: "Hãy nhập ngày, giờ hẹn.",
};

const text =
  (name: string): Reader =>
  (typed) =>
    textIn(typed, name) || undefined;

function readerOf(type: EventType, field: string): Reader {
  if (field === "fields") return type === "CORRECT" ? corrections : draft;
  return READERS[field] ?? text(field);
}

const READERS: Partial<Record<string, Reader>> = {
  dueAt: (typed, { errors }) => {
    const day = textIn(typed, "dueAt.date");
    if (day === "") return undefined;
    const moment = momentTyped(day, textIn(typed, "dueAt.time") || "17:00");
    if (moment === undefined)
      errors["dueAt.date"] = "Ngày viết dạng ngày/tháng/năm, giờ dạng giờ:phút, ví dụ 25/11/2026 và 17:00.";
    return moment;
  },
  amount: (typed, { event, errors }) => {
    const entered = textIn(typed, "amount");
    if (entered === "") return amountOf(typed, event);
    const amount = amountTyped(entered);
    if (amount === undefined) errors.amount = "Số tiền là số đồng, ví dụ 150.000.";
    return amount;
  },
  documentId: (typed) => {
    const id = textIn(typed, "documentId");
    return /^\d{1,15}$/.test(id) ? Number(id) : undefined;
  },
  agencies: (typed) => listOf(typed.agencies ?? []),
  items: (typed) => {
    const chosen = (typed.items ?? []).map((documentCode) =>
      noted({ documentCode }, typed, `items.note.${documentCode}`),
    );
    const free = fieldsBelow(typed, "items.text.").flatMap(([n, words]) =>
      words === "" ? [] : [noted({ text: words }, typed, `items.textnote.${n}`)],
    );
    return listOf([...chosen, ...free]);
  },
  documents: (typed, { errors }) =>
    listOf(
      (typed.documents ?? []).map((code) => {
        const count = (kind: string) => {
          const typedCount = textIn(typed, `documents.${kind}.${code}`) || "0";
          if (!/^\d{1,3}$/.test(typedCount)) errors.documents = "Số bản chính, bản sao là số từ 0 đến 999.";
          return Number(typedCount);
        };
        return { code, originals: count("originals"), copies: count("copies") };
      }),
    ),
  notApplicable: (typed) =>
    listOf(
      fieldsBelow(typed, "notApplicable.").flatMap(([documentCode, reason]) =>
        reason === "" ? [] : [{ documentCode, reason }],
      ),
    ),
  leaderConsent: (typed) => {
    const username = textIn(typed, "leaderConsent.username");
    const reason = textIn(typed, "leaderConsent.reason");
    return username === "" && reason === "" ? undefined : { username, reason };
  },
  limit: (typed, { errors }) => {
    const value = textIn(typed, "limit.value");
    const ground = textIn(typed, "limit.ground");
    if (value === "" && ground === "") return undefined;
    if (!/^\d{1,4}$/.test(value)) errors["limit.value"] = "Thời hạn là một số, ví dụ 5.";
    if (ground === "") errors["limit.ground"] = "Hãy nêu căn cứ của thời hạn.";
    return { value: Number(value), unit: textIn(typed, "limit.unit") || "working-day", ground };
  },
  recipient: (typed, { errors }) => {
    const name = textIn(typed, "recipient.name");
    const number = textIn(typed, "recipient.number");
    if (name === "") errors["recipient.name"] = "Hãy nhập họ tên người nhận.";
    if (number === "") errors["recipient.number"] = "Hãy nhập số giấy tờ của người nhận.";
    const type = textIn(typed, "recipient.type") || "cccd";
    return { name, identity: { type, number }, method: textIn(typed, "recipient.method") || "counter" };
  },
};

/** The sum that the chosen fee itself says, where the field was left empty. */
function amountOf(typed: Typed, { needs }: AllowedEvent): number | undefined {
  const code = textIn(typed, "feeCode");
  const fees = needs.find(({ field }) => field === "feeCode")?.choices;
  return fees?.find(({ value }) => value === code)?.amount;
}

function noted(item: Record<string, string>, typed: Typed, name: string) {
  const note = textIn(typed, name);
  return note === "" ? item : { ...item, note };
}

const draft: Reader = (typed) => {
  const pairs = fieldsBelow(typed, "fields.text.").flatMap(([n, words]): [string, string][] =>
    words === "" ? [] : [[textIn(typed, `fields.name.${n}`) || "Nội dung giải quyết", words]],
  );
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
};

/** Only what differs from the record, with what it was before. */
const corrections: Reader = (typed, { dossier }) =>
  listOf(
    correctableValues(dossier).flatMap(({ path, value }) => {
      const entered = typed[`fields.${path}`];
      if (entered === undefined) return [];
      const after = textIn(typed, `fields.${path}`);
      return after === value
        ? []
        : [{ path, before: value === "" ? null : value, after: after === "" ? null : after }];
    }),
  );

const listOf = <T>(items: readonly T[]): T[] | undefined => (items.length === 0 ? undefined : [...items]);
