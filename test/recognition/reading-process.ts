// A worker that reads uploaded files and nothing else; for the test that kills it.
import { openLog } from "../../server/platform/log.ts";
import { openFileStore } from "../../server/platform/files.ts";
import { openDatabase } from "../../server/platform/database.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { dossierSecrets } from "../../server/dossier/secrets.ts";
import { readNext } from "../../server/recognition/read-next.ts";
import { findTools } from "../../server/recognition/tools.ts";

const [url = "", dir = "", lease = ""] = process.argv.slice(2);
const deps = {
  db: openDatabase(url, "worker", { max: 2 }),
  clock: systemClock,
  files: await openFileStore(dir),
  secrets: dossierSecrets(Buffer.alloc(32, 1), Buffer.alloc(32, 2)),
  log: openLog("test", "silent"),
};
await readNext(deps, await findTools(), undefined, Number(lease));
process.exit(0);
