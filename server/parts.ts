import { join } from "node:path";
import { readConfig, type Config, type Environment } from "./config.ts";
import { openClock, type Clock } from "./platform/clock.ts";
import { assertUnprivileged, openDatabase } from "./platform/database.ts";
import type { Database, DatabaseOptions, DatabaseRole } from "./platform/database.ts";
import { openFileStore, type FileStore } from "./platform/files.ts";
import { openLog, type Log } from "./platform/log.ts";
import { openSecrets, type Secrets } from "./kept-secrets.ts";

/** What every process of the program opens from its settings, before it does its own work. */
export interface Parts {
  config: Config;
  secrets: Secrets;
  clock: Clock;
  log: Log;
  /** Acts as the role of this process. */
  db: Database;
  /** Of the same role, for what is looked up beside a transaction (open-deps.ts). */
  lookUpDb: Database;
  files: FileStore;
  /** A further pool under another role; closed with the rest. */
  openPool(role: DatabaseRole, max: number, options?: DatabaseOptions): Database;
  close(): Promise<void>;
}

/** Tables whose rows nobody may change or delete: history, and the rules that dossiers were filed under. */
export const APPEND_ONLY = [
  "events",
  "procedure_versions",
  "calendar_years",
  "account_changes",
  "person_store_uses",
] as const;

/** Look-ups are short, and their answers are remembered: two connections are plenty. */
const LOOK_UPS = 2;

/**
 * Opens the parts of a process that `server/supervise.ts` started (it hands on the database's address). Throws ConfigError
 * for a wrong environment, TooPowerful when the database login may do more than the program should.
 */
export async function openParts(
  env: Environment,
  { name, role, connections }: { name: string; role: DatabaseRole; connections: number },
): Promise<Parts> {
  const config = readConfig(env);
  const url = config.databaseUrl;
  if (url === undefined) throw new Error("DATABASE_URL is missing: this process is started by npm start");
  const pools: Database[] = [];
  const openPool = (poolRole: DatabaseRole, max: number, options: DatabaseOptions = {}) => {
    const pool = openDatabase(url, poolRole, { ...options, max, applicationName: `motcua-${name}` });
    pools.push(pool);
    return pool;
  };
  const db = openPool(role, connections);
  await assertUnprivileged(db, APPEND_ONLY);
  return {
    config,
    secrets: await openSecrets(config),
    clock: openClock(config.clock),
    log: openLog(name, config.logLevel),
    db,
    lookUpDb: openPool(role, LOOK_UPS, { prepareReads: true }),
    files: await openFileStore(join(config.dataDir, "files")),
    openPool,
    async close() {
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}
