import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Channel, LimitUnit, Tier } from "../../workflows/declaration.ts";

/** One line of procedures.jsonl. It is read and never changed: a correction writes another field. */
export interface SourceRow {
  code: string;
  name: string;
  displayName?: string;
  field: string;
  levels: Tier[];
  levelsFrom: "source" | "derived";
  department: string | null;
  audience: string[] | null;
  limit: { value: number; unit: LimitUnit } | null;
  limitFrom: "source" | "rule" | "unknown";
  fee: { kind: "fixed" | "varies" | "none-stated" | "unknown"; amounts?: number[] };
  cases: { code: string; name: string }[];
  documents: SourceDocument[];
  result: string | null;
  resultPaper?: boolean;
  channels: Channel[];
  onlineLevel: 2 | 3 | 4;
  onlineLevelFrom: "source" | "assigned";
  nationalPortal: boolean;
  notes?: string[];
}

export interface SourceDocument {
  code: string;
  title: string;
  originals: number;
  copies: number;
  required: boolean;
  case?: string;
  cut?: true;
  heading?: true;
  present?: true;
  onlineOnly?: true;
}

interface SourceUnit {
  key?: string;
  name: string;
  code: string;
  area?: string;
  gso?: string;
  parent?: string;
  communes?: SourceUnit[];
}

/** units.json: the province, its departments, districts and communes. */
export interface SourceUnits {
  province: { name: string; code: string; gso: string };
  departments: SourceUnit[];
  districts: SourceUnit[];
  districtDivisions: string[];
}

/** All source rows, in the order of their codes. */
export function readRows(dir: string): SourceRow[] {
  return readFileSync(join(dir, "procedures.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as SourceRow)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

export function readUnits(dir: string): SourceUnits {
  return JSON.parse(readFileSync(join(dir, "units.json"), "utf8")) as SourceUnits;
}
