import type { Drawer } from "./world.ts";
import type { NumbersBefore } from "./numbers.ts";
import type { Officer } from "./staff.ts";
import type { Table } from "./rows.ts";
import type { Portion } from "./timetable.ts";

/** What a thread is to make: some parts of the province over the whole period. */
export interface Job {
  /** The database to read the catalogue from, as the program's own login. */
  url: string;
  publicUrl: string;
  seed: number;
  /** Parts by their place in the list, each with its days. */
  parts: { index: number; portions: Portion[] }[];
  officers: Officer[];
  before: NumbersBefore;
  drawer: Drawer;
  secretKey: Uint8Array;
  secretHashKey: Uint8Array;
  lastDocument: Int32Array<SharedArrayBuffer>;
  /** Moments of +07:00, in seconds. */
  endAt: number;
  messagesFrom: number;
  pendingFrom: number;
}

/** What a thread says. It waits for `go on` after each batch, one being under way. */
export type Said =
  | { kind: "rows"; rows: Partial<Record<Table, Uint8Array<ArrayBuffer>>>; dossiers: number }
  | { kind: "done"; reached: NumbersBefore }
  | { kind: "failed"; reason: string };
