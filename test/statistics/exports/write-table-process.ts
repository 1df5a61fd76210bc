import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { csvPieces } from "../../../server/statistics/exports/write-csv.ts";
import { jsonPieces } from "../../../server/statistics/exports/write-json.ts";
import { xlsxPieces } from "../../../server/statistics/exports/write-xlsx.ts";
import { madeUpTable } from "./made-up-table.ts";

/** Writes a made-up table of so many rows, says how much memory it took at most: `… csv|json|xlsx ROWS FILE`. */
const [kind = "csv", rows = "1000", file = "/dev/null"] = process.argv.slice(2);
const pieces = { csv: csvPieces, json: jsonPieces, xlsx: xlsxPieces }[kind];
if (pieces === undefined) throw new RangeError(`no such kind: ${kind}`);
const begun = performance.now();
await pipeline(Readable.from(pieces(madeUpTable(Number(rows)))), createWriteStream(file));
// The kernel's own high-water mark of this program: getrusage counts what the process was before it became this one.
const highest = /VmHWM:\s+(\d+)/.exec(await readFile("/proc/self/status", "utf8"))?.[1];
const megabytes = Math.round(Number(highest) / 1024);
console.log(
  JSON.stringify({ kind, rows: Number(rows), megabytes, ms: Math.round(performance.now() - begun) }),
);
