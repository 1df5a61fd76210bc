import type { Knex } from "knex";
import type { Declaration, Tier } from "../../workflows/declaration.ts";
import { readyMachine } from "../../workflows/decide.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import type { MachineConfig } from "../../workflows/machine.ts";

/** One version of a procedure: a dossier keeps the one it was filed under. */
export interface ProcedureVersion {
  id: number;
  code: string;
  version: number;
  declaration: Declaration;
}

export interface Catalogue {
  /** The versions in force, in the order of their codes. */
  all: ProcedureVersion[];
  /** By short code (1.001193) or full one (1.001193.000.00.00.H30). */
  current(code: string): ProcedureVersion | undefined;
  /** A version by its row, in force or not. Throws when there is none. */
  version(id: number): Promise<ProcedureVersion>;
  /** The machine of a version and tier; built on first use and kept in a bounded cache. */
  machine(versionId: number, tier: Tier): Promise<ReadyMachine>;
}

const FULL_SUFFIX = ".000.00.00.H30";
const MACHINES_KEPT = 400;

/** The province's full code of a procedure (MaTTHC). */
export function fullCode(code: string): string {
  return `${code}${FULL_SUFFIX}`;
}

/** Reads the versions in force: for each code the latest. Old versions and machines are read when needed. */
export async function openCatalogue(db: Knex): Promise<Catalogue> {
  const { rows } = await db.raw<{ rows: ProcedureVersion[] }>(
    `select distinct on (code) id, code, version, declaration from procedure_versions order by code, version desc`,
  );
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const machines = bounded<ReadyMachine>(MACHINES_KEPT);

  async function version(id: number): Promise<ProcedureVersion> {
    const known = byId.get(id);
    if (known !== undefined) return known;
    const found = await db
      .first<ProcedureVersion | undefined>("id", "code", "version", "declaration")
      .from("procedure_versions")
      .where({ id });
    if (found === undefined) throw new Error(`no procedure version ${id}`);
    byId.set(id, found);
    return found;
  }

  return {
    all: rows,
    current: (code) => byCode.get(code.endsWith(FULL_SUFFIX) ? code.slice(0, -FULL_SUFFIX.length) : code),
    version,
    async machine(versionId, tier) {
      const key = `${versionId}/${tier}`;
      const known = machines.get(key);
      if (known !== undefined) return known;
      const found = await db
        .first<{ machine: MachineConfig | null } | undefined>(db.raw("machines -> ? as machine", [tier]))
        .from("procedure_versions")
        .where({ id: versionId });
      if (!found?.machine) throw new Error(`procedure version ${versionId} has no machine for ${tier}`);
      const ready = readyMachine(found.machine);
      machines.set(key, ready);
      return ready;
    },
  };
}

/** A map that forgets what was longest not asked for. */
function bounded<T>(most: number): { get(key: string): T | undefined; set(key: string, value: T): void } {
  const kept = new Map<string, T>();
  return {
    get(key) {
      const value = kept.get(key);
      if (value !== undefined) {
        kept.delete(key);
        kept.set(key, value);
      }
      return value;
    },
    set(key, value) {
      kept.set(key, value);
      const oldest = kept.size > most ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}
