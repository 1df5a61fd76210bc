import { spawn, type SpawnOptions } from "node:child_process";

/** What this machine has for recognising text; each is Debian's package and none is needed for the rest to work. */
export interface RecognitionTools {
  /** "5.3.0"; undefined where tesseract is not installed. */
  tesseract: string | undefined;
  /** Its data for Vietnamese (tesseract-ocr-vie). */
  vietnamese: boolean;
  /** Its data for which way up a page lies. */
  orientation: boolean;
  /** Version of pdftoppm, which draws the pages of a PDF. */
  poppler: string | undefined;
}

/** Looks what is installed. */
export async function findTools(): Promise<RecognitionTools> {
  const [tesseract, languages, poppler] = await Promise.all([
    said("tesseract", ["--version"]),
    said("tesseract", ["--list-langs"]),
    said("pdftoppm", ["-v"]),
  ]);
  const known = languages?.split("\n").map((line) => line.trim()) ?? [];
  return {
    tesseract: tesseract === undefined ? undefined : (/tesseract v?(\d\S*)/.exec(tesseract)?.[1] ?? "?"),
    vietnamese: known.includes("vie"),
    orientation: known.includes("osd"),
    poppler: poppler === undefined ? undefined : (/version (\d\S*)/.exec(poppler)?.[1] ?? "?"),
  };
}

/** Whether text can be recognised with them. */
export const canRecognise = ({ tesseract, vietnamese }: RecognitionTools): boolean =>
  tesseract !== undefined && vietnamese;

async function said(command: string, args: string[]): Promise<string | undefined> {
  try {
    return (await run(command, args, { timeoutMs: 10_000 })).said;
  } catch {
    return undefined;
  }
}

export interface Run {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs a tool of the machine after everybody else (nice 19), on one core, with at most 2 GB and five minutes of it. Answers what it wrote.
 * Throws when it is not installed, fails, takes too long, or `signal` says to stop.
 */
export function runGently(command: string, args: string[], how: Run): Promise<{ out: string; said: string }> {
  if (process.platform === "win32") return run(command, args, how);
  const script = 'ulimit -v 2000000 -t 300 2>/dev/null; exec nice -n 19 "$@"';
  return run("/bin/sh", ["-c", script, "sh", command, ...args], how);
}

/** No tool of ours says more; what a hostile file makes it say beyond is cut. */
const MOST_SAID = 8 * 1024 * 1024;

function run(
  command: string,
  args: string[],
  { timeoutMs, signal }: Run,
): Promise<{ out: string; said: string }> {
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        LC_ALL: "C.UTF-8",
        OMP_THREAD_LIMIT: "1",
        TESSDATA_PREFIX: process.env.TESSDATA_PREFIX,
      },
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      ...(signal === undefined ? {} : { signal }),
    };
    const child = spawn(command, args, options);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    let length = 0;
    const into = (list: Buffer[]) => (chunk: Buffer) => {
      length += chunk.length;
      if (length < MOST_SAID) list.push(chunk);
    };
    child.stdout?.on("data", into(out));
    child.stderr?.on("data", into(err));
    child.once("error", reject);
    child.once("close", (code, killed) => {
      const [written, complained] = [
        Buffer.concat(out).toString("utf8"),
        Buffer.concat(err).toString("utf8"),
      ];
      if (code === 0 || (args[0] === "-v" && code === 99))
        resolve({ out: written, said: written + complained });
      else reject(new Error(`${command} ended with ${code ?? killed ?? "?"}: ${lastLine(complained)}`));
    });
  });
}

/** A tool names files and never what stands in them; still, no more than a line goes into the log. */
function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 200);
}
