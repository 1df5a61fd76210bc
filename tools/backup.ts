import { createRequire } from "node:module";
import { relative, resolve, isAbsolute } from "node:path";
import { BackupRefused, count, megabytes, seconds } from "../server/backup/format.ts";
import { FAULTS } from "../server/backup/restore-backup.ts";
import { findUnfinishedRestore } from "../server/backup/restore-mark.ts";
import { hasEmbeddedDatabase } from "../server/backup/restore-target.ts";
import { writeBackup } from "../server/backup/write-backup.ts";
import { ConfigError, readConfig } from "../server/config.ts";
import { openClock } from "../server/platform/clock.ts";
import { openLog } from "../server/platform/log.ts";
import { findRunning } from "../server/platform/running.ts";
import { keepDatabaseRunning } from "../server/start-database.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";

/**
 * `npm run backup -- FILE`: writes the whole system into one file, while it runs or not (docs/backup.md). Exits 0 when all
 * of it is there, 3 when the backup is written but files that it should hold were at fault, 1 when there is no backup.
 */
const HELP = `npm run backup -- TỆP

Sao lưu toàn hệ thống vào một tệp: cơ sở dữ liệu, tệp hồ sơ, khóa và thiết lập trong DATA_DIR.
Chạy được khi hệ thống đang hoạt động và khi đã dừng. Không ghi đè tệp đã có.
Ví dụ: npm run backup -- /mnt/sao-luu/motcua-2026-11-23.tar.gz

Tệp sao lưu chứa dữ liệu cá nhân và khóa: hãy cất nơi an toàn, trên máy hoặc đĩa khác.
Mã kết thúc: 0 đầy đủ; 3 đã sao lưu nhưng có tệp hồ sơ thiếu hoặc hỏng; 1 không sao lưu được; 2 gọi sai.`;

const say = (line: string) => console.log(line);
const { positionals } = readCommandLine(HELP, { allowPositionals: true, options: {} });
const [given] = positionals;
if (given === undefined || positionals.length > 1) endWrongUsage(HELP);

const cancel = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => cancel.abort());

const begun = performance.now();
let stopDatabase: () => Promise<void> = () => Promise.resolve();
let code = 0;
try {
  const config = readConfig(process.env, { withOwner: true });
  const { dataDir } = config;
  const file = resolve(given);
  const inside = relative(dataDir, file);
  if (!inside.startsWith("..") && !isAbsolute(inside))
    throw new BackupRefused(
      `${file} nằm trong ${dataDir}: bản sao lưu phải ở nơi khác, tốt nhất là đĩa khác.`,
    );
  if ((await findUnfinishedRestore(dataDir)) !== undefined)
    throw new BackupRefused(`Lần phục hồi vào ${dataDir} chưa xong: chưa có gì trọn vẹn để sao lưu.`);
  if (config.databaseUrl === undefined && !(await hasEmbeddedDatabase(dataDir)))
    throw new BackupRefused(`Trong ${dataDir} chưa có cơ sở dữ liệu: chưa có gì để sao lưu.`);
  const running = await findRunning(dataDir);
  const database = await keepDatabaseRunning(config, () => undefined, openLog("backup", "silent"));
  // Asked again at the end: a program that was started meanwhile uses the database too.
  stopDatabase = async () => {
    if (database.startedHere && (await findRunning(dataDir)) === undefined) await database.stop();
  };
  say(`Sao lưu ${dataDir} vào ${file}${running ? " (hệ thống đang hoạt động)" : ""} …`);
  const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
  const { manifest, size, strange } = await writeBackup({
    ...{ ownerUrl: database.ownerUrl, dataDir, file, version, say, signal: cancel.signal },
    clock: openClock(running?.clock ?? config.clock),
  });
  say(`Đã sao lưu xong: ${megabytes(size)}, ${seconds(begun)}. ${file}`);
  for (const { sha256, what } of manifest.faults) console.error(`Đã ${FAULTS[what]}: ${sha256}`);
  for (const path of strange) console.error(`Không sao lưu ${path}: là liên kết, không phải tệp.`);
  if (manifest.faults.length + strange.length > 0) {
    console.error(
      `CHÚ Ý: ${count(manifest.faults.length + strange.length)} tệp thiếu hoặc hỏng, nêu ở trên; npm run verify:history cho biết thuộc hồ sơ nào.`,
    );
    code = 3;
  }
} catch (cause) {
  code = 1;
  if (cancel.signal.aborted) console.error("Đã dừng theo yêu cầu; phần ghi dở đã được xóa.");
  else console.error(cause instanceof BackupRefused || cause instanceof ConfigError ? cause.message : cause);
} finally {
  await stopDatabase();
}
process.exit(code);
