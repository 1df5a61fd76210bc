import type { Caller } from "./caller.ts";
import type { Role } from "./dossier-view.ts";

interface Agency {
  code: string;
  kind: string;
  key?: string;
}

/** Who sits where: the demonstration accounts of contract.md by unit and role. */
export interface Directory {
  /** The kind of a unit that has accounts; undefined for one without. */
  kindOf(agency: string): string | undefined;
  /** The account. Throws when the unit has none: the plan should not have sent anybody there. */
  account(agency: string, role: Role): string;
}

/** Units that are named by their part in the demonstration and not by a key of their own. */
export const DISTRICT = "000.00.32.H30";
export const COMMUNE = "000.15.32.H30";
export const CENTRE = "000.00.20.H30";
const NAMED: Record<string, string> = {
  [DISTRICT]: "district",
  [COMMUNE]: "commune",
  [CENTRE]: "centre",
  "000.00.00.H30": "chair",
};

/** Reads the units and which of them have demonstration accounts. */
export async function readDirectory(caller: Caller): Promise<Directory> {
  const asking = { method: "GET", path: "/agencies", step: "read the catalogue" } as const;
  const { items } = await caller.get<{ items: Agency[] }>("anybody", asking);
  const units = new Map(
    items.flatMap(({ code, kind, key }) => {
      const name = NAMED[code] ?? (kind === "department" ? key?.toLowerCase() : undefined);
      return name === undefined ? [] : [[code, { kind, name }] as const];
    }),
  );
  return {
    kindOf: (agency) => units.get(agency)?.kind,
    account(agency, role) {
      const unit = units.get(agency);
      if (unit === undefined) throw new Error(`${agency} has no demonstration accounts`);
      return `${unit.name}.${role}`;
    },
  };
}
