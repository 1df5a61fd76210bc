import type { ActorRole, Who } from "./chart.ts";
import { factsAtFiling } from "./facts.ts";
import type { Facts, MachineFacts, Places } from "./facts.ts";
import { eventDefinition } from "./events.ts";
import type { EventType } from "./events.ts";
import type { Actor, Colleague, Payload } from "./rules.ts";

/**
 * Everything that anybody could try on a dossier: the people of a made-up province, one of each role in each
 * unit, and for each event the payloads between which a rule may tell. verify.ts and the tests explore with it.
 */

export const STAFF: readonly ActorRole[] = ["frontdesk", "specialist", "head", "leader", "clerk"];

/** Each part of the dossier is a unit of its own: the hardest case for who may do what. */
export const PLACES: Places = {
  intake: "unit-intake",
  deciding: "unit-deciding",
  processing: "unit-intake",
  superior: "unit-superior",
  chair: "unit-chair",
};

/** A moment in office hours, and a later one at which every limit given here has passed. */
export const NOW = "2026-03-03T08:00:00+07:00";
const SOON = "2026-03-10T17:00:00+07:00";
export const LATER = "2026-03-24T08:00:00+07:00";

export function person(role: ActorRole, agency: string | null): Actor {
  return { username: agency === null ? role : `${role}@${agency}`, roles: [role], agency };
}

/** Somebody of that kind, in this dossier's units; undefined where the dossier has no such unit. */
export function personOf({ role, unit }: Who, facts: Facts): Actor | undefined {
  if (unit === "any") return person(role, null);
  if (unit === "consulted") return undefined;
  const agency = unit.startsWith("agency:")
    ? unit.slice("agency:".length)
    : facts.places[unit as keyof Places];
  return agency === null ? undefined : person(role, agency);
}

/** The accounts of a unit: one of each role. */
export function colleaguesOf(agency: string): Colleague[] {
  return STAFF.map((role) => ({ username: `${role}@${agency}`, name: role, roles: [role] }));
}

/** The facts of a dossier just filed, with all its papers or with none. */
export function filedFacts(machine: MachineFacts, papers: "all" | "none"): Facts {
  const received =
    papers === "none"
      ? {}
      : Object.fromEntries(machine.papers.map(({ code }) => [code, { originals: 1, copies: 0 }]));
  return factsAtFiling({
    case: null,
    channel: "counter",
    places: PLACES,
    received,
    limit: { value: 15, unit: "working-day" },
    limitFrom: "source",
    answerFrom: null,
  });
}

const reason = "Lý do thử nghiệm.";

/** The payloads of an event that lead to different places. */
export function payloadsOf(type: EventType, machine: MachineFacts, facts: Facts): Payload[] {
  const asked = new Set(facts.fees.filter(({ state }) => state === "requested").map(({ code }) => code));
  const { processing } = facts.places;
  switch (type) {
    case "REQUEST_SUPPLEMENT":
      return [
        {
          reason,
          items: [{ text: "Bản sao rõ hơn" }],
          leaderConsent: { username: `leader@${processing}`, reason },
        },
      ];
    case "SUPPLEMENT":
      return [{ documents: papersOf(machine, facts).map(({ code }) => ({ code, originals: 1, copies: 0 })) }];
    case "DIGITIZE":
      return [
        { notApplicable: papersOf(machine, facts).map(({ code }) => ({ documentCode: code, reason })) },
      ];
    case "TRANSFER":
      return [...new Set(Object.values(facts.places) as (string | null)[])].map((agency) => ({ agency }));
    case "ASSIGN":
      return [{ assignee: `specialist@${processing}` }];
    case "CONSULT":
      return subsets(agenciesOf(machine)).map((agencies) => ({
        agencies,
        dueAt: SOON,
      }));
    case "ANSWER":
      return [{ opinion: "Đồng ý." }];
    case "RECORD_MINUTES":
      return [{ finding: "Đủ điều kiện." }];
    case "REQUEST_PAYMENT":
      return [{ feeCode: "other", amount: 50_000, ground: "Thông báo thuế" }];
    case "PAY":
      return machine.fees.map(({ code, amount }) => ({
        feeCode: code,
        amount: asked.has(code) ? 50_000 : (amount ?? 20_000),
        method: "cash",
        reference: "BL-1",
        ground: "Biên lai",
      }));
    case "DRAFT_RESULT":
      return [{ fields: { content: "Dự thảo" } }];
    case "PROPOSE":
      return [{ outcome: "grant" }, { outcome: "deny", reason }];
    case "RETURN":
      return [
        {
          recipient: {
            name: "Nguyễn Thị Thử",
            identity: { type: "cccd", number: "001000000001" },
            method: "counter",
          },
        },
      ];
    case "EXTEND":
    case "APOLOGISE":
      return [{ dueAt: "2026-04-28T17:00:00+07:00", reason }];
    case "CORRECT":
      return [{ fields: [{ path: "applicant.phone", before: "0900000000", after: "0900000001" }], reason }];
    case "LIMIT_PASSED":
      return agenciesOf(machine).map((agency) => ({ wait: "consultation", agency }));
    case "CALENDAR_CHANGED":
      return [{ year: 2027, version: 2, source: "Thông báo nghỉ lễ, Tết" }];
    case "ADD_DOCUMENT":
      return [{ component: "other" }];
    case "ACCEPT":
    case "APPROVE":
    case "SIGN":
    case "SEAL":
    case "CONFIRM_WITHDRAWAL":
      return [{}];
    case "REFUSE":
    case "SEND_BACK":
    case "STOP":
    case "REQUEST_WITHDRAWAL":
    case "REJECT_WITHDRAWAL":
      return [{ reason }];
    case "FILE":
      return [];
  }
}

/** When it is tried: a limit passes only later. */
export function momentOf(type: EventType): string {
  return type === "LIMIT_PASSED" ? LATER : NOW;
}

/** The events that may be posted, or appended by an upload. */
export function isTried(type: EventType): boolean {
  return type === "ADD_DOCUMENT" || eventDefinition(type).internal !== true;
}

/** Where a machine consults nobody, some agency is tried all the same. */
function agenciesOf({ consulted }: MachineFacts): string[] {
  return consulted.length === 0 ? ["unit-another"] : consulted.map(({ agency }) => agency);
}

function papersOf(machine: MachineFacts, facts: Facts) {
  return machine.papers.filter(
    (paper) =>
      (paper.case === undefined || paper.case === facts.case) &&
      (paper.channel === undefined || paper.channel === facts.channel),
  );
}

function subsets(items: string[]): string[][] {
  return items
    .reduce<string[][]>((all, item) => [...all, ...all.map((some) => [...some, item])], [[]])
    .slice(1);
}
