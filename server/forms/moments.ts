/** Vietnam keeps one offset all year (deadlines.md: Asia/Ho_Chi_Minh, always +07:00). */
const OFFSET_MS = 7 * 3_600_000;

interface Clock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

function inVietnam(moment: Date): Clock {
  const local = new Date(moment.getTime() + OFFSET_MS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
  };
}

/** "2025-09-15": the day in Vietnam, to compare with the days on which rules take effect. */
export function dayOf(moment: Date): string {
  return new Date(moment.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** "20/9/2022" → "20/09/2022", as tables write it. */
export function shortDate(moment: Date): string {
  const { year, month, day } = inVietnam(moment);
  return `${two(day)}/${two(month)}/${year}`;
}

/**
 * "ngày 20 tháng 9 năm 2022". Days below 10 and the months 1 and 2 take a 0 before them, so that no figure can be
 * put there later (Decree 30/2020, annex I, II.4).
 */
export function dateInWords(moment: Date): string {
  const { year, month, day } = inVietnam(moment);
  return `${unbroken(`ngày ${two(day)} tháng ${month < 3 ? two(month) : month}`)} ${unbroken(`năm ${year}`)}`;
}

/** "16 giờ 30 phút, ngày 20 tháng 9 năm 2022". */
export function momentInWords(moment: Date): string {
  const { hour, minute } = inVietnam(moment);
  return `${unbroken(`${two(hour)} giờ ${two(minute)} phút,`)} ${dateInWords(moment)}`;
}

export const BY_THE_PROCEDURE = "theo quy định của thủ tục";

/** An appointment in words: "dự kiến" while provisional; where there is none it says so. */
export function dueInWords(dueAt: Date | null, provisional = false): string {
  if (dueAt === null) return BY_THE_PROCEDURE;
  return `${provisional ? "dự kiến " : ""}${momentInWords(dueAt)}`;
}

/** "16:30 20/09/2022". */
export function shortMoment(moment: Date): string {
  const { hour, minute } = inVietnam(moment);
  return `${two(hour)}:${two(minute)} ${shortDate(moment)}`;
}

/** 15000 → "15.000 đồng". */
export function dong(amount: number): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")} đồng`;
}

/** No-break spaces: "ngày 20" and "tháng 9" stay on one line (and are plain spaces to who copies the text). */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
