/**
 * What a backup file is: a tar, compressed with gzip. Its first member says what it is and at which migration the
 * database stood; then come the tables in parts, the stored files and what else DATA_DIR holds; its last member lists
 * what has to be there. Text is that of PostgreSQL's COPY, so that any later PostgreSQL reads it.
 */
export const FORMAT = 1;
export const PROGRAM = "mot-cua-dien-tu";
export const INTRODUCTION = "motcua-backup.json";
export const MANIFEST = "manifest.json";

export interface Introduction {
  format: number;
  program: string;
  /** Of the program that wrote it. */
  version: string;
  /** ISO moment, by the program's clock: everything committed before is in it. */
  takenAt: string;
  /** The migrations that the database had seen, in order: they are its schema. */
  migrations: string[];
}

export interface TableEntry {
  name: string;
  columns: string[];
  rows: number;
  bytes: number;
  /** SHA-256 of each part, in order. */
  parts: string[];
}

/** A stored file that a row names and that was not there, or not as its name says. */
export interface FileFault {
  sha256: string;
  what: "missing" | "changed" | "unreadable";
  /** SHA-256 of what is kept of it in the backup; null when nothing is. */
  kept: string | null;
}

export interface Manifest {
  tables: TableEntry[];
  sequences: { name: string; last: string; called: boolean }[];
  /** The name of a stored file is its SHA-256, so the files are only counted. */
  files: { count: number; bytes: number };
  faults: FileFault[];
  kept: { path: string; size: number; sha256: string }[];
  /** SHA-256 over a line for each member before: its name, its size, its SHA-256. */
  digest: string;
}

export type MemberName =
  | { kind: "part"; table: string; number: number }
  | { kind: "file"; sha256: string }
  | { kind: "kept"; path: string };

export const partName = (table: string, number: number) =>
  `database/${table}/${String(number).padStart(6, "0")}.copy`;
export const fileName = (sha256: string) => `files/${sha256}`;
export const keptName = (path: string) => `data/${path}`;

/** What a member is by its name; undefined for a name that no backup has: a path never comes from outside unasked. */
export function readMemberName(name: string): MemberName | undefined {
  const part = /^database\/([a-z][a-z0-9_]{0,62})\/(\d{6,9})\.copy$/.exec(name);
  if (part) return { kind: "part", table: part[1] ?? "", number: Number(part[2]) };
  const file = /^files\/([0-9a-f]{64})$/.exec(name);
  if (file) return { kind: "file", sha256: file[1] ?? "" };
  const path = /^data\/(.+)$/s.exec(name)?.[1];
  return path !== undefined && isKeepable(path) ? { kind: "kept", path } : undefined;
}

/** The folders and files of DATA_DIR that never go into a backup, nor come out of one; see docs/backup.md. */
const NEVER = [
  "postgres",
  "files",
  "running.json",
  "restore-unfinished.json",
  // Between the program and its stub, whose database is not in the backup either: made anew.
  "portal-stub-procedures.json",
  "portal-stub-password",
  "portal-stub-database-password",
  "lost+found",
];

/** Whether a path under DATA_DIR (with slashes) goes into a backup. */
export function isKeepable(path: string): boolean {
  const names = path.split("/");
  if (NEVER.includes(names[0] ?? "")) return false;
  return names.every(
    (name) =>
      name !== "" &&
      name !== "." &&
      name !== ".." &&
      !/[\\\u0000-\u001f]/.test(name) &&
      // Logs; what is just being written.
      !/\.(log|partial|[0-9a-f]{12})$/.test(name),
  );
}

/** Thrown when a file is no backup, or no whole one, or one that this program cannot read; the message is for people. */
export class BadBackup extends Error {
  override readonly name = "BadBackup";
}

/** Thrown when a backup or a restore is not to be done as things stand; the message is for people. */
export class BackupRefused extends Error {
  override readonly name = "BackupRefused";
}

const whole = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

export const count = (number: number) => whole.format(number);
export const megabytes = (bytes: number) => `${tenths.format(bytes / 1_000_000)} MB`;
export const seconds = (since: number) => `${tenths.format((performance.now() - since) / 1000)} giây`;
/** As a Vietnamese clock on the wall shows it. */
export function wallTime(moment: string | Date): string {
  const at = new Date(new Date(moment).getTime() + 7 * 3_600_000).toISOString();
  const [year, month, day] = at.slice(0, 10).split("-");
  return `${at.slice(11, 16)} ngày ${day ?? ""}/${month ?? ""}/${year ?? ""}`;
}
