import { calendarInForce } from "../../server/catalogue/calendar-in-force.ts";
import { readAgencies } from "../../server/catalogue/units.ts";
import { openDatabase } from "../../server/platform/database.ts";
import type { FileStore } from "../../server/platform/files.ts";
import type { DatabaseAddresses } from "../../server/platform/embedded-database.ts";
import { SECONDS_A_DAY, dayOf, formatDay, parseDay, secondOfDay } from "../../workflows/vietnam-time.ts";
import { workingTime } from "../../workflows/working-time.ts";
import { addFiles, addOfficers } from "./add-officers.ts";
import { fillDrawer } from "./drawer.ts";
import { beginFilling } from "./fill-tables.ts";
import type { Job } from "./job.ts";
import { runThreads } from "./run-threads.ts";
import { partsOf } from "./parts.ts";
import type { Part } from "./parts.ts";
import { keepReached, readNumbers, reserveRows, writeNumbers } from "./registers.ts";
import { TABLES } from "./rows.ts";
import type { Settings } from "./settings.ts";
import { timetable } from "./timetable.ts";
import type { Portion } from "./timetable.ts";
import { momentOf } from "./world.ts";

export interface Making {
  database: DatabaseAddresses;
  files: FileStore;
  secrets: { secretKey: Buffer; secretHashKey: Buffer };
  publicUrl: string;
  /** Now, by the program's clock. */
  now: Date;
  threads: number;
  say: (line: string) => void;
}

export interface Made {
  dossiers: number;
  accounts: number;
  /** Seconds for making and writing, for indexes and keys, for statistics and visibility. */
  seconds: { rows: number; indexes: number; analyze: number };
}

/** Messages of dossiers filed in so many last seconds are still to be sent. */
const PENDING = 30 * 60;
/** Where the database holds more than this many times what comes in, its indexes stay as they are. */
const KEEP_INDEXES = 3;

/**
 * Makes dossiers in bulk and writes them in one transaction: a run that is interrupted leaves nothing behind. The
 * database must be migrated and the catalogue loaded; the program must not be running.
 */
export async function makeDossiers(settings: Settings, making: Making): Promise<Made> {
  const { database, say } = making;
  const { drawer, stored } = await fillDrawer(making.files);
  const filling = await beginFilling(database.ownerUrl);
  try {
    const { client } = filling;
    const begun = performance.now();
    const period = periodOf(settings, making.now);
    const { parts, agencies, time } = await readProvince(database.url);
    const accounts = await addOfficers(client, agencies, settings, making.now);
    await addFiles(client, stored, making.now);
    const before = await readNumbers(client, period.from, period.to);
    const { held, firstId, lastDocument } = await reserveRows(client, settings.dossiers);
    const portions = timetable(parts, { ...period, time }, settings.dossiers, firstId);
    if (held <= settings.dossiers * KEEP_INDEXES) await filling.takeOffGuards();
    const shared = new Int32Array(new SharedArrayBuffer(4));
    shared[0] = lastDocument;
    const common = {
      url: database.url,
      publicUrl: making.publicUrl,
      seed: settings.seed,
      officers: accounts.all,
      before,
      drawer,
      ...making.secrets,
      lastDocument: shared,
      endAt: period.endAt,
      messagesFrom: period.endAt - settings.recentOutboxDays * SECONDS_A_DAY,
      pendingFrom: period.endAt - PENDING,
    };
    const jobs = dealParts(parts, portions, making.threads).map((own): Job => ({ ...common, parts: own }));
    await runThreads(jobs, {
      write: (rows) => filling.copy(rows),
      reached: (numbers) => keepReached(client, numbers),
      made: (count, seconds) => say(`${count} of ${settings.dossiers} dossiers in ${seconds.toFixed(0)} s`),
    });
    await writeNumbers(client);
    await client.query("select setval(pg_get_serial_sequence('documents', 'id'), greatest(1, $1::bigint))", [
      shared[0],
    ]);
    const written = performance.now();
    say("indexes and keys");
    await filling.putGuardsBack(say);
    // Their dates are those of these calendars: no worker need look through all that is open for it.
    await client.query(
      `insert into calendar_applied (year, version, applied_at) select year, version, $1 from calendar_years
       on conflict do nothing`,
      [making.now],
    );
    await filling.commit();
    const indexed = performance.now();
    say("statistics for the planner");
    await client.query(`vacuum (analyze) ${[...Object.keys(TABLES), "accounts", "files"].join(", ")}`);
    return {
      dossiers: settings.dossiers,
      accounts: accounts.made,
      seconds: {
        rows: (written - begun) / 1000,
        indexes: (indexed - written) / 1000,
        analyze: (performance.now() - indexed) / 1000,
      },
    };
  } finally {
    await filling.close();
  }
}

/** Before this second of the day hardly anything has been filed on it: then the day before is the last. */
const FIRST_HOUR = 8 * 3600;
const LAST_HOUR = 17 * 3600;

function periodOf({ from, to }: Settings, now: Date) {
  const moment = momentOf(now);
  const hasBegun = secondOfDay(moment) >= FIRST_HOUR;
  const today = dayOf(moment) - (hasBegun ? 0 : 1);
  const last = to === undefined ? today : Math.min(parseDay(to), today);
  const first = parseDay(from);
  if (first > last) throw new RangeError(`the period begins after its end, ${formatDay(last)}`);
  const endAt = Math.min(moment, (last + 1) * SECONDS_A_DAY - 1);
  const lastDay = Math.min(1, (secondOfDay(endAt) - FIRST_HOUR + 3600) / (LAST_HOUR - FIRST_HOUR + 3600));
  return { from: first, to: last, lastDay, endAt };
}

async function readProvince(url: string) {
  const db = openDatabase(url, "app", { max: 1, applicationName: "motcua-generate" });
  try {
    const agencies = await readAgencies(db);
    const calendar = await calendarInForce(db, agencies)("");
    return { agencies: agencies.all, parts: partsOf(agencies), time: workingTime(calendar) };
  } finally {
    await db.destroy();
  }
}

/** A dossier of the departments takes longer to make than one of the others: more steps, more kinds of procedure. */
const COST_OF_PROVINCE = 1.6;

/** The parts on so many threads, the largest first, each to the thread that has least. */
function dealParts(parts: readonly Part[], portions: Portion[][], threads: number): Job["parts"][] {
  const hands = Array.from({ length: Math.min(threads, parts.length) }, () => ({
    load: 0,
    parts: [] as Job["parts"],
  }));
  const loads = parts.map(({ share, district }) => share * (district === undefined ? COST_OF_PROVINCE : 1));
  for (const index of [...parts.keys()].sort((a, b) => (loads[b] ?? 0) - (loads[a] ?? 0))) {
    const hand = hands.reduce((least, other) => (other.load < least.load ? other : least));
    hand.load += loads[index] ?? 0;
    hand.parts.push({ index, portions: portions[index] ?? [] });
  }
  return hands.map((hand) => hand.parts);
}
