import { setTimeout as pause } from "node:timers/promises";
import { readCatalogue, type Catalogue } from "../demo/catalogue.ts";
import type { Caller } from "../demo/caller.ts";
import { openChance, type Chance } from "../demo/chance.ts";
import { COMMUNE, readDirectory, type Directory } from "../demo/directory.ts";
import type { Filed } from "../demo/dossier-view.ts";
import { papersFor } from "../demo/filing.ts";
import { openMeasures, type Measures } from "../demo/measures.ts";
import { drawCitizen } from "../demo/people.ts";
import type { PortalStub } from "../demo/portal-stub.ts";
import { makeScans } from "../demo/scans.ts";
import { openAnswers, type Answers } from "./answers.ts";
import { audit, type Audit } from "./audit.ts";
import { openGate } from "./gate.ts";
import { startLoad } from "./load.ts";
import { openPatientCaller } from "./patient-caller.ts";
import { openPatientPortal } from "./patient-portal.ts";
import { startSystem, type Part, type RunningSystem, type SystemSettings } from "./system.ts";

/** A Monday, five minutes after offices open. */
export const MORNING = "2026-11-23T07:05:00+07:00";

/** A system under load, what its clients were told, and the means to break it. */
export interface Chaos {
  system: RunningSystem;
  chance: Chance;
  portal: PortalStub;
  answers: Answers;
  measures: Measures;
  /** kill -9; answers the process' number. */
  kill(part: Part): Promise<number>;
  /** Seconds from `since` (performance.now) until a dossier filed now is accepted and has arrived at the portal. */
  backToNormal(since: number): Promise<number>;
  /** Milliseconds that each client rests between two dossiers. */
  rest(milliseconds: number): void;
  /** Holds the clients, waits until all is quiet, looks at everything, and lets them go on. */
  audit(): Promise<Audit>;
  /** Stops the program and starts it again, its clock moved on, with `env` over its settings; the clients wait. */
  restart(laterByMs: number, env?: NodeJS.ProcessEnv): Promise<void>;
  /** Messages that have not reached the portal. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the program, and clients that handle dossiers as the demonstration accounts until it is stopped. */
export async function startChaos(
  settings: SystemSettings,
  { seed, clients }: { seed: number; clients: number },
): Promise<Chaos> {
  const chance = openChance(seed);
  let offset = Date.parse(MORNING) - Date.now();
  const clock = () => ({ CLOCK_START: new Date(Date.now() + offset).toISOString() });
  let system = await startSystem(settings, clock());
  const answers = openAnswers();
  const measures = openMeasures();
  const { url, portalUrl, password } = system;
  const [busy, never] = [openGate(), openGate()];
  const caller = openPatientCaller({ url, password, answers, measures, gate: busy });
  const watcher = openPatientCaller({ url, password, answers, measures, gate: never });
  const portal = openPatientPortal(portalUrl, answers, never, 900_000);
  const [directory, catalogue, scans] = await Promise.all([
    readDirectory(watcher),
    readCatalogue(watcher),
    makeScans(),
  ]);
  const asCitizen = openPatientPortal(portalUrl, answers, busy, 0);
  const load = startLoad(
    { caller, directory, measures, scans, catalogue, portal: asCitizen },
    { seed: chance.below(2 ** 31), desks: clients },
  );
  let probes = 0;

  return {
    get system() {
      return system;
    },
    chance,
    portal,
    answers,
    measures,
    rest: (milliseconds) => load.rest(milliseconds),
    async kill(part) {
      const pid = await system.pidOf(part, chance);
      process.kill(pid, "SIGKILL");
      return pid;
    },
    async backToNormal(since) {
      const { code } = await fileProbe({ caller: watcher, directory, catalogue, chance }, (probes += 1));
      for (;;) {
        const held = await portal.received(code);
        if (held?.progress.some(({ TrangThai }) => TrangThai === "2") === true) break;
        await pause(100);
      }
      return (performance.now() - since) / 1_000;
    },
    async audit() {
      await busy.close();
      try {
        return await audit(system, { answers, caller: watcher, directory, portal });
      } finally {
        busy.open();
      }
    },
    async restart(laterByMs, env = {}) {
      await system.stop();
      offset += laterByMs;
      system = await startSystem(settings, { ...clock(), ...env });
    },
    async waiting() {
      const inspector = { username: "inspector" };
      const asking = { method: "GET", path: "/portal-sync", step: "look at the outbox" } as const;
      return (await watcher.get<{ pending: number }>(inspector, asking)).pending;
    },
    async stop() {
      load.stop();
      await busy.close();
      await system.stop();
    },
  };
}

/** A dossier that somebody brings to a counter and that is accepted at once. */
async function fileProbe(
  around: { caller: Caller; directory: Directory; catalogue: Catalogue; chance: Chance },
  number: number,
): Promise<Filed> {
  const procedure = await around.catalogue.get("2.000815");
  const chosen = procedure.cases[0]?.code ?? null;
  const documents = papersFor(procedure, chosen, "counter").map(({ code, originals, copies }) => ({
    code,
    originals: Math.max(1, originals),
    copies,
  }));
  return around.caller.get<Filed>(
    { username: around.directory.account(COMMUNE, "frontdesk") },
    {
      method: "POST",
      path: "/dossiers",
      body: {
        ...{ procedureCode: procedure.code, case: chosen, agencyCode: COMMUNE, channel: "counter" },
        ...{ applicant: drawCitizen(around.chance, 900_000 + number), documents },
        ...{ returnMethod: "counter", note: "", accept: true },
      },
      step: "probe",
    },
  );
}
