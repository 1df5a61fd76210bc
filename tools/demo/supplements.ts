import { papersFor } from "./filing.ts";
import { optionsOf, type Tracking } from "./dossier-view.ts";
import { deskOf, type Play } from "./play.ts";

/**
 * Asks for a paper: the front desk before the work, the specialist in it; a leader of his unit consents where it is
 * not the first time. Answers whether it could be asked.
 */
export async function askSupplement(play: Play): Promise<boolean> {
  const { agency, role } = deskOf(play.view);
  if (role !== "frontdesk" && role !== "specialist") return false;
  const missing = missingPaper(play);
  return play.act(agency, role, "REQUEST_SUPPLEMENT", (event) => {
    const leaders = optionsOf(event, "leaderConsent");
    const papers = optionsOf(event, "items");
    const documentCode = missing ?? (papers.length > 0 ? play.errand.chance.pick(papers).value : undefined);
    const item = documentCode === undefined ? { text: "Giấy tờ tùy thân" } : { documentCode };
    return {
      reason: "Giấy tờ chưa đủ hoặc bản chụp không đọc được.",
      items: [{ ...item, note: "Đề nghị nộp bản rõ nét." }],
      ...(leaders[0] === undefined
        ? {}
        : { leaderConsent: { username: leaders[0].value, reason: "Đồng ý cho bổ sung thêm một lần." } }),
    };
  });
}

/** What was asked for is brought: to the front desk, or sent by the citizen with his secret. */
export async function answerSupplement(play: Play): Promise<void> {
  const { errand, view, code, asCitizen } = play;
  const intake = view.intakeAgencyCode;
  if (errand.chance.percent(55)) {
    const asked = await play.read<Tracking>(asCitizen, `/tracking/${code}`, "track a dossier");
    const [item] = asked.supplement?.items ?? [];
    const component = item?.documentCode;
    if (component !== undefined) await play.upload("citizen", component, play.scans.paper(errand.chance));
    const documents = component === undefined ? [] : [{ code: component, originals: 0, copies: 1 }];
    await play.actAsCitizen("SUPPLEMENT", { documents });
  } else {
    const paper = missingPaper(play);
    const documents = paper === undefined ? [] : [{ code: paper, originals: 1, copies: 0 }];
    await play.act(intake, "frontdesk", "SUPPLEMENT", () => ({ documents }));
  }
  await play.lookAs(intake, "frontdesk");
}

/** The first required paper that was not received. */
function missingPaper({ view, errand }: Play): string | undefined {
  const received = new Set(view.received.map(({ code }) => code));
  return papersFor(errand.procedure, errand.case, errand.channel).find(
    ({ code, required }) => required && !received.has(code),
  )?.code;
}
