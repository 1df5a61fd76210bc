import { allowedEvents } from "../../workflows/decide.ts";
import { eventDefinition } from "../../workflows/events.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Facts, MachineFacts } from "../../workflows/facts.ts";
import type { Colleague } from "../../workflows/rules.ts";
import { transferUnits } from "../../workflows/standing.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { actorOf } from "./deps.ts";
import type { Caller, Deps } from "./deps.ts";
import type { DossierRecord } from "./record.ts";
import { iso } from "./time.ts";

export interface Option {
  value: string;
  label: string;
  amount?: number;
}

export interface Need {
  field: string;
  required: boolean;
  /** The values the field may take, where they are a choice. */
  options?: string[];
  /** The same with what people read. */
  choices?: Option[];
}

export interface AllowedEvent {
  type: EventType;
  label: string;
  needs: Need[];
}

/** What this caller may do now, with what each event needs and the values where they are a choice. */
export async function allowedFor(
  deps: Deps,
  dossier: DossierRecord,
  caller: Caller,
  now: Date,
): Promise<AllowedEvent[]> {
  const ready = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const calendar = await deps.calendarOf(dossier.agency);
  const colleagues = await deps.colleaguesOf(dossier.facts.places.processing);
  const types = allowedEvents(
    ready,
    {
      state: dossier.state,
      facts: dossier.facts,
      dueAt: dossier.dueAt === null ? null : iso(dossier.dueAt),
      nextSeq: dossier.headSeq + 1,
    },
    { actor: actorOf(caller), now: iso(now), calendar, colleagues },
  );
  const machine = ready.config.meta.declared;
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const titles = new Map(declaration.documents.map(({ code, title }) => [code, title]));
  const feeNames = new Map(declaration.fees.map(({ code, name }) => [code, name]));
  return types.map((type) => ({
    type,
    label: eventDefinition(type).label,
    needs: needsOf(type, { deps, ready, dossier, caller, machine, colleagues, titles, feeNames }),
  }));
}

interface Surroundings {
  deps: Deps;
  ready: ReadyMachine;
  dossier: DossierRecord;
  caller: Caller;
  machine: MachineFacts;
  colleagues: Colleague[];
  titles: Map<string, string>;
  feeNames: Map<string, string>;
}

/** The fields of an event's payload as its schema declares them, narrowed to this dossier. */
function needsOf(type: EventType, around: Surroundings): Need[] {
  const schema = eventDefinition(type).schema as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  const required = new Set(schema.required ?? []);
  return Object.keys(schema.properties ?? {})
    .filter((field) => isNeeded(type, field, around))
    .map((field) => {
      const choices = optionsOf(type, field, around);
      return {
        field,
        required: required.has(field),
        ...(choices === undefined ? {} : { options: choices.map(({ value }) => value), choices }),
      };
    });
}

function isNeeded(type: EventType, field: string, { dossier }: Surroundings): boolean {
  const { clock } = dossier.facts;
  if (field === "limit") return clock.limit === null || clock.limitFrom === "entered";
  if (field === "leaderConsent")
    return dossier.facts.clock.acceptedAt !== null && dossier.facts.supplements > 0;
  if (field === "pin") return type === "SIGN" || type === "SEAL";
  return true;
}

function optionsOf(type: EventType, field: string, around: Surroundings): Option[] | undefined {
  const { deps, dossier, machine, colleagues, titles, feeNames } = around;
  const { facts } = dossier;
  switch (field) {
    case "agency":
      return transferTargets(around).map((code) => ({ value: code, label: deps.agencies.name(code) }));
    case "agencies":
      return machine.consulted.map(({ agency }) => ({ value: agency, label: deps.agencies.name(agency) }));
    case "assignee":
      return assignees(colleagues, around.caller).map(({ username, name }) => ({
        value: username,
        label: name,
      }));
    case "leaderConsent":
      return colleagues
        .filter(({ roles }) => roles.includes("leader"))
        .map(({ username, name }) => ({ value: username, label: name }));
    case "feeCode":
      return feeOptions(type, facts, machine).map(({ code, amount }) => ({
        value: code,
        label: feeNames.get(code) ?? code,
        ...(amount === null ? {} : { amount }),
      }));
    case "items":
    case "documents":
      return papers(facts, machine).map((code) => ({ value: code, label: titles.get(code) ?? code }));
    case "notApplicable":
      return papers(facts, machine)
        .filter((code) => !facts.files.includes(code))
        .map((code) => ({ value: code, label: titles.get(code) ?? code }));
    case "outcome":
      return [
        { value: "grant", label: "Đồng ý giải quyết" },
        { value: "deny", label: "Từ chối giải quyết" },
      ];
    case "method":
      return [
        { value: "cash", label: "Tiền mặt" },
        { value: "transfer", label: "Chuyển khoản" },
        { value: "online", label: "Trực tuyến" },
      ];
    case "documentId":
      return dossier.papers
        .filter(({ component }) => component === (type === "RECORD_MINUTES" ? "minutes" : "result"))
        .map(({ id, fileName }) => ({ value: String(id), label: fileName }));
    default:
      return undefined;
  }
}

/** Where TRANSFER may lead from here, read off the machine's own rule. */
function transferTargets({ ready, dossier }: Surroundings): string[] {
  return transferUnits(ready, dossier.state).flatMap((unit) => dossier.facts.places[unit] ?? []);
}

function assignees(colleagues: Colleague[], caller: Caller): Colleague[] {
  const mayName = caller.roles.includes("head") || caller.roles.includes("leader");
  return colleagues.filter(
    ({ roles, username }) => roles.includes("specialist") && (mayName || username === caller.username),
  );
}

function feeOptions(type: EventType, facts: Facts, machine: MachineFacts) {
  const requested = facts.fees.filter(({ state }) => state === "requested");
  if (type === "PAY" && requested.length > 0) return requested.map(({ code, amount }) => ({ code, amount }));
  const taken = new Set(facts.fees.map(({ code }) => code));
  return machine.fees
    .filter(({ code, kind }) => kind !== "fixed" || !taken.has(code))
    .map(({ code, amount }) => ({ code, amount }));
}

function papers(facts: Facts, machine: MachineFacts): string[] {
  return machine.papers
    .filter(({ case: only }) => only === undefined || only === facts.case)
    .filter(({ channel }) => channel === undefined || channel === facts.channel)
    .map(({ code }) => code);
}
