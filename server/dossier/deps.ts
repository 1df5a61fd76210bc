import type { Calendar } from "../../workflows/calendar.ts";
import type { ActorRole } from "../../workflows/chart.ts";
import type { Actor, Colleague } from "../../workflows/rules.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { FileStore } from "../platform/files.ts";
import type { Log } from "../platform/log.ts";
import type { Agencies } from "../catalogue/units.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Moves } from "./moves.ts";
import type { DossierSecrets } from "./secrets.ts";

/** What the use cases are handed; nothing is looked up from anywhere else. */
export interface Deps {
  db: Database;
  clock: Clock;
  files: FileStore;
  /** Says what a stored file is, by its content. Throws a Problem when it is not taken. */
  judgeFile(
    path: string,
  ): Promise<{ mediaType: string; pages: number; warnings?: { code: string; page: number }[] }>;
  /** Has a file scanned for viruses where a scanner is set up. Throws a Problem when it is infected or cannot be scanned. */
  assertClean(path: string): Promise<void>;
  log: Log;
  secrets: DossierSecrets;
  agencies: Agencies;
  catalogue: Catalogue;
  /** The calendar in force, with the office hours of one unit. */
  calendarOf(agency: string): Promise<Calendar>;
  /** The active accounts of a unit. */
  colleaguesOf(agency: string): Promise<Colleague[]>;
  moves: Moves;
  publicUrl: string;
}

/** Who asks: a member of staff, a citizen with the secret of one dossier, or the worker. */
export interface Caller {
  kind: "staff" | "citizen" | "worker" | "portal";
  username: string;
  name: string;
  roles: string[];
  agency: string | null;
}

/** The actor as the rules see him: citizen and worker are nobody's account. */
export function actorOf(caller: Caller): Actor {
  const roles =
    caller.kind === "citizen" ? ["citizen"] : caller.kind === "worker" ? ["worker"] : caller.roles;
  return { username: caller.username, roles: roles as ActorRole[], agency: caller.agency };
}

/** The worker, in whose name limits pass. */
export const WORKER: Caller = {
  kind: "worker",
  username: "worker",
  name: "Hệ thống",
  roles: [],
  agency: null,
};
