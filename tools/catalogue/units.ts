import type { Tier } from "../../workflows/declaration.ts";
import { DEPARTMENT_DIVISIONS } from "./divisions.ts";
import type { SourceUnits } from "./source.ts";

/** How many units used the province's systems in 2022 (units.json, figures). */
export const UNIT_COUNT = 458;

export interface AgencySeed {
  code: string;
  name: string;
  level: Tier;
  parent: string | null;
  kind: "committee" | "department" | "centre" | "district" | "commune" | "division";
  key?: string;
  /** The unit is real in kind, but its name and number were assigned to make up the 458. */
  assigned?: true;
  gso?: string;
  area?: string;
}

/** A district's divisions are numbered from 51 on: 11 to 25 are its communes. */
const FIRST_DISTRICT_DIVISION = 51;

/**
 * The 458 units: 104 of units.json and their divisions. A code reads from right to left (QCVN 102:2016):
 * H30 the province, then the department or district, then a commune or division of it.
 * Throws when they are not 458 or a code is there twice.
 */
export function declareAgencies(units: SourceUnits): AgencySeed[] {
  const root = units.province;
  const agencies: AgencySeed[] = [
    {
      code: root.code,
      name: root.name,
      level: "province",
      parent: null,
      kind: "committee",
      key: "UBND",
      gso: root.gso,
    },
  ];

  const codeOf = new Map(units.departments.map(({ key, code }) => [key, code]));
  for (const { key = "", code, name, parent } of units.departments) {
    agencies.push({
      code,
      name,
      level: "province",
      parent: codeOf.get(parent) ?? root.code,
      kind: parent === undefined ? "department" : "centre",
      key,
    });
  }
  for (const { code, name, area = "", gso = "", communes = [] } of units.districts) {
    agencies.push({ code, name, level: "district", parent: root.code, kind: "district", gso, area });
    for (const commune of communes) {
      agencies.push({
        code: commune.code,
        name: commune.name,
        level: "commune",
        parent: code,
        kind: "commune",
        gso: commune.gso ?? "",
        area: commune.area ?? "",
      });
    }
  }
  for (const { key = "", code } of units.departments) {
    (DEPARTMENT_DIVISIONS[key] ?? []).forEach((name, index) => {
      agencies.push(division(code, name, "province", index + 1));
    });
  }
  for (const { code } of units.districts) {
    units.districtDivisions.forEach((name, index) => {
      agencies.push(division(code, name, "district", FIRST_DISTRICT_DIVISION + index));
    });
  }
  check(agencies);
  return agencies;
}

function division(parent: string, name: string, level: Tier, number: number): AgencySeed {
  const code = parent.replace(/^000\.00\./u, `000.${String(number).padStart(2, "0")}.`);
  return { code, name, level, parent, kind: "division", assigned: true };
}

function check(agencies: AgencySeed[]): void {
  const codes = new Set(agencies.map(({ code }) => code));
  if (codes.size !== agencies.length) throw new Error("Two units share a code");
  if (agencies.length !== UNIT_COUNT) throw new Error(`${agencies.length} units instead of ${UNIT_COUNT}`);
}
