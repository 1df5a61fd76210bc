import type { Colleague } from "../workflows/rules.ts";
import type { Config } from "./config.ts";
import { calendarInForce } from "./catalogue/calendar-in-force.ts";
import { openCatalogue } from "./catalogue/catalogue.ts";
import { readAgencies } from "./catalogue/units.ts";
import { judgeFile } from "./digitization/judge-file.ts";
import { virusScanner } from "./digitization/virus-scanner.ts";
import type { Deps } from "./dossier/deps.ts";
import { openMoves } from "./dossier/moves.ts";
import { dossierSecrets } from "./dossier/secrets.ts";
import type { Clock } from "./platform/clock.ts";
import type { Database } from "./platform/database.ts";
import type { FileStore } from "./platform/files.ts";
import type { Log } from "./platform/log.ts";
import type { Secrets } from "./kept-secrets.ts";

/** What a process has opened from its settings (parts.ts). */
export interface OpenedParts {
  config: Pick<Config, "dataDir" | "publicUrl"> & Partial<Pick<Config, "scanner">>;
  secrets: Pick<Secrets, "secretKey" | "secretHashKey">;
  clock: Clock;
  log: Log;
  db: Database;
  /**
   * A small pool of its own for what a decision looks up while its transaction holds a connection of `db`: from the
   * same pool, ten transactions at once would each wait for an eleventh connection, and none would go on.
   */
  lookUpDb: Database;
  files: FileStore;
}

/** What the use cases need, over a process' opened parts; closed with them. */
export async function openDeps(parts: OpenedParts): Promise<Deps> {
  const { config, secrets, clock, log, db, lookUpDb, files } = parts;
  const [agencies, catalogue] = await Promise.all([readAgencies(lookUpDb), openCatalogue(lookUpDb)]);
  const scanner = config.scanner === undefined ? undefined : virusScanner(config.scanner);
  return {
    db,
    clock,
    files,
    judgeFile,
    assertClean: (path) => scanner?.assertClean(path) ?? Promise.resolve(),
    log,
    secrets: dossierSecrets(secrets.secretKey, secrets.secretHashKey),
    agencies,
    catalogue,
    calendarOf: calendarInForce(lookUpDb, agencies),
    colleaguesOf: colleaguesOf(lookUpDb),
    moves: openMoves(),
    publicUrl: config.publicUrl,
  };
}

const FRESH_MS = 3_000;

/** The active accounts of a unit, remembered for a few seconds: every decision asks for them. */
function colleaguesOf(db: Database): (agency: string) => Promise<Colleague[]> {
  const kept = new Map<string, { at: number; colleagues: Promise<Colleague[]> }>();
  return (agency) => {
    const known = kept.get(agency);
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.colleagues;
    const colleagues = db
      .select<Colleague[]>("username", "name", "roles")
      .from("accounts")
      .where({ agency, active: true })
      .orderBy("username")
      .then((rows) => rows);
    kept.set(agency, { at: performance.now(), colleagues });
    colleagues.catch(() => kept.delete(agency));
    return colleagues;
  };
}
