import { CHAIR, type Agencies } from "../../catalogue/units.ts";
import type { Sight } from "./asked.ts";

/** A unit that a page of figures can be narrowed to, under the heading where it is looked for. */
export interface UnitChoice {
  code: string;
  name: string;
  group: string;
}

const OF_PROVINCE = "Cấp tỉnh";

/**
 * The units that decide procedures: those of the province, then each district with its communes. The divisions are left
 * out: they decide none, so all their figures are 0, and many bear the same name. The province as a whole is no choice of
 * its own either: that is what stands without one. Whatever is chosen now is always there.
 */
export function unitChoices(sight: Sight, chosen: string | undefined, agencies: Agencies): UnitChoice[] {
  const choices = sight.units.flatMap((code): (UnitChoice & { order: string })[] => {
    const unit = agencies.get(code);
    if (unit === undefined) return [];
    const isOffered = unit.kind !== "division" && !(code === CHAIR && sight.all);
    if (!isOffered && code !== chosen) return [];
    const over = unit.kind === "district" || unit.parent === null ? undefined : agencies.get(unit.parent);
    const head = unit.level === "province" ? undefined : (over ?? unit);
    return [
      { code, name: unit.name, group: head?.name ?? OF_PROVINCE, order: `${head?.code ?? ""} ${code}` },
    ];
  });
  return choices
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ code, name, group }) => ({ code, name, group }));
}
