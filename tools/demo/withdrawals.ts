import type { Play } from "./play.ts";

const REASON = "Người nộp muốn chuẩn bị lại hồ sơ.";

/** The citizen asks with his secret, or at the front desk. Answers whether he still may. */
export async function requestWithdrawal(play: Play): Promise<boolean> {
  const intake = play.view.intakeAgencyCode;
  const { allowedEvents } = await play.lookAs(intake, "frontdesk");
  if (!allowedEvents.some(({ type }) => type === "REQUEST_WITHDRAWAL")) return false;
  if (play.errand.chance.percent(50))
    return play.act(intake, "frontdesk", "REQUEST_WITHDRAWAL", () => ({ reason: REASON }));
  await play.actAsCitizen("REQUEST_WITHDRAWAL", { reason: REASON });
  await play.lookAs(intake, "frontdesk");
  return true;
}

/** The specialist who holds it does not agree, or the front desk where the work has not begun. */
export async function rejectWithdrawal(play: Play): Promise<void> {
  const { intakeAgencyCode, processingAgencyCode } = play.view;
  const reason = "Hồ sơ đã được giải quyết gần xong.";
  const rejected =
    (await play.act(intakeAgencyCode, "frontdesk", "REJECT_WITHDRAWAL", () => ({ reason }))) ||
    (await play.act(processingAgencyCode, "specialist", "REJECT_WITHDRAWAL", () => ({ reason })));
  if (!rejected) throw new Error(`nobody could reject the withdrawal of ${play.code}`);
}
