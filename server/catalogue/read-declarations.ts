import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import type { ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

import type { Declaration } from "../../workflows/declaration.ts";
import { readAgencySeeds } from "./agencies.ts";
import { checkDeclaration } from "./check-declaration.ts";
import type { Finding } from "./check-declaration.ts";

export const PROCEDURES_DIR = fileURLToPath(new URL("../../workflows/procedures", import.meta.url));
const SCHEMA = new URL("../../workflows/procedure.schema.json", import.meta.url);

const compile = () =>
  new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<Declaration>(
    JSON.parse(readFileSync(SCHEMA, "utf8")) as object,
  );
let compiled: ReturnType<typeof compile> | undefined;

/** A finding and the file that it was found in. */
export interface FileFinding extends Finding {
  file: string;
}

/** Thrown when declarations are bad: the message names file, path and cause of every finding. */
export class BadDeclarations extends Error {
  readonly findings: FileFinding[];
  constructor(findings: FileFinding[]) {
    const lines = findings.map(({ file, path, cause }) => `  ${file} ${path || "/"}: ${cause}`);
    super(`${findings.length} findings in the declarations, none was loaded:\n${lines.join("\n")}`);
    this.name = "BadDeclarations";
    this.findings = findings;
  }
}

/**
 * All declarations of a folder of field folders, sorted by code. All or nothing.
 * Throws BadDeclarations with every finding of every file.
 */
export function readDeclarations(dir: string = PROCEDURES_DIR): Declaration[] {
  const agencies = readAgencySeeds();
  const valid = (compiled ??= compile());
  const findings: FileFinding[] = [];
  const declarations: Declaration[] = [];
  const fileOf = new Map<string, string>();

  for (const path of jsonFiles(dir)) {
    const file = relative(dir, path);
    const value = parse(path);
    if (value instanceof SyntaxError) {
      findings.push({ file, path: "", cause: value.message });
    } else if (!valid(value)) {
      findings.push(...schemaFindings(valid.errors ?? []).map((finding) => ({ file, ...finding })));
    } else {
      findings.push(...checkDeclaration(value, agencies).map((finding) => ({ file, ...finding })));
      const other = fileOf.get(value.code);
      if (other !== undefined)
        findings.push({ file, path: "/code", cause: `${value.code} is also in ${other}` });
      if (!path.endsWith(`${value.code}.json`)) {
        findings.push({ file, path: "/code", cause: `the file is not named ${value.code}.json` });
      }
      fileOf.set(value.code, file);
      declarations.push(value);
    }
  }
  if (declarations.length === 0 && findings.length === 0) {
    findings.push({ file: dir, path: "", cause: "there is no declaration in it" });
  }
  if (findings.length > 0) throw new BadDeclarations(findings);
  return declarations.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Reading synchronously: 1,851 small files in turn are faster than as many promises. */
function jsonFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(dir, name)).map((file) => join(dir, name, file)))
    .filter((file) => file.endsWith(".json"));
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function schemaFindings(errors: ErrorObject[]): Finding[] {
  const findings = errors.map(({ instancePath, keyword, message = "", params }): Finding => {
    const more = keyword === "additionalProperties" ? ` "${String(params.additionalProperty)}"` : "";
    const allowed = keyword === "enum" ? `: ${(params.allowedValues as unknown[]).join(", ")}` : "";
    return { path: instancePath, cause: `${message}${more}${allowed}` };
  });
  // "if" only repeats that its "then" or "else" failed.
  return findings.filter(({ cause }) => !/^must match "(then|else)" schema/u.test(cause));
}
