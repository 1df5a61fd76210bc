import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { Invalid, NotFound, Problem, TooLarge, Unavailable, Unreadable, UnsupportedMedia } from "./errors.ts";
import type { Log } from "./log.ts";

/** RFC 9457, with our stable `code` and, for wrong fields, `errors`. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { path: string; message: string }[];
  [extra: string]: unknown;
}

/** The document that tells a caller of this problem. */
export function problemDocument(problem: Problem): ProblemDocument {
  return {
    ...problem.extras,
    type: `urn:motcua:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.publicMessage,
    code: problem.code,
    ...(problem instanceof Invalid ? { errors: problem.errors } : {}),
  };
}

/** Answers a problem as `application/problem+json`, with its headers. */
export function sendProblem(res: Response, problem: Problem): void {
  res
    .status(problem.status)
    .set(problem.headers)
    .set("Cache-Control", "no-store")
    .type("application/problem+json")
    .send(JSON.stringify(problemDocument(problem)));
}

/** Something went wrong on our side: the caller learns no more than that, the log has the cause. */
class Internal extends Problem {
  readonly status = 500;
  readonly title = "Lỗi hệ thống";
}

/**
 * The problem in whatever was thrown: our own as they are, express's and multer's by what they mean, a database
 * that is not there as 503, everything else as 500.
 */
export function problemOf(thrown: unknown): Problem {
  if (typeof thrown !== "object" || thrown === null) return internal(thrown);
  if (thrown instanceof Problem) return thrown;
  const { status, code, type, publicMessage, message, errors, storageErrors } = thrown as Partial<
    Record<string, unknown>
  >;
  // Errors of other parts that carry their own status, code and Vietnamese text (a file that is not kept …).
  if (typeof code === "string" && typeof status === "number" && /^[a-z][a-z-]+$/.test(code)) {
    const text = typeof publicMessage === "string" ? publicMessage : String(message);
    const options = { cause: thrown };
    if (status === 400) return new Unreadable(code, text, options);
    if (status === 404) return new NotFound(code, text, options);
    if (status === 413) return new TooLarge(code, text, options);
    if (status === 415) return new UnsupportedMedia(code, text, options);
    if (status === 422) {
      const fields = Array.isArray(errors)
        ? (errors as Invalid["errors"])
        : [{ path: "file", message: text }];
      return new Invalid(fields, text, code, options);
    }
  }
  if (type === "entity.too.large" || code === "LIMIT_FILE_SIZE")
    return new TooLarge(undefined, undefined, { cause: thrown });
  if (status === 415) return new UnsupportedMedia(undefined, undefined, { cause: thrown });
  if (status === 400 || (typeof code === "string" && code.startsWith("LIMIT_")))
    return new Unreadable(undefined, undefined, { cause: thrown });
  // A form with files that its reader (multer) cannot make out: a part without end, a NUL byte in a file's name.
  if (Array.isArray(storageErrors) && code === undefined)
    return new Unreadable(undefined, undefined, { cause: thrown });
  if (isDatabaseAway(thrown)) return new Unavailable(undefined, undefined, { cause: thrown });
  return internal(thrown);
}

function internal(cause: unknown): Problem {
  return new Internal("internal", "Hệ thống gặp lỗi. Vui lòng thử lại sau.", { cause });
}

/** The connection is refused, lost or the server is stopping: the same request may succeed later. */
function isDatabaseAway(thrown: object): boolean {
  const { code, name, message } = thrown as Partial<Record<string, unknown>>;
  return (
    name === "KnexTimeoutError" ||
    (typeof code === "string" && /^(ECONNREFUSED|ECONNRESET|57P0[123]|08\d{3}|53300)$/.test(code)) ||
    // The text of the query may stand before it.
    (typeof message === "string" &&
      /(^|- )(Connection terminated( unexpectedly)?|Unable to acquire a connection|aborted)$/.test(message))
  );
}

/** The last handler of all: turns whatever was thrown into a problem document and logs what is ours to mend. */
export function problemMapper(log: Log): ErrorRequestHandler {
  return (thrown: unknown, req, res, next) => {
    const problem = problemOf(thrown);
    if (problem.status >= 500)
      log.error({ err: thrown, method: req.method, route: routeOf(req) }, problem.message);
    else log.debug({ code: problem.code, status: problem.status }, problem.message);
    if (res.headersSent) next(thrown);
    else sendProblem(res, problem);
  };
}

/** Where nothing answers: 404 as a problem document. */
export const nothingHere: RequestHandler = (_req, res) => {
  sendProblem(res, new NotFound("no-such-address", "Không có địa chỉ này."));
};

/** The pattern of the route, never the address itself, which may hold a dossier's code. */
function routeOf(req: { baseUrl: string; route?: unknown }): string {
  const path = (req.route as { path?: unknown } | undefined)?.path;
  return req.baseUrl + (typeof path === "string" ? path : "");
}
