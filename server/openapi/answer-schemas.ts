import { personSchema } from "../dossier/person.ts";
import {
  decimal,
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
  status,
  text,
  whole,
} from "./schemas.ts";
import type { Schema } from "./schemas.ts";

const channel = oneOf("counter", "postal", "online");
const returnMethod = oneOf("counter", "postal", "online");
const limit = object({
  value: whole,
  unit: oneOf("working-hour", "working-day", "day", "month", "same-day"),
});
const remaining = {
  type: ["object", "null"],
  properties: { officeMinutes: { type: "number" }, days: { type: "number" } },
  description: "what is left of the limit while the clock stands still",
};

const unit = object({ code: text, name: text });

/** What work lists and dossiers share. */
const core: Record<string, Schema> = {
  state: described(text, "state of the work in the procedure's machine"),
  status,
  statusName: text,
  version: described(whole, "the number in the ETag"),
  submittedAt: moment,
  receivedAt: orNull(moment),
  dueAt: described(orNull(moment), "null before acceptance, during a pause and where there is no limit"),
  lastDueAt: described(orNull(moment), "the promised date before the present pause"),
  provisional: described(flag, "the date passes through a year whose calendar is not official yet"),
  "dueReason?": oneOf("calendar-missing"),
  "answerBy?": described(moment, "filed online: accepted or refused by then"),
  pausedSince: orNull(moment),
  remaining,
};

const places: Record<string, Schema> = {
  agencyCode: described(text, "the deciding agency, prefix of the code"),
  intakeAgencyCode: text,
  processingAgencyCode: text,
  assignee: orNull(text),
};

/** Tracking without a secret; with one, `more` is there besides. */
const tracking: Record<string, Schema> = {
  code: text,
  procedure: unit,
  agency: unit,
  holder: described(unit, "the unit that has it now; never a person"),
  status,
  statusName: text,
  submittedAt: moment,
  receivedAt: orNull(moment),
  dueAt: orNull(moment),
  lastDueAt: orNull(moment),
  provisional: flag,
  "dueReason?": oneOf("no-limit", "calendar-missing"),
  pausedSince: orNull(moment),
  promisedAt: described(orNull(moment), "the date promised with the last apology"),
  step: described(orNull(text), "the procedure's own step, in status 4"),
  returnMethod,
  dateChanges: list(
    object({ from: moment, to: orNull(moment), "dueAt?": moment, text }),
    "what moved the promised date",
  ),
  timeline: list(object({ at: moment, status, text })),
  "supplement?": described(
    object({
      reason: text,
      items: list(object({ "documentCode?": text, "title?": text, "text?": text, "note?": text })),
    }),
    "with the secret, while a supplement is waited for",
  ),
  "fees?": described(list(ref("Fee")), "with the secret"),
  "result?": described(object({ available: flag }), "with the secret"),
  "reused?": described(
    list(object({ code: text, title: text })),
    "with the secret: papers for which one of the person's store stands",
  ),
  "version?": described(whole, "with the secret"),
  "allowedEvents?": described(list(ref("AllowedEvent")), "with the secret"),
};

/** A dossier as its staff see it. */
const dossier: Record<string, Schema> = {
  code: text,
  "portalCode?": described(text, "the national portal's number of a dossier filed there"),
  "secret?": described(text, "only in the answer to the filing; 8 readable characters"),
  ...core,
  procedureCode: text,
  procedureName: text,
  process: text,
  case: orNull(text),
  channel,
  returnMethod,
  ...places,
  applicant: ref("Person"),
  "owner?": ref("Person"),
  "authorisation?": text,
  note: text,
  received: list(object({ code: text, originals: whole, copies: whole })),
  documents: list(ref("Document")),
  fees: list(ref("Fee")),
  consultations: list(object({ agency: text, dueAt: moment, state: oneOf("waiting", "answered", "passed") })),
  drafted: flag,
  outcome: { enum: ["grant", "deny", null] },
  limit: orNull(limit),
  limitFrom: oneOf("source", "rule", "unknown", "entered"),
  ledger: list(ref("LedgerLine")),
  steps: list(
    object({
      name: text,
      role: text,
      agencyCode: orNull(text),
      state: oneOf("done", "current", "upcoming", "cancelled"),
      dueAt: orNull(moment),
    }),
  ),
  allowedEvents: described(list(ref("AllowedEvent")), "what this caller may do now"),
};

/** The columns of form II.06a/VPCP/KSTT, and beside them the dossiers without any limit to be measured by. */
const COLUMNS: Record<string, Schema> = {
  c3: described(whole, "to be handled: 4+5+6"),
  c4: described(whole, "received online"),
  c5: described(whole, "received at the counter or by post"),
  c6: described(whole, "carried over"),
  c7: described(whole, "handled: 8+9+10"),
  c8: described(whole, "before the due day"),
  c9: described(whole, "on the due day, up to the due moment"),
  c10: described(whole, "late"),
  c11: described(whole, "open: 12+13"),
  c12: described(whole, "within the limit, or paused"),
  c13: described(whole, "overdue"),
  apart: object({ received: whole, carried: whole, handled: whole, open: whole }),
};

/** The schemas of what is answered about dossiers, by their names in the description. */
export const ANSWER_SCHEMAS: Record<string, Schema> = {
  Person: {
    ...personSchema,
    description:
      "identity.number: cccd 12 digits, cmnd 9 digits, passport 6–12 letters and digits, taxCode 10 digits or 10-3",
  },
  Session: object({
    token: described(text, "for `Authorization: Bearer`"),
    expiresAt: moment,
    account: object({ username: text, name: text, agencyCode: text, roles: list(text) }),
  }),
  AllowedEvent: object({
    type: text,
    label: described(text, "what officers call it"),
    needs: list(
      object({
        field: text,
        required: flag,
        "options?": list(text, "the values, where they are a choice"),
        "choices?": list(
          object({ value: text, label: text, "amount?": money }),
          "the same as people read them",
        ),
      }),
    ),
  }),
  Fee: object({
    code: text,
    name: text,
    kind: oneOf("fixed", "varies", "none-stated", "unknown", "other"),
    amount: orNull(money),
    dueAt: oneOf("intake", "processing", "return"),
    state: oneOf("not-requested", "requested", "paid"),
  }),
  LedgerLine: object({
    from: moment,
    to: moment,
    counted: flag,
    minutes: described(whole, "counted minutes; they add up to the limit"),
    reason: described(text, "why they count or not, in Vietnamese"),
  }),
  Document: object({
    id: text,
    component: text,
    sha256: text,
    pages: whole,
    size: described(whole, "bytes"),
    mediaType: text,
    fileName: text,
    "reused?": described(flag, "it came out of the person's store"),
  }),
  DossierSummary: object({ code: text, procedureCode: text, applicantName: text, ...core, ...places }),
  DossierList: page(ref("DossierSummary")),
  Dossier: object(dossier),
  PendingDossier: object({
    ...dossier,
    pending: described(
      object({ type: oneOf("SIGN", "SEAL"), startedAt: moment, look: text }),
      "what is under way, and where to look",
    ),
  }),
  SigningList: object({
    items: list(
      object({
        id: text,
        documentId: described(orNull(text), "COPY: the paper whose copy is signed"),
        type: oneOf("SIGN", "SEAL", "COPY"),
        state: oneOf("running", "done", "failed", "abandoned"),
        by: described(text, "user name"),
        startedAt: moment,
        endedAt: orNull(moment),
        reason: described(orNull(text), "code: why it failed, or why the level is not B-LT"),
        level: described({ enum: ["B-B", "B-T", "B-LT", null] }, "PAdES level of a signing that is done"),
      }),
    ),
  }),
  HistoryEvent: object({
    seq: whole,
    type: text,
    actor: text,
    role: text,
    agencyCode: orNull(text),
    at: moment,
    recordedAt: moment,
    from: orNull(text),
    to: text,
    status,
    data: described({ type: "object" }, "the public part, under the hash"),
    "details?": described(
      { type: "object" },
      "the personal part, of which the hash covers a salted commitment",
    ),
    hash: text,
    previousHash: text,
  }),
  History: page(ref("HistoryEvent")),
  Uploaded: object({
    id: text,
    sha256: text,
    pages: whole,
    size: whole,
    component: text,
    warnings: described(
      list(object({ code: oneOf("low-resolution", "blank-page"), page: whole })),
      "what was taken all the same, and is better scanned again",
    ),
    version: whole,
  }),
  SignedCopy: object({
    documentId: text,
    form: oneOf("sao-y", "sao-luc", "trich-sao"),
    sha256: text,
    size: whole,
    pages: whole,
    agencyCode: text,
    signedBy: text,
    signedAt: moment,
    level: described(oneOf("B-B", "B-T", "B-LT"), "of the PAdES signature"),
  }),
  PendingCopy: object({
    documentId: text,
    pending: described(
      object({ type: oneOf("COPY"), startedAt: moment, look: text }),
      "what is under way, and where to look",
    ),
  }),
  Tracking: object(tracking),
  InboundAnswer: object({
    error_code: described(oneOf(0, 1, -1), "0 done, 1 known already, -1 refused"),
    message: text,
    code: orNull(text),
    secret: orNull(text),
    "reason?": described(text, "the problem's stable code, of a refusal"),
  }),
  StatisticColumns: object(COLUMNS),
  Statistics: object({
    form: text,
    from: text,
    to: text,
    "until?": described(orNull(text), "the last day that the figures hold"),
    rows: list(
      object({
        "field?": text,
        "key?": described(text, "code of the unit, or the tier"),
        "name?": text,
        "cause?": text,
        "handled?": described(whole, "handled late in the period, with this cause"),
        "open?": described(whole, "open and overdue at its end, with this cause"),
        "causes?": described(
          list(object({ cause: text, name: text, handled: whole, open: whole })),
          "form=II.07b: what the unit's overdue dossiers waited for",
        ),
        "id?": described(text, "of an indicator of decision 766; these and the following with form=766"),
        "group?": text,
        "fromHere?": described(flag, "false: its inputs are in another system, and it has no number here"),
        "of?": orNull(oneOf("dossiers", "procedures", "days")),
        "numerator?": orNull(decimal),
        "denominator?": orNull(whole),
        "rate?": described(orNull(decimal), "percent, of 2.2 days; null where nothing is to divide by"),
        "target?": described(orNull(whole), "percent from which on all points are had"),
        "most?": orNull(whole),
        "points?": orNull(decimal),
        "source?": described(orNull(text), "which system has its inputs"),
        ...Object.fromEntries(Object.entries(COLUMNS).map(([name, schema]) => [`${name}?`, schema])),
      }),
    ),
    "total?": ref("StatisticColumns"),
    "points?": described(decimal, "form=766: points of the indicators that have a rate here"),
    "most?": described(whole, "form=766: of so many"),
    nights: object({
      complete: described(flag, "whether every night that is due is done"),
      lastClosed: described(orNull(text), "the day up to which all figures stand"),
      lastClean: described(orNull(text), "of the last night that left no difference to the national portal"),
      leftOver: described(orNull(whole), "differences that the last comparison left"),
      missing: list(text, "days whose night is due and not done"),
    }),
  }),
  PortalSync: object({
    pending: whole,
    failed: whole,
    oldestPendingAt: orNull(moment),
    lastReconciledAt: orNull(moment),
    differences: described(orNull(whole), "of the last reconciliation"),
  }),
  Problem: {
    ...object({
      type: described(text, "urn:motcua:problem:<code>"),
      title: text,
      status: whole,
      detail: described(text, "for people, in Vietnamese"),
      code: described(text, "stable, for programs"),
      "errors?": list(object({ path: text, message: text }), "of single fields"),
      "rule?": described(text, "which rule refused an event"),
      "allowedEvents?": list(ref("AllowedEvent")),
    }),
    description: "RFC 9457 with a stable `code`; some codes carry further members",
  },
};
