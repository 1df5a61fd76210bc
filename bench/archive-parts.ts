import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../server/config.ts";
import { openDatabase } from "../server/platform/database.ts";
import type { Database } from "../server/platform/database.ts";
import { openLog } from "../server/platform/log.ts";
import { migrate } from "../server/platform/migrate.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import type { Job } from "./client.ts";
import { heading, row, say } from "./document.ts";
import { figure, show } from "./figures.ts";
import type { Load } from "./load.ts";
import { benchNightly, makeArchive } from "./nightly.ts";
import type { NightlyFigures } from "./nightly.ts";
import { startSystem } from "./system.ts";
import { renderTimes, seatOfficers } from "./work-list.ts";

const OFFICERS = 50;
/** The morning after the archive's last day. */
const MORNING = "2026-11-24T07:30:00+07:00";

interface Lists {
  archive: number;
  /** One officer alone, then fifty who read a second before they go on, then fifty who do not read at all. */
  loads: { alone: Load; reading: Load; hurrying: Load };
}

/**
 * What depends on how much there is: the work lists with fifty officers, the night, the form. Each size is an archive
 * of its own, made by the generator and thrown away (`keep`: a folder to make it in, where one of an earlier run serves).
 */
export async function archiveParts(options: {
  sizes: number[];
  seconds: number;
  keep: string | undefined;
  wanted: (part: string) => boolean;
  runIn: (job: Job) => Promise<Load>;
}): Promise<void> {
  const lists: Lists[] = [];
  const nights: NightlyFigures[] = [];
  for (const archive of options.sizes) {
    const kept = options.keep === undefined ? undefined : join(options.keep, String(archive));
    const dataDir = kept ?? (await mkdtemp(join(tmpdir(), "motcua-archive-")));
    try {
      if (kept === undefined || !(await isMade(kept))) makeArchive(dataDir, archive, say);
      if (options.wanted("nightly")) {
        await withOwner(dataDir, forgetNights);
        nights.push(await benchNightly(archive, { dataDir, say }));
      }
      if (options.wanted("work-list")) {
        lists.push({ archive, loads: await workLists(dataDir, options) });
      }
    } finally {
      if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
    }
  }
  if (lists.length > 0) tellLists(lists);
  if (nights.length > 0) tellNights(nights);
}

function isMade(dataDir: string): Promise<boolean> {
  return withOwner(dataDir, async (owner, urls) => {
    const { rows } = await owner.raw<{ rows: { made: boolean }[] }>(
      "select to_regclass('dossiers') is not null as made",
    );
    const made = rows[0]?.made === true;
    // Made by an earlier program perhaps.
    if (made) await migrate(urls.ownerUrl, urls.url);
    return made;
  });
}

async function withOwner<T>(
  dataDir: string,
  work: (owner: Database, urls: { ownerUrl: string; url: string }) => Promise<T>,
): Promise<T> {
  const config = readConfig({ DATA_DIR: dataDir });
  const database = await keepDatabaseRunning(config, () => undefined, openLog("bench", "silent"));
  const owner = openDatabase(database.ownerUrl, undefined, { max: 1 });
  try {
    return await work(owner, database);
  } finally {
    await owner.destroy();
    await database.stop();
  }
}

/** All that nights keep, which can be made again from the events, is as before the first of them. */
async function forgetNights(owner: Database): Promise<void> {
  await owner.raw(
    `truncate statistic_procedures, statistic_units, statistic_dossiers, statistic_spans, statistic_days, statistic_open,
       statistic_reports, nightly_runs, nightly_units, reconciliations, reconciliation_differences, late_risks`,
  );
}

/** No night is due any more: by day none runs, and an archive that no portal ever saw is not sent beside the lists. */
async function closeNights(owner: Database): Promise<void> {
  await owner.raw(
    `insert into nightly_runs (day, state, as_of, started_at, finished_at) values ('2026-11-23', 'clean', :now, :now, :now)
     on conflict (day) do update set state = 'clean', finished_at = excluded.finished_at`,
    { now: "2026-11-24T00:40:00+07:00" },
  );
  await owner.raw("delete from nightly_runs where day < '2026-11-23'");
  await owner.raw("delete from outbox where state <> 'delivered'");
  // Its dates are those of these calendars.
  await owner.raw(
    `insert into calendar_applied (year, version, applied_at) select year, version, now() from calendar_years
     on conflict do nothing`,
  );
  await owner.raw("vacuum (analyze)");
}

async function workLists(
  dataDir: string,
  { seconds, runIn }: { seconds: number; runIn: (job: Job) => Promise<Load> },
): Promise<Lists["loads"]> {
  const officers = await withOwner(dataDir, async (owner) => {
    await closeNights(owner);
    return seatOfficers(owner, OFFICERS, new Date(MORNING));
  });
  const system = await startSystem(dataDir, MORNING);
  try {
    const target = { host: "127.0.0.1", port: Number(new URL(system.url).port) };
    const at = async (readMs: number, some: typeof officers) => {
      const load = await runIn({ kind: "officers", target, seconds, readMs, officers: some });
      say(
        `  ${some.length} officers, reading ${readMs} ms: p50 ${load.p50.toFixed(0)} ms, p95 ${load.p95.toFixed(0)} ms, ` +
          `${load.perSecond.toFixed(0)}/s, ${load.failures} failed`,
      );
      if (load.failures > 0) throw new Error(`${load.failures} pages were not answered with 200`);
      return load;
    };
    await at(200, officers); // Each connection plans its questions once.
    const alone = await at(0, officers.slice(0, 1));
    await at(1_000, officers); // As in the middle of the morning: nobody is the first of his unit.
    return {
      alone,
      reading: await at(1_000, officers),
      hurrying: await at(0, officers),
    };
  } finally {
    await system.stop();
  }
}

function tellLists(measured: readonly Lists[]): void {
  const times = renderTimes(200).slice(20);
  heading(
    "The work lists",
    `Pages of 50 rows with their counts, of the busiest units, over HTTP, packed: one officer alone, and ${OFFICERS} at once on the same two cores as the program, its database and the client: each opening another list one second after the last came (“reading”), or at once (“hurrying”, more than people can). As in the middle of a morning: they have all worked for a while, so that no connection plans its questions anew and no unit is counted for the first time. Goal: p95 under 150 ms with ${OFFICERS} officers. ` +
      `The HTML of 50 rows is made in ${show(figure(times), 1)} ms (goal: under 10 ms).`,
    ["dossiers", "officers", "p50 ms", "p95 ms", "pages/s"],
  );
  for (const { archive, loads } of measured)
    for (const [name, { p50, p95, perSecond }] of Object.entries<Load>({ ...loads }))
      row(
        archive.toLocaleString("en"),
        name === "alone" ? "1" : `${OFFICERS}, ${name}`,
        ...[p50, p95, perSecond].map((value) => value.toFixed(0)),
      );
}

function tellNights(nights: readonly NightlyFigures[]): void {
  heading(
    "The night, and form II.06a",
    "Rolling up a day of 5,000 dossiers, every unit, beside archives of different size (goal: within 1.5 times from the smallest to the largest), and form II.06a of the whole province for a month from what the nights keep (goal: under 300 ms at the largest), beside the same from the events themselves.",
    [
      "archive",
      "events of the day",
      "open",
      "night s",
      "II.06a ms",
      "from the events s",
      "same answer",
      "archive taken in once, s",
    ],
  );
  for (const night of nights)
    row(
      night.archive.toLocaleString("en"),
      night.day.events.toLocaleString("en"),
      night.open.toLocaleString("en"),
      night.nightSeconds.toFixed(1),
      show(night.form),
      night.rawSeconds.toFixed(1),
      night.same ? "yes" : "NO",
      night.archiveSeconds.toFixed(0),
    );
}
