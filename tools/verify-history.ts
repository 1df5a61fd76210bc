import { readConfig } from "../server/config.ts";
import { checkHistory } from "../server/dossier/check-history.ts";
import { openDeps } from "../server/open-deps.ts";
import { openParts } from "../server/parts.ts";
import { findRunning } from "../server/platform/running.ts";
import { openLog } from "../server/platform/log.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { readCommandLine } from "./command-line.ts";

/**
 * `npm run verify:history`: checks every dossier's chain of hashes, its state and dates against its events, and every
 * stored file against its name. A line a finding, then the counts; exits 1 when there is a finding, 2 when it was
 * called wrongly.
 */
readCommandLine("npm run verify:history", { options: {} });
const say = (line: string) => console.log(line);
const config = readConfig(process.env, { withOwner: true });
const running = await findRunning(config.dataDir);
const database = await keepDatabaseRunning(config, () => undefined, openLog("verify", "silent"));
const parts = await openParts(
  { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
  { name: "verify-history", role: "app", connections: 2 },
);
let code = 0;
try {
  const begun = performance.now();
  const { dossiers, events, files, findings } = await checkHistory(await openDeps(parts));
  for (const { dossierCode, kind, seq, detail } of findings)
    say(`${kind}  ${dossierCode}${seq === null ? "" : ` event ${seq}`}: ${detail}`);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(
    `${dossiers} dossiers, ${events} events, ${files} files checked in ${seconds} s: ${findings.length} findings`,
  );
  code = findings.length === 0 ? 0 : 1;
} finally {
  await parts.close();
  if (running === undefined) await database.stop();
}
process.exit(code);
