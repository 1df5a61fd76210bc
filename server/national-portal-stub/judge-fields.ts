import { CODES, refuse, type Refusal } from "./answer.ts";
import { isPortalDate } from "./portal-date.ts";

export type PortalRecord = Record<string, unknown>;

/** Which fields a record has, and what each must look like. */
export interface FieldRules {
  required: readonly string[];
  /** Must be there, but may be "". */
  mayBeEmpty?: readonly string[];
  requiredLists?: readonly string[];
  dates?: readonly string[];
  choices?: Readonly<Record<string, readonly string[]>>;
  longest?: Readonly<Record<string, number>>;
  lists?: Readonly<Record<string, FieldRules>>;
  integers?: readonly string[];
  booleans?: readonly string[];
}

export function isRecord(value: unknown): value is PortalRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first reason why `record` breaks `rules`, or undefined. `where` is put before the field's name. */
export function judgeFields(record: PortalRecord, rules: FieldRules, where = ""): Refusal | undefined {
  for (const field of [...rules.required, ...(rules.mayBeEmpty ?? [])]) {
    const value = record[field];
    if (value === undefined || value === null) return invalid(where + field, "là trường bắt buộc");
    if (value === "" && rules.required.includes(field)) return invalid(where + field, "là trường bắt buộc");
  }
  for (const field of rules.requiredLists ?? []) {
    if (!Array.isArray(record[field])) return invalid(where + field, "là danh sách bắt buộc");
  }
  for (const [field, value] of Object.entries(record)) {
    const refusal = judgeValue(field, value, rules, where);
    if (refusal) return refusal;
  }
  return undefined;
}

function judgeValue(field: string, value: unknown, rules: FieldRules, where: string): Refusal | undefined {
  const name = where + field;
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return judgeList(field, value, rules, where);
  if (rules.lists?.[field] ?? rules.requiredLists?.includes(field)) return invalid(name, "phải là danh sách");
  if (rules.integers?.includes(field)) {
    return Number.isSafeInteger(value) ? undefined : invalid(name, "phải là số nguyên");
  }
  if (rules.booleans?.includes(field)) {
    return typeof value === "boolean" ? undefined : invalid(name, "phải là true hoặc false");
  }
  if (typeof value !== "string") return invalid(name, "phải là chuỗi ký tự");
  if (rules.dates?.includes(field) && value !== "" && !isPortalDate(value)) {
    return invalid(name, `không đúng định dạng ngày yyyyMMddHHmmss: ${value.slice(0, 40)}`);
  }
  const choices = rules.choices?.[field];
  if (choices && !choices.includes(value)) {
    return invalid(name, `không nhận giá trị "${value.slice(0, 40)}"`);
  }
  const longest = rules.longest?.[field];
  if (longest !== undefined && Array.from(value).length > longest) {
    return invalid(name, `dài quá ${longest} ký tự`);
  }
  return undefined;
}

function judgeList(field: string, list: unknown[], rules: FieldRules, where: string): Refusal | undefined {
  const itemRules = rules.lists?.[field];
  if (!itemRules) return invalid(where + field, "không phải là danh sách");
  for (const [index, item] of list.entries()) {
    const place = `${where}${field}[${index}]`;
    if (!isRecord(item)) return invalid(place, "phải là đối tượng");
    const refusal = judgeFields(item, itemRules, `${place}.`);
    if (refusal) return refusal;
  }
  return undefined;
}

function invalid(field: string, what: string): Refusal {
  return refuse(CODES.invalid, `${field} ${what}`);
}
