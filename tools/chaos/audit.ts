import { setTimeout as pause } from "node:timers/promises";
import { checkHistory, type Finding } from "../../server/dossier/check-history.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openParts } from "../../server/parts.ts";
import type { Database } from "../../server/platform/database.ts";
import type { Caller } from "../demo/caller.ts";
import { compareAll, type Difference } from "../demo/compare.ts";
import type { Made } from "../demo/day.ts";
import type { Directory } from "../demo/directory.ts";
import type { PortalStub } from "../demo/portal-stub.ts";
import type { Answers, Told } from "./answers.ts";
import type { RunningSystem } from "./system.ts";

/** What was found when all was quiet. Everything but `answers` and `dossiers` should be nothing. */
export interface Audit {
  answers: number;
  dossiers: number;
  /** Answers whose event is not there, in words. */
  lost: string[];
  /** Events and dossiers that nobody was told of, and events that two were told to have caused. */
  doubled: string[];
  differences: Difference[];
  /** Messages that the portal refused, or that have not arrived. */
  undelivered: number;
  outOfOrder: number;
  findings: Finding[];
  files: number;
}

interface StoredEvent {
  code: string;
  seq: number;
  type: string;
  actor: string;
}

/** Nothing under way may keep the outbox from draining for longer than this, in milliseconds. */
const STANDSTILL = 60_000;

/** Compares what clients were told with what is stored, what is stored with the portal, and history with itself. */
export async function audit(
  system: RunningSystem,
  around: { answers: Answers; caller: Caller; directory: Directory; portal: PortalStub },
): Promise<Audit> {
  const parts = await openParts(
    {
      ...process.env,
      ...{ DATABASE_OWNER_URL: undefined, DATABASE_URL: system.databaseUrl },
      ...{ DATA_DIR: system.dataDir, LOG_LEVEL: "silent" },
    },
    { name: "audit", role: "app", connections: 3 },
  );
  try {
    const undelivered = await drain(parts.db);
    const stored = await readStored(parts.db);
    const { findings, files } = await checkHistory(await openDeps(parts));
    const { outOfOrder } = await around.portal.summary();
    return {
      answers: around.answers.told.length,
      dossiers: stored.dossiers.length,
      ...compareAnswers(around.answers, stored),
      differences: await compareAll(
        around,
        stored.dossiers.map((dossier) => madeOf(dossier, around.directory)),
      ),
      undelivered,
      outOfOrder,
      findings,
      files,
    };
  } finally {
    await parts.close();
  }
}

/** Waits until nothing is pending, or nothing has moved for a minute. Answers how many messages are left. */
async function drain(db: Database): Promise<number> {
  let left = Infinity;
  let moved = performance.now();
  for (;;) {
    const row = await db("outbox").whereNot("state", "delivered").count<{ n: number }[]>("* as n");
    const now = Number(row[0]?.n);
    if (now < left) moved = performance.now();
    left = now;
    if (left === 0 || performance.now() - moved > STANDSTILL) return left;
    await pause(250);
  }
}

interface StoredDossier {
  code: string;
  channel: string;
  intake: string;
  acceptedAtOnce: boolean;
}

async function readStored(db: Database): Promise<{ dossiers: StoredDossier[]; events: StoredEvent[] }> {
  const { rows: dossiers } = await db.raw<{ rows: StoredDossier[] }>(
    `select code, channel, intake_agency as intake,
            not exists (select from outbox o where o.dossier_id = d.id and o.seq = 1) as "acceptedAtOnce"
       from dossiers d order by id`,
  );
  const { rows: events } = await db.raw<{ rows: StoredEvent[] }>(
    `select d.code, e.seq, e.type, e.actor from events e join dossiers d on d.id = e.dossier_id order by d.id, e.seq`,
  );
  return { dossiers, events };
}

/** Each answer against the event of its number, and each event against the answer that should tell of it. */
export function compareAnswers(
  answers: Pick<Answers, "told" | "open">,
  { dossiers, events }: { dossiers: { code: string }[]; events: StoredEvent[] },
): { lost: string[]; doubled: string[] } {
  const place = (code: string, seq: number) => `${code} ${seq}`;
  const stored = new Map(events.map((event) => [place(event.code, event.seq), event]));
  const explained = new Map<string, Told>();
  const lost: string[] = [];
  const doubled: string[] = [];
  const claim = (told: Told, seq: number, type: string) => {
    const at = place(told.code, seq);
    const found = stored.get(at);
    if (found?.type !== type)
      lost.push(`${at}: ${told.who} was told ${type}, there is ${found?.type ?? "nothing"}`);
    const other = explained.get(at);
    if (other !== undefined && other.key !== told.key)
      doubled.push(`${at}: ${type} was told under two keys, to ${other.who} and ${told.who}`);
    explained.set(at, told);
  };
  for (const told of answers.told) {
    claim(told, told.type === "FILE" ? 1 : told.version, told.type);
    if (told.type === "FILE" && told.version === 2) claim(told, 2, "ACCEPT");
  }
  const known = new Set(answers.told.map(({ code }) => code));
  for (const { code } of dossiers)
    if (!known.has(code)) doubled.push(`${code}: a dossier that nobody was told of`);
  for (const { code, seq, type, actor } of events) {
    // The worker's own, and the papers that came with a filing online, have no client who waits for an answer.
    if (actor === "worker" || (actor === "portal" && type === "ADD_DOCUMENT")) continue;
    if (known.has(code) && !explained.has(place(code, seq)))
      doubled.push(`${code} ${seq}: ${type} by ${actor}, of which nobody was told`);
  }
  return { lost, doubled };
}

function madeOf({ code, channel, intake, acceptedAtOnce }: StoredDossier, directory: Directory): Made {
  const frontdesk = directory.account(intake, "frontdesk");
  return { code, channel, frontdesk, acceptedAtOnce, process: "", unit: "", status: 0, turns: [] };
}
