import { readFile } from "node:fs/promises";
import type { Knex } from "knex";

interface SeedAgency {
  code: string;
  name: string;
  level: "province" | "district" | "commune";
  kind: string;
  parent?: string | null;
  key?: string | null;
  assigned?: boolean;
  gso?: string | null;
  area?: string | null;
}

interface SeedCalendar {
  officeHours: { from: string; to: string }[];
  years: Record<string, { source: string; provisional?: boolean; off: string[]; worked: string[] }>;
}

/**
 * Puts in what a new system starts from: the agencies, and each calendar year as its version 1. What is there
 * already stays as it is, so later changes are kept. Runs as the owner.
 */
export async function loadSeeds(owner: Knex): Promise<void> {
  const agencies = await readSeed<SeedAgency[]>("agencies.json");
  const calendar = await readSeed<SeedCalendar>("calendar.json");
  await owner.transaction(async (trx) => {
    // All in one statement, so that a parent may stand after its children.
    await trx.raw(
      `insert into agencies (code, name, level, kind, parent, key, assigned, gso, area)
       select code, name, level, kind, parent, key, coalesce(assigned, false), gso, area
         from jsonb_populate_recordset(null::agencies, ?::jsonb)
       on conflict (code) do nothing`,
      [JSON.stringify(agencies)],
    );
    const years = Object.entries(calendar.years).map(
      ([year, { source, provisional = false, off, worked }]) => ({
        year: Number(year),
        version: 1,
        source,
        provisional,
        days: JSON.stringify({ off, worked, officeHours: calendar.officeHours }),
        entered_by: "seed",
      }),
    );
    await trx("calendar_years").insert(years).onConflict(["year", "version"]).ignore();
  });
}

async function readSeed<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(name, import.meta.url), "utf8")) as T;
}
