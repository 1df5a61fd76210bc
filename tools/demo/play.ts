import { spoken, unexpected, type Asking, type Caller, type Who } from "./caller.ts";
import type { Directory } from "./directory.ts";
import {
  offered,
  optionsOf,
  type AllowedEvent,
  type DossierView,
  type Option,
  type Role,
} from "./dossier-view.ts";
import type { Measures } from "./measures.ts";
import type { Errand } from "./plan.ts";
import type { Scan, Scans } from "./scans.ts";

export interface PlayDeps {
  caller: Caller;
  directory: Directory;
  measures: Measures;
  scans: Scans;
}

/** The payload of an event, made from what the event needs now. */
export type Payload = (event: AllowedEvent, view: DossierView) => Record<string, unknown>;

/** A dossier as those who handle it see it, each with his own account, and what they do with it. */
export interface Play {
  errand: Errand;
  code: string;
  /** A result was drafted; the API does not say so by itself. */
  drafted: boolean;
  /** As it was last seen. */
  view: DossierView;
  scans: Scans;
  /** The program's clock, as far as it is from ours. */
  now(): Date;
  /** Looks at the dossier from somebody's desk: what may be done now differs from one to the other. */
  lookAs(agency: string, role: Role, how?: "again"): Promise<DossierView>;
  /** Causes an event if the dossier offers it to this officer. Answers whether it was. */
  act(agency: string, role: Role, type: string, payload?: Payload): Promise<boolean>;
  /** The same for the citizen with his secret. */
  actAsCitizen(type: string, payload: Record<string, unknown>): Promise<void>;
  /** Adds a scan to a component; answers its id. `by` is an officer's desk or the citizen's hand. */
  upload(by: { agency: string; role: Role } | "citizen", component: string, scan: Scan): Promise<string>;
  /** Anything else that somebody reads on the way. */
  read<T>(who: Who, path: string, step: string): Promise<T>;
  asCitizen: Who;
}

const CONFLICTS = 3;

/** Takes up a dossier that was filed. */
export async function takeUp(
  { caller, directory, measures, scans }: PlayDeps,
  errand: Errand,
  { code, secret }: { code: string; secret: string },
): Promise<Play> {
  const path = `/dossiers/${code}`;
  const asCitizen: Who = { secret };
  let seat = "";
  let offset = 0;

  async function look(username: string): Promise<DossierView> {
    play.view = await caller.get<DossierView>(
      { username },
      { method: "GET", path, step: "look at a dossier" },
    );
    seat = username;
    return play.view;
  }

  const play: Play = {
    errand,
    code,
    scans,
    asCitizen,
    drafted: false,
    view: undefined as never,
    now: () => new Date(Date.now() + offset),

    async lookAs(agency, role, how) {
      const username = directory.account(agency, role);
      return username === seat && how === undefined ? play.view : look(username);
    },

    async act(agency, role, type, payload = () => ({})) {
      const username = directory.account(agency, role);
      let view = await play.lookAs(agency, role);
      for (let attempt = 1; ; attempt += 1) {
        const event = offered(view, type);
        if (event === undefined) return false;
        const body = { type, ...payload(event, view) };
        const asking: Asking = {
          method: "POST",
          path: `${path}/events`,
          body,
          ifVersion: view.version,
          step: type,
        };
        const reply = await caller.ask({ username }, asking);
        if (reply.status < 300) {
          play.view = reply.body as DossierView;
          return true;
        }
        // Somebody else, or the worker, was quicker: look again, and see whether it is still to be done.
        if (![409, 412].includes(reply.status) || attempt > CONFLICTS)
          throw unexpected({ username }, asking, reply.status, spoken(reply.body));
        measures.count("conflicts");
        view = await look(username);
      }
    },

    async actAsCitizen(type, payload) {
      const asking = {
        method: "POST",
        path: `${path}/events`,
        body: { type, ...payload },
        step: type,
      } as const;
      await caller.get(asCitizen, asking);
      seat = "";
    },

    async upload(by, component, { fileName, mediaType, bytes }) {
      const who: Who = by === "citizen" ? asCitizen : { username: directory.account(by.agency, by.role) };
      const form = new FormData();
      form.append("component", component);
      form.append("file", new Blob([new Uint8Array(bytes)], { type: mediaType }), fileName);
      const asking: Asking = { method: "POST", path: `${path}/documents`, body: form, step: "upload a scan" };
      const { id } = await caller.get<{ id: string }>(who, asking);
      seat = "";
      return id;
    },

    read: (who, address, step) => caller.get(who, { method: "GET", path: address, step }),
  };
  await play.lookAs(errand.intake, "frontdesk");
  offset = Date.parse(play.view.submittedAt) - Date.now();
  return play;
}

/** One of the values that a field may take. Throws when the event offers none. */
export function choose({ errand }: Play, event: AllowedEvent, field: string): Option {
  const options = optionsOf(event, field);
  if (options.length === 0) throw new Error(`${event.type} offers nothing for ${field}`);
  return errand.chance.pick(options);
}

export function isOver({ view }: Play): boolean {
  return [3, 8, 10].includes(view.status);
}

/** At whose desk the work of a dossier lies that waits for nobody outside. */
export function deskOf(view: DossierView): { agency: string; role: Role } {
  const step = view.steps.find(({ state }) => state === "current");
  return view.status === 4 && step !== undefined
    ? { agency: step.agencyCode, role: step.role }
    : { agency: view.intakeAgencyCode, role: "frontdesk" };
}
