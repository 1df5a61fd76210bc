import type { Knex } from "knex";
import type { Tier } from "../../workflows/declaration.ts";

/** A unit of the province's administration. */
export interface Agency {
  code: string;
  name: string;
  level: Tier;
  kind: "committee" | "department" | "centre" | "district" | "commune" | "division";
  parent: string | null;
  key: string | null;
  assigned: boolean;
  officeHours: { from: string; to: string }[] | null;
}

/** All units by code, read once at start: they change by migration or by an administrator, never by a request. */
export interface Agencies {
  all: Agency[];
  get(code: string): Agency | undefined;
  /** Throws when there is no such unit: for codes that the record itself carries. */
  name(code: string): string;
}

/** The People's Committee of the province: its chair signs in process i. */
export const CHAIR = "000.00.00.H30";
/** The provincial one-stop centre: receives for every department. */
export const CENTRE = "000.00.20.H30";

/** Reads the units in force. */
export async function readAgencies(db: Knex): Promise<Agencies> {
  const rows = await db
    .select({
      code: "code",
      name: "name",
      level: "level",
      kind: "kind",
      parent: "parent",
      key: "key",
      assigned: "assigned",
      officeHours: "office_hours",
    })
    .from("agencies")
    .whereNull("valid_to")
    .orderBy("code");
  return agencyList(rows as Agency[]);
}

/** The units as a list that can be asked. */
export function agencyList(all: Agency[]): Agencies {
  const byCode = new Map(all.map((agency) => [agency.code, agency]));
  return {
    all,
    get: (code) => byCode.get(code),
    name(code) {
      const agency = byCode.get(code);
      if (agency === undefined) throw new Error(`no unit ${code}`);
      return agency.name;
    },
  };
}
