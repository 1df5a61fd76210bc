import type { VNode } from "preact";

export type Tone = "late" | "soon" | "done" | "paused" | "plain";

/** A colour with its word. */
export function Chip({ tone, text }: { tone: Tone; text: string }): VNode {
  return <span class={`chip ${tone}`}>{text}</span>;
}

export interface Due {
  dueAt: Date | null;
  pausedSince: Date | null;
  closedAt: Date | null;
  provisional: boolean;
  calendarMissing: boolean;
  receivedAt: Date | null;
}

const DAY = 86_400_000;
const DAY_IN_VIETNAM = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" });

/** How urgent a dossier is, as a word: "Quá hạn 2 ngày", "Còn 4 giờ", "Tạm dừng". */
export function dueWord(due: Due, now: Date): { tone: Tone; text: string } {
  if (due.closedAt !== null) return { tone: "plain", text: "Đã kết thúc" };
  if (due.receivedAt === null) return { tone: "plain", text: "Chưa tiếp nhận" };
  if (due.pausedSince !== null) return { tone: "paused", text: "Tạm dừng" };
  if (due.calendarMissing) return { tone: "soon", text: "Chưa có lịch" };
  if (due.dueAt === null) return { tone: "plain", text: "Không có thời hạn" };
  const left = due.dueAt.getTime() - now.getTime();
  if (left < 0) {
    const days = daysBetween(due.dueAt, now);
    return { tone: "late", text: days === 0 ? `Quá hạn ${hours(-left)}` : `Quá hạn ${days} ngày` };
  }
  const days = daysBetween(now, due.dueAt);
  if (days === 0) return { tone: "soon", text: `Còn ${hours(left)}` };
  return { tone: days <= 2 ? "soon" : "plain", text: `Còn ${days} ngày` };
}

/** Calendar days in Vietnam from one moment to another. */
function daysBetween(from: Date, to: Date): number {
  const day = (moment: Date) => Date.parse(DAY_IN_VIETNAM.format(moment));
  return Math.round((day(to) - day(from)) / DAY);
}

function hours(ms: number): string {
  return ms < 3_600_000
    ? `${Math.max(1, Math.floor(ms / 60_000))} phút`
    : `${Math.floor(ms / 3_600_000)} giờ`;
}
