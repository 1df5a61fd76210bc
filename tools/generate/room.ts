import { statfs } from "node:fs/promises";

/** Bytes that one dossier takes in the database, its indexes included (measured: docs/generator.md). */
const ROOM_PER_DOSSIER = 9_500;
/** Beside them, in bytes: the write-ahead log, and what sorting for the indexes takes for a while. */
const ROOM_BESIDE = 1.5 * 2 ** 30;
const SORTING_PER_DOSSIER = 1_500;

export interface Room {
  /** Bytes. */
  needed: number;
  free: number;
}

/** What so many dossiers would take, and what is free where the data lies; both in bytes. */
export async function lookForRoom(directory: string, dossiers: number): Promise<Room> {
  const { bavail, bsize } = await statfs(directory);
  const needed =
    dossiers * (ROOM_PER_DOSSIER + SORTING_PER_DOSSIER) + Math.min(ROOM_BESIDE, dossiers * 20_000);
  return { needed, free: bavail * bsize };
}

/** `12.3 GB`. */
export function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
