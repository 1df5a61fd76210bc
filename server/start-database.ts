import { join } from "node:path";
import type { Config } from "./config.ts";
import { prepareEmbeddedDatabase, type DatabaseAddresses } from "./platform/embedded-database.ts";
import { startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import type { Log } from "./platform/log.ts";

export interface RunningDatabase extends DatabaseAddresses {
  /** False when it ran already: somebody else uses it. */
  startedHere: boolean;
  stop(): Promise<void>;
}

/** How often is looked whether the embedded database still runs, in milliseconds. */
const WATCH = 1_000;

/**
 * The outside database as it is, or the embedded one: started, and started again when it ends by itself, on the same
 * port, so that whoever uses it finds it again.
 */
export async function keepDatabaseRunning(
  config: Config,
  say: (line: string) => void,
  log: Log,
): Promise<RunningDatabase> {
  const { databaseUrl: url, databaseOwnerUrl: ownerUrl } = config;
  if (url !== undefined && ownerUrl !== undefined)
    return { url, ownerUrl, startedHere: false, stop: () => Promise.resolve() };

  const directory = join(config.dataDir, "postgres");
  say("starting the database");
  let postgres = await startEmbeddedPostgres({ directory, say });
  const { startedHere } = postgres;
  if (!startedHere) say("found it running already");
  const addresses = await prepareEmbeddedDatabase(postgres, directory);

  let restarting: Promise<void> | undefined;
  const watch = setInterval(() => {
    if (postgres.isRunning() || restarting) return;
    log.error("the database ended and is started again");
    restarting = startEmbeddedPostgres({ directory, port: postgres.port, say: (line) => log.warn(line) })
      .then((started) => {
        postgres = started;
      })
      .catch((cause: unknown) => log.error({ err: cause }, "the database does not start"))
      .finally(() => (restarting = undefined));
  }, WATCH);
  return {
    ...addresses,
    startedHere,
    async stop() {
      clearInterval(watch);
      await restarting;
      await postgres.stop(3_000);
    },
  };
}
