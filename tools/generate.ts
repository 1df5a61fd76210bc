import { join } from "node:path";
import { ConfigError, readConfig } from "../server/config.ts";
import { openSecrets } from "../server/kept-secrets.ts";
import { openClock } from "../server/platform/clock.ts";
import { openDataDir } from "../server/platform/data-dir.ts";
import { openFileStore } from "../server/platform/files.ts";
import { openLog } from "../server/platform/log.ts";
import { claimDataDir } from "../server/platform/running.ts";
import { StartRefused } from "../server/platform/start-refused.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { makeDossiers } from "./generate/make-dossiers.ts";
import { countDossiers, prepareDatabase } from "./generate/prepare.ts";
import { inGigabytes, lookForRoom } from "./generate/room.ts";
import { USAGE, WrongUsage, readSettings } from "./generate/settings.ts";
import type { Settings } from "./generate/settings.ts";

/**
 * `npm run generate -- --dossiers N`: fills the database with made-up dossiers of several years (docs/generator.md).
 * Exit code 2 for a wrong command line, 1 where it does not begin: in production, beside dossiers that are there,
 * without room, while the program runs.
 */
const say = (line: string) => console.log(line);

/** Two cores make the rows while a third writes them; on a small machine they share. */
const THREADS = 2;

/** Thrown where it does not begin; the message says why. */
class NotBegun extends Error {}

function settingsOf(args: string[]): Settings {
  try {
    return readSettings(args);
  } catch (cause) {
    if (!(cause instanceof WrongUsage)) throw cause;
    console.error(`${cause.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function generate(settings: Settings): Promise<void> {
  if (process.env.NODE_ENV === "production")
    throw new NotBegun("made-up dossiers are refused in production (NODE_ENV)");
  const config = readConfig(process.env, { withOwner: true });
  const clock = openClock(config.clock);
  await openDataDir(config.dataDir);
  const room = await lookForRoom(config.dataDir, settings.dossiers);
  if (config.databaseUrl !== undefined) say("an outside database: whether it has room is not known here");
  else if (room.needed > room.free)
    throw new NotBegun(
      `${settings.dossiers} dossiers would need about ${inGigabytes(room.needed)}; ` +
        `${inGigabytes(room.free)} are free in ${config.dataDir}`,
    );
  say(`needs about ${inGigabytes(room.needed)}, ${inGigabytes(room.free)} are free`);
  const running = { pid: process.pid, url: "npm run generate", portalUrl: "", clock: config.clock };
  const release = await claimDataDir(config.dataDir, running);
  const database = await keepDatabaseRunning(config, say, openLog("generate", "silent"));
  const stop = async () => {
    await database.stop();
    await release();
  };
  // The transaction goes with the database: nothing of an interrupted run is left.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      say("interrupted: nothing was made");
      void stop().finally(() => process.exit(130));
    });
  try {
    const secrets = await openSecrets(config);
    await prepareDatabase(database, clock, secrets.demoPassword);
    const held = await countDossiers(database);
    if (held > 0 && !settings.add)
      throw new NotBegun(`the database holds ${held} dossiers; --add makes more beside them`);
    const made = await makeDossiers(settings, {
      database,
      files: await openFileStore(join(config.dataDir, "files")),
      secrets,
      publicUrl: config.publicUrl,
      now: clock.now(),
      threads: THREADS,
      say,
    });
    const { rows, indexes, analyze } = made.seconds;
    say(
      `${made.dossiers} dossiers, ${made.accounts} accounts made in ${(rows + indexes + analyze).toFixed(0)} s: ` +
        `rows ${rows.toFixed(0)} s, indexes ${indexes.toFixed(0)} s, statistics ${analyze.toFixed(0)} s`,
    );
  } finally {
    await stop();
  }
}

try {
  await generate(settingsOf(process.argv.slice(2)));
} catch (cause) {
  const expected = [NotBegun, StartRefused, ConfigError].some((kind) => cause instanceof kind);
  console.error(expected ? (cause as Error).message : cause);
  process.exit(1);
}
process.exit(0);
