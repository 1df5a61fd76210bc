import { resolve } from "node:path";
import { BadBackup, BackupRefused, count, seconds } from "../server/backup/format.ts";
import { checkBackup, restoreBackup, tellAfterwards } from "../server/backup/restore-backup.ts";
import { findUnfinishedRestore } from "../server/backup/restore-mark.ts";
import { assertRoom, hasEmbeddedDatabase, lookAtTarget, lossesOf } from "../server/backup/restore-target.ts";
import { ConfigError, readConfig, type Config } from "../server/config.ts";
import { checkHistory } from "../server/dossier/check-history.ts";
import { openDeps } from "../server/open-deps.ts";
import { openParts } from "../server/parts.ts";
import { openClock } from "../server/platform/clock.ts";
import { openDataDir } from "../server/platform/data-dir.ts";
import { openLog } from "../server/platform/log.ts";
import { claimDataDir, findRunning } from "../server/platform/running.ts";
import { StartRefused } from "../server/platform/start-refused.ts";
import { keepDatabaseRunning, type RunningDatabase } from "../server/start-database.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";

/**
 * `npm run restore -- FILE`: puts a backup in the place of the system (docs/backup.md). Checks the file first, and asks for
 * `--replace` where something would be lost. Exits 0 when all is well, 3 when it is restored but the history check found
 * something, 1 when it is not restored.
 */
const HELP = `npm run restore -- TỆP [--replace] [--nothing-lost] [--no-check]

Phục hồi toàn hệ thống từ một tệp sao lưu vào DATA_DIR (và DATABASE_URL, nếu có). Hệ thống phải dừng trước.
Kiểm tra toàn bộ tệp trước khi thay đổi bất cứ điều gì. Bị ngắt giữa chừng thì chạy lại.

  --replace       thay thế dữ liệu đang có; dữ liệu đó mất hẳn
  --nothing-lost  không có gì phát sinh sau khi sao lưu (chuyển máy): số hồ sơ, số văn bản tiếp tục như cũ;
                  không có tùy chọn này thì số nhảy lên để không cấp lại số đã in
  --no-check      không đối chiếu lịch sử ở cuối (npm run verify:history làm việc đó sau)

Mã kết thúc: 0 tốt; 3 đã phục hồi nhưng đối chiếu lịch sử thấy sai khác; 1 không phục hồi được; 2 gọi sai.`;

const say = (line: string) => console.log(line);
const { values, positionals } = readCommandLine(HELP, {
  allowPositionals: true,
  options: {
    replace: { type: "boolean", default: false },
    "nothing-lost": { type: "boolean", default: false },
    "no-check": { type: "boolean", default: false },
  },
});
const [given] = positionals;
if (given === undefined || positionals.length > 1) endWrongUsage(HELP);

const begun = performance.now();
const closers: (() => Promise<unknown>)[] = [];
let target: string | undefined;
let code = 0;
try {
  const file = resolve(given);
  const config = readConfig(process.env, { withOwner: true });
  const { dataDir } = config;
  target = dataDir;
  await assertStopped(dataDir);
  const backup = await checkBackup(file, say);
  await openDataDir(dataDir);
  const me = { pid: process.pid, url: "", portalUrl: config.portal.url, clock: config.clock };
  closers.push(await claimDataDir(dataDir, me));

  const embedded = config.databaseUrl === undefined;
  let database: RunningDatabase | undefined;
  const openDatabase = async () => {
    if (database) return database;
    const opened = await keepDatabaseRunning(config, () => undefined, openLog("restore", "silent"));
    if (opened.startedHere) closers.push(() => opened.stop());
    return (database = opened);
  };
  const unfinished = await findUnfinishedRestore(dataDir);
  if (unfinished !== undefined) say(`Lần phục hồi trước (${unfinished}) chưa xong: làm lại từ đầu.`);
  else {
    // Nothing is started where there is nothing: a refusal leaves no trace.
    const isThere = !embedded || (await hasEmbeddedDatabase(dataDir));
    const standing = await lookAtTarget(dataDir, isThere ? (await openDatabase()).ownerUrl : undefined);
    const losses = lossesOf(standing, dataDir);
    if (losses.length > 0 && !values.replace)
      throw new BackupRefused(
        `Nơi phục hồi không trống. Nếu tiếp tục sẽ MẤT HẲN:\n${losses.map((loss) => `  - ${loss}`).join("\n")}\n` +
          "Hãy sao lưu trước (npm run backup), rồi chạy lại với --replace nếu đúng là muốn thay thế.",
      );
    for (const loss of losses) say(`Thay thế, sẽ mất: ${loss}.`);
  }
  await assertRoom(dataDir, backup, embedded);

  const { ownerUrl, url } = await openDatabase();
  const wish = { file, dataDir, say, clock: openClock(config.clock), nothingLost: values["nothing-lost"] };
  const raised = await restoreBackup(wish, backup, { ownerUrl, url });
  say(`Đã phục hồi xong: ${seconds(begun)}.`);
  for (const line of tellAfterwards(backup, raised)) say(line);
  if (values["no-check"]) say("Hãy đối chiếu lịch sử: npm run verify:history");
  else code = (await isHistorySound(config, url)) ? 0 : 3;
} catch (cause) {
  code = 1;
  const known = [BadBackup, BackupRefused, ConfigError, StartRefused].some((kind) => cause instanceof kind);
  console.error(known ? (cause as Error).message : cause);
  if (target !== undefined && (await findUnfinishedRestore(target)) !== undefined)
    console.error("Phục hồi CHƯA XONG: hệ thống chưa dùng được. Hãy khắc phục rồi chạy lại lệnh này.");
} finally {
  for (const close of closers.reverse()) await close().catch(() => undefined);
}
process.exit(code);

async function assertStopped(dataDir: string): Promise<void> {
  const running = await findRunning(dataDir);
  if (running !== undefined)
    throw new BackupRefused(
      `Hệ thống đang hoạt động trên ${dataDir} (tiến trình ${running.pid}). Hãy dừng nó trước khi phục hồi.`,
    );
}

/** The whole record against itself, by the keys and files that came along. */
async function isHistorySound(config: Config, url: string): Promise<boolean> {
  say("Đang đối chiếu lịch sử …");
  const env = { ...process.env, DATABASE_URL: url, DATA_DIR: config.dataDir, LOG_LEVEL: "silent" };
  const parts = await openParts(env, { name: "restore", role: "app", connections: 2 });
  try {
    const { dossiers, events, files, findings } = await checkHistory(await openDeps(parts));
    for (const { dossierCode, kind, seq, detail } of findings)
      console.error(`${kind}  ${dossierCode}${seq === null ? "" : ` event ${seq}`}: ${detail}`);
    say(
      `Đã đối chiếu ${count(dossiers)} hồ sơ, ${count(events)} sự kiện, ${count(files)} tệp: ${count(findings.length)} sai khác.`,
    );
    return findings.length === 0;
  } finally {
    await parts.close();
  }
}
