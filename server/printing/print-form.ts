import { CalendarMissing } from "../../workflows/calendar.ts";
import { checklist, matterOf } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import type { EventType } from "../../workflows/events.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { clockFacts, stepDueAts } from "../dossier/time.ts";
import { feeViews } from "../dossier/view.ts";
import { renderApology } from "../forms/apology.ts";
import { renderControlSlip } from "../forms/control-slip.ts";
import { dong } from "../forms/moments.ts";
import { legalForm } from "../forms/legal-forms.ts";
import type { FormKind } from "../forms/legal-forms.ts";
import { renderReceipt } from "../forms/receipt.ts";
import { renderRefusal } from "../forms/refusal.ts";
import { renderStopNotice } from "../forms/stop-notice.ts";
import { renderSupplementRequest } from "../forms/supplement-request.ts";
import { NotFound } from "../platform/errors.ts";
import { handovers } from "./handovers.ts";
import { leaderTitle, limitInWords, onPaper, toldHistory } from "./form-facts.ts";
import type { ToldEvent } from "./form-facts.ts";

interface Printing {
  deps: Deps;
  dossier: DossierRecord;
  declaration: Declaration;
  history: ToldEvent[];
  caller: Caller;
}

/**
 * A legal form of the dossier as PDF, in the circular of its day. Throws FormNotInForce where that day had none, and
 * NotFound `form-not-issued` where what it tells has not happened.
 */
export async function printForm(
  deps: Deps,
  dossier: DossierRecord,
  kind: FormKind,
  caller: Caller,
): Promise<Buffer> {
  legalForm(kind, dossier.submittedAt);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const history = await toldHistory(deps, dossier.id);
  return PRINTERS[kind]({ deps, dossier, declaration, history, caller });
}

const PRINTERS: Record<FormKind, (printing: Printing) => Promise<Buffer>> = {
  receipt: printReceipt,
  supplement: printSupplement,
  refusal: printRefusal,
  apology: printApology,
  stop: printStop,
  control: printControl,
};

/** The last event of these kinds. Throws NotFound where there is none. */
function lastOf(history: ToldEvent[], ...types: EventType[]): ToldEvent {
  const found = history.findLast(({ type }) => types.includes(type));
  if (found === undefined) throw new NotFound("form-not-issued", "Hồ sơ chưa có việc để lập biểu mẫu này.");
  return found;
}

/** What was given as the reason of an event. */
function reasonOf({ details }: ToldEvent): string {
  return typeof details.reason === "string" ? details.reason : "";
}

async function printReceipt({ deps, dossier, declaration, history, caller }: Printing): Promise<Buffer> {
  const acceptance = lastOf(history, "ACCEPT");
  // A correction makes a new receipt; it names the one in the citizen's hand, which the last correction before it made.
  const made = [acceptance, ...history.filter(({ type, seq }) => type === "CORRECT" && seq > acceptance.seq)];
  const issuedAt = made.at(-1)?.at ?? acceptance.at;
  const replaces = made.at(-2)?.at;
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const names = new Map(declaration.fees.map(({ code, name }) => [code, name]));
  const mayKnowSecret = caller.kind === "citizen" || caller.agency === dossier.facts.places.intake;
  const { intake, deciding } = dossier.facts.places;
  return renderReceipt({
    ...onPaper(deps, dossier, matterOf(declaration), issuedAt),
    ...(replaces === undefined ? {} : { replaces }),
    secret: mayKnowSecret ? deps.secrets.decrypt(dossier.secretCipher) : "(in tại nơi tiếp nhận)",
    ...(intake === deciding ? {} : { decidingAgencyName: deps.agencies.name(deciding) }),
    papers: checklist(declaration, dossier.case).flatMap(({ code, title }) => {
      const received = dossier.facts.received[code];
      const reused = dossier.papers.some((paper) => paper.component === code && paper.reused != null);
      return received === undefined ? [] : [{ title, ...received, reused }];
    }),
    sets: 1,
    processingTime: limitInWords(dossier.facts.clock.limit),
    receivedAt: dossier.receivedAt ?? acceptance.at,
    dueAt: dossier.dueAt ?? dossier.lastDueAt,
    provisional: dossier.provisional,
    returnMethod: dossier.returnMethod,
    fees: [
      ...feeViews(dossier, config.meta.declared, names).map(({ name, amount, state }) => ({
        name,
        amount,
        paid: state === "paid",
      })),
      // A fee whose amount depends on the case is not nothing: it is as the rules say.
      ...declaration.fees
        .filter(({ kind, code }) => kind === "varies" && !dossier.facts.fees.some((fee) => fee.code === code))
        .map(({ name }) => ({ name, amount: null, paid: false })),
    ],
    receiverName: acceptance.actorName,
  });
}

function printSupplement({ deps, dossier, declaration, history }: Printing): Promise<Buffer> {
  const request = lastOf(history, "REQUEST_SUPPLEMENT");
  const papers = new Map(declaration.documents.map((paper) => [paper.code, paper]));
  const items = request.details.items as
    { documentCode?: string; text?: string; note?: string }[] | undefined;
  return renderSupplementRequest({
    ...onPaper(deps, dossier, matterOf(declaration), request.at),
    reason: reasonOf(request),
    items: (items ?? []).map(({ documentCode, text, note }) => {
      const paper = papers.get(documentCode ?? "");
      const known = paper?.quantity === undefined ? paper : undefined;
      return {
        title: text ?? paper?.title ?? documentCode ?? "",
        note: note ?? "",
        originals: known?.originals,
        copies: known?.copies,
      };
    }),
    officerName: request.actorName,
  });
}

function printRefusal({ deps, dossier, declaration, history }: Printing): Promise<Buffer> {
  const refusal = lastOf(history, "REFUSE");
  return renderRefusal({
    ...onPaper(deps, dossier, matterOf(declaration), refusal.at),
    reason: reasonOf(refusal),
    officerName: refusal.actorName,
  });
}

function printApology({ deps, dossier, declaration, history }: Printing): Promise<Buffer> {
  const apology = lastOf(history, "APOLOGISE", "EXTEND");
  return renderApology({
    ...onPaper(deps, dossier, matterOf(declaration), apology.at),
    ...agencyOf(deps, apology.actorAgency ?? dossier.agency),
    receivedAt: dossier.receivedAt ?? dossier.submittedAt,
    dueAt: new Date(String(apology.data.fromDueAt ?? apology.data.dueAt)),
    promisedAt: new Date(String(apology.data.dueAt)),
    reason: reasonOf(apology),
    signerName: apology.actorName,
  });
}

/** Form 04 as it will be if this apology is given by `caller`: marked as a draft. Throws FormNotInForce. */
export async function printApologyDraft(
  deps: Deps,
  dossier: DossierRecord,
  { promisedAt, reason }: { promisedAt: Date; reason: string },
  caller: Caller,
): Promise<Buffer> {
  legalForm("apology", dossier.submittedAt);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const dueAt = dossier.dueAt ?? dossier.lastDueAt;
  if (dueAt === null) throw new NotFound("form-not-issued", "Hồ sơ không có ngày hẹn để xin lỗi.");
  return renderApology({
    ...onPaper(deps, dossier, matterOf(declaration), deps.clock.now()),
    ...agencyOf(deps, caller.agency ?? dossier.agency),
    receivedAt: dossier.receivedAt ?? dossier.submittedAt,
    ...{ dueAt, promisedAt, reason, signerName: caller.name, draft: true },
  });
}

function printStop({ deps, dossier, declaration, history }: Printing): Promise<Buffer> {
  const stop = lastOf(history, "STOP", "CONFIRM_WITHDRAWAL");
  const asked = stop.type === "CONFIRM_WITHDRAWAL" ? lastOf(history, "REQUEST_WITHDRAWAL") : stop;
  const stage = history.findLast(({ seq }) => seq < stop.seq)?.toState ?? "";
  const step = Object.values(declaration.charts)
    .flatMap(({ steps }) => steps)
    .find(({ state }) => state === stage);
  return renderStopNotice({
    ...onPaper(deps, dossier, matterOf(declaration), stop.at),
    ...agencyOf(deps, stop.actorAgency ?? dossier.agency),
    receivedAt: dossier.receivedAt ?? undefined,
    askedBy: stop.type === "STOP" ? "agency" : "applicant",
    reason: reasonOf(asked),
    stage: step?.name ?? "Tiếp nhận hồ sơ",
    settlement: settlementOf(dossier, declaration),
    signerName: stop.actorName,
  });
}

/** What becomes of papers and money: what was paid is named, so that it can be asked back where the rules give it back. */
function settlementOf({ facts }: DossierRecord, declaration: Declaration): string {
  const names = new Map(declaration.fees.map(({ code, name }) => [code, name]));
  const paid = facts.fees.filter(({ state, amount }) => state === "paid" && amount > 0);
  const papers = "giấy tờ đã nộp được trả lại cho người nộp hồ sơ tại bộ phận tiếp nhận";
  if (paid.length === 0) return `Chưa phát sinh khoản phí, lệ phí đã nộp; ${papers}.`;
  const sums = paid.map(({ code, amount }) => `${names.get(code) ?? code}: ${dong(amount)}`).join("; ");
  return `Đã nộp ${sums}; việc hoàn trả theo quy định về phí, lệ phí. ${papers.charAt(0).toUpperCase()}${papers.slice(1)}.`;
}

async function printControl({ deps, dossier, declaration, history }: Printing): Promise<Buffer> {
  return renderControlSlip({
    ...onPaper(deps, dossier, matterOf(declaration), deps.clock.now()),
    agencyName: deps.agencies.name(dossier.agency),
    receivedAt: dossier.receivedAt ?? undefined,
    dueAt: dossier.dueAt ?? dossier.lastDueAt,
    handovers: handovers(deps, dossier, history, await stepLimits(deps, dossier)),
  });
}

/** By when each step of the procedure is to be done, by the state in which the dossier waits for it. */
async function stepLimits(deps: Deps, dossier: DossierRecord): Promise<Map<string, Date>> {
  const clock = clockFacts(dossier.facts);
  if (clock === undefined) return new Map();
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const { declared } = config.meta;
  try {
    const limits = stepDueAts(clock, declared, await deps.calendarOf(dossier.agency));
    return new Map(
      declared.steps.flatMap(({ state }, at) => {
        const limit = limits[at];
        return limit == null ? [] : [[state, new Date(limit)] as const];
      }),
    );
  } catch (error) {
    if (error instanceof CalendarMissing) return new Map();
    throw error;
  }
}

function agencyOf(deps: Deps, code: string) {
  const agency = deps.agencies.get(code);
  const parent = agency?.parent == null ? undefined : deps.agencies.get(agency.parent);
  return {
    agencyName: agency?.name ?? code,
    agencyParentName: parent?.name,
    signerTitle: leaderTitle(agency?.kind),
  };
}
