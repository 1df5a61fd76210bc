import { papersFor } from "./filing.ts";
import { choose, deskOf, type Play } from "./play.ts";
import { offered, optionsOf, type AllowedEvent } from "./dossier-view.ts";
import { payFee } from "./fees.ts";

/** At most so many sheets of one dossier go through the scanner; of the others is said why not. */
const SCANS = 12;

/**
 * Makes the next ordinary step of a dossier, by whoever has it on his desk. Answers whether there was one.
 * Throws Unexpected.
 */
export async function nextStep(play: Play): Promise<boolean> {
  const { status, state } = play.view;
  if (status === 1) return accept(play);
  if (status === 2) return state === "accepted" ? digitize(play) : transfer(play);
  if (status === 4) return atWork(play);
  if (status === 6) return payFee(play);
  if (status === 9) return handOver(play);
  return false;
}

async function accept(play: Play): Promise<boolean> {
  const { view, errand } = play;
  return play.act(view.intakeAgencyCode, "frontdesk", "ACCEPT", ({ needs }) =>
    needs.some(({ field }) => field === "limit") && errand.chance.percent(70)
      ? { limit: { value: 5, unit: "working-day", ground: "Thời hạn nhập khi tiếp nhận, theo quy chế thử." } }
      : {},
  );
}

async function digitize(play: Play): Promise<boolean> {
  const { errand, view } = play;
  const { chance } = errand;
  const by = { agency: view.intakeAgencyCode, role: "frontdesk" } as const;
  const had = new Set(view.documents.map(({ component }) => component));
  const received = new Set(view.received.map(({ code }) => code));
  const open = papersFor(errand.procedure, errand.case, errand.channel)
    .filter(({ handling }) => handling === "submit")
    .filter(({ code, required }) => !had.has(code) && (required || received.has(code)));
  const scanned = open.filter((_, at) => at < SCANS && !chance.percent(6));
  for (const { code } of scanned) await play.upload(by, code, play.scans.paper(chance));
  const notApplicable = open
    .filter((paper) => !scanned.includes(paper))
    .map(({ code }) => ({ documentCode: code, reason: "Khổ giấy lớn, không quét được tại quầy." }));
  await play.lookAs(by.agency, by.role);
  return play.act(by.agency, by.role, "DIGITIZE", () => (notApplicable.length > 0 ? { notApplicable } : {}));
}

async function transfer(play: Play): Promise<boolean> {
  const { intakeAgencyCode: intake, fees } = play.view;
  if (fees.some(({ state, dueAt }) => dueAt === "intake" && state !== "paid")) return payFee(play);
  return play.act(intake, "frontdesk", "TRANSFER", (event) => ({
    agency: choose(play, event, "agency").value,
  }));
}

async function atWork(play: Play): Promise<boolean> {
  const { view } = play;
  const asked = view.consultations.find(({ state }) => state === "waiting");
  if (view.state === "consulting" && asked !== undefined)
    return play.act(asked.agency, "specialist", "ANSWER", () => ({
      opinion: "Đồng ý với đề nghị, không có ý kiến khác.",
    }));
  const { agency, role } = deskOf(view);
  await play.lookAs(agency, role);
  const act = (type: string, payload?: (event: AllowedEvent) => Record<string, unknown>) =>
    play.act(agency, role, type, payload);
  switch (role) {
    case "specialist":
      return examine(play, agency);
    case "clerk":
      return (
        (await act("SEAL")) || act("TRANSFER", (event) => ({ agency: choose(play, event, "agency").value }))
      );
    default:
      return view.state.startsWith("assigning")
        ? act("ASSIGN", (event) => ({ assignee: choose(play, event, "assignee").value }))
        : (await act("SIGN")) || act("APPROVE");
  }
}

/** A specialist's desk: consult, inspect, have a duty determined, draft, propose. */
async function examine(play: Play, agency: string): Promise<boolean> {
  const { errand, view } = play;
  const { chance, fate } = errand;
  const act = (type: string, payload: (event: AllowedEvent) => Record<string, unknown>) =>
    play.act(agency, "specialist", type, payload);
  const by = { agency, role: "specialist" } as const;
  if (view.state === "inspecting") {
    const documentId = chance.percent(30)
      ? Number(await play.upload(by, "minutes", play.scans.draft(chance)))
      : 0;
    return act("RECORD_MINUTES", () => ({
      finding: "Đã kiểm tra thực tế: đủ điều kiện theo hồ sơ.",
      ...(documentId > 0 ? { documentId } : {}),
    }));
  }
  if (view.state === "determiningDuty" && fate.outcome === "grant")
    return act("REQUEST_PAYMENT", () => ({
      feeCode: "other",
      amount: 1_500_000,
      ground: "Thông báo thuế thử số 1.",
    }));
  if (view.state === "examining" && view.process === "e" && chance.percent(90)) {
    const consulted = await act("CONSULT", (event) => ({
      agencies: optionsOf(event, "agencies").map(({ value }) => value),
    }));
    if (consulted) return true;
  }
  if (needsDraft(play)) {
    const documentId =
      fate.outcome === "grant" && chance.percent(8)
        ? Number(await play.upload(by, "result", play.scans.draft(chance)))
        : 0;
    play.drafted = true;
    return act("DRAFT_RESULT", () =>
      documentId > 0
        ? { documentId }
        : { fields: { "Nội dung": "Giải quyết theo đề nghị của người nộp hồ sơ." } },
    );
  }
  return act("PROPOSE", () =>
    fate.outcome === "deny"
      ? { outcome: "deny", reason: "Hồ sơ không đáp ứng điều kiện theo quy định." }
      : { outcome: "grant" },
  );
}

/** A denial needs a paper always, a notification only now and then, anything else where the procedure has one. */
function needsDraft({ drafted, view, errand }: Play): boolean {
  if (drafted) return false;
  if (errand.fate.outcome === "deny" || offered(view, "PROPOSE") === undefined) return true;
  return view.process === "j" && errand.number % 3 === 0;
}

async function handOver(play: Play): Promise<boolean> {
  const { view, errand } = play;
  const intake = view.intakeAgencyCode;
  if (view.fees.some(({ state, dueAt }) => dueAt === "return" && state !== "paid")) return payFee(play);
  const { name, identity } = errand.applicant;
  const method = errand.returnMethod;
  const returned = await play.act(intake, "frontdesk", "RETURN", () => ({
    recipient: { name, identity, method },
  }));
  if (returned && play.drafted && errand.chance.percent(40))
    await play.read(play.asCitizen, `/dossiers/${play.code}/result.pdf`, "fetch the result");
  return returned;
}
