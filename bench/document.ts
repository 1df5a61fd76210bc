import { cpus, totalmem } from "node:os";

/** What is written into docs/performance.md, as it is measured. */
export const lines: string[] = [];

export const say = (line: string) => console.log(line);

/** A row of the table that was begun last. */
export const row = (...cells: (string | number)[]) => lines.push(`| ${cells.join(" | ")} |`);

/** Begins a section with its table. */
export function heading(title: string, text: string, columns: string[]): void {
  say(title);
  lines.push("", `## ${title}`, "", text, "");
  row(...columns);
  lines.push(`| ${columns.map(() => "---").join(" | ")} |`);
}

/** The document with the parts just measured in the place of the older ones. */
export function merged(before: string): string {
  const parts = (text: string) => text.split(/(?=^## )/m).map((part) => part.trimEnd());
  const title = (part: string) => part.split("\n")[0] ?? "";
  const fresh = new Map(parts(lines.join("\n")).map((part) => [title(part), part]));
  const old = parts(before);
  const known = new Set(old.map(title));
  // What was never measured before comes behind the last table, and before what people wrote about the figures.
  const added = [...fresh].flatMap(([name, part]) => (name === "" || known.has(name) ? [] : [part]));
  const written = old.findIndex((part) => title(part).startsWith("## Budgets"));
  const at = written < 0 ? old.length : written;
  const all = old.map((part) => fresh.get(title(part)) ?? part);
  return `${[...all.slice(0, at), ...added, ...all.slice(at)].join("\n\n")}\n`;
}

/** The whole document, when all was measured. */
export function document(): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "?"}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  return [
    "# What the program costs",
    "",
    `Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, ${machine}; program, database, stub and client on the same machine.`,
    "Median of alternating runs, lowest and highest in brackets.",
    ...lines,
    "",
  ].join("\n");
}
