import { fork, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Runnable } from "./bundle.ts";
import type { Log } from "./log.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Pauses before the 1st, 2nd … restart in a row, in milliseconds; the last one from then on. With the start itself it
 * stays under the 30 s within which all is to be back to normal, however often a process was killed before.
 */
const BACK_OFF = [200, 1_000, 2_000, 5_000, 10_000];
/** Whoever ran this long, in milliseconds, is restarted as if it had never failed: it works, and something killed it. */
const HEALTHY = 15_000;
/** A process that ends this often before it was ever ready will not get ready by being started again. */
const ATTEMPTS = 3;

export interface ChildOptions {
  name: string;
  program: Runnable;
  env: NodeJS.ProcessEnv;
  /** Whether it works now; asked until it does, once it has said itself that it has started. */
  isReady?: () => Promise<boolean>;
  log: Log;
}

export interface SupervisedChild {
  name: string;
  /** Settles when it is ready for the first time. Rejects when it keeps ending before. */
  ready: Promise<void>;
  /** Asks it to end, and ends it after `patience` milliseconds. It is not restarted. */
  stop(patience: number): Promise<void>;
}

/** What a process says to the one that started it, once it works and has written so into its log. */
const STARTED = "started";

/** Tells whoever supervises this process that it has started; whoever runs it alone is told nothing. */
export function tellStarted(): void {
  process.send?.(STARTED);
}

/**
 * Runs a file of the program as a process of its own and starts it again, ever more slowly, when it ends. It is ready when
 * it has sent "started" (`tellStarted`) and answers.
 */
export function superviseChild({ name, program, env, isReady, log }: ChildOptions): SupervisedChild {
  let child: ChildProcess | undefined;
  let stopping = false;
  let wasReady = false;
  let failures = 0;
  let wake = (): void => undefined;
  let giveUp!: (cause: Error) => void;
  let succeed!: () => void;
  const ready = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    giveUp = reject;
  });
  // Whoever waits for it hears of it; before somebody does, it must not end main.
  ready.catch(() => undefined);

  void keepRunning();
  return { name, ready, stop };

  async function keepRunning(): Promise<void> {
    while (!stopping) {
      const started = Date.now();
      const ended = await run();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- stop() sets it meanwhile
      if (stopping) return;
      failures = Date.now() - started > HEALTHY ? 1 : failures + 1;
      log.error({ child: name, ended, failures }, "a process ended and is started again");
      if (!wasReady && failures >= ATTEMPTS) {
        giveUp(new Error(`${name} does not start (${ended}); its messages are above`));
        return;
      }
      const pause = BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] ?? 0;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pause);
      });
    }
  }

  /** Runs it once; answers how it ended. */
  async function run(): Promise<string> {
    const running = fork(program.file, {
      execArgv: program.execArgv,
      env,
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child = running;
    let ended: string | undefined;
    const end = new Promise<string>((resolve) => {
      running.once("exit", (code, signal) => resolve((ended = signal ?? `exit code ${code ?? "unknown"}`)));
      running.once("error", (cause) => resolve((ended = cause.message)));
    });
    const told = new Promise<void>((resolve) =>
      running.on("message", (said) => {
        if (said === STARTED) resolve();
      }),
    );
    const watch = async () => {
      await Promise.race([told, end]);
      while (ended === undefined && !(await (isReady?.() ?? true))) await sleep(25);
      if (ended !== undefined) return;
      wasReady = true;
      succeed();
    };
    void watch();
    return end;
  }

  async function stop(patience: number): Promise<void> {
    stopping = true;
    wake();
    const running = child;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => running.once("exit", () => resolve()));
    running.kill("SIGTERM");
    const cut = setTimeout(() => running.kill("SIGKILL"), patience);
    await gone;
    clearTimeout(cut);
  }
}
