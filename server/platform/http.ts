import { isUtf8 } from "node:buffer";
import type { Request, RequestHandler, Response } from "express";
import express from "express";
import { TooLarge, Unreadable, UnsupportedMedia } from "./errors.ts";

/** What a request is answered with. */
export interface Answer {
  status: number;
  body: unknown;
  etag?: string;
  headers?: Record<string, string>;
}

/** The same with a body that is JSON already. */
export interface WrittenAnswer extends Omit<Answer, "body"> {
  json: string;
}

/** A handler that translates: it parses, calls and answers; what it throws becomes a problem document. */
export function answering(
  handler: (req: Request, res: Response) => Promise<Answer | WrittenAnswer> | Answer,
): RequestHandler {
  return async (req, res) => {
    const answer = await handler(req, res);
    send(res, answer);
  };
}

/** Sends an answer as JSON; nothing of it may be kept by others on the way. */
export function send(res: Response, answer: Answer | WrittenAnswer): void {
  const { status, etag, headers } = answer;
  const json = "json" in answer ? answer.json : JSON.stringify(answer.body);
  res.statusCode = status;
  if (!res.hasHeader("Cache-Control")) res.setHeader("Cache-Control", "no-store");
  if (etag !== undefined) res.setHeader("ETag", etag);
  if (headers !== undefined) res.set(headers);
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Content-Length", Buffer.byteLength(json));
  res.end(json);
}

/**
 * Reads a JSON body of at most `limit` bytes, brought to NFC. Throws 400 for what is no JSON object, is not in UTF-8 or
 * is nested too deep, 413 over the limit, 415 for another type.
 */
export function jsonBody(limit: number): RequestHandler[] {
  const parse = express.json({ limit, type: "application/json", strict: true, verify: assertUtf8 });
  return [
    (req, _res, next) => {
      // 413 comes before 415 (contract.md), so that it is said as soon as the length is known.
      if (Number(req.headers["content-length"]) > limit) throw new TooLarge();
      const type = req.headers["content-type"];
      const empty =
        req.headers["content-length"] === "0" ||
        (req.headers["content-length"] === undefined && req.headers["transfer-encoding"] === undefined);
      if (!empty && req.is("application/json") === false)
        throw new UnsupportedMedia(
          "unsupported-media",
          `Cần nội dung application/json${type === undefined ? "" : `, không phải ${type.slice(0, 60)}`}.`,
        );
      next();
    },
    parse,
    (req, _res, next) => {
      const body: unknown = req.body ?? {};
      if (typeof body !== "object" || Array.isArray(body))
        throw new Unreadable("not-an-object", "Nội dung gửi lên phải là một đối tượng JSON.");
      req.body = composed(body);
      next();
    },
  ];
}

/** Bytes that are no UTF-8 would be read as U+FFFD, and a name be kept that nobody wrote. */
function assertUtf8(_req: unknown, _res: unknown, body: Buffer, charset: string): void {
  if (charset !== "utf-8") throw new UnsupportedMedia();
  if (!isUtf8(body)) throw new Unreadable("unreadable", "Nội dung gửi lên không phải là UTF-8.");
}

/** No call of ours nests deeper than six; whoever walks a body calls himself for each level. */
const DEEPEST = 100;

/**
 * The same value with every text in NFC: a letter typed as two characters is the same letter. Throws 400 for a value
 * that is nested too deep.
 */
export function composed(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.normalize("NFC");
  if (value === null || typeof value !== "object") return value;
  if (depth >= DEEPEST) throw new Unreadable("unreadable", `Nội dung lồng nhau quá ${DEEPEST} lớp.`);
  if (Array.isArray(value)) return value.map((inner) => composed(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.normalize("NFC"), composed(inner, depth + 1)]),
  );
}

/** A query parameter given once, in NFC; undefined when it is not there. Throws 400 when it is given twice. */
export function queryText(req: Request, name: string): string | undefined {
  const value = req.query[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string")
    throw new Unreadable("repeated-parameter", `Tham số ${name} chỉ được nêu một lần.`);
  // A NUL byte above all: PostgreSQL takes none.
  if (/[\p{Cc}\p{Cs}]/u.test(value))
    throw new Unreadable("bad-parameter", `Tham số ${name} có ký tự điều khiển không được phép.`);
  return value.normalize("NFC");
}

/** `limit` of a list: 1 to `most`, by default `usual`. Throws 400 for anything else. */
export function queryLimit(req: Request, usual = 50, most = 200): number {
  const text = queryText(req, "limit");
  if (text === undefined) return usual;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > most)
    throw new Unreadable("bad-limit", `Tham số limit là số nguyên từ 1 đến ${most}.`);
  return limit;
}

/** `cursor` of a list, as an earlier answer gave it. Throws 400 when it was not. */
export function queryCursor(req: Request): number | undefined {
  const text = queryText(req, "cursor");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Unreadable("bad-cursor", "Tham số cursor không hợp lệ.");
  return Number(text);
}
