import { chartTiers } from "../../workflows/declaration.ts";
import type { ChartDeclaration, Declaration, ProcessName } from "../../workflows/declaration.ts";
import { PROCESS_RULES } from "./process-rules.ts";
import type { AgencySeed } from "./units.ts";

const PROCESSES: Record<ProcessName, string> = {
  a: "same day at one counter",
  b: "commune, one unit",
  c: "district: specialist, leader, clerk",
  d: "provincial department, with its division head",
  e: "several agencies consulted in parallel",
  f: "through the tiers",
  g: "financial duty in the middle, the clock waits",
  h: "field inspection or appraisal council, with minutes",
  i: "submitted to the chair of the province's People's Committee",
  j: "notification, result optional",
};

const EXAMPLES = 10;
const NAME_LENGTH = 110;

/** docs/catalogue.md: how much of the catalogue is known, and which process each procedure follows. */
export function catalogueReport(declarations: Declaration[], agencies: AgencySeed[]): string {
  return [
    HEAD,
    figures(declarations, agencies),
    TIMES,
    known(declarations),
    processes(declarations),
    rules(declarations),
    ...(Object.keys(PROCESSES) as ProcessName[]).map((process) => examples(process, declarations)),
    "",
  ].join("\n\n");
}

const HEAD = `# The catalogue

Made by \`npm run catalogue:make\`, like the declarations themselves: change the rules in tools/catalogue, not this page.

The sources are the national portal's published procedures of July 2026 and public data on the province's units of
2022. \`name\` is byte for byte as published; every value that a rule changed is listed in the declaration's
\`corrections\` with the value that it had.`;

const TIMES = `## Two years in one catalogue

The names are of 2026, when a province has two tiers; the levels, departments, districts and figures are of 2022, when
it had three. So a name may say "cấp xã" where the level is the district (\`levelConflict\`), a result may name a
department that has since been merged, and the district level is derived by field (\`levelsFrom\`). A date of effect for
units and procedures is the way out of this, not a corrected name.`;

function figures(declarations: Declaration[], agencies: AgencySeed[]): string {
  const level = (n: number) => count(declarations, ({ onlineLevel }) => onlineLevel === n);
  return `## Figures

| | |
| --- | --- |
| procedures | ${number(declarations.length)} |
| online level 2, 3, 4 | ${level(2)}, ${level(3)}, ${number(level(4))} |
| offered online at the national portal | ${number(count(declarations, ({ nationalPortal }) => nationalPortal))} |
| fields | ${new Set(declarations.map(({ field }) => field)).size} |
| units | ${agencies.length}, of them ${count(agencies, ({ assigned }) => assigned === true)} divisions whose names and numbers are assigned |`;
}

/** One row a field: its values, from where they come, and how many there are of each. */
function known(declarations: Declaration[]): string {
  const papers = declarations.flatMap(({ documents }) => documents);
  const of = (test: (one: Declaration) => unknown) =>
    number(count(declarations, (one) => Boolean(test(one))));
  const ofPapers = (test: (one: (typeof papers)[number]) => unknown) =>
    number(count(papers, (one) => Boolean(test(one))));
  const fee = (kind: string) => of(({ fees }) => fees[0]?.kind === kind);
  const rows: [field: string, real: string, filled: string, unknown: string][] = [
    [
      "code, name",
      `${number(declarations.length)} from the source`,
      `${of((d) => d.displayName)} with a display name by rule`,
      "–",
    ],
    [
      "field",
      `${of((d) => d.sourceField === undefined)} as in the source`,
      `${of((d) => d.sourceField)} spelt as usual`,
      "–",
    ],
    [
      "levels",
      `${of((d) => d.levelsFrom === "source")} from the source`,
      `${of((d) => d.levelsFrom === "derived")} derived: district level of 2022`,
      `${of((d) => d.levelConflict)} contradict the name`,
    ],
    [
      "department",
      `${of((d) => d.departmentFrom === "name")} from the name`,
      `${of((d) => d.departmentFrom === "field")} by field; ${of((d) => d.districtDivision)} district divisions by field`,
      `${of((d) => d.department === null)} need none`,
    ],
    [
      "limit",
      `${of((d) => d.limitFrom === "source")} from the source`,
      `${of((d) => d.limitFrom === "rule")} by the rule "same day", ${of((d) => d.limitConfidence)} of them doubtful`,
      `${of((d) => d.limitFrom === "unknown")}: the officer enters one`,
    ],
    [
      "fee",
      `${fee("fixed")} fixed: charged as it stands`,
      "–",
      `${fee("varies")} vary, ${fee("none-stated")} not stated (never "free"), ${fee("unknown")} unknown: the officer enters amount and ground`,
    ],
    [
      "online level",
      `${of((d) => d.onlineLevelFrom === "source")} from the source`,
      `${of((d) => d.onlineLevelFrom === "assigned")} assigned so that the figures hold`,
      `${of((d) => d.channelConflict)} contradict the channels`,
    ],
    ["national portal", "–", `${number(declarations.length)} assigned so that 1,047 hold`, "–"],
    [
      "channels",
      `${of((d) => d.channelsFrom === undefined)} from the source`,
      `${of((d) => d.channelsFrom)} with the counter by rule`,
      "–",
    ],
    [
      "papers",
      `${number(papers.length)} titles from the source, ${ofPapers((p) => p.truncated)} cut at 90 characters`,
      `${number(papers.length)} codes assigned; ${ofPapers((p) => p.kind)} are headings`,
      `${ofPapers((p) => p.quantity)} without a number; ${of((d) => d.documentsFrom === "none-listed")} procedures list none`,
    ],
    ["cases", `${of((d) => d.cases.length > 0)} procedures have cases`, "–", "–"],
    [
      "result",
      `${of((d) => d.result.paper === true && d.result.source === undefined)} titles as in the source`,
      `${of((d) => d.result.source !== undefined)} made readable or divided into grant and denial; all codes assigned`,
      `${of((d) => d.result.paper === "unknown")} unknown; ${of((d) => d.result.paper === false)} have no paper`,
    ],
    [
      "audience",
      `${of((d) => d.audience.length > 0)} from the source`,
      "–",
      `${of((d) => d.audience.length === 0)}: every kind of applicant is accepted`,
    ],
    [
      "process, steps, shares, consulted agencies",
      "–",
      `${number(declarations.length)} by rule (below)`,
      "–",
    ],
    [
      "applicability",
      "–",
      `${of((d) => d.applicability === "no-local-case")} need a sea or border that the province has not; ${of((d) => d.applicability === "check-competence")} may be another body's`,
      "–",
    ],
  ];
  return `## What is known

| field | real | filled in by rule | unknown or doubtful |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}

What the sources do not say at all: a legal basis, forms, a result code (MaKetQua), paper codes (MaGiayTo), limits a case
or a channel. Consulted agencies, shares of the limit and the division of a department are assigned and to be set by the
province.`;
}

function processes(declarations: Declaration[]): string {
  const rows = (Object.entries(PROCESSES) as [ProcessName, string][]).map(([process, what]) => {
    const main = count(declarations, (one) => mainChart(one).process === process);
    const charts = declarations
      .flatMap((one) => Object.values(one.charts))
      .filter((chart) => chart.process === process);
    return `| ${process} | ${what} | ${number(main)} | ${number(charts.length)} |`;
  });
  return `## Processes

A procedure has one chart for each tier that may decide it. "Procedures" counts by the chart of the highest tier,
"charts" counts them all.

| | process | procedures | charts |
| --- | --- | --- | --- |
${rows.join("\n")}`;
}

function rules(declarations: Declaration[]): string {
  const rows = PROCESS_RULES.map(({ name, process, says }) => {
    const found = count(declarations, (one) => mainChart(one).processFrom === name);
    return `| ${name} | ${process === "by-tier" ? "b c d" : process} | ${says} | ${name === "read-as-plain" ? "(in by-tier)" : number(found)} |`;
  });
  return `## Rules

The first that matches wins; its name is the chart's \`processFrom\`.

| rule | | says | procedures |
| --- | --- | --- | --- |
${rows.join("\n")}`;
}

/** Ten of a process, spread over its procedures rather than the first ten of one field. */
function examples(process: ProcessName, declarations: Declaration[]): string {
  const all = declarations.filter((one) => mainChart(one).process === process);
  const every = Math.max(1, Math.floor(all.length / EXAMPLES));
  const rows = all
    .filter((_, n) => n % every === 0)
    .slice(0, EXAMPLES)
    .map((one) => {
      const name = one.displayName ?? one.name;
      const short = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;
      return `- ${one.code} ${short} (${one.field}; ${limitOf(one)}; ${mainChart(one).processFrom})`;
    });
  return `### ${process}: ${PROCESSES[process]}\n\n${rows.join("\n")}`;
}

function limitOf({ limits }: Declaration): string {
  const [limit] = limits;
  return limit === undefined ? "no limit known" : `${limit.value} ${limit.unit}`;
}

function mainChart(declaration: Declaration): ChartDeclaration {
  const [tier] = chartTiers(declaration);
  const chart = tier && declaration.charts[tier];
  if (!chart) throw new Error(`${declaration.code} has no chart`);
  return chart;
}

function count<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length;
}

function number(n: number): string {
  return n.toLocaleString("en-US");
}
