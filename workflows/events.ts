import { citizen, clerk, decidingLeader, frontdesk, head, leader, specialist, worker } from "./chart.ts";
import type { Who } from "./chart.ts";
import { identityErrors } from "./identity.ts";
import type { Payload } from "./rules.ts";
import { fieldChecker } from "./schema.ts";
import type { FieldError } from "./schema.ts";

/**
 * The events of contract.md: who may ever cause one, what its payload is, which part of the payload is
 * public, and in which order they are listed. Everything else in a payload is personal: it is kept where it
 * can be erased, and only a salted commitment to it enters the history.
 */
export interface EventDefinition {
  /** What officers call it. */
  label: string;
  /** Who may ever cause it, and in which unit; a chart may narrow it to some of its states. */
  who: Who[];
  /** JSON Schema of the payload (without `type`). */
  schema: Record<string, unknown>;
  public: string[];
  /** Not posted by anybody: appended by the program itself. */
  internal?: true;
}

const text = (maxLength = 2000) => ({ type: "string", minLength: 1, maxLength, pattern: "\\S" });
const code = { type: "string", minLength: 1, maxLength: 40 };
const moment = { type: "string", format: "moment" };
const amount = { type: "integer", minimum: 0, maximum: 1_000_000_000_000 };
const limit = {
  type: "object",
  additionalProperties: false,
  required: ["value", "unit", "ground"],
  properties: {
    value: { type: "integer", minimum: 1, maximum: 1000 },
    unit: { enum: ["working-hour", "working-day", "day", "month", "same-day"] },
    ground: text(500),
  },
};
const documents = {
  type: "array",
  maxItems: 200,
  items: {
    type: "object",
    additionalProperties: false,
    required: ["code"],
    properties: {
      code,
      originals: { type: "integer", minimum: 0, maximum: 999 },
      copies: { type: "integer", minimum: 0, maximum: 999 },
    },
  },
};

const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});
const reasonOnly = object({ reason: text() }, ["reason"]);
const nothing = object({});

export const EVENTS = {
  FILE: {
    label: "Nộp hồ sơ",
    who: [],
    schema: { type: "object" },
    public: ["procedureCode", "case", "agencyCode", "channel", "returnMethod", "documents", "portalCode"],
    internal: true,
  },
  ACCEPT: {
    label: "Tiếp nhận hồ sơ",
    who: [frontdesk],
    schema: object({ limit }),
    public: ["limit"],
  },
  REFUSE: { label: "Từ chối tiếp nhận", who: [frontdesk], schema: reasonOnly, public: [] },
  REQUEST_SUPPLEMENT: {
    label: "Yêu cầu bổ sung hồ sơ",
    who: [frontdesk, specialist],
    schema: object(
      {
        reason: text(),
        items: {
          type: "array",
          minItems: 1,
          maxItems: 100,
          items: {
            type: "object",
            additionalProperties: false,
            anyOf: [{ required: ["documentCode"] }, { required: ["text"] }],
            properties: { documentCode: code, text: text(500), note: { type: "string", maxLength: 1000 } },
          },
        },
        leaderConsent: object({ username: code, reason: text() }, ["username", "reason"]),
      },
      ["reason", "items"],
    ),
    public: ["documentCodes"],
  },
  SUPPLEMENT: {
    label: "Bổ sung hồ sơ",
    who: [frontdesk, citizen],
    schema: object({ documents }, ["documents"]),
    public: ["documents"],
  },
  DIGITIZE: {
    label: "Hoàn thành số hóa",
    who: [frontdesk],
    schema: object({
      notApplicable: {
        type: "array",
        maxItems: 200,
        items: object({ documentCode: code, reason: text(500) }, ["documentCode", "reason"]),
      },
    }),
    public: ["notApplicable"],
  },
  TRANSFER: {
    label: "Chuyển hồ sơ",
    who: [frontdesk, clerk],
    schema: object({ agency: code }, ["agency"]),
    public: ["agency"],
  },
  ASSIGN: {
    label: "Phân công thụ lý",
    who: [head, leader, specialist],
    schema: object({ assignee: code }, ["assignee"]),
    public: ["assignee"],
  },
  CONSULT: {
    label: "Lấy ý kiến đơn vị phối hợp",
    who: [specialist],
    schema: object(
      {
        agencies: { type: "array", minItems: 1, maxItems: 20, uniqueItems: true, items: code },
        dueAt: moment,
      },
      ["agencies"],
    ),
    public: ["agencies", "dueAt"],
  },
  ANSWER: {
    label: "Trả lời ý kiến",
    who: [{ role: "specialist", unit: "consulted" }],
    schema: object({ opinion: text(5000) }, ["opinion"]),
    public: [],
  },
  RECORD_MINUTES: {
    label: "Ghi biên bản kiểm tra, thẩm định",
    who: [specialist],
    schema: object({ finding: text(5000), documentId: { type: "integer", minimum: 1 } }, ["finding"]),
    public: ["documentId"],
  },
  REQUEST_PAYMENT: {
    label: "Yêu cầu thực hiện nghĩa vụ tài chính",
    who: [specialist, frontdesk],
    schema: object({ feeCode: code, amount, ground: text(500) }, ["feeCode", "amount"]),
    public: ["feeCode", "amount"],
  },
  PAY: {
    label: "Thu phí, lệ phí",
    who: [frontdesk],
    schema: object(
      {
        feeCode: code,
        amount,
        method: { enum: ["cash", "transfer", "online"] },
        reference: { type: "string", minLength: 1, maxLength: 100 },
        ground: text(500),
      },
      ["feeCode", "amount", "method", "reference"],
    ),
    public: ["feeCode", "amount", "method"],
  },
  DRAFT_RESULT: {
    label: "Dự thảo kết quả",
    who: [specialist],
    schema: object({
      fields: {
        type: "object",
        maxProperties: 60,
        additionalProperties: { type: ["string", "number", "boolean"], maxLength: 5000 },
      },
      documentId: { type: "integer", minimum: 1 },
    }),
    public: ["documentId"],
  },
  PROPOSE: {
    label: "Trình kết quả giải quyết",
    who: [specialist],
    schema: {
      ...object({ outcome: { enum: ["grant", "deny"] }, reason: text() }, ["outcome"]),
      if: { properties: { outcome: { const: "deny" } } },
      then: { required: ["reason"] },
    },
    public: ["outcome"],
  },
  APPROVE: { label: "Phê duyệt", who: [head, leader], schema: nothing, public: [] },
  SEND_BACK: { label: "Trả lại bước trước", who: [head, leader], schema: reasonOnly, public: [] },
  SIGN: {
    label: "Ký kết quả",
    who: [leader],
    schema: object({ pin: { type: "string", minLength: 1, maxLength: 64 } }),
    public: ["number"],
  },
  SEAL: {
    label: "Đóng dấu, phát hành",
    who: [clerk],
    schema: object({ pin: { type: "string", minLength: 1, maxLength: 64 } }),
    public: ["sha256"],
  },
  RETURN: {
    label: "Trả kết quả",
    who: [frontdesk],
    schema: object(
      {
        recipient: object(
          {
            name: text(200),
            identity: {
              anyOf: [
                { type: "string", minLength: 6, maxLength: 40, pattern: "\\S" },
                object({ type: { enum: ["cccd", "cmnd", "passport", "taxCode"] }, number: code }, [
                  "type",
                  "number",
                ]),
              ],
            },
            method: { enum: ["counter", "postal", "online"] },
          },
          ["name", "identity", "method"],
        ),
      },
      ["recipient"],
    ),
    public: ["method"],
  },
  EXTEND: {
    label: "Gia hạn thời gian giải quyết",
    who: [leader, decidingLeader],
    schema: object({ dueAt: moment, reason: text() }, ["dueAt", "reason"]),
    public: ["dueAt"],
  },
  APOLOGISE: {
    label: "Xin lỗi và hẹn lại ngày trả kết quả",
    who: [leader, decidingLeader],
    schema: object({ dueAt: moment, reason: text() }, ["dueAt", "reason"]),
    public: ["dueAt"],
  },
  STOP: { label: "Dừng giải quyết hồ sơ", who: [leader, decidingLeader], schema: reasonOnly, public: [] },
  REQUEST_WITHDRAWAL: {
    label: "Yêu cầu rút hồ sơ",
    who: [citizen, frontdesk],
    schema: reasonOnly,
    public: [],
  },
  CONFIRM_WITHDRAWAL: {
    label: "Xác nhận cho rút hồ sơ",
    who: [frontdesk],
    schema: nothing,
    public: [],
  },
  REJECT_WITHDRAWAL: {
    label: "Không chấp nhận rút hồ sơ",
    who: [specialist, frontdesk],
    schema: reasonOnly,
    public: [],
  },
  CORRECT: {
    label: "Sửa sai sót",
    who: [frontdesk, specialist],
    schema: object(
      {
        fields: {
          type: "array",
          minItems: 1,
          maxItems: 30,
          items: object({ path: text(60), before: {}, after: {} }, ["path", "before", "after"]),
        },
        limit,
        reason: text(),
      },
      ["reason"],
    ),
    public: ["paths", "limit"],
  },
  LIMIT_PASSED: {
    label: "Hết hạn chờ",
    who: [worker],
    schema: object({ wait: { enum: ["consultation"] }, agency: code }, ["wait", "agency"]),
    public: ["wait", "agency"],
  },
  CALENDAR_CHANGED: {
    label: "Lịch làm việc thay đổi",
    who: [worker],
    schema: object({ year: { type: "integer" }, version: { type: "integer" }, source: text(300) }, [
      "year",
      "version",
      "source",
    ]),
    public: ["year", "version", "source"],
  },
  ADD_DOCUMENT: {
    label: "Thêm tệp vào hồ sơ",
    who: [frontdesk, specialist, citizen],
    schema: { type: "object" },
    public: ["component", "sha256", "pages", "size", "documentId"],
    internal: true,
  },
} satisfies Record<string, EventDefinition>;

export type EventType = keyof typeof EVENTS;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}

export function eventDefinition(type: EventType): EventDefinition {
  return EVENTS[type];
}

const checkers = new Map<EventType, (value: unknown) => FieldError[]>();

/** The errors of a payload against its event's schema and, of who takes a result, against his paper; empty when it fits. */
export function payloadErrors(type: EventType, payload: Payload): FieldError[] {
  let check = checkers.get(type);
  if (check === undefined) {
    check = fieldChecker(eventDefinition(type).schema);
    checkers.set(type, check);
  }
  return [...check(payload), ...(type === "RETURN" ? identityErrors(payload.recipient, "recipient") : [])];
}
