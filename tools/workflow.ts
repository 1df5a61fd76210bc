import { readAgencySeeds } from "../server/catalogue/agencies.ts";
import { readDeclarations } from "../server/catalogue/read-declarations.ts";
import { TIERS, chartTiers } from "../workflows/declaration.ts";
import type { Tier } from "../workflows/declaration.ts";
import { compileMachine } from "../workflows/machine.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";
import { mermaid } from "./workflow/mermaid.ts";
import { pictureOf } from "./workflow/picture.ts";
import { svg } from "./workflow/svg.ts";

/** `npm run workflow -- CODE [--tier TIER] [--format mermaid|json|svg]`: draws the machine of a procedure. */
const USAGE = "npm run workflow -- 1.001193 [--tier province|district|commune] [--format mermaid|json|svg]";
const FORMATS = ["mermaid", "json", "svg"];

function main(): string {
  const { values, positionals } = readCommandLine(USAGE, {
    allowPositionals: true,
    options: { tier: { type: "string" }, format: { type: "string", default: "mermaid" } },
  });
  const [code] = positionals;
  if (code === undefined || positionals.length > 1 || !FORMATS.includes(values.format)) endWrongUsage(USAGE);
  const short = code.split(".").slice(0, 2).join(".");
  const declaration = readDeclarations().find((one) => one.code === short);
  if (declaration === undefined) throw new Error(`no procedure ${code}`);
  const tier = TIERS.find((one: Tier) => one === values.tier) ?? chartTiers(declaration)[0];
  if (tier === undefined || (values.tier !== undefined && tier !== values.tier)) endWrongUsage(USAGE);
  const config = compileMachine(declaration, tier);
  if (values.format === "json") return `${JSON.stringify(config, null, 2)}\n`;
  const agencies = readAgencySeeds();
  const picture = pictureOf(declaration, tier, config, (agency) => agencies.get(agency)?.name ?? agency);
  return values.format === "svg" ? svg(picture) : mermaid(picture);
}

try {
  process.stdout.write(main());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
