import { parseDay } from "../../workflows/vietnam-time.ts";

/** What stands in a form's fields, by their names. */
export type Typed = Readonly<Record<string, readonly string[]>>;

/** A form's body as the fields' values; what belongs to the page (`_csrf` …) is left out. */
export function typedOf(body: unknown): Typed {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    fields
      .filter(([name]) => !name.startsWith("_"))
      .map(([name, value]) => [name, [value].flat().filter((one): one is string => typeof one === "string")]),
  );
}

/** A field's text without blanks around it; "" when it is not there. */
export function textIn(typed: Typed, name: string): string {
  return typed[name]?.[0]?.trim() ?? "";
}

/** The fields whose name begins so, by what follows: "items.note.02" below "items.note." is "02". */
export function fieldsBelow(typed: Typed, prefix: string): [string, string][] {
  return Object.keys(typed)
    .filter((name) => name.startsWith(prefix))
    .map((name) => [name.slice(prefix.length), textIn(typed, name)]);
}

/**
 * A day as people write it ("5/10/2026") with an hour ("16:30", "16h30", "16 giờ 30") as a moment of Vietnam, ISO
 * 8601. Undefined when it is none.
 */
export function momentTyped(day: string, hour: string): string | undefined {
  const [, date = "", month = "", year = ""] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(day) ?? [];
  const [, hours = "", minutes = "00"] = /^(\d{1,2})(?:\s*(?:[:h.]|giờ)\s*(\d{2})?)?$/i.exec(hour) ?? [];
  if (date === "" || hours === "" || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const iso = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}T${hours.padStart(2, "0")}:${minutes}:00+07:00`;
  try {
    parseDay(iso);
    const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
    return real.getUTCMonth() === Number(month) - 1 && real.getUTCDate() === Number(date) ? iso : undefined;
  } catch {
    return undefined;
  }
}

/** "150.000 đ" → 150000; undefined when it is no whole number of đồng. */
export function amountTyped(text: string): number | undefined {
  const plain = text.replace(/[\s.,_]|đồng|đ$/giu, "");
  return /^\d{1,12}$/.test(plain) ? Number(plain) : undefined;
}
