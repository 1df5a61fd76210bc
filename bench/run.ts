import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { archiveParts } from "./archive-parts.ts";
import type { BareJob } from "./bare-pg.ts";
import type { Job } from "./client.ts";
import { decisionCosts } from "./decision.ts";
import { document, heading, lines, merged, row, say } from "./document.ts";
import { figure, show } from "./figures.ts";
import type { Load, Target } from "./load.ts";
import { FORM_LIMIT_MS, FORM_NAMES, measureForms, type FormFigures, type FormName } from "./forms.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { measureRecognition, type RecognitionFigures } from "./recognition.ts";
import { measureSigning } from "./signing.ts";
import type { SigningFigures } from "./signing.ts";
import { residentMemory, startSystem, type System } from "./system.ts";

/**
 * `npm run bench`: what the program costs, each figure beside its limit measured in the same run, medians of
 * alternating runs with their spread. Writes docs/performance.md. `--quick` measures shortly and writes nothing.
 */
const quick = process.argv.includes("--quick");
/** `--only tracking,start` measures these parts again and leaves the others of the document as they are. */
const only = process.argv.find((_, at) => process.argv[at - 1] === "--only")?.split(",");
const wanted = (part: string) => only?.includes(part) ?? true;
const RUNS = quick ? 1 : 5;
const SECONDS = quick ? 2 : 4;
const CLIENTS = [1, 8, 32];
const RATES = quick ? [20, 40] : [20, 30, 40, 50, 60, 70, 80];
const CREATE_SECONDS = quick ? 3 : 10;
const BACKLOG_SECONDS = quick ? 5 : 60;
const P95_LIMIT = 150;

function forked(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ["--import", "tsx"] });
}

/** Runs one job in a process of its own and ends it. */
async function runIn(file: string, job: Job | BareJob): Promise<Load> {
  const child = forked(file);
  child.send(job);
  const [answer] = (await once(child, "message")) as [{ load?: Load; error?: string }];
  child.kill();
  if (answer.load === undefined) throw new Error(`${file}: ${answer.error ?? "no figures"}`);
  return answer.load;
}

/** `--archives 100000,1000000`: how many dossiers the work lists and the nights are measured beside. */
const argument = (name: string) => process.argv.find((_, at) => process.argv[at - 1] === name);
const archives = (argument("--archives") ?? (quick ? "5000" : "100000")).split(",").map(Number);
const ON_ONE_SYSTEM = ["status", "creation", "tracking", "start", "decision"];

let system: System;
if (ON_ONE_SYSTEM.some(wanted)) await onOneSystem();
if (["work-list", "nightly"].some(wanted))
  await archiveParts({
    sizes: archives,
    seconds: quick ? 3 : 15,
    keep: argument("--keep"),
    wanted,
    runIn: (job) => runIn("client.ts", job),
  });
if (wanted("signing")) await signing();
if (wanted("forms")) await forms();
if (wanted("recognition")) await recognition();

const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
if (!quick)
  await writeFile(DOCUMENT, only === undefined ? document() : merged(await readFile(DOCUMENT, "utf8")));
say(lines.join("\n"));

/** What is measured over one running program and the dossiers that it made itself. */
async function onOneSystem(): Promise<void> {
  say("starting the program");
  system = await startSystem();
  try {
    say("preparing dossiers");
    const prepared = await prepare(system, quick ? 4 : 16);
    if (wanted("status")) await statusChanges(prepared);
    if (wanted("creation")) await backlog(prepared, await creation(prepared));
    if (wanted("tracking")) await tracking(prepared);
    await prepared.close();
    if (wanted("start")) await starting();
    if (wanted("decision")) await decisions();
  } finally {
    await system.remove();
  }
}

/** (a) Status changes over HTTP with everything on, beside a bare pg writing the same rows. */
async function statusChanges({ target, databaseUrl, dossiers: all, agencies }: Prepared): Promise<void> {
  // Two halves: what the bare side writes is no dossier any more that the program could go on with.
  const dossiers = all.slice(0, all.length / 2);
  const others = all.slice(all.length / 2);
  heading(
    "Status changes a second",
    `Over HTTP with everything on (rules, history, outbox, delivery to the stub), ${dossiers.length} dossiers of ${agencies} agencies; ` +
      "beside it a bare `pg` doing BEGIN, the same rows, COMMIT per change on a pool of the same size. Goal: at least 0.30.",
    ["clients", "status changes/s", "p95 ms", "bare pg/s", "ratio"],
  );
  const sample = await sampleRows(databaseUrl);
  for (const clients of CLIENTS) {
    const ours: number[] = [];
    const bare: number[] = [];
    const p95: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const ran = await runIn("client.ts", {
        kind: "status-changes",
        target,
        clients,
        seconds: SECONDS,
        dossiers,
      });
      if (ran.failures > 0) say(`  ${ran.failures} status changes were refused`);
      ours.push(ran.perSecond);
      p95.push(ran.p95);
      await drained(databaseUrl);
      const job = {
        url: databaseUrl,
        clients,
        seconds: SECONDS,
        connections: 10,
        dossiers: others.map(({ id }) => id),
        sample,
      };
      bare.push((await runIn("bare-pg.ts", job)).perSecond);
      say(`  ${clients} clients: ${ours.at(-1)?.toFixed(0)}/s beside ${bare.at(-1)?.toFixed(0)}/s`);
    }
    row(
      clients,
      show(figure(ours)),
      show(figure(p95), 1),
      show(figure(bare)),
      (figure(ours).median / figure(bare).median).toFixed(2),
    );
  }
}

async function sampleRows(url: string): Promise<BareJob["sample"]> {
  const client = new pg.Client({ connectionString: url, options: "-c role=app" });
  await client.connect();
  const { rows } = await client.query<BareJob["sample"]>(
    `select d.facts::text as facts, d.state::text as state,
        (select payload::text from outbox where dossier_id = d.id and kind = 'dossier' limit 1) as "dossierMessage",
        (select payload::text from outbox where dossier_id = d.id and kind = 'progress' limit 1) as "progressMessage"
       from dossiers d limit 1`,
  );
  await client.end();
  const sample = rows[0];
  if (sample === undefined) throw new Error("no dossier to take a sample of");
  return sample;
}

/** Waits until the outbox is empty, so that delivery does not run beside the other side of a comparison. */
async function drained(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: "-c role=app" });
  await client.connect();
  for (let n = 0; n < 600; n++) {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int as n from outbox where state = 'pending'",
    );
    if (rows[0]?.n === 0) break;
    await pause(200);
  }
  await client.end();
}

/** (b) Tracking as JSON beside a bare express "hello". */
async function tracking({ target, databaseUrl, dossiers, applications }: Prepared): Promise<void> {
  heading(
    "Tracking as JSON",
    "`GET /api/v1/tracking/{code}` beside a bare express “hello” in the same run. Goal: at least 0.55. " +
      "Questions that arrive together are one query, and an answer serves again for a second (a move of the dossier is seen at once). " +
      "“Again”: each client asks for one dossier over and over, as a page that is reloaded; “anew”: all clients go round more dossiers than a second can ask for, so that each answer is read from the database.",
    ["dossiers", "clients", "tracking/s", "p95 ms", "hello/s", "ratio"],
  );
  const hello = forked("hello.ts");
  const [{ port }] = (await once(hello, "message")) as [{ port: number }];
  const other: Target = { host: "127.0.0.1", port };
  // Enough that nothing is asked for twice within the second that an answer is kept.
  if ((await allCodes(databaseUrl)).length < 3_000)
    await runIn("client.ts", { kind: "create", target, rate: 80, seconds: quick ? 5 : 45, applications });
  const address = (code: string) => `/api/v1/tracking/${code}`;
  const again = dossiers.map(({ code }) => address(code));
  const anew = (await allCodes(databaseUrl)).map(address);
  await pause(6_000); // What was just moved is not remembered yet.
  for (const [name, paths] of Object.entries({ again, [`anew, ${anew.length}`]: anew }))
    for (const clients of CLIENTS) await compare(name, clients, paths, name !== "again");
  hello.kill();

  async function compare(name: string, clients: number, paths: string[], rotate: boolean): Promise<void> {
    const ours: number[] = [];
    const bare: number[] = [];
    const p95: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const ran = await runIn("client.ts", { kind: "get", target, clients, seconds: SECONDS, paths, rotate });
      ours.push(ran.perSecond);
      p95.push(ran.p95);
      bare.push(
        (await runIn("client.ts", { kind: "get", target: other, clients, seconds: SECONDS, paths: ["/"] }))
          .perSecond,
      );
    }
    say(`  ${name}, ${clients} clients: ${ours.at(-1)?.toFixed(0)}/s beside ${bare.at(-1)?.toFixed(0)}/s`);
    row(
      name,
      clients,
      show(figure(ours)),
      show(figure(p95), 1),
      show(figure(bare)),
      (figure(ours).median / figure(bare).median).toFixed(2),
    );
  }
}

async function allCodes(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, options: "-c role=app" });
  await client.connect();
  const { rows } = await client.query<{ code: string }>("select code from dossiers order by id");
  await client.end();
  return rows.map(({ code }) => code);
}

/** (c) Creation of a dossier at a held rate: the highest at which p95 stays under the limit. */
async function creation({ target, applications }: Prepared): Promise<number> {
  heading(
    "Filing and accepting a dossier at a held rate",
    `The highest rate at which p95 stays under ${P95_LIMIT} ms, the client on the same two cores. Goal: 60/s. Open Zaak publishes 24/s at a median of 390 ms.`,
    ["held rate/s", "p50 ms", "p95 ms", "refused"],
  );
  let best = 0;
  for (const rate of RATES) {
    const { p50, p95, failures } = await runIn("client.ts", {
      kind: "create",
      target,
      rate,
      seconds: CREATE_SECONDS,
      applications,
    });
    say(`  ${rate}/s: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`);
    row(rate, p50.toFixed(0), p95.toFixed(0), failures);
    if (p95 >= P95_LIMIT) break;
    best = rate;
  }
  lines.push("", `Highest held rate under ${P95_LIMIT} ms: **${best}/s**.`);
  return best;
}

/** (d) Delivery keeps up: the backlog stays flat at that rate. */
async function backlog({ target, applications, databaseUrl }: Prepared, rate: number): Promise<void> {
  heading(
    "Delivery to the portal keeps up",
    `Dossiers filed at ${rate}/s for ${BACKLOG_SECONDS} s; messages not yet delivered, sampled each second.`,
    ["first ten seconds (mean)", "last ten seconds (mean)", "most", "created"],
  );
  if (rate === 0) return;
  await drained(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl, options: "-c role=app" });
  await client.connect();
  const samples: number[] = [];
  const sampling = new AbortController();
  const sampler = (async () => {
    while (!sampling.signal.aborted) {
      const { rows } = await client.query<{ n: number }>(
        "select count(*)::int as n from outbox where state = 'pending'",
      );
      samples.push(rows[0]?.n ?? 0);
      await pause(1000);
    }
  })();
  const job: Job = { kind: "create", target, rate, seconds: BACKLOG_SECONDS, applications };
  await runIn("client.ts", job);
  sampling.abort();
  await sampler;
  await client.end();
  const mean = (values: number[]) =>
    (values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)).toFixed(0);
  say(`  backlog: ${samples.join(" ")}`);
  row(mean(samples.slice(0, 10)), mean(samples.slice(-10)), Math.max(...samples), rate * BACKLOG_SECONDS);
}

/** (e) Start on an existing database, and the memory of an idle web process. */
async function starting(): Promise<void> {
  heading(
    "Start",
    "On the database that the runs above left. Goals: under 3 s; web process idle under 150 MB.",
    ["start s", "web process, idle MB"],
  );
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < Math.min(RUNS, 3); run++) {
    system = await system.restart();
    seconds.push(system.startSeconds);
    await pause(5000);
    memory.push(await residentMemory(await system.pidOf("server/web-process.")));
    say(`  start ${seconds.at(-1)?.toFixed(1)} s, ${memory.at(-1)?.toFixed(0)} MB`);
  }
  row(show(figure(seconds), 1), show(figure(memory)));
}

/** (f) A decision beside `bpmn-engine`. */
async function decisions(): Promise<void> {
  heading(
    "A decision",
    "Machine from cache, guards, next state and facts; beside it `bpmn-engine` walking nine tasks with save and resume. Goal: under 100 µs.",
    ["decide µs", "what may be done now (all events) µs", "bpmn-engine µs a step"],
  );
  const { decide, allowed, bpmn } = await decisionCosts(RUNS);
  row(show(decide, 1), show(allowed, 1), show(bpmn));
}

/** Signed results beside what the machine's own cryptography gives. */
async function signing(): Promise<void> {
  heading(
    "Signing",
    "Without database and network: a leader's signature with timestamp (B-T), the agency's seal with timestamp and all proofs in the file (B-LT), and whole results with both and the setting of the paper; beside them the RSA-2048 signatures a second of one core by `openssl speed` and of node's cryptography in the same run.",
    ["openssl signs/s", "node signs/s", "signed/s", "sealed/s", "whole results/s"],
  );
  const runs: SigningFigures[] = [];
  for (let run = 0; run < Math.min(RUNS, 3); run++) runs.push(await measureSigning(quick ? 1 : 3));
  const of = (name: keyof SigningFigures) => show(figure(runs.map((one) => one[name] ?? Number.NaN)));
  row(of("opensslSigns"), of("nodeSigns"), of("signed"), of("sealed"), of("results"));
}

/** What setting each legal form costs when warm, and a long follow-up book. */
async function forms(): Promise<void> {
  const runs: FormFigures[] = [];
  for (let run = 0; run < Math.min(RUNS, 3); run++)
    runs.push(await measureForms(quick ? 5 : 40, quick ? 200 : 5_000));
  const of = (read: (one: FormFigures) => number, digits = 1) => show(figure(runs.map(read)), digits);
  const lines = runs[0]?.book.lines ?? 0;
  heading(
    "Legal forms",
    `Each set as PDF when warm, in one process, medians and 95 % of each run. Goal: under ${FORM_LIMIT_MS} ms each. The long book is written page by page.`,
    ["form", "median ms", "p95 ms", "kB"],
  );
  for (const [name, label] of Object.entries(FORM_NAMES) as [FormName, string][])
    row(
      label,
      of(({ forms }) => forms[name].median),
      of(({ forms }) => forms[name].p95),
      of(({ forms }) => forms[name].kB),
    );
  row(
    `follow-up book, ${lines} dossiers`,
    of(({ book }) => book.milliseconds, 0),
    "–",
    of(({ book }) => book.kB, 0),
  );
}

/** What taking in and reading scans costs. */
async function recognition(): Promise<void> {
  const runs: RecognitionFigures[] = [];
  for (let run = 0; run < Math.min(RUNS, 3); run++) runs.push(await measureRecognition(quick ? 1 : 10));
  const of = (name: Exclude<keyof RecognitionFigures, "engine">, digits = 0) => {
    const known = runs.flatMap((one) => one[name] ?? []);
    return known.length === 0 ? "not measured: no Tesseract here" : show(figure(known), digits);
  };
  heading(
    "Scans",
    `Pages of A4 with 13 lines of made-up text; ${runs[0]?.engine ?? "no Tesseract installed"}, one page at a time on one core as a worker reads them, with the searchable copy.`,
    ["what", "figure"],
  );
  row("pages recognised a minute", of("pagesPerMinute", 1));
  row("letters read wrongly, %", of("wrongLetters", 2));
  row("judging an uploaded JPEG, ms a page", of("judgeJpeg"));
  row("judging a scanned PDF, ms a page", of("judgePdf"));
  row("a photo of 12 million pixels to a page of a PDF, ms", of("pictureToPdf"));
  row("the same, kB", of("pictureToPdfSize"));
}
