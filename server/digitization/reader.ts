import { fork, type ChildProcess } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileUnfit, type UnfitCode } from "./file-judgement.ts";
import type { Answers, Task } from "./reader-process.ts";

/**
 * What the reading of one file may cost before it is called hostile. Processor time and not the clock's: on a busy
 * machine a good file waits, and is not to blame for it.
 */
const PROCESSOR_LIMIT_MS = 20_000;
const CLOCK_LIMIT_MS = 180_000;
/** Over what the process takes by itself, and three times the file. */
const MEMORY_LIMIT = 300 * 1024 * 1024;
/** Nobody brought a file for so long: the process ends. */
const IDLE_MS = 60_000;

/** What the process answers: a result, the code of a refusal, or a fault of ours. */
export type Reply = { done: unknown } | { unfit: UnfitCode; pages?: number } | { fault: string };

let reader: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Has a file read, or a picture turned, in a process of its own: a hostile file costs that process and not ours. One
 * task at a time; the process starts with the first and ends when there was none for a minute.
 * Throws FileUnfit, also `file-too-complex` when the task takes too much time or memory.
 */
export function askReader<K extends Task["kind"]>(
  task: Extract<Task, { kind: K }>,
  limits: { processorMs?: number } = {},
): Promise<Answers[K]> {
  const turn = queue.then(() => perform(task, limits.processorMs ?? PROCESSOR_LIMIT_MS));
  queue = turn.catch(() => undefined);
  return turn as Promise<Answers[K]>;
}

async function perform(task: Task, processorMs: number): Promise<unknown> {
  clearTimeout(idle);
  const child = (reader ??= start());
  const allowed = MEMORY_LIMIT + 3 * (await stat(task.path)).size;
  const before = await costOf(child);
  const started = performance.now();
  let watch: NodeJS.Timeout | undefined;
  let whenGone: ((code: number | null) => void) | undefined;
  hold(child, true);
  try {
    const reply = await new Promise<Reply>((resolve) => {
      child.once("message", (message) => resolve(message as Reply));
      // Ended by the kernel or by a library: the file was too much for it.
      whenGone = () => resolve({ unfit: "file-too-complex" });
      child.once("exit", whenGone);
      watch = setInterval(() => {
        const late = performance.now() - started > CLOCK_LIMIT_MS;
        void costOf(child).then((cost) => {
          const costly =
            cost.processorMs - before.processorMs > processorMs || cost.memory - before.memory > allowed;
          if (late || costly) resolve({ unfit: "file-too-complex" });
        });
      }, 20);
      child.send(task, (cause) => {
        if (cause !== null) resolve({ fault: cause.message });
      });
    });
    if ("done" in reply) return reply.done;
    if ("fault" in reply) throw new Error(`a file could not be read: ${reply.fault}`);
    if (reply.unfit === "file-too-complex") end(child);
    throw new FileUnfit(reply.unfit, reply.pages === undefined ? {} : { pages: reply.pages });
  } catch (cause) {
    if (!(cause instanceof FileUnfit)) end(child);
    throw cause;
  } finally {
    clearInterval(watch);
    child.removeAllListeners("message");
    if (whenGone !== undefined) child.off("exit", whenGone);
    hold(child, false);
    idle = setTimeout(() => end(child), IDLE_MS);
    idle.unref();
  }
}

function start(): ChildProcess {
  const child = fork(fileURLToPath(new URL("./reader-process.mjs", import.meta.url)), [], {
    // Not what the process itself was started with: preloads that are TypeScript cannot load before tsx is registered.
    execArgv: ["--max-old-space-size=512"],
    // Nothing of our settings: it needs none, and reads what strangers send.
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, VIPS_CONCURRENCY: "1" },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  child.once("exit", () => {
    if (reader === child) reader = undefined;
  });
  child.on("error", () => undefined);
  return child;
}

function end(child: ChildProcess): void {
  if (reader === child) reader = undefined;
  child.kill("SIGKILL");
}

/** Only while it works does it keep our own process alive. */
function hold(child: ChildProcess, working: boolean): void {
  if (working) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

const TICK_MS = 10;
const PAGE = 4096;

/** From Linux's /proc; elsewhere only the clock and the heap's own limit stand guard. */
async function costOf({ pid }: ChildProcess): Promise<{ processorMs: number; memory: number }> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "latin1");
    // After the name, which may hold anything: state is the third field (proc(5)).
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      processorMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      memory: Number(fields[21]) * PAGE,
    };
  } catch {
    return { processorMs: 0, memory: 0 };
  }
}
