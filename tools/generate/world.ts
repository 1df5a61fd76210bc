import type { Catalogue } from "../../server/catalogue/catalogue.ts";
import type { Agencies } from "../../server/catalogue/units.ts";
import type { StoredPaper } from "../../server/dossier/attach-file.ts";
import type { DossierSecrets } from "../../server/dossier/secrets.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import type { Tier } from "../../workflows/declaration.ts";
import type { Moment } from "../../workflows/vietnam-time.ts";
import type { Matter } from "./matters.ts";
import type { Numbers } from "./numbers.ts";
import type { Rows } from "./rows.ts";
import type { Staff } from "./staff.ts";

/** A few real files that all made-up dossiers share. */
export interface Drawer {
  scans: Omit<StoredPaper, "component">[];
  /** A result as its leader signed it and as the clerk sealed it; no true signatures. */
  signed: { sha256: string };
  sealed: Omit<StoredPaper, "component" | "fileName">;
}

/** What everything that is made is made with. */
export interface World {
  seed: number;
  agencies: Agencies;
  staff: Staff;
  catalogue: Catalogue;
  calendarOf(agency: string): Calendar;
  secrets: DossierSecrets;
  matters: Record<Tier, Matter[]>;
  drawer: Drawer;
  numbers: Numbers;
  rows: Rows;
  publicUrl: string;
  /** Nothing happens after it. */
  endAt: Moment;
  /** Of events from then on the messages to the portal are kept, as delivered … */
  messagesFrom: Date;
  /** … and of dossiers filed from then on as still to be sent. */
  pendingFrom: Date;
}

const OFFSET_SECONDS = 7 * 3600;

/** A moment of +07:00 as the rest of the program has it. */
export function dateOf(moment: Moment, milliseconds = 0): Date {
  return new Date((moment - OFFSET_SECONDS) * 1000 + milliseconds);
}

export function momentOf(date: Date): Moment {
  return Math.floor(date.getTime() / 1000) + OFFSET_SECONDS;
}
