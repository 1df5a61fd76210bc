import type { Declaration } from "../../workflows/declaration.ts";
import type { AgencySeed } from "./units.ts";

export function catalogueReport(declarations: Declaration[], agencies: AgencySeed[]): string {
  return `# The catalogue\n\n${declarations.length} procedures, ${agencies.length} units.\n`;
}
