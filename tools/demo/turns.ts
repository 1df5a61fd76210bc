import { setTimeout as pause } from "node:timers/promises";
import { optionsOf } from "./dossier-view.ts";
import { payFee, requestFee } from "./fees.ts";
import { deskOf, type Play } from "./play.ts";
import { askSupplement, answerSupplement } from "./supplements.ts";
import { rejectWithdrawal, requestWithdrawal } from "./withdrawals.ts";

/**
 * What happens to a dossier beside its ordinary course. Each looks whether its moment has come and answers:
 * `later`, `done`, or `left` when the dossier stays where it now is.
 */
type Turn = (play: Play) => Promise<"later" | "done" | "left">;

const stateOf = (play: Play): string => play.view.state;
const isAtSpecialist = (play: Play) => play.view.status === 4 && deskOf(play.view).role === "specialist";

const TURNS = {
  "supplement at intake": async (play) => {
    if (play.view.status !== 1) return "done";
    return (await askSupplement(play)) ? answerSupplement(play).then(() => "done") : "done";
  },
  supplement: async (play) => {
    if (!isAtSpecialist(play) || !(await askSupplement(play))) return "later";
    await answerSupplement(play);
    return "done";
  },
  "supplement asked twice": async (play) => {
    if (!isAtSpecialist(play) || !(await askSupplement(play))) return "later";
    await answerSupplement(play);
    if (await askSupplement(play)) await answerSupplement(play);
    return "done";
  },
  "withdrawal rejected": async (play) => {
    if (!(await requestWithdrawal(play))) return "later";
    await rejectWithdrawal(play);
    return "done";
  },
  // Both waits end where they began: the withdrawal leads back to the supplement, that to the work.
  "withdrawal within a supplement": async (play) => {
    if (!isAtSpecialist(play) || !(await askSupplement(play))) return "later";
    if (await requestWithdrawal(play)) await rejectWithdrawal(play);
    await answerSupplement(play);
    return "done";
  },
  "extension or apology": async (play) => {
    if (play.view.status !== 4) return "later";
    const leader = [play.view.processingAgencyCode, "leader"] as const;
    const until = (days: number) => () => ({
      dueAt: laterBy(play, days),
      reason: "Khối lượng hồ sơ của đợt diễn tập lớn; xin lỗi người nộp hồ sơ.",
    });
    await play.lookAs(...leader);
    return (await play.act(...leader, "EXTEND", until(7))) ||
      (await play.act(...leader, "APOLOGISE", until(7)))
      ? "done"
      : "later";
  },
  correction: async (play) => {
    const { agency, role } = deskOf(play.view);
    if (role !== "frontdesk" && role !== "specialist") return "later";
    const corrected = await play.act(agency, role, "CORRECT", (_event, { applicant }) => ({
      fields: [
        { path: "applicant.phone", before: applicant.phone, after: `0911${applicant.phone.slice(-6)}` },
      ],
      reason: "Nhập nhầm số điện thoại khi tiếp nhận.",
    }));
    return corrected ? "done" : "later";
  },
  payment: async (play) => {
    if (!isAtSpecialist(play)) return "later";
    const { agency } = deskOf(play.view);
    if (!(await requestFee(play, agency, "specialist"))) return "later";
    await payFee(play);
    return "done";
  },
  "sent back": async (play) => {
    const { agency, role } = deskOf(play.view);
    if (play.view.status !== 4 || (role !== "head" && role !== "leader")) return "later";
    const reason = "Dự thảo chưa rõ căn cứ pháp lý; bổ sung rồi trình lại.";
    return (await play.act(agency, role, "SEND_BACK", () => ({ reason }))) ? "done" : "later";
  },
  /** The last of the agencies does not answer; the worker says so when its limit has passed, and the work goes on. */
  "silent agency": async (play) => {
    if (stateOf(play) !== "examining") return "later";
    const { agency } = deskOf(play.view);
    const consulted = await play.act(agency, "specialist", "CONSULT", (event) => ({
      agencies: optionsOf(event, "agencies").map(({ value }) => value),
      dueAt: inVietnam(new Date(play.now().getTime() + 6_000)),
    }));
    if (!consulted) return "later";
    for (const { agency: asked } of play.view.consultations.slice(0, -1))
      await play.act(asked, "specialist", "ANSWER", () => ({ opinion: "Thống nhất." }));
    for (let waited = 0; waited < 60 && stateOf(play) === "consulting"; waited += 1) {
      await pause(1_000);
      await play.lookAs(agency, "specialist", "again");
    }
    return "done";
  },
  refused: async (play) => {
    const reason = "Hồ sơ không thuộc phạm vi tiếp nhận.";
    if (play.view.status !== 1) return "done";
    await play.act(play.view.intakeAgencyCode, "frontdesk", "REFUSE", () => ({ reason }));
    return "done";
  },
  "refused in a supplement": async (play) => {
    if (play.view.status !== 1 || !(await askSupplement(play))) return "done";
    const reason = "Người nộp không bổ sung trong thời hạn.";
    await play.act(play.view.intakeAgencyCode, "frontdesk", "REFUSE", () => ({ reason }));
    return "done";
  },
  withdrawn: async (play) => {
    if (!(await requestWithdrawal(play))) return "later";
    await play.act(play.view.intakeAgencyCode, "frontdesk", "CONFIRM_WITHDRAWAL");
    return "done";
  },
  stopped: async (play) => {
    if (play.view.status !== 4) return "later";
    const reason = "Người nộp hồ sơ không còn đủ điều kiện để giải quyết tiếp.";
    return (await play.act(play.view.processingAgencyCode, "leader", "STOP", () => ({ reason })))
      ? "done"
      : "later";
  },
  "left in a supplement": async (play) => {
    if (play.view.status !== 1 && !isAtSpecialist(play)) return "later";
    return (await askSupplement(play)) ? "left" : "later";
  },
  "left in a payment": async (play) => {
    if (!isAtSpecialist(play)) return "later";
    return (await requestFee(play, deskOf(play.view).agency, "specialist")) ? "left" : "later";
  },
  "left in a withdrawal": async (play) => ((await requestWithdrawal(play)) ? "left" : "later"),
} satisfies Record<string, Turn>;

export type TurnName = keyof typeof TURNS;

/** Takes the turn if its moment has come. Throws Unexpected. */
export function takeTurn(play: Play, name: TurnName): ReturnType<Turn> {
  return TURNS[name](play);
}

/** A moment so many days after the promised one, and after now: 17:00 in Vietnam. */
function laterBy(play: Play, days: number): string {
  const due = Date.parse(play.view.dueAt ?? play.view.lastDueAt ?? "");
  const from = Math.max(Number.isNaN(due) ? 0 : due, play.now().getTime());
  const day = new Date(from + days * 86_400_000);
  return `${inVietnam(day).slice(0, 10)}T17:00:00+07:00`;
}

function inVietnam(moment: Date): string {
  return `${new Date(moment.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
