import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, readConfig } from "./config.ts";
import { StartRefused } from "./platform/start-refused.ts";
import { startProgram, type Program } from "./start.ts";

/**
 * `npm start`: a fresh machine to a working system. Says what it does in plain words on stdout, `ready <address>`
 * last; the processes' logs go to stderr as JSON lines. SIGTERM or Ctrl-C stops everything within ten seconds.
 */
const say = (line: string) => console.log(line);

let program: Program | undefined;
let stopping = false;

async function stop(code: number): Promise<never> {
  // A second signal changes nothing: the first is being obeyed.
  if (stopping) return sleep(60_000).then(() => process.exit(code));
  stopping = true;
  if (code === 0) say("stopping");
  await Promise.race([program?.stop(), sleep(9_500)]);
  process.exit(code);
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop(0));

try {
  const config = readConfig(process.env, { withOwner: true });
  await startProgram(config, process.env, say, (started) => (program = started));
} catch (cause) {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a signal sets it meanwhile
  if (!stopping) {
    console.error(cause instanceof ConfigError || cause instanceof StartRefused ? cause.message : cause);
    await stop(1);
  }
}
