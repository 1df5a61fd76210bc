import Table from "cli-table3";
import type { Difference } from "./compare.ts";
import type { Made } from "./day.ts";
import type { Measures, Tally } from "./measures.ts";
import type { Deliveries } from "./outbox.ts";
import type { PortalSummary } from "./portal-stub.ts";

/** Everything that a day left behind. */
export interface DayReport {
  planned: number;
  made: readonly Made[];
  seconds: number;
  measures: Measures;
  deliveries: Deliveries;
  portalBefore: PortalSummary;
  portalAfter: PortalSummary;
  drainedAfter: number;
  differences: readonly Difference[];
}

/** Whether all was made, no answer was unexpected and the portal holds what we hold. */
export function isGood({ made, planned, measures, differences }: DayReport): boolean {
  return made.length === planned && measures.faults.length === 0 && differences.length === 0;
}

const STATUSES: Record<number, string> = {
  ...{ 1: "mới đăng ký", 2: "được tiếp nhận", 3: "không được tiếp nhận", 4: "đang xử lý" },
  ...{ 5: "yêu cầu bổ sung", 6: "nghĩa vụ tài chính", 7: "công dân yêu cầu rút", 8: "dừng xử lý" },
  ...{ 9: "đã xử lý xong", 10: "đã trả kết quả" },
};

const SHOWN = 20;

/** The tables at the end of a day, without colours, so that they read well in a log. */
export function tellDay(report: DayReport): string {
  const { made, planned, seconds, measures, differences } = report;
  const statuses = counted(made.map(({ status }) => status));
  const processes = counted(made.map(({ process }) => process));
  return [
    `created ${made.length} of ${planned} dossiers in ${seconds.toFixed(0)} s`,
    table(
      ["status", "", "dossiers"],
      statuses.map(([status, count]) => [status, STATUSES[status] ?? "", count]),
    ),
    table(
      ["process", "dossiers", "ended", "online"],
      processes.map(([process, count]) => {
        const its = made.filter((dossier) => dossier.process === process);
        const ended = its.filter(({ status }) => [3, 8, 10].includes(status)).length;
        return [process, count, ended, its.filter(({ channel }) => channel === "online").length];
      }),
    ),
    table(["decided by a", "dossiers"], counted(made.map(({ unit }) => unit))),
    table(["beside the ordinary course", "dossiers"], counted(made.flatMap(({ turns }) => turns))),
    table(
      ["step", "times", "median ms", "p95 ms"],
      measures
        .steps()
        .map(({ step, count, median, p95 }) => [step, count, Math.round(median), Math.round(p95)]),
    ),
    table(["beside that", ""], tallies(measures)),
    table(["national portal", ""], deliveries(report)),
    ...faults(report),
    ...listed(differences),
    `differences: ${differences.length}`,
  ].join("\n");
}

function counted<K extends string | number>(keys: readonly K[]): [K, number][] {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (typeof a === "number" ? a - Number(b) : a < b ? -1 : 1));
}

function table(head: string[], rows: (string | number)[][]): string {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  drawn.push(
    ...rows.map((cells) =>
      cells.map((content) => ({
        content,
        hAlign: typeof content === "number" ? ("right" as const) : ("left" as const),
      })),
    ),
  );
  return drawn.toString();
}

function tallies(measures: Measures): [string, number][] {
  const names: Tally[] = ["requests", "conflicts", "slowed", "connections lost", "logins renewed"];
  return names.map((name) => [name, measures.tally(name)]);
}

function deliveries({
  deliveries: sent,
  portalBefore,
  portalAfter,
  drainedAfter,
}: DayReport): [string, number][] {
  const grown = (key: keyof PortalSummary) => portalAfter[key] - portalBefore[key];
  return [
    ["messages of these dossiers", sent.messages],
    ["delivered", sent.delivered],
    ["failed", sent.failed],
    ["messages sent more than once", sent.repeated],
    ["times that one was sent again", sent.repetitions],
    ["records kept there (an update sent again counts again)", grown("messages")],
    ["ignored there as known", grown("duplicatesIgnored")],
    ["out of order there", grown("outOfOrder")],
    ["seconds until all were there, after the last event", Math.round(drainedAfter)],
  ];
}

function faults({ measures }: DayReport): string[] {
  const lines = measures.faults
    .slice(0, SHOWN)
    .map(
      ({ who, what, status, said }) => `  ${who}: ${what} → ${status === 0 ? "no answer" : status} ${said}`,
    );
  return [`unexpected answers: ${measures.faults.length}`, ...lines];
}

function listed(differences: readonly Difference[]): string[] {
  return differences
    .slice(0, SHOWN)
    .map(({ code, what, ours, theirs }) => `  ${code} ${what}: we have ${ours}, the portal ${theirs}`);
}
