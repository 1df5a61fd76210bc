import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format } from "prettier";

import { declare } from "./catalogue/declare.ts";
import { fieldFolder } from "./catalogue/fields.ts";
import { catalogueReport } from "./catalogue/report.ts";
import { readRows, readUnits } from "./catalogue/source.ts";
import { declareAgencies } from "./catalogue/units.ts";
import { endWrongUsage, readCommandLine } from "./command-line.ts";
import type { Declaration } from "../workflows/declaration.ts";

// Makes the catalogue from the source data, whole and always the same: 1,851 declarations, the units, and
// the page that says how much of it is known. Usage: npm run catalogue:make -- FOLDER

const USAGE = "npm run catalogue:make -- FOLDER: the folder of procedures.jsonl and units.json";

const { positionals } = readCommandLine(USAGE, { allowPositionals: true, options: {} });
const [source] = positionals;
if (source === undefined || positionals.length > 1) endWrongUsage(USAGE);
const root = join(import.meta.dirname, "..");
const procedures = join(root, "workflows/procedures");

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function writeDeclaration(declaration: Declaration): void {
  const folder = join(procedures, fieldFolder(declaration.field));
  mkdirSync(folder, { recursive: true });
  writeJson(join(folder, `${declaration.code}.json`), {
    $schema: "../../procedure.schema.json",
    ...declaration,
  });
}

/** Two fields in one folder would still be two fields, but nobody would find them. */
function checkFolders(declarations: Declaration[]): void {
  const fieldOf = new Map<string, string>();
  for (const { field } of declarations) {
    const folder = fieldFolder(field);
    const other = fieldOf.get(folder) ?? field;
    if (other !== field) throw new Error(`"${field}" and "${other}" share the folder ${folder}`);
    fieldOf.set(folder, field);
  }
}

const rows = readRows(source);
const units = readUnits(source);
const agencies = declareAgencies(units);
const declarations = rows.map(declare);
checkFolders(declarations);

rmSync(procedures, { recursive: true, force: true });
declarations.forEach(writeDeclaration);
mkdirSync(join(root, "seeds"), { recursive: true });
writeJson(join(root, "seeds/agencies.json"), agencies);
mkdirSync(join(root, "docs"), { recursive: true });
const report = await format(catalogueReport(declarations, agencies), { parser: "markdown", printWidth: 110 });
writeFileSync(join(root, "docs/catalogue.md"), report);

console.log(`${declarations.length} declarations, ${agencies.length} units`);
