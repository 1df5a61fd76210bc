import type { Clock } from "../platform/clock.ts";
import { migrate, migrationSource } from "../platform/migrate.ts";
import { BackupRefused, count, megabytes, wallTime } from "./format.ts";
import { beginLoading, type Loading } from "./load-tables.ts";
import { putFiles } from "./put-files.ts";
import { raiseNumbers, type RaisedNumbers } from "./raise-numbers.ts";
import { describeBackup, readBackup, type ReadBackup } from "./read-backup.ts";
import { rehearse } from "./rehearse.ts";
import { clearMark, markUnfinished, recordRestore } from "./restore-mark.ts";
import { assertAlone, clearDatabase, clearDataDir } from "./restore-target.ts";
import { every } from "./write-backup.ts";

export interface RestoreWish {
  file: string;
  /** Absolute. */
  dataDir: string;
  clock: Clock;
  /** Nothing was recorded after the backup (a move to another machine): numbers go on where they were. */
  nothingLost: boolean;
  say: (line: string) => void;
}

/**
 * Checks the whole file before anything else, and that this program knows its migrations. Throws BadBackup or
 * BackupRefused with words for people.
 */
export async function checkBackup(file: string, say: (line: string) => void): Promise<ReadBackup> {
  say("Đang kiểm tra toàn bộ tệp sao lưu …");
  const tell = every(10_000, say);
  const backup = await readBackup(file, {
    reached: (bytes) => tell(() => `  đã kiểm tra ${megabytes(bytes)} …`),
  });
  const known = await migrationSource.getMigrations([]);
  const unknown = backup.introduction.migrations.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BackupRefused(
      `Bản sao lưu do phiên bản mới hơn của chương trình ghi (${unknown.join(", ")}). Hãy cập nhật chương trình rồi phục hồi.`,
    );
  say(`Tệp nguyên vẹn. ${describeBackup(backup)}`);
  for (const { sha256, what } of backup.manifest.faults.slice(0, 20))
    say(`  Khi sao lưu đã ${FAULTS[what]}: ${sha256}`);
  return backup;
}

export const FAULTS = {
  missing: "thiếu tệp",
  changed: "có tệp bị đổi nội dung",
  unreadable: "có tệp không đọc được hết",
} as const;

/**
 * Puts a checked backup in the place of whatever is there, once it is known that its tables fit: empties database and
 * DATA_DIR, makes the tables as they were at the backup, fills them, writes the files, and brings the database up to the
 * present. Killed or failed at any point it can be run again from the beginning, and until it is done the program does not
 * start. Answers from where numbers go on. Throws BackupRefused or BadBackup before anything is touched.
 */
export async function restoreBackup(
  wish: RestoreWish,
  backup: ReadBackup,
  { ownerUrl, url }: { ownerUrl: string; url: string },
): Promise<RaisedNumbers | undefined> {
  const { file, dataDir, clock, nothingLost, say } = wish;
  const { introduction, manifest } = backup;
  await assertAlone(ownerUrl);
  await rehearse({ ownerUrl, url }, backup);
  await markUnfinished(dataDir, file);
  await clearDatabase(ownerUrl);
  await clearDataDir(dataDir);
  await migrate(ownerUrl, url, introduction.migrations);
  await fill(wish, backup, ownerUrl);

  const applied = await migrate(ownerUrl, url);
  if (applied.length > 0) say(`Đã nâng cấp cơ sở dữ liệu (${count(applied.length)} bước).`);
  const now = clock.now();
  const raised = nothingLost ? undefined : await raiseNumbers(ownerUrl, new Date(introduction.takenAt), now);
  await recordRestore(dataDir, {
    restoredAt: now.toISOString(),
    takenAt: introduction.takenAt,
    version: introduction.version,
    dossiers: manifest.tables.find(({ name }) => name === "dossiers")?.rows ?? 0,
    raised: raised ?? null,
  });
  await clearMark(dataDir);
  return raised;
}

async function fill(
  { file, dataDir, say }: RestoreWish,
  { manifest, introduction }: ReadBackup,
  ownerUrl: string,
): Promise<void> {
  const tell = every(10_000, say);
  const files = putFiles(dataDir);
  const loading: Loading = await beginLoading(ownerUrl, manifest, say);
  try {
    const again = await readBackup(file, {
      part: (table, bytes) => loading.part(table, bytes),
      async tablesEnd() {
        say("Đã nạp các dòng; đang dựng lại khóa và chỉ mục …");
        await loading.finish();
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        say(
          `Cơ sở dữ liệu: ${count(manifest.tables.length)} bảng, ${count(rows)} dòng, số dòng từng bảng khớp.`,
        );
      },
      file: (sha256, bytes) => files.stored(sha256, bytes),
      kept: (path, bytes) => files.kept(path, bytes),
      reached: (bytes) => tell(() => `  đã phục hồi ${megabytes(bytes)} …`),
    });
    if (again.manifest.digest !== manifest.digest || again.introduction.takenAt !== introduction.takenAt)
      throw new BackupRefused("Tệp sao lưu bị thay đổi trong khi phục hồi. Hãy làm lại.");
    await files.finish();
  } finally {
    await loading.close();
  }
  say(`Tệp hồ sơ: ${count(manifest.files.count)} tệp, ${megabytes(manifest.files.bytes)}.`);
}

/** What an administrator has to know afterwards, in words for people. */
export function tellAfterwards(backup: ReadBackup, raised: RaisedNumbers | undefined): string[] {
  const lines = [
    `Những gì phát sinh sau ${wallTime(backup.introduction.takenAt)} không có trong bản sao lưu và phải nhập lại từ giấy tờ.`,
    "Mọi người phải đăng nhập lại. Mật khẩu, tài khoản trở về như lúc sao lưu.",
    "Cổng quốc gia có thể biết nhiều hơn: đối soát trong tuần sẽ nêu hồ sơ có trạng thái khác, nhưng không tìm ra hồ sơ nộp sau lúc sao lưu. Việc cần làm: docs/backup.md.",
  ];
  if (raised)
    lines.push(
      `Để không cấp lại số đã in: số hồ sơ ngày ${raised.day} bắt đầu từ ${count(raised.dossiersFrom)} trở lên, số văn bản năm ${raised.year} nhảy lên ít nhất một trăm ở mỗi đơn vị.`,
    );
  return lines;
}
