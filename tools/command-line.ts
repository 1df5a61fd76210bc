import { parseArgs, type ParseArgsConfig } from "node:util";
import { startOf } from "../server/statistics/vietnam-days.ts";

/**
 * What stands on the command line, as node's parseArgs reads it. `--help` prints `usage` and ends with 0; what is not
 * understood ends as `endWrongUsage` does.
 */
export function readCommandLine<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (cause) {
    endWrongUsage(usage, (cause as Error).message);
  }
}

/** Ends a command that was called wrongly: says why, where that is not plain, then how it is called; exit code 2. */
export function endWrongUsage(usage: string, why?: string): never {
  console.error(why === undefined ? usage : `${why}\n\n${usage}`);
  process.exit(2);
}

/** Whether this is a day of the calendar, as 2026-11-23. */
export function isDay(text: string): boolean {
  try {
    startOf(text);
    return true;
  } catch {
    return false;
  }
}
