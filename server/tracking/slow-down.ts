import type { Request, RequestHandler, Response } from "express";
import { ipKeyGenerator } from "express-rate-limit";
import { secretOf } from "../dossier/request.ts";
import { TooMany } from "../platform/errors.ts";

export interface SlowDown {
  /** Throws TooMany while this address must wait: for right codes too, else a refusal would tell them apart. */
  assertFree(req: Request): void;
  /** Counts a wrong code or secret. Throws TooMany when it was one too many; from then on the address waits. */
  countFailure(req: Request, res: Response): Promise<void>;
}

const ADDRESSES_KEPT = 10_000;

/**
 * Slows down whoever tries codes or secrets: only failures go through `throttle`, so a busy counter behind one address
 * is never held up. Counted per process. `monotonic` is in milliseconds.
 */
export function slowDown(
  throttle: RequestHandler,
  monotonic: () => number = () => performance.now(),
): SlowDown {
  const waitsUntil = new Map<string, number>();
  return {
    assertFree(req) {
      const address = addressOf(req);
      const until = waitsUntil.get(address);
      if (until === undefined) return;
      const left = until - monotonic();
      if (left > 0) throw new TooMany(left / 1000);
      waitsUntil.delete(address);
    },
    async countFailure(req, res) {
      try {
        await passed(throttle, req, res);
      } catch (error) {
        if (error instanceof TooMany) {
          const oldest = waitsUntil.size >= ADDRESSES_KEPT ? waitsUntil.keys().next().value : undefined;
          if (oldest !== undefined) waitsUntil.delete(oldest);
          waitsUntil.set(addressOf(req), monotonic() + Number(error.headers["Retry-After"]) * 1000);
        }
        throw error;
      }
    },
  };
}

/**
 * The same for answers as JSON: a request for a code, or with a secret, that finds nothing counts as a failure; while
 * the address must wait, none of them is answered. Throws TooMany.
 */
export function slowGuesses(slow: SlowDown): RequestHandler {
  return (req, res, next) => {
    if (req.caller !== undefined || (!req.path.startsWith("/tracking/") && secretOf(req) === undefined)) {
      next();
      return;
    }
    slow.assertFree(req);
    res.on("finish", () => {
      // The answer has gone out: what the failure costs is the next request's.
      if (res.statusCode === 404) slow.countFailure(req, res).catch(() => undefined);
    });
    next();
  };
}

/** Resolves when the handler lets the request pass, rejects with what it throws or hands on. */
function passed(handler: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (refusal?: unknown) => {
      if (refusal === undefined) resolve();
      else reject(refusal instanceof Error ? refusal : new Error("refused", { cause: refusal }));
    };
    Promise.resolve(handler(req, res, next)).catch(next);
  });
}

function addressOf(req: Request): string {
  return ipKeyGenerator(req.ip ?? "unknown");
}
