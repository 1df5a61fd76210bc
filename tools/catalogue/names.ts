import type { Correction } from "../../workflows/declaration.ts";
import { shorten } from "./text.ts";
import type { SourceRow } from "./source.ts";

const LONGEST_IN_LISTS = 120;

export interface Names {
  /** Only where the official name cannot be shown as it is. */
  displayName?: string;
  shortName?: string;
  corrections: Correction[];
}

/**
 * The names to show. `name` stays byte for byte as published; the display name says by which rules it
 * differs: N1 end mark, N2 code in the name, N3 capitals, N4 lower case at the start, N7 space before a mark.
 */
export function declareNames(row: SourceRow): Names {
  const corrections: Correction[] = [];
  const names: Names = { corrections };
  const displayName = row.displayName?.trim();
  if (displayName !== undefined && displayName !== row.name) {
    names.displayName = displayName;
    corrections.push({
      field: "displayName",
      rule: rulesBetween(row.name, displayName, row.code),
      was: row.name,
    });
  }
  const shown = displayName ?? row.name;
  if (shown.length > LONGEST_IN_LISTS) names.shortName = shorten(shown, LONGEST_IN_LISTS);
  return names;
}

function rulesBetween(name: string, displayName: string, code: string): string {
  const rules: string[] = [];
  if (/[.;\s-]$/u.test(name)) rules.push("N1");
  if (name.includes(code)) rules.push("N2");
  if (/^\p{Ll}/u.test(name)) rules.push("N4");
  if (/\s[,.;)]/u.test(name)) rules.push("N7");
  const capitals = (text: string) => text.match(/\p{Lu}/gu)?.length ?? 0;
  if (capitals(name) > capitals(displayName) + 1 && !name.includes(code)) rules.push("N3");
  return rules.length > 0 ? rules.join("+") : "N1";
}
