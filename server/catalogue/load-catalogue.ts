import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Knex } from "knex";
import type { Declaration } from "../../workflows/declaration.ts";
import { compileAll } from "../../workflows/machine.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import { readDeclarations } from "./read-declarations.ts";

const ROOT = join(import.meta.dirname, "../..");
const PROCEDURES = join(ROOT, "workflows/procedures");
const RULES = join(ROOT, "workflows");
const BATCH = 200;

/**
 * Brings the declared procedures into force: each new (code, hash of declaration and compiled machines) becomes a
 * version in the append-only table; what is unchanged is left alone. A start on an unchanged catalogue only reads the
 * files' bytes. Answers whether there was anything to do. Throws, and loads nothing, when any declaration is bad.
 */
export async function loadCatalogue(db: Knex, clock: Clock, log: Log): Promise<boolean> {
  const fingerprint = await fingerprintOf(RULES);
  const { rows: latest } = await db.raw<{ rows: { fingerprint: string }[] }>(
    "select fingerprint from catalogue_loads order by loaded_at desc limit 1",
  );
  if (latest[0]?.fingerprint === fingerprint) return false;
  const declarations = readDeclarations(PROCEDURES);
  const { rows: known } = await db.raw<{ rows: { code: string; version: number; hash: string }[] }>(
    "select distinct on (code) code, version, hash from procedure_versions order by code, version desc",
  );
  const before = new Map(known.map((row) => [row.code, row]));
  const changed = declarations.flatMap((declaration) => {
    const compiled = compiledVersion(declaration);
    const last = before.get(declaration.code);
    return last?.hash === compiled.hash ? [] : [{ ...compiled, version: (last?.version ?? 0) + 1 }];
  });
  const inForceFrom = clock.now();
  await db.transaction(async (trx) => {
    for (let at = 0; at < changed.length; at += BATCH)
      await trx("procedure_versions").insert(
        changed.slice(at, at + BATCH).map(({ code, version, hash, declaration, machines }) => ({
          code,
          version,
          hash,
          declaration,
          machines,
          in_force_from: inForceFrom,
        })),
      );
    await trx("catalogue_loads")
      .insert({ fingerprint, versions: JSON.stringify(changed.map(({ code, version }) => [code, version])) })
      .onConflict("fingerprint")
      .ignore();
  });
  log.info({ procedures: declarations.length, changed: changed.length }, "catalogue loaded");
  return true;
}

function compiledVersion(declaration: Declaration) {
  const machines = JSON.stringify(compileAll(declaration));
  const text = JSON.stringify(declaration);
  return {
    code: declaration.code,
    declaration: text,
    machines,
    hash: createHash("sha256").update(text).update("\n").update(machines).digest("hex"),
  };
}

/** Hash over everything that a compiled machine depends on: the declarations and the rules' own sources. */
async function fingerprintOf(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (let at = 0; at < paths.length; at += BATCH) {
    const bodies = await Promise.all(paths.slice(at, at + BATCH).map((path) => readFile(path)));
    for (const body of bodies) hash.update(body).update("\n");
  }
  return hash.digest("hex");
}
