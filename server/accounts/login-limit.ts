import { Router, type Request, type RequestHandler } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { TooMany } from "../platform/errors.ts";
import { sendProblem } from "../platform/problem.ts";

/** Failed log-ins that are allowed within `WINDOW` milliseconds from one address under one name. */
const FAILURES = 10;
/** … and from one address under any names: guessing one password for many names. */
const FAILURES_OF_ADDRESS = 100;
const WINDOW = 15 * 60_000;

/**
 * Slows down the guessing of passwords: only failures count, so a busy office behind one address is not locked out,
 * and nobody can lock out somebody elsewhere. Counted per process. Comes after the body was read.
 */
export function loginLimit({ enabled }: { enabled: boolean }): RequestHandler {
  if (!enabled) return (_req, _res, next) => next();
  const limit = (most: number, key: (req: Request) => string) =>
    rateLimit({
      windowMs: WINDOW,
      limit: most,
      skipSuccessfulRequests: true,
      standardHeaders: false,
      legacyHeaders: false,
      keyGenerator: key,
      handler: (_req, res) => {
        const text = "Đăng nhập sai quá nhiều lần. Vui lòng thử lại sau 15 phút.";
        sendProblem(res, new TooMany(WINDOW / 1000, "too-many-logins", text));
      },
    });
  return Router().use(
    limit(FAILURES, (req) => `${addressOf(req)} ${usernameOf(req)}`),
    limit(FAILURES_OF_ADDRESS, (req) => addressOf(req)),
  );
}

function addressOf(req: Request): string {
  return ipKeyGenerator(req.ip ?? "unknown");
}

function usernameOf(req: Request): string {
  const name = (req.body as Record<string, unknown> | undefined)?.username;
  return typeof name === "string" ? name.slice(0, 100).normalize("NFC") : "";
}
