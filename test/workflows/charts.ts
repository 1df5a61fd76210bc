import { readFileSync } from "node:fs";

import { readAgencySeeds } from "../../server/catalogue/agencies.ts";
import { readDeclarations } from "../../server/catalogue/read-declarations.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import { chartTiers } from "../../workflows/declaration.ts";
import type { Declaration, ProcessName, Tier } from "../../workflows/declaration.ts";
import { readyMachine } from "../../workflows/decide.ts";
import { compileMachine } from "../../workflows/machine.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";

/** The province's calendar and units, as the program is seeded with them. */
export const calendar = JSON.parse(
  readFileSync(new URL("../../seeds/calendar.json", import.meta.url), "utf8"),
) as Calendar;
export const agencies: ReadonlySet<string> = new Set(readAgencySeeds().keys());

let read: Declaration[] | undefined;

/** The catalogue, read once. */
export function declarations(): Declaration[] {
  return (read ??= readDeclarations());
}

/** A copy of a procedure's declaration, to be changed at will. */
export function declarationOf(code: string): Declaration {
  const found = declarations().find((declaration) => declaration.code === code);
  if (found === undefined) throw new Error(`no procedure ${code}`);
  return structuredClone(found);
}

/** The procedure that shows each process in the README, and the tier whose chart it is. */
export const SAMPLES: Record<ProcessName, { code: string; tier: Tier }> = {
  a: { code: "2.000815", tier: "commune" },
  b: { code: "1.001776", tier: "commune" },
  c: { code: "1.003702", tier: "district" },
  d: { code: "1.000664", tier: "province" },
  e: { code: "1.013225", tier: "district" },
  f: { code: "1.010803", tier: "province" },
  g: { code: "1.012753", tier: "district" },
  h: { code: "1.001029", tier: "province" },
  i: { code: "2.002884", tier: "province" },
  j: { code: "1.001147", tier: "province" },
};

/** The machine of a procedure, of its highest tier unless told. */
export function machineOf(code: string, tier?: Tier): ReadyMachine {
  const declaration = declarationOf(code);
  return readyMachine(compileMachine(declaration, tier ?? chartTiers(declaration)[0]!));
}
