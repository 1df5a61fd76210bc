import type { Call } from "./call.ts";
import { moment, oneOf, ref } from "./schemas.ts";

const procedureCode = {
  code: { description: "short (1.001193) or full (1.001193.000.00.00.H30)", example: "1.001193" },
};
const tier = oneOf("province", "district", "commune");

/** The public catalogue. */
export const CATALOGUE_CALLS: Call[] = [
  {
    method: "get",
    path: "/agencies",
    operationId: "listAgencies",
    tag: "Catalogue",
    summary: "Danh sách đơn vị",
    description: "All units of the province, or as many of them as `limit` says.",
    access: "anybody",
    query: [
      {
        name: "limit",
        description: "1 to 1000, usually all",
        schema: { type: "integer", minimum: 1, maximum: 1000 },
      },
      { name: "cursor", description: "`nextCursor` of the page before" },
    ],
    answer: { status: 200, description: "the units, in the order of their codes", schema: ref("AgencyList") },
    problems: ["bad-limit", "bad-cursor", "repeated-parameter"],
  },
  {
    method: "get",
    path: "/procedures",
    operationId: "findProcedures",
    tag: "Catalogue",
    summary: "Tìm thủ tục hành chính",
    description:
      "`q` finds without diacritics, with slips of typing, and by code; without it all are listed. `referral` says where to go with a well-known procedure that the province does not handle.",
    access: "anybody",
    query: [
      { name: "q", description: "words or a code" },
      { name: "field", description: "name of a field, for instance Hộ tịch" },
      { name: "level", description: "the tier that decides", schema: tier },
      { name: "onlineLevel", description: "level of the online service", schema: oneOf(2, 3, 4) },
      { name: "agency", description: "code of a unit that decides it" },
      {
        name: "limit",
        description: "1 to 200, usually 20",
        schema: { type: "integer", minimum: 1, maximum: 200 },
      },
      { name: "cursor", description: "`nextCursor` of the page before" },
    ],
    answer: { status: 200, description: "the procedures, the best first", schema: ref("ProcedureList") },
    problems: ["bad-level", "bad-online-level", "bad-limit", "bad-cursor", "repeated-parameter"],
  },
  {
    method: "get",
    path: "/procedures/{code}",
    operationId: "getProcedure",
    tag: "Catalogue",
    summary: "Chi tiết thủ tục",
    description: "The whole declaration in force; what is not known says so.",
    access: "anybody",
    inPath: procedureCode,
    answer: { status: 200, description: "the procedure", schema: ref("Procedure") },
    problems: ["procedure-not-found"],
  },
  {
    method: "get",
    path: "/procedures/{code}/machine",
    operationId: "getProcedureMachine",
    tag: "Catalogue",
    summary: "Quy trình của thủ tục",
    description: "Its XState v5 machine config: `createMachine(it)` works anywhere.",
    access: "anybody",
    inPath: procedureCode,
    query: [{ name: "tier", description: "of several tiers, which; the highest without it", schema: tier }],
    answer: { status: 200, description: "the machine config", schema: ref("Machine") },
    problems: ["procedure-not-found", "no-such-tier", "bad-tier"],
  },
  {
    method: "get",
    path: "/procedures/{code}/deadline",
    operationId: "reckonDeadline",
    tag: "Catalogue",
    summary: "Tính ngày hẹn trả",
    description: "The due date of a dossier received at a moment, and the ledger that adds up to it.",
    access: "anybody",
    inPath: procedureCode,
    query: [
      { name: "receivedAt", description: "now without it", schema: moment },
      { name: "agency", description: "the deciding unit, for its office hours" },
      { name: "case", description: "a case of the procedure with a limit of its own" },
      { name: "pause", description: "FROM/TO, two moments; TO may be left out", repeated: true },
    ],
    answer: { status: 200, description: "the due date and its ledger", schema: ref("Deadline") },
    problems: [
      "procedure-not-found",
      "invalid",
      "unknown-agency",
      "agency-not-competent",
      "calendar-missing",
    ],
  },
];
