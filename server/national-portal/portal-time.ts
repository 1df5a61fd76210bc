import { toVietnamIso } from "../../workflows/vietnam-time.ts";
import { CannotBeMapped } from "./portal-errors.ts";

/**
 * An ISO moment as the portal writes it, yyyyMMddHHmmss in +07:00; "" for none. Throws CannotBeMapped, naming
 * `field`, when it is no moment or its year has not four digits.
 */
export function portalTime(field: string, moment: string | Date | null): string {
  if (moment === null) return "";
  const millis = typeof moment === "string" ? Date.parse(moment) : moment.getTime();
  if (Number.isNaN(millis)) throw new CannotBeMapped(field, `"${String(moment)}" không phải là thời điểm`);
  const text = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(toVietnamIso(millis));
  if (!text) throw new CannotBeMapped(field, `"${String(moment)}" nằm ngoài lịch`);
  return text.slice(1).join("");
}
