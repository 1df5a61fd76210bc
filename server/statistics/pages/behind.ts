import type { Agencies } from "../../catalogue/units.ts";
import { TIER_NAMES } from "../aggregates.ts";
import type { BehindDossier } from "../dossiers-behind.ts";
import type { Database } from "../../platform/database.ts";
import { cursorRows, type Query } from "../exports/cursor-rows.ts";
import type { ExportTable, TableColumn, TableRow } from "../exports/table.ts";
import { readProcedures } from "../form-06a.ts";
import type { ShownRow } from "./shown-table.tsx";
import { causeText, CHANNELS, OUTCOMES } from "./words.ts";

/** One part of a list, after a code. */
export type NextPage = (page: {
  after?: string;
  limit: number;
}) => Promise<{ items: BehindDossier[]; nextCursor: string | null }>;

export const BEHIND_COLUMNS: TableColumn[] = [
  { name: "code", title: "Mã hồ sơ", kind: "text", width: 26 },
  { name: "procedureCode", title: "Mã thủ tục", kind: "text", width: 12 },
  { name: "procedureName", title: "Thủ tục", kind: "text", width: 46 },
  { name: "unit", title: "Đơn vị giải quyết", kind: "text", width: 30 },
  { name: "tier", title: "Cấp", kind: "text", width: 10 },
  { name: "channel", title: "Hình thức nộp", kind: "text", width: 12 },
  { name: "receivedAt", title: "Tiếp nhận", kind: "moment", width: 17 },
  { name: "dueAt", title: "Hạn đã hoặc sẽ quá", kind: "moment", width: 17 },
  { name: "endedAt", title: "Kết thúc", kind: "moment", width: 17 },
  { name: "outcome", title: "Kết quả về thời hạn", kind: "text", width: 16 },
  { name: "cause", title: "Chờ gì khi quá hạn", kind: "text", width: 34 },
];

type Procedures = Awaited<ReturnType<typeof readProcedures>>;

function cellsOf(dossier: BehindDossier, agencies: Agencies, procedures: Procedures): TableRow["cells"] {
  const { code, unit, procedureCode, tier, channel, receivedAt, dueAt, endedAt, outcome, overdueCause } =
    dossier;
  const isLate = outcome === "late";
  return [
    ...[code, procedureCode, procedures.get(procedureCode)?.name ?? ""],
    ...[agencies.get(unit)?.name ?? unit, TIER_NAMES[tier] ?? tier, CHANNELS[channel] ?? channel],
    ...[receivedAt, dueAt, endedAt],
    outcome === null ? (endedAt === null ? "Đang giải quyết" : "") : (OUTCOMES[outcome] ?? outcome),
    isLate || (endedAt === null && overdueCause !== null) ? causeText(overdueCause) : "",
  ];
}

/** The dossiers of one page, each with its link. */
export async function behindRows(
  db: Database,
  agencies: Agencies,
  items: readonly BehindDossier[],
): Promise<ShownRow[]> {
  const procedures = await readProcedures(db);
  return items.map((dossier) => {
    const [code = "", ...rest] = cellsOf(dossier, agencies, procedures);
    return { cells: [{ value: code, href: `/ho-so/${dossier.code}` }, ...rest] };
  });
}

/** The whole list as a table to hand out, read by a cursor. */
export function behindTable(
  db: Database,
  agencies: Agencies,
  query: Query,
  about: Pick<ExportTable, "title" | "unitName" | "parentName" | "period"> & { count: number },
): ExportTable {
  const { count, ...said } = about;
  return {
    ...said,
    fileName: "danh-sach-ho-so",
    measure: `Số hồ sơ: ${count}`,
    columns: BEHIND_COLUMNS,
    rows: rowsOf(db, agencies, query),
  };
}

async function* rowsOf(db: Database, agencies: Agencies, query: Query): AsyncGenerator<TableRow> {
  const procedures = await readProcedures(db);
  for await (const dossier of cursorRows<BehindDossier>(db, query))
    yield { cells: cellsOf(dossier, agencies, procedures) };
}
