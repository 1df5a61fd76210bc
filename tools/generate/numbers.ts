import type { Agency } from "../../server/catalogue/units.ts";

/** The running numbers of units: of dossiers by day, of outgoing documents by year. Each is given once, without gaps. */
export interface Numbers {
  dossierCode(agency: string, day: string): string;
  /** `12/KQGQ-STP`, as the register of the unit has it. */
  outgoing(unit: Agency, year: number, outcome: "grant" | "deny"): { number: number; symbol: string };
  /** A row number for an attached file, of this run alone. */
  document(): number;
  /** How far each has come, by `agency day` and `agency year`. */
  reached(): { dossiers: Record<string, number>; outgoing: Record<string, number> };
}

export interface NumbersBefore {
  dossiers: Record<string, number>;
  outgoing: Record<string, number>;
}

/** `lastDocument` is shared by the threads: the row number of the last file given out. */
export function openNumbers(before: NumbersBefore, lastDocument: Int32Array): Numbers {
  const dossiers = new Map(Object.entries(before.dossiers));
  const outgoing = new Map(Object.entries(before.outgoing));
  const used = { dossiers: new Set<string>(), outgoing: new Set<string>() };
  const next = (which: "dossiers" | "outgoing", key: string): number => {
    const map = which === "dossiers" ? dossiers : outgoing;
    const number = (map.get(key) ?? 0) + 1;
    map.set(key, number);
    used[which].add(key);
    return number;
  };
  return {
    dossierCode(agency, day) {
      const number = next("dossiers", `${agency} ${day}`);
      return `${agency}-${day.slice(2).replaceAll("-", "")}-${String(number).padStart(4, "0")}`;
    },
    outgoing(unit, year, outcome) {
      const number = next("outgoing", `${unit.code} ${year}`);
      const abbreviation = unit.key !== null && unit.kind !== "committee" ? unit.key : "UBND";
      return { number, symbol: `${number}/${outcome === "deny" ? "CV" : "KQGQ"}-${abbreviation}` };
    },
    document: () => Atomics.add(lastDocument, 0, 1) + 1,
    reached: () => ({
      dossiers: Object.fromEntries([...used.dossiers].map((key) => [key, dossiers.get(key) ?? 0])),
      outgoing: Object.fromEntries([...used.outgoing].map((key) => [key, outgoing.get(key) ?? 0])),
    }),
  };
}
