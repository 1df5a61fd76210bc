import { Worker } from "node:worker_threads";
import type { Job, Said } from "./job.ts";
import type { NumbersBefore } from "./numbers.ts";

/** What is done with what the threads say; one call at a time. */
export interface Listening {
  write(rows: Extract<Said, { kind: "rows" }>["rows"]): Promise<void>;
  reached(numbers: NumbersBefore): Promise<void>;
  made(dossiers: number, seconds: number): void;
}

/**
 * Lets a thread a job make its parts, and has what they make written in the order in which it comes. Throws when a
 * thread fails; the others are ended then.
 */
export async function runThreads(jobs: readonly Job[], listening: Listening): Promise<void> {
  const threads = jobs.map(startThread);
  const begun = performance.now();
  let writing: Promise<void> = Promise.resolve();
  let made = 0;

  async function take(thread: Worker, said: Extract<Said, { kind: "rows" }>): Promise<void> {
    await listening.write(said.rows);
    thread.postMessage("go on");
    made += said.dossiers;
    listening.made(made, (performance.now() - begun) / 1000);
  }

  function listen(thread: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      let done = false;
      thread.on("error", reject);
      thread.on("exit", (code) => {
        if (!done) reject(new Error(`a thread ended with ${code}`));
      });
      thread.on("message", (said: Said) => {
        if (said.kind === "failed") reject(new Error(said.reason));
        else if (said.kind === "rows") {
          writing = writing.then(() => take(thread, said));
          writing.catch(reject);
        } else {
          done = true;
          writing = writing.then(() => listening.reached(said.reached));
          writing.then(resolve, reject);
        }
      });
    });
  }

  try {
    await Promise.all(threads.map(listen));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startThread(job: Job): Worker {
  // Not what the process itself was started with: preloads that are TypeScript cannot load before tsx is registered.
  return new Worker(new URL("./make-parts-thread.mjs", import.meta.url), {
    workerData: job,
    execArgv: [],
    // Nearly all that is made is thrown away at once: with little room for the young a fifth of the time goes into that.
    resourceLimits: { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 3_072 },
  });
}
