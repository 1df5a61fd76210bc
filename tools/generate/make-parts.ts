// A thread that makes some parts of the province and hands their rows to the one that writes.
import { parentPort, workerData } from "node:worker_threads";
import { calendarInForce } from "../../server/catalogue/calendar-in-force.ts";
import { openCatalogue } from "../../server/catalogue/catalogue.ts";
import type { Catalogue } from "../../server/catalogue/catalogue.ts";
import { readAgencies } from "../../server/catalogue/units.ts";
import { dossierSecrets } from "../../server/dossier/secrets.ts";
import { openDatabase } from "../../server/platform/database.ts";
import type { Database } from "../../server/platform/database.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import type { Job, Said } from "./job.ts";
import { mattersOf } from "./matters.ts";
import type { Matter } from "./matters.ts";
import { openNumbers } from "./numbers.ts";
import { partsOf } from "./parts.ts";
import { openPart } from "./play-part.ts";
import { openRows } from "./rows.ts";
import { staffOf } from "./staff.ts";
import { dateOf } from "./world.ts";
import type { World } from "./world.ts";

/** Characters that are gathered before they are handed on. */
const BATCH = 4_000_000;
/** Machines kept ready: the seldom ones are built anew. */
const MACHINES = 1_000;

const job = workerData as Job;

function say(said: Said, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(said, transfer);
}

let underWay = 0;
let wake: (() => void) | undefined;
parentPort?.on("message", () => {
  underWay -= 1;
  wake?.();
});

/** Hands the gathered rows on; waits while two batches are under way. */
async function handOn(world: World, dossiers: number): Promise<void> {
  const rows = world.rows.take();
  underWay += 1;
  say(
    { kind: "rows", rows, dossiers },
    Object.values(rows).map(({ buffer }) => buffer),
  );
  while (underWay > 1) await new Promise<void>((resolve) => (wake = resolve));
}

async function openWorld(db: Database): Promise<World> {
  const [agencies, catalogue] = await Promise.all([readAgencies(db), openCatalogue(db)]);
  const inForce = calendarInForce(db, agencies);
  const calendars = new Map(
    await Promise.all(
      ["", ...agencies.all.map(({ code }) => code)].map(async (code) => [code, await inForce(code)] as const),
    ),
  );
  return {
    seed: job.seed,
    drawer: job.drawer,
    publicUrl: job.publicUrl,
    endAt: job.endAt,
    messagesFrom: dateOf(job.messagesFrom),
    pendingFrom: dateOf(job.pendingFrom),
    agencies,
    catalogue,
    staff: staffOf(job.officers),
    calendarOf(agency) {
      const calendar = calendars.get(agency);
      if (calendar === undefined) throw new Error(`no unit ${agency}`);
      return calendar;
    },
    secrets: dossierSecrets(Buffer.from(job.secretKey), Buffer.from(job.secretHashKey)),
    matters: {
      province: mattersOf(catalogue.all, "province"),
      district: mattersOf(catalogue.all, "district"),
      commune: mattersOf(catalogue.all, "commune"),
    },
    numbers: openNumbers(job.before, job.lastDocument),
    rows: openRows(),
  };
}

/** Machines at hand, what was not asked for longest forgotten. */
function machinesOf(catalogue: Catalogue): (matter: Matter) => ReadyMachine | Promise<ReadyMachine> {
  const kept = new Map<string, ReadyMachine>();
  return ({ version, tier }) => {
    const key = `${version.id}/${tier}`;
    const known = kept.get(key);
    if (known !== undefined) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    return catalogue.machine(version.id, tier).then((ready) => {
      kept.set(key, ready);
      const oldest = kept.size > MACHINES ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      return ready;
    });
  };
}

async function make(): Promise<void> {
  const db = openDatabase(job.url, "app", { max: 2, applicationName: "motcua-generate" });
  try {
    const world = await openWorld(db);
    const parts = partsOf(world.agencies);
    const machineOf = machinesOf(world.catalogue);
    const playing = job.parts.map(({ index, portions }) => {
      const part = parts[index];
      if (part === undefined) throw new Error(`no part ${index}`);
      return { played: openPart(world, part, index, machineOf), portions };
    });
    let dossiers = 0;
    for (const at of playing[0]?.portions.keys() ?? []) {
      for (const { played, portions } of playing) {
        const portion = portions[at];
        if (portion === undefined) continue;
        await played.play(portion);
        dossiers += portion.count;
        if (world.rows.size() < BATCH) continue;
        await handOn(world, dossiers);
        dossiers = 0;
      }
    }
    for (const { played } of playing) await played.finish();
    await handOn(world, dossiers);
    say({ kind: "done", reached: world.numbers.reached() });
  } finally {
    await db.destroy();
  }
}

try {
  await make();
} catch (cause) {
  say({ kind: "failed", reason: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
}
parentPort?.close();
