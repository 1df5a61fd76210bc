import { readFileSync } from "node:fs";

import { readAgencySeeds } from "../server/catalogue/agencies.ts";
import { readDeclarations } from "../server/catalogue/read-declarations.ts";
import type { Calendar } from "../workflows/calendar.ts";
import { chartTiers } from "../workflows/declaration.ts";
import { compileMachine } from "../workflows/machine.ts";
import { findingLine, verifyMachines } from "../workflows/verify.ts";
import { readCommandLine } from "./command-line.ts";

/** `npm run verify:workflows`: proves every machine of the catalogue. Exits 1 when one breaks a rule, 2 when it was called wrongly. */
readCommandLine("npm run verify:workflows", { options: {} });
const started = performance.now();
const calendar = JSON.parse(
  readFileSync(new URL("../seeds/calendar.json", import.meta.url), "utf8"),
) as Calendar;
const subjects = readDeclarations().flatMap((declaration) =>
  chartTiers(declaration).map((tier) => ({ declaration, tier, config: compileMachine(declaration, tier) })),
);
const found = verifyMachines(subjects, { agencies: new Set(readAgencySeeds().keys()), calendar });

for (const finding of found.findings) console.log(findingLine(finding));
const number = (value: number) => value.toLocaleString("en-US");
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${number(found.procedures)} procedures, ${number(found.machines)} machines of ${found.structures} structures: ` +
    `${number(found.places)} places and ${number(found.transitions)} transitions explored, ` +
    `${number(found.findings.length)} findings, ${seconds} s`,
);
if (found.findings.length > 0) process.exitCode = 1;
