import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { fileTypeFromBuffer } from "file-type";
import { MAX_FILE_SIZE } from "../platform/files.ts";
import { FileUnfit, type Judgement, type UnfitCode } from "./file-judgement.ts";
import { judgeJpeg, judgePng } from "./judge-image.ts";

/** What the reading of one file may cost before it is called hostile. */
const TIME_LIMIT_MS = 20_000;
const MEMORY_LIMIT = 200 * 1024 * 1024;

/**
 * Says what a file is, by its bytes and never by its name, and how many pages it has; one PDF is read at a time, in a
 * thread of its own that is ended when the file takes too long or too much memory.
 * Throws FileUnfit when it is empty, over 50 MB, of another type, broken, encrypted, without pages, absurdly large or
 * small, or carries scripts, files or launch actions.
 */
export async function judgeFile(path: string): Promise<Judgement> {
  const bytes = await readCapped(path);
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  switch (type?.mime) {
    case "image/png":
      return judgePng(bytes);
    case "image/jpeg":
      return judgeJpeg(bytes);
    case "application/pdf":
      return judgePdfApart(bytes);
    default:
      throw new FileUnfit("file-type-not-accepted");
  }
}

async function readCapped(path: string): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new FileUnfit("file-empty");
    if (size > MAX_FILE_SIZE) throw new FileUnfit("file-too-large");
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** What the thread answers: a judgement, or the code of the refusal. */
export type Verdict = { judgement: Judgement } | { unfit: UnfitCode };

let reader: Worker | undefined;
let queue: Promise<unknown> = Promise.resolve();

function judgePdfApart(bytes: Buffer): Promise<Judgement> {
  const turn = queue.then(() => judgeInThread(bytes));
  queue = turn.catch(() => undefined);
  return turn;
}

async function judgeInThread(bytes: Buffer): Promise<Judgement> {
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
    const verdict = await new Promise<Verdict>((resolve, reject) => {
      watch = setInterval(() => {
        const tooLong = performance.now() - started > TIME_LIMIT_MS;
        if (tooLong || process.memoryUsage.rss() - before > MEMORY_LIMIT + bytes.length) resolve(TOO_COMPLEX);
      }, 10);
      worker.once("message", resolve);
      worker.once("error", (cause: NodeJS.ErrnoException) => {
        if (cause.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(TOO_COMPLEX);
        else reject(cause);
      });
      const copy = new Uint8Array(bytes);
      worker.postMessage(copy, [copy.buffer]);
    });
    if (verdict === TOO_COMPLEX) await end();
    if ("unfit" in verdict) throw new FileUnfit(verdict.unfit);
    return verdict.judgement;
  } catch (cause) {
    if (!(cause instanceof FileUnfit)) await end();
    throw cause;
  } finally {
    clearInterval(watch);
    worker.removeAllListeners("message");
    worker.removeAllListeners("error");
    worker.unref();
  }
}

const TOO_COMPLEX: Verdict = { unfit: "file-too-complex" };

function startReader(): Worker {
  return new Worker(new URL("./judge-pdf-thread.mjs", import.meta.url), {
    // Not what the process itself was started with: preloads that are TypeScript cannot load before tsx is registered.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
}
