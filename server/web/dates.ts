import { parseDay, weekdayOf } from "../../workflows/vietnam-time.ts";
import { momentInWords } from "../forms/moments.ts";

const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];

/** "17 giờ 00 phút, thứ Tư, ngày 25 tháng 11 năm 2026" of an ISO moment. */
export function momentInProse(iso: string): string {
  const weekday = WEEKDAYS[weekdayOf(parseDay(iso))] ?? "";
  return momentInWords(new Date(iso)).replace(", ", `, ${weekday}, `);
}
