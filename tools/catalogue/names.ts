import type { Correction } from "../../workflows/declaration.ts";
import { sentenceCase, shorten } from "./text.ts";
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
  const displayName = shownName(row);
  if (displayName !== row.name) {
    names.displayName = displayName;
    corrections.push({
      field: "displayName",
      rule: rulesBetween(row.name, displayName, row.code),
      was: row.name,
    });
  }
  const shown = displayName;
  if (shown.length > LONGEST_IN_LISTS) names.shortName = shorten(shown, LONGEST_IN_LISTS);
  return names;
}

/** The name that the source data proposes, or the official one, with what is left to strip. */
function shownName({ displayName, name, code }: SourceRow): string {
  const stripped = (displayName ?? name)
    .replace(new RegExp(`\\s*\\(\\s*${code.replace(".", "\\.")}\\s*\\)`, "u"), "")
    .replace(/\s+(?=[,.;)])/gu, "")
    .replace(/[\s.;-]+$/u, "");
  return isShouting(stripped) ? sentenceCase(stripped) : stripped.charAt(0).toUpperCase() + stripped.slice(1);
}

/** Most letters are capitals. */
function isShouting(name: string): boolean {
  const letters = name.match(/\p{L}/gu)?.length ?? 0;
  return letters > 12 && (name.match(/\p{Lu}/gu)?.length ?? 0) > letters * 0.6;
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
