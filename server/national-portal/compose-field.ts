import { CannotBeMapped } from "./portal-errors.ts";

/** The text, trimmed and in NFC. Throws CannotBeMapped when there is none. */
export function required(field: string, text: unknown): string {
  if (typeof text !== "string" || text.trim() === "") throw new CannotBeMapped(field, "còn thiếu");
  return text.trim().normalize("NFC");
}

/** The portal's value for ours. Throws CannotBeMapped when ours is not one of the known. */
export function chosen(field: string, values: Readonly<Record<string, string>>, ours: string): string {
  const value = Object.hasOwn(values, ours) ? values[ours] : undefined;
  if (value === undefined) throw new CannotBeMapped(field, `không có giá trị tương ứng với "${ours}"`);
  return value;
}

/** 1 to 10, as they are: no status is dressed up as another. */
export function statusText(field: string, status: number): string {
  if (!Number.isInteger(status) || status < 1 || status > 10) {
    throw new CannotBeMapped(field, `không có trạng thái ${status}`);
  }
  return String(status);
}

/** The first `length` characters, never half of one. */
export function truncate(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : characters.slice(0, length).join("");
}
