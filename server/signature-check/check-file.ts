import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { Unavailable } from "../platform/errors.ts";
import { MAX_CHECKED, type CheckOptions } from "./check-pdf.ts";
import type { Question } from "./check-thread.ts";
import { FINDINGS, finding, type FindingCode } from "./findings.ts";
import type { FileReport } from "./report.ts";

/** What the check of one file may cost before it is called too complex. */
export interface Limits {
  /** Milliseconds of the clock on the wall. */
  time: number;
  /** Bytes by which the process may grow, besides the file itself. */
  memory: number;
}

const LIMITS: Limits = { time: 30_000, memory: 400 * 1024 * 1024 };
/** How many may wait for their turn: each holds a file of up to 50 MB. */
const MOST_WAITING = 6;

let reader: Worker | undefined;
let waiting = 0;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Checks a file like checkPdf, in a thread of its own that is ended when the file takes too long or too much memory: it
 * is answered as too complex then. One file is checked at a time. Throws Unavailable `checks-busy` when too many wait.
 */
export function checkFile(
  bytes: Buffer,
  options: CheckOptions,
  limits: Limits = LIMITS,
): Promise<FileReport> {
  if (bytes.length > MAX_CHECKED) return Promise.resolve(unfit(bytes, "file-too-large"));
  if (waiting >= MOST_WAITING)
    throw new Unavailable(
      "checks-busy",
      "Đang có nhiều người kiểm tra chữ ký. Vui lòng thử lại sau ít phút.",
    );
  waiting++;
  const turn = queue.then(() => checkInThread(bytes, options, limits));
  queue = turn.catch(() => undefined);
  return turn.finally(() => waiting--);
}

async function checkInThread(bytes: Buffer, options: CheckOptions, limits: Limits): Promise<FileReport> {
  const worker = (reader ??= startReader());
  const end = () => {
    if (reader === worker) reader = undefined;
    return worker.terminate();
  };
  const before = process.memoryUsage.rss();
  const started = performance.now();
  let watch: NodeJS.Timeout | undefined;
  worker.ref();
  try {
    const report = await new Promise<FileReport | undefined>((resolve, reject) => {
      watch = setInterval(() => {
        const grown = process.memoryUsage.rss() - before;
        if (performance.now() - started > limits.time || grown > limits.memory + 2 * bytes.length)
          resolve(undefined);
      }, 20);
      worker.once("message", resolve);
      worker.once("error", (cause: NodeJS.ErrnoException) => {
        if (cause.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(undefined);
        else reject(cause);
      });
      const question: Question = {
        bytes: new Uint8Array(bytes),
        trusted: options.trusted.map((der) => new Uint8Array(der)),
        crls: (options.crls ?? []).map((der) => new Uint8Array(der)),
        now: options.now,
      };
      worker.postMessage(question, [question.bytes.buffer as ArrayBuffer]);
    });
    if (report !== undefined) return report;
    await end();
    return unfit(bytes, "file-too-complex");
  } catch (cause) {
    await end();
    throw cause;
  } finally {
    clearInterval(watch);
    worker.removeAllListeners("message");
    worker.removeAllListeners("error");
    worker.unref();
  }
}

function unfit(bytes: Buffer, code: FindingCode): FileReport {
  return {
    verdict: "unjudged",
    code,
    text: FINDINGS[code][1],
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    revisions: 0,
    signatures: [],
    findings: [finding(code)],
  };
}

function startReader(): Worker {
  return new Worker(new URL("./check-thread.mjs", import.meta.url), {
    // Not what the process itself was started with: preloads that are TypeScript cannot load before tsx is registered.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
}
