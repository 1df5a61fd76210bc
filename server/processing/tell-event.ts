import type { Declaration } from "../../workflows/declaration.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { Agencies } from "../catalogue/units.ts";
import { dong, momentInWords } from "../forms/moments.ts";
import {
  CHANNELS,
  correctedName,
  correctedValue,
  LIMIT_UNITS,
  PAYMENT_METHODS,
  RETURN_METHODS,
} from "./dossier-words.ts";
import type { ToldEvent } from "./told-history.ts";

/** A line under an event: what it is, and what was said. */
export interface ToldLine {
  name: string;
  text: string;
}

export interface EventWords {
  title: string;
  lines: ToldLine[];
}

export interface TellingContext {
  agencies: Agencies;
  declaration: Declaration;
  /** Names of accounts by user name. */
  names: Map<string, string>;
}

type Details = Record<string, unknown>;

/** One event in plain Vietnamese: what was done, with reasons, sums, and before and after of what was corrected. */
export function tellEvent(event: ToldEvent, context: TellingContext): EventWords {
  const { type } = event;
  const said = { ...event.data, ...event.details };
  const title = titleOf(event, said, context);
  if (type === "FILE" || type === "ADD_DOCUMENT") return { title, lines: [] };
  const lines = LINES.flatMap(({ field, name, tell }) => {
    const value = said[field];
    if (value === undefined || value === null) return [];
    return [tell(value, context, said)].flat().flatMap((text) => (text === "" ? [] : [{ name, text }]));
  });
  return { title, lines };
}

function titleOf({ type }: ToldEvent, said: Details, context: TellingContext): string {
  const { label } = eventDefinition(type);
  const unit = (code: unknown) => unitName(code, context);
  switch (type) {
    case "FILE":
      return `${label} ${CHANNELS[String(said.channel)] ?? ""}`.trim();
    case "TRANSFER":
      return `${label} đến ${unit(said.agency)}`;
    case "ASSIGN":
      return `${label}: ${context.names.get(String(said.assignee)) ?? String(said.assignee)}`;
    case "PROPOSE":
      return said.outcome === "deny" ? `${label}: từ chối giải quyết` : `${label}: đồng ý giải quyết`;
    case "PAY":
    case "REQUEST_PAYMENT":
      return `${label}: ${feeName(said.feeCode, context)}, ${dong(Number(said.amount))}`;
    case "SIGN":
      return typeof said.number === "string" ? `${label} số ${said.number}` : label;
    case "ADD_DOCUMENT":
      return `${label}: ${typeof said.fileName === "string" ? said.fileName : ""} (${componentName(String(said.component), context.declaration)})`;
    case "LIMIT_PASSED":
      return `${label} lấy ý kiến: ${unit(said.agency)} không trả lời`;
    case "CALENDAR_CHANGED":
      return `${label}, tính lại ngày hẹn trả`;
    default:
      return label;
  }
}

const LINES: {
  field: string;
  name: string;
  tell: (value: unknown, context: TellingContext, said: Details) => string | string[];
}[] = [
  {
    field: "fields",
    name: "Nội dung",
    tell: (value) =>
      Array.isArray(value)
        ? (value as { path: string; before: unknown; after: unknown }[]).map(
            ({ path, before, after }) =>
              `${correctedName(path)}: “${correctedValue(path, before)}” → “${correctedValue(path, after)}”`,
          )
        : Object.entries(value as Details).map(([name, text]) => `${name}: ${String(text)}`),
  },
  { field: "finding", name: "Kết luận", tell: String },
  { field: "opinion", name: "Ý kiến", tell: String },
  {
    field: "agencies",
    name: "Đơn vị",
    tell: (value, context) => (value as string[]).map((code) => unitName(code, context)).join("; "),
  },
  {
    field: "items",
    name: "Cần bổ sung",
    tell: (value, { declaration }) =>
      (value as { documentCode?: string; text?: string; note?: string }[]).map(
        ({ documentCode, text, note }) =>
          [
            text ?? (documentCode === undefined ? "" : componentName(documentCode, declaration)),
            note === undefined || note === "" ? "" : ` – ${note}`,
          ].join(""),
      ),
  },
  {
    field: "documents",
    name: "Đã nhận",
    tell: (value, { declaration }) =>
      (value as { code: string }[]).map(({ code }) => componentName(code, declaration)).join("; "),
  },
  {
    field: "notApplicable",
    name: "Không số hóa",
    tell: (value, { declaration }) =>
      (value as { documentCode: string; reason?: string }[]).map(
        ({ documentCode, reason = "" }) => `${componentName(documentCode, declaration)}: ${reason}`,
      ),
  },
  {
    field: "recipient",
    name: "Người nhận",
    tell: (value) => {
      const { name, identity } = value as { name: string; identity: string | { number: string } };
      return `${name}, giấy tờ số ${typeof identity === "string" ? identity : identity.number}`;
    },
  },
  {
    field: "method",
    name: "Cách",
    tell: (value, _context, said) =>
      (said.recipient === undefined ? PAYMENT_METHODS : RETURN_METHODS)[String(value)] ?? String(value),
  },
  { field: "reference", name: "Số biên lai", tell: String },
  { field: "ground", name: "Căn cứ", tell: String },
  { field: "fromDueAt", name: "Ngày hẹn cũ", tell: (value) => momentInWords(new Date(String(value))) },
  { field: "dueAt", name: "Hạn mới", tell: (value) => momentInWords(new Date(String(value))) },
  {
    field: "limit",
    name: "Thời hạn",
    tell: (value) => {
      const { value: count, unit, ground } = value as { value: number; unit: string; ground: string };
      return `${unit === "same-day" ? "" : `${count} `}${LIMIT_UNITS[unit] ?? unit} (${ground})`;
    },
  },
  {
    field: "leaderConsent",
    name: "Lãnh đạo đồng ý",
    tell: (value, { names }) => {
      const { username, reason } = value as { username: string; reason: string };
      return `${names.get(username) ?? username}: ${reason}`;
    },
  },
  { field: "source", name: "Căn cứ", tell: String },
  { field: "reason", name: "Lý do", tell: String },
];

/** The title of a component of a dossier: of the checklist, or of what else may be attached. */
export function componentName(code: string, { documents }: Declaration): string {
  return (
    { minutes: "Biên bản", result: "Kết quả", other: "Giấy tờ khác" }[code] ??
    documents.find((document) => document.code === code)?.title ??
    code
  );
}

function unitName(code: unknown, { agencies }: TellingContext): string {
  return agencies.get(String(code))?.name ?? String(code);
}

function feeName(code: unknown, { declaration }: TellingContext): string {
  return declaration.fees.find((fee) => fee.code === code)?.name ?? String(code);
}
