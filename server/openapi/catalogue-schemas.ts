import {
  described,
  flag,
  list,
  moment,
  money,
  object,
  oneOf,
  orNull,
  page,
  ref,
  text,
  whole,
} from "./schemas.ts";
import type { Schema } from "./schemas.ts";

const tier = oneOf("province", "district", "commune");
const limitUnit = oneOf("working-hour", "working-day", "day", "month", "same-day");

const summary: Record<string, Schema> = {
  code: described(text, "short, for instance 1.001193"),
  fullCode: described(text, "as the national portal has it, for instance 1.001193.000.00.00.H30"),
  name: text,
  "shortName?": text,
  version: whole,
  field: text,
  levels: list(tier),
  channels: list(oneOf("counter", "online", "postal")),
  onlineLevel: oneOf(2, 3, 4),
  nationalPortal: described(flag, "offered online at the national portal"),
  limit: orNull(object({ value: whole, unit: limitUnit, from: oneOf("source", "rule", "unknown") })),
  process: described(text, "a to j"),
  "applicability?": text,
};

/** The schemas of the public catalogue, by their names in the description. */
export const CATALOGUE_SCHEMAS: Record<string, Schema> = {
  Agency: object({
    code: text,
    name: text,
    level: tier,
    parent: orNull(text),
    kind: oneOf("committee", "department", "centre", "district", "commune", "division"),
    "key?": described(text, "of a provincial unit; the demonstration accounts are named by it"),
    "assigned?": described(flag, "name and number were assigned, not found in the source"),
  }),
  AgencyList: page(ref("Agency")),
  ProcedureSummary: object(summary),
  ProcedureList: page(ref("ProcedureSummary"), {
    total: whole,
    "referral?": described(
      { type: "object" },
      "a well-known procedure that the province does not handle: where to go instead",
    ),
  }),
  Procedure: object({
    ...summary,
    officialName: described(text, "byte for byte as published"),
    levelsMean: { enum: ["chain", "alternative", null] },
    department: orNull(text),
    agencies: list(text, "codes of the units that decide it"),
    audience: list(text),
    limitFrom: oneOf("source", "rule", "unknown"),
    "limitConfidence?": text,
    "legalHint?": text,
    cases: list(object({ code: text, name: text })),
    documents: list(
      object({
        code: text,
        title: text,
        "case?": text,
        originals: whole,
        copies: whole,
        required: flag,
        handling: oneOf("submit", "present"),
        "kind?": oneOf("heading"),
        "onlyChannel?": oneOf("online"),
        "truncated?": flag,
      }),
    ),
    fees: list(
      object({
        code: text,
        name: text,
        kind: oneOf("fixed", "varies", "none-stated", "unknown", "other"),
        amount: described(orNull(money), "only a fixed fee has one"),
        dueAt: oneOf("intake", "processing", "return"),
        "examples?": list(money),
      }),
    ),
    processFrom: described(text, "the rule that chose the process"),
    steps: list(object({ name: text, role: text, unit: text, share: text, state: text })),
    tiers: list(tier),
    "consulted?": list(object({ agency: text, name: text, workingDays: whole })),
    pausesFor: list(text),
    result: object({
      code: text,
      title: text,
      paper: { anyOf: [flag, oneOf("unknown")] },
      "denialTitle?": text,
      "source?": orNull(text),
    }),
    notes: list(text),
  }),
  Machine: {
    type: "object",
    required: ["id", "initial", "states"],
    properties: { id: text, initial: text, states: { type: "object" } },
    description: "an XState v5 machine config; guards are `{type, params}` by name",
  },
  Deadline: object({
    dueAt: orNull(moment),
    provisional: flag,
    ledger: list(ref("LedgerLine")),
    "reason?": described(oneOf("no-limit"), "where the procedure has no known limit"),
    "lastDueAt?": orNull(moment),
    "startAt?": orNull(moment),
    "pausedSince?": orNull(moment),
    "remaining?": {
      type: ["object", "null"],
      properties: { officeMinutes: { type: "number" }, days: { type: "number" } },
    },
  }),
};
