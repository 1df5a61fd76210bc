import { identityErrors } from "../../workflows/identity.ts";
import { fieldChecker } from "../../workflows/schema.ts";
import type { FieldError } from "../../workflows/schema.ts";
import { filingPersonSchema, line } from "../dossier/person.ts";
import type { Person } from "../dossier/record.ts";

/** An application as contract.md has it: the body of POST /dossiers. */
export interface Application {
  procedureCode: string;
  case?: string | null;
  agencyCode: string;
  channel: "counter" | "postal" | "online";
  applicant: Person;
  owner?: Person;
  authorisation?: string;
  documents: { code: string; originals?: number; copies?: number }[];
  returnMethod: "counter" | "postal" | "online";
  note?: string;
  accept?: boolean;
  reuse?: Reuse;
}

/** Papers of the person's store that stand for components, with what he was asked. */
export interface Reuse {
  /** He has agreed that papers of his store are used. */
  consent: true;
  /** He, or who acts for him, is at the counter; without it only papers that this unit took in are used. */
  present?: boolean;
  papers: { code: string; entry: string }[];
}

/** The body of POST /inbound/dossiers: a dossier filed at the national portal. */
export interface OnlineApplication extends Omit<Application, "channel" | "accept" | "reuse"> {
  MaHoSo: string;
  TaiLieuNop?: { MaThanhPhanHoSo: string; TenTepDinhKem: string; Base64: string }[];
}

const text = (maxLength: number) => ({ type: "string", maxLength });
const code = line(40);

const properties = {
  procedureCode: code,
  case: { anyOf: [code, { type: "null" }] },
  agencyCode: code,
  applicant: filingPersonSchema,
  owner: filingPersonSchema,
  authorisation: line(500),
  documents: {
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
  },
  returnMethod: { enum: ["counter", "postal", "online"] },
  note: text(2000),
};
const required = ["procedureCode", "agencyCode", "applicant", "documents", "returnMethod"];

/** JSON Schema of the body of POST /dossiers. */
export const applicationSchema = {
  type: "object",
  additionalProperties: false,
  required: [...required, "channel"],
  properties: {
    ...properties,
    channel: { enum: ["counter", "postal", "online"] },
    accept: { type: "boolean" },
    reuse: {
      type: "object",
      additionalProperties: false,
      required: ["consent", "papers"],
      properties: {
        consent: { const: true },
        present: { type: "boolean" },
        papers: {
          type: "array",
          maxItems: 100,
          items: {
            type: "object",
            additionalProperties: false,
            required: ["code", "entry"],
            properties: { code, entry: { type: "string", pattern: "^[1-9][0-9]{0,14}$" } },
          },
        },
      },
    },
  },
};

/** JSON Schema of the body of POST /inbound/dossiers. */
export const onlineApplicationSchema = {
  type: "object",
  additionalProperties: false,
  required: [...required, "MaHoSo"],
  properties: {
    ...properties,
    MaHoSo: { type: "string", minLength: 3, maxLength: 60, pattern: "^[A-Za-z0-9.-]+$" },
    TaiLieuNop: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["MaThanhPhanHoSo", "TenTepDinhKem", "Base64"],
        properties: {
          MaThanhPhanHoSo: code,
          TenTepDinhKem: line(255),
          Base64: { type: "string", minLength: 4, pattern: "^[A-Za-z0-9+/\\s]+={0,2}\\s*$" },
        },
      },
    },
  },
};

const checkCounter = fieldChecker(applicationSchema);
const checkOnline = fieldChecker(onlineApplicationSchema);

/** What does not fit in an application at the counter; empty when all does. */
export function applicationErrors(body: unknown): FieldError[] {
  return [...checkCounter(body), ...peopleErrors(body)];
}

/** The same for an application from the national portal. */
export function onlineApplicationErrors(body: unknown): FieldError[] {
  return [...checkOnline(body), ...peopleErrors(body)];
}

function peopleErrors(body: unknown): FieldError[] {
  if (body === null || typeof body !== "object") return [];
  const { applicant, owner, authorisation } = body as Record<string, unknown>;
  const errors = identityErrors(applicant, "applicant");
  if (owner === undefined && authorisation !== undefined)
    errors.push({
      path: "authorisation",
      message: "Văn bản ủy quyền chỉ ghi khi nộp thay cho người khác: hãy ghi cả chủ hồ sơ.",
    });
  if (owner === undefined) return errors;
  if (authorisation === undefined)
    errors.push({ path: "authorisation", message: "Nộp thay cho người khác: hãy ghi văn bản ủy quyền." });
  return [...errors, ...identityErrors(owner, "owner")];
}
