import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { format, resolveConfig } from "prettier";
import type { Audit } from "./audit.ts";
import type { Fault, Injected } from "./faults.ts";

/** What came of one fault. */
export interface Row {
  fault: Fault;
  injected: Injected;
  found: Audit;
  /** Answers given since the row before. */
  answers: number;
  /** Out of order at the portal since the row before. */
  outOfOrder: number;
}

/** Whether nothing was lost, doubled, different, out of order or broken, and all was normal again in time. */
export function isGood({ found, outOfOrder, injected }: Row): boolean {
  const { lost, doubled, differences, undelivered, findings } = found;
  const wrong =
    lost.length + doubled.length + differences.length + undelivered + outOfOrder + findings.length;
  return wrong === 0 && Math.max(...injected.seconds) <= 30;
}

/** The table as Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const head = [
    ...["what", "times", "answers given", "lost", "doubled", "messages waiting at its end"],
    ...["differences at the portal", "out of order", "history and files", "seconds back to normal"],
  ];
  const lines = rows.map(({ fault, injected, found, answers, outOfOrder }) => [
    ...[fault.what, injected.times, answers, found.lost.length, found.doubled.length, injected.waiting ?? ""],
    ...[found.differences.length + found.undelivered, outOfOrder, found.findings.length],
    secondsOf(injected.seconds),
  ]);
  return [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Median and worst, where there are several. */
function secondsOf(seconds: readonly number[]): string {
  const sorted = seconds.toSorted((a, b) => a - b);
  const worst = sorted.at(-1) ?? NaN;
  if (sorted.length === 1) return worst.toFixed(1);
  return `${(sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(1)}, at most ${worst.toFixed(1)}`;
}

/** Under which circumstances it was measured, in one line. */
export function circumstances(seed: number, clients: number): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const day = new Date().toISOString().slice(0, 10);
  return [
    `Measured ${day} on ${processors.length} × ${processors[0]?.model ?? "unknown"}, ${memory} GB,`,
    `Node ${process.versions.node}, ${clients} clients, seed ${seed}; load average at the end ${load}.`,
  ].join(" ");
}

const [BEGIN, END] = ["<!-- measured: npm run test:long -->", "<!-- end of what was measured -->"];

/** Puts the measured part into the document. Throws when the document has no place for it. */
export async function writeMeasured(file: string, measured: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table: ${BEGIN} … ${END}`);
  const whole = `${text.slice(0, from)}${BEGIN}\n\n${measured}\n\n${text.slice(to)}`;
  await writeFile(file, await format(whole, { ...(await resolveConfig(file)), filepath: file }));
}
