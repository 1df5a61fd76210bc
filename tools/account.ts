import { createAccount, resetPassword } from "../server/accounts/change-accounts.ts";
import { readConfig } from "../server/config.ts";
import { openParts } from "../server/parts.ts";
import { Invalid, Problem } from "../server/platform/errors.ts";
import { openLog } from "../server/platform/log.ts";
import { findRunning } from "../server/platform/running.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";

/**
 * `npm run account -- --username U --name "Họ và tên" --unit CODE --roles administrator`: makes an account in the
 * system's database and prints its one-time password; with `--reset` instead of the rest it sets a new one. For the
 * first administrator, and for one who locked himself out. The system must have been started once.
 */
const USAGE =
  'npm run account -- --username U --name "Họ và tên" --unit 000.00.00.H30 --roles administrator\n' +
  "npm run account -- --username U --reset";

const { values } = readCommandLine(USAGE, {
  options: {
    username: { type: "string" },
    name: { type: "string" },
    unit: { type: "string" },
    roles: { type: "string" },
    reset: { type: "boolean", default: false },
  },
});
const { username, name, unit, roles, reset } = values;
if (username === undefined || (!reset && (name === undefined || unit === undefined || roles === undefined)))
  endWrongUsage(USAGE);

const config = readConfig(process.env, { withOwner: true });
const running = await findRunning(config.dataDir);
const database = await keepDatabaseRunning(config, () => undefined, openLog("account", "silent"));
const parts = await openParts(
  { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
  { name: "account", role: "app", connections: 1 },
);
let code = 0;
try {
  const password = await parts.db.transaction((trx) => {
    const changing = { trx, clock: parts.clock, by: "command" };
    if (reset) return resetPassword(changing, username);
    // "admin" is what people say for it.
    const named = (roles ?? "")
      .split(",")
      .map((role) => (role.trim() === "admin" ? "administrator" : role.trim()));
    return createAccount(changing, { username, name: name ?? "", agency: unit ?? "", roles: named });
  });
  console.log(`${username}\none-time password: ${password}`);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  code = 1;
  const lines = error instanceof Invalid ? error.errors.map(({ message }) => message) : [error.publicMessage];
  for (const line of lines) console.error(line);
} finally {
  await parts.close();
  if (running === undefined) await database.stop();
}
process.exit(code);
