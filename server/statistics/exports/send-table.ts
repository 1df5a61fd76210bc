import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { csvPieces } from "./write-csv.ts";
import { jsonPieces } from "./write-json.ts";
import { xlsxPieces } from "./write-xlsx.ts";
import type { ExportTable } from "./table.ts";

/** `dang` in an address: how a table is handed out. */
export type ExportKind = "csv" | "xlsx" | "json";

const MEDIA_TYPES: Record<ExportKind, string> = {
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Which kind an address asks for; undefined: the page itself. */
export function exportKind(text: string | undefined): ExportKind | undefined {
  return text === "csv" || text === "xlsx" || text === "json" ? text : undefined;
}

/** Sends a table as a file, row by row, however long it is; whoever breaks off stops the reading. */
export async function sendTable(res: Response, kind: ExportKind, table: ExportTable): Promise<void> {
  res.status(200);
  res.setHeader("Content-Type", MEDIA_TYPES[kind]);
  res.setHeader("Content-Disposition", `attachment; filename="${table.fileName}.${kind}"`);
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("X-Content-Type-Options", "nosniff");
  try {
    const pieces = { csv: csvPieces, json: jsonPieces, xlsx: xlsxPieces }[kind](table);
    await pipeline(Readable.from(pieces), res);
  } catch (error) {
    // A file that ends too early must not look whole; and nobody is told anything who has gone.
    if (res.headersSent) res.destroy();
    else {
      res.removeHeader("Content-Disposition");
      throw error;
    }
  }
}
