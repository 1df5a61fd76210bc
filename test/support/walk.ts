import type { TestApp } from "./app.ts";
import { acted, filed, papersOf, SCAN, expectStatus } from "./dossiers.ts";
import type { DossierBody } from "./dossiers.ts";
import { applicant } from "./people.ts";

/** One of the samples that the demonstration accounts carry from start to end. */
export interface Sample {
  process: string;
  procedure: string;
  agency: string;
  frontdesk: string;
  /** Units (by the accounts' names) whose people may have to act. */
  units: string[];
  consulted?: string[];
}

const COMMUNE = "000.15.32.H30";
const DISTRICT = "000.00.32.H30";

export const SAMPLES: Sample[] = [
  {
    process: "a",
    procedure: "2.000815",
    agency: COMMUNE,
    frontdesk: "commune.frontdesk",
    units: ["commune"],
  },
  {
    process: "b",
    procedure: "1.001776",
    agency: COMMUNE,
    frontdesk: "commune.frontdesk",
    units: ["commune"],
  },
  {
    process: "c",
    procedure: "1.003702",
    agency: DISTRICT,
    frontdesk: "district.frontdesk",
    units: ["district"],
  },
  {
    process: "d",
    procedure: "1.000664",
    agency: "000.00.06.H30",
    frontdesk: "centre.frontdesk",
    units: ["sct"],
  },
  {
    process: "e",
    procedure: "1.013225",
    agency: DISTRICT,
    frontdesk: "district.frontdesk",
    units: ["district"],
    consulted: ["sxd", "stnmt", "sgtvt"],
  },
  {
    process: "f",
    procedure: "2.000986",
    agency: COMMUNE,
    frontdesk: "commune.frontdesk",
    units: ["commune", "district"],
  },
  {
    process: "f",
    procedure: "1.010803",
    agency: "000.00.12.H30",
    frontdesk: "commune.frontdesk",
    units: ["commune", "sldtbxh"],
  },
  {
    process: "g",
    procedure: "1.012753",
    agency: DISTRICT,
    frontdesk: "district.frontdesk",
    units: ["district"],
  },
  {
    process: "h",
    procedure: "1.001029",
    agency: "000.00.13.H30",
    frontdesk: "centre.frontdesk",
    units: ["svhttdl"],
  },
  {
    process: "i",
    procedure: "2.002884",
    agency: "000.00.12.H30",
    frontdesk: "centre.frontdesk",
    units: ["sldtbxh", "chair"],
  },
  {
    process: "j",
    procedure: "1.001147",
    agency: "000.00.13.H30",
    frontdesk: "centre.frontdesk",
    units: ["svhttdl"],
  },
];

const STAFF = ["specialist", "head", "leader", "clerk"];
const USUAL = [
  "DIGITIZE",
  "PAY",
  "TRANSFER",
  "ASSIGN",
  "ANSWER",
  "RECORD_MINUTES",
  "CONSULT",
  "REQUEST_PAYMENT",
  "DRAFT_RESULT",
  "PROPOSE",
  "APPROVE",
  "SIGN",
  "SEAL",
  "RETURN",
];

export interface Walk {
  dossier: DossierBody;
  /** "EVENT@account" in order. */
  trail: string[];
}

/**
 * Walks a dossier as its people would: each does what `allowedEvents` offers, in the usual order, until `until` holds
 * or it ends. Throws when nobody can go on.
 */
export async function walk(
  app: TestApp,
  sample: Sample,
  options: { outcome?: "grant" | "deny"; until?: (dossier: DossierBody) => boolean; from?: DossierBody } = {},
): Promise<Walk> {
  const { outcome = "grant", until = () => false } = options;
  const dossier = options.from ?? (await received(app, sample));
  const people = [
    sample.frontdesk,
    ...sample.units.flatMap((unit) => STAFF.map((role) => `${unit}.${role}`)),
    ...(sample.consulted ?? []).map((unit) => `${unit}.specialist`),
  ];
  const trail: string[] = [];
  let current = dossier;
  for (let step = 0; step < 60; step++) {
    if (until(current) || [3, 8, 10].includes(current.status)) return { dossier: current, trail };
    const next = await oneStep(app, current.code, people, outcome);
    if (next === undefined)
      throw new Error(`${sample.procedure} is stuck in ${current.state} after ${trail.join(" ")}`);
    current = next.dossier;
    trail.push(`${next.type}@${next.person}`);
  }
  throw new Error(`${sample.procedure} does not end: ${trail.join(" ")}`);
}

/** A dossier filed, accepted and scanned. */
export async function received(app: TestApp, sample: Sample): Promise<DossierBody> {
  const dossier = await filed(app, sample.frontdesk, sample.procedure, sample.agency, { accept: true });
  for (const component of (await papersOf(app, sample.procedure)).toScan)
    expectStatus(
      await app.as(sample.frontdesk).upload(`/dossiers/${dossier.code}/documents`, { component }, SCAN),
      201,
    );
  return dossier;
}

async function oneStep(app: TestApp, code: string, people: string[], outcome: "grant" | "deny") {
  for (const person of people) {
    const { status, body } = await app.as(person).get<DossierBody>(`/dossiers/${code}`);
    if (status !== 200) continue;
    const type = USUAL.find((event) => isSensible(event, body, outcome));
    if (type === undefined) continue;
    const dossier = await acted(app.as(person), code, { type, ...payloadOf(type, body, outcome) });
    return { dossier, type, person };
  }
  return undefined;
}

/** Whether an event that is allowed brings the dossier on: allowed is also what only repeats. */
function isSensible(
  event: string,
  { allowedEvents, state, assignee, fees, ...rest }: DossierBody,
  outcome: string,
): boolean {
  const offered = new Set(allowedEvents.map(({ type }) => type));
  if (!offered.has(event)) return false;
  switch (event) {
    case "ASSIGN":
      return state.startsWith("assigning") && assignee === null;
    case "RECORD_MINUTES":
      return state === "inspecting";
    case "CONSULT":
      return state === "examining";
    case "REQUEST_PAYMENT":
      return state === "determiningDuty" && outcome === "grant";
    case "PAY":
      return fees.some((fee) => fee.state !== "paid");
    case "DRAFT_RESULT":
      if (rest.process === "j") return outcome === "deny" && rest.drafted !== true;
      return !offered.has("PROPOSE") || rest.drafted !== true;
    default:
      return true;
  }
}

function payloadOf(
  type: string,
  { allowedEvents }: DossierBody,
  outcome: "grant" | "deny",
): Record<string, unknown> {
  const needs = allowedEvents.find((event) => event.type === type)?.needs ?? [];
  const options = (field: string) => needs.find((need) => need.field === field)?.choices ?? [];
  const fee = options("feeCode")[0];
  switch (type) {
    case "TRANSFER":
      return { agency: options("agency")[0]?.value };
    case "ASSIGN":
      return { assignee: options("assignee")[0]?.value };
    case "CONSULT":
      return { agencies: options("agencies").map(({ value }) => value) };
    case "ANSWER":
      return { opinion: "Thống nhất với đề nghị." };
    case "RECORD_MINUTES":
      return { finding: "Đủ điều kiện theo biên bản kiểm tra." };
    case "REQUEST_PAYMENT":
      return { feeCode: "other", amount: 1_500_000, ground: "Thông báo thuế (thử nghiệm)" };
    case "PAY":
      return {
        feeCode: fee?.value,
        amount: fee?.amount ?? 1000,
        method: "cash",
        reference: "BL-01",
        ground: "Thử nghiệm",
      };
    case "DRAFT_RESULT":
      return { fields: { "Nội dung giải quyết": "Theo đề nghị của người nộp hồ sơ." } };
    case "PROPOSE":
      return outcome === "deny" ? { outcome, reason: "Không đủ điều kiện theo quy định." } : { outcome };
    case "RETURN": {
      const { name, identity } = applicant();
      return { recipient: { name, identity, method: "counter" } };
    }
    default:
      return {};
  }
}
