import { readFileSync } from "node:fs";

import { chartTiers } from "../../workflows/declaration.ts";
import type { Declaration, Tier } from "../../workflows/declaration.ts";

export type AgencyKind = "committee" | "department" | "centre" | "district" | "commune" | "division";

/** A unit as seeds/agencies.json has it. The running program reads its units from the database (units.ts). */
export interface AgencySeed {
  code: string;
  name: string;
  level: Tier;
  parent: string | null;
  kind: AgencyKind;
  /** Key of a provincial unit ("STP"); declarations name their department by it. */
  key?: string;
  /** The unit's name and number were assigned to make up the 458 of 2022. */
  assigned?: true;
  /** Code of the General Statistics Office. */
  gso?: string;
  area?: string;
}

/** What of a unit says whether it decides a procedure. */
export interface DecidingUnit {
  code: string;
  kind: AgencyKind;
  key?: string | null;
}

const SEED = new URL("../../seeds/agencies.json", import.meta.url);

/** The units by code, as seeded, in the order of the file. */
export function readAgencySeeds(file: URL | string = SEED): Map<string, AgencySeed> {
  const agencies = JSON.parse(readFileSync(file, "utf8")) as AgencySeed[];
  return new Map(agencies.map((agency) => [agency.code, agency]));
}

/**
 * The codes of the units that decide a procedure and whose code a dossier's number begins with: its
 * department, the districts, the communes, by the tiers of its charts. In process f that is the unit that
 * signs, in process i the department that prepares. Sorted by tier, the highest first.
 */
export function decidingAgencies(declaration: Declaration, agencies: Iterable<DecidingUnit>): string[] {
  const all = [...agencies];
  return chartTiers(declaration).flatMap((tier) =>
    all.filter((agency) => decidesAt(declaration, tier, agency)).map(({ code }) => code),
  );
}

/** The tier whose chart a dossier decided by `agency` follows; undefined where it does not decide this. */
export function chartTierOf(declaration: Declaration, agency: DecidingUnit): Tier | undefined {
  return chartTiers(declaration).find((tier) => decidesAt(declaration, tier, agency));
}

function decidesAt(declaration: Declaration, tier: Tier, agency: DecidingUnit): boolean {
  if (tier === "province") return declaration.department !== null && agency.key === declaration.department;
  return agency.kind === tier;
}
