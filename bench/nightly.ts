import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { readConfig } from "../server/config.ts";
import { openDeps } from "../server/open-deps.ts";
import { openParts } from "../server/parts.ts";
import { openLog } from "../server/platform/log.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { withSums } from "../server/statistics/columns.ts";
import { formFromEvents } from "../server/statistics/fresh-figures.ts";
import { formA } from "../server/statistics/form-06a.ts";
import { figureRules, rollUpNight } from "../server/statistics/roll-up-night.ts";
import { daysLater, endOf } from "../server/statistics/vietnam-days.ts";
import { figure, type Figure } from "./figures.ts";

/** The day whose night is measured: a Monday. */
const DAY = "2026-11-23";
const A_DAY = 5_000;
/** Days of the calendar for one on which dossiers come in. */
const CALENDAR = 7 / 5;
const RUNS = 9;

/** What the night and the form cost over one archive. */
export interface NightlyFigures {
  archive: number;
  /** Dossiers and events of the measured day. */
  day: { dossiers: number; events: number };
  /** Open when the day ended: the night counts them by cells. */
  open: number;
  /** Taking the whole archive in, once, in seconds. */
  archiveSeconds: number;
  /** The night of the day: every unit rolled up, with its figures kept; in seconds. */
  nightSeconds: number;
  /** II.06a of the whole province for a month, from what the nights keep; milliseconds. */
  form: Figure;
  rows: number;
  /** The same from `dossiers` and `events`; seconds. */
  rawSeconds: number;
  /** Whether both answers are the same, row by row. */
  same: boolean;
}

export interface NightlyOptions {
  /** A database that holds the archive and the day already; without it one is made and thrown away. */
  dataDir?: string;
  say?: (line: string) => void;
}

/**
 * Measures the night of a day of 5,000 dossiers beside an archive of so many, which came in at the same pace, and form
 * II.06a of the month that ends with the day.
 */
export async function benchNightly(archive: number, options: NightlyOptions = {}): Promise<NightlyFigures> {
  const { say = () => undefined } = options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "motcua-nightly-")));
  const env = environment(dataDir);
  try {
    if (options.dataDir === undefined) makeArchive(dataDir, archive, say);
    return await measure(env, say);
  } finally {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

const environment = (dataDir: string): NodeJS.ProcessEnv => ({
  ...process.env,
  DATA_DIR: dataDir,
  CLOCK_START: `${daysLater(DAY, 1)}T00:30:00+07:00`,
});

/** Fills a database with so many dossiers that came in at 5,000 a day, and with the day whose night is measured. */
export function makeArchive(dataDir: string, archive: number, say: (line: string) => void): void {
  const env = environment(dataDir);
  const days = Math.ceil((archive / A_DAY) * CALENDAR);
  say(`${archive} dossiers over ${days} days, then ${A_DAY} on ${DAY}`);
  generate(env, archive, daysLater(DAY, -days), daysLater(DAY, -1));
  generate(env, A_DAY, DAY, DAY, "--add", "--seed", "2");
}

function generate(
  env: NodeJS.ProcessEnv,
  dossiers: number,
  from: string,
  to: string,
  ...more: string[]
): void {
  const wish = ["--dossiers", String(dossiers), "--from", from, "--to", to, "--recent-outbox-days", "0"];
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("../tools/generate.ts", import.meta.url)), ...wish, ...more],
    { env, stdio: ["ignore", "ignore", "pipe"] },
  );
  if (status !== 0) throw new Error(`the generator failed: ${String(stderr)}`);
}

async function measure(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<NightlyFigures> {
  const config = readConfig(env, { withOwner: true });
  const database = await keepDatabaseRunning(config, () => undefined, openLog("bench", "silent"));
  const parts = await openParts(
    { ...env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
    { name: "bench-nightly", role: "worker", connections: 3 },
  );
  try {
    const { db } = parts;
    const deps = await openDeps(parts);
    const now = parts.clock.now();
    const seconds = async (work: () => Promise<unknown>): Promise<number> => {
      const begun = performance.now();
      await work();
      return (performance.now() - begun) / 1000;
    };
    const roll = async (day: string) => {
      const { failed } = await rollUpNight(deps, { day, asOf: endOf(day), now });
      if (failed.length > 0) throw new Error(`${failed.length} units failed: ${failed[0]?.error ?? ""}`);
    };
    const archiveSeconds = await seconds(() => roll(daysLater(DAY, -1)));
    say(`archive taken in after ${archiveSeconds.toFixed(0)} s`);
    // As autovacuum would have by the next night.
    const owner = parts.openPool("worker", 1);
    await owner.raw("analyze").catch(() => undefined);
    const nightSeconds = await seconds(() => roll(DAY));
    say(`night of ${DAY} after ${nightSeconds.toFixed(1)} s`);

    const period = { from: daysLater(DAY, -30), to: DAY };
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push((await seconds(() => formA(db, period))) * 1000);
    const form = await formA(db, period);
    let raw: Awaited<ReturnType<typeof formFromEvents>> = [];
    const units = deps.agencies.all.map(({ code }) => code);
    const rules = await figureRules(deps);
    const rawSeconds = await seconds(async () => {
      raw = await formFromEvents(db, rules, units, { ...period, asOf: endOf(DAY) });
    });
    const inOrder = (rows: object[]) =>
      rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join("\n");
    const same =
      inOrder(
        raw.map(({ tier, procedureCode, columns }) => ({ tier, procedureCode, ...withSums(columns) })),
      ) ===
      inOrder(
        form.rows.map(({ tier, procedureCode, c4, c5, c6, c8, c9, c10, c12, c13, apart }) => ({
          ...{ tier, procedureCode },
          ...withSums({ c4, c5, c6, c8, c9, c10, c12, c13, apart }),
        })),
      );
    const { rows } = await db.raw<{
      rows: { archive: number; dossiers: number; events: number; open: number }[];
    }>(
      `select (select count(*)::int from dossiers where submitted_at < :from) as archive,
              (select count(*)::int from dossiers where submitted_at >= :from) as dossiers,
              (select count(*)::int from events where recorded_at >= :from) as events,
              (select coalesce(sum(within + overdue + apart), 0)::int from statistic_open where day = :day) as open`,
      { from: new Date(endOf(daysLater(DAY, -1))), day: DAY },
    );
    const { archive = 0, dossiers = 0, events = 0, open = 0 } = rows[0] ?? {};
    return {
      ...{ archive, day: { dossiers, events }, open, archiveSeconds, nightSeconds },
      ...{ form: figure(times), rows: form.rows.length, rawSeconds, same },
    };
  } finally {
    await parts.close();
    await database.stop();
  }
}

// `node --import tsx bench/nightly.ts [--archive 100000] [--data-dir DIR]`: prints the figures as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { archive: { type: "string", default: "100000" }, "data-dir": { type: "string" } },
  });
  const dataDir = values["data-dir"];
  const figures = await benchNightly(Number(values.archive), {
    ...(dataDir === undefined ? {} : { dataDir }),
    say: (line) => console.error(line),
  });
  console.log(JSON.stringify(figures, null, 2));
  process.exit(figures.same ? 0 : 1);
}
