import { PortalRefused, PortalUnavailable, SessionExpired } from "./portal-errors.ts";

/** What came back over HTTP, not yet judged. */
export interface PortalReply {
  status: number;
  body: string;
}

export type PortalRow = Record<string, unknown>;

/** What the portal did with one record of a push. */
export type PushVerdict =
  | { kind: "accepted" }
  /** A dossier that was to be added is there already. */
  | { kind: "exists"; reason: string }
  /** The dossier that was to be updated or moved on is not there. */
  | { kind: "unknown"; reason: string }
  /** Not looked at, because an earlier record of the same dossier was refused. */
  | { kind: "heldBack"; reason: string }
  | { kind: "refused"; reason: string }
  /** A failure that may pass: "hệ thống bận", or code 0 beside a text that is no success. */
  | { kind: "doubtful"; reason: string };

interface Said {
  code: number;
  message: string;
  result: unknown;
}

/** The session that a login answers. Throws PortalRefused (name or password), PortalUnavailable. */
export function judgeLogin(reply: PortalReply): string {
  const row = readObject(reply);
  if (typeof row.session === "string" && row.session !== "" && readCode(row.error_code ?? 0) === 0) {
    return row.session;
  }
  const said = readSaid(reply, row);
  if (said.code === 0) throw unreadable(reply, "a login without a session");
  throw new PortalRefused(reasonOf(said), said.code);
}

/** The rows that a query answers. Throws SessionExpired, PortalRefused, PortalUnavailable. */
export function judgeQuery(reply: PortalReply): PortalRow[] {
  const said = readSaid(reply, readObject(reply));
  if (isExpired(said)) throw new SessionExpired();
  if (said.code !== 0) throw new PortalRefused(reasonOf(said), said.code);
  const rows = said.result ?? [];
  if (!Array.isArray(rows) || !rows.every(isRow)) throw unreadable(reply, "a result that is no list");
  return rows;
}

/**
 * What a push did with each of `codes` (the MaHoSo of its records, in order), or "singly" when the portal
 * refuses the whole without saying which record it means. Throws SessionExpired, PortalUnavailable.
 */
export function judgePush(reply: PortalReply, codes: readonly string[]): PushVerdict[] | "singly" {
  if (reply.status === 413 || (isClientError(reply.status) && !looksLikeObject(reply.body))) {
    const refused: PushVerdict = { kind: "refused", reason: `HTTP ${reply.status}` };
    return codes.length === 1 ? [refused] : "singly";
  }
  const said = readSaid(reply, readObject(reply));
  if (isExpired(said)) throw new SessionExpired();
  const whole = judgeSaid(said, true);
  const each = readEach(said.result, codes);
  if (each) return each;
  if (whole.kind === "accepted" || whole.kind === "doubtful") return codes.map(() => whole);
  return codes.length === 1 ? [whole] : "singly";
}

/** A line for each record, in their order, or undefined when the portal gave none that fits. */
function readEach(result: unknown, codes: readonly string[]): PushVerdict[] | undefined {
  if (!Array.isArray(result) || result.length !== codes.length) return undefined;
  const verdicts: PushVerdict[] = [];
  for (const [index, line] of result.entries()) {
    if (!isRow(line) || line.MaHoSo !== codes[index]) return undefined;
    const code = readCode(line.error_code);
    if (code === undefined) return undefined;
    verdicts.push(judgeSaid({ code, message: readText(line.message), result: undefined }, false));
  }
  return verdicts;
}

const FAILED = /(không|chưa)( \S+){0,2} thành công|thất bại|không lưu|lỗi/iu;
const NO_FAULT = /không( có)?( bản ghi| hồ sơ)? lỗi/giu;
const MAY_PASS = /lỗi hệ thống|hệ thống( đang)? bận|thử lại|quá tải|bảo trì|time ?out|quá thời gian/iu;
const EXISTS = /đã tồn tại/iu;
const UNKNOWN = /hồ sơ[^,;]{0,80}(chưa|không) tồn tại|không tìm thấy hồ sơ/iu;
const HELD_BACK = /bản ghi trước/iu;
const FAULTY = /bắt buộc|không hợp lệ|không đúng|không nhận|không được|định dạng/iu;
// "phiên bản" is a version, not a session.
const EXPIRED = /(phiên(?! bản)|session|token).*(hết hạn|không hợp lệ|không tồn tại|expired|invalid)/iu;

/** `strict`: code 0 alone is no success, the text must say "thành công" (seen in the field: 0 with a failure). */
function judgeSaid(said: Said, strict: boolean): PushVerdict {
  const { code, message } = said;
  const text = message.replace(NO_FAULT, "");
  if (code === 0 && !FAILED.test(text) && (!strict || /thành công/iu.test(text))) return { kind: "accepted" };
  const reason = reasonOf(said);
  if (Math.abs(code) === 3 || EXISTS.test(text)) return { kind: "exists", reason };
  if (HELD_BACK.test(text)) return { kind: "heldBack", reason };
  if (UNKNOWN.test(text)) return { kind: "unknown", reason };
  if (MAY_PASS.test(text) || (code === 0 && !FAULTY.test(text))) return { kind: "doubtful", reason };
  return { kind: "refused", reason };
}

function isExpired({ code, message }: Said): boolean {
  return code !== 0 && EXPIRED.test(message);
}

function reasonOf({ code, message }: Said): string {
  return message === "" ? `mã lỗi ${code}` : message;
}

/** Reads the outer shape. Throws SessionExpired on 401 and 403, PortalUnavailable when it is not the portal's. */
function readObject(reply: PortalReply): PortalRow {
  const { status, body } = reply;
  if (status === 401 || status === 403) throw new SessionExpired();
  const passing = status === 200 || status === 201 || isClientError(status);
  // 500 may be the fault of what was sent; the others come from something standing before the portal.
  if (!passing) throw unreadable(reply, "not an answer", status === 500);
  let value: unknown;
  try {
    value = JSON.parse(body.replace(/^\uFEFF/, ""));
  } catch {
    throw unreadable(reply, body.trim() === "" ? "an empty body" : "not JSON");
  }
  if (!isRow(value)) throw unreadable(reply, "not an object");
  return value;
}

function readSaid(reply: PortalReply, row: PortalRow): Said {
  const code = readCode(row.error_code);
  if (code === undefined) throw unreadable(reply, "no error_code");
  return { code, message: readText(row.message), result: row.result };
}

/** 0, "0" and "00" are the same code. */
function readCode(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value === "string" && /^\s*-?\d{1,6}\s*$/.test(value)) return Number(value);
  return undefined;
}

function readText(value: unknown): string {
  return typeof value === "string" ? value.normalize("NFC").trim().slice(0, 2000) : "";
}

function isRow(value: unknown): value is PortalRow {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isClientError(status: number): boolean {
  return [400, 406, 409, 413, 415, 422].includes(status);
}

function looksLikeObject(body: string): boolean {
  return /^\uFEFF?\s*\{/.test(body);
}

function unreadable({ status, body }: PortalReply, what: string, reached = true): PortalUnavailable {
  const start = body.replace(/\s+/g, " ").trim().slice(0, 80);
  return new PortalUnavailable(`HTTP ${status}, ${what}${start === "" ? "" : `: ${start}`}`, reached);
}
