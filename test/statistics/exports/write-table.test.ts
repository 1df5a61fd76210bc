import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "csv-parse";
import { parse as parseSync } from "csv-parse/sync";
import excel from "exceljs";
import fc from "fast-check";
import { describe, it } from "mocha";
import type { ExportTable } from "../../../server/statistics/exports/table.ts";
import { csvPieces } from "../../../server/statistics/exports/write-csv.ts";
import { jsonPieces } from "../../../server/statistics/exports/write-json.ts";
import { xlsxPieces } from "../../../server/statistics/exports/write-xlsx.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";

const PROCESS = fileURLToPath(new URL("write-table-process.ts", import.meta.url));
const MOMENT = new Date("2026-11-23T08:30:00+07:00");

function table(texts: readonly string[]): ExportTable {
  return {
    fileName: "thu",
    title: "Tình hình thử",
    formNumber: "Biểu số II.06a/VPCP/KSTT",
    unitName: "Sở Thử",
    parentName: "UBND tỉnh Mẫu",
    period: "Kỳ báo cáo: Tháng 11 năm 2026",
    notes: ["Ghi chú thử."],
    signed: true,
    columns: [
      { name: "text", title: "Nội dung", kind: "text" },
      { name: "count", title: "Số hồ sơ", kind: "number" },
      { name: "rate", title: "Tỷ lệ", kind: "percent" },
      { name: "at", title: "Lúc", kind: "moment" },
      { name: "day", title: "Ngày", kind: "day" },
    ],
    head: [
      { text: "Nội dung", column: 1, line: 1, lines: 2 },
      { text: "Số", column: 2, line: 1, columns: 2 },
      { text: "Hồ sơ", column: 2, line: 2 },
      { text: "%", column: 3, line: 2 },
      { text: "Lúc", column: 4, line: 1, lines: 2 },
      { text: "Ngày", column: 5, line: 1, lines: 2 },
    ],
    rows: texts.map((text, at) => ({ cells: [text, at, 99.5, MOMENT, "2026-11-23"] })),
  };
}

async function whole(pieces: AsyncIterable<string | Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}

const HARD = [
  'Xã "Thử", huyện\r\nMẫu; <b>&',
  "=1+1",
  '@SUM(A1);"x"',
  "-cmd",
  "+84 912",
  "  =HYPERLINK(1)",
  "\t=2",
  "Ủy ban nhân dân",
  "",
];

describe("tables that are handed out", function () {
  this.timeout(120_000);

  it("as CSV are read by another reader as they were, in UTF-8 with its mark", async () => {
    const bytes = await whole(csvPieces(table(HARD)));
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const rows = parseSync(bytes, { bom: true, record_delimiter: "\r\n" });
    assert.deepEqual(rows[0], ["Nội dung", "Số hồ sơ", "Tỷ lệ", "Lúc", "Ngày"]);
    assert.deepEqual(rows[1], [HARD[0], "0", "99.5", "08:30 23/11/2026", "23/11/2026"]);
    assert.equal(rows.length, HARD.length + 1);
    for (const [at, row] of rows.slice(1).entries())
      assert.equal(row[0]?.replace(/^'/, ""), HARD[at], "only an apostrophe may be added");
  });

  it("never give a spreadsheet a formula to run", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", " =", "\n="), fc.string()),
        async ([start, rest]) => {
          const bytes = await whole(csvPieces(table([start + rest])));
          const rows = parseSync(bytes, { bom: true, record_delimiter: "\r\n" });
          assert.match(rows[1]?.[0] ?? "", /^'/);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("as JSON are one object, a row an object, moments in Vietnam's time", async () => {
    const told = JSON.parse((await whole(jsonPieces(table(HARD)))).toString()) as {
      form: string;
      rows: Record<string, unknown>[];
    };
    assert.equal(told.form, "Biểu số II.06a/VPCP/KSTT");
    assert.equal(told.rows.length, HARD.length);
    assert.deepEqual(told.rows[1], {
      ...{ text: "=1+1", count: 1, rate: 99.5, at: "2026-11-23T08:30:00+07:00", day: "2026-11-23" },
    });
    const none = JSON.parse((await whole(jsonPieces(table([])))).toString()) as { rows: unknown[] };
    assert.deepEqual(none.rows, []);
  });

  it("as XLSX open in another program, laid out as the form prints, and every text is a text", async () => {
    const bytes = await whole(xlsxPieces(table(HARD)));
    const book = new excel.Workbook();
    await book.xlsx.load(bytes as unknown as ArrayBuffer);
    const sheet = book.worksheets[0];
    assert.ok(sheet);
    assert.equal(sheet.getCell("A1").value, "Biểu số II.06a/VPCP/KSTT");
    assert.equal(sheet.getCell("C1").value, "Đơn vị báo cáo: Sở Thử");
    assert.equal(sheet.getCell("A3").value, "TÌNH HÌNH THỬ");
    assert.equal(sheet.getCell("A4").value, "Kỳ báo cáo: Tháng 11 năm 2026");
    assert.equal(sheet.getCell("A6").value, "Nội dung");
    assert.equal(sheet.getCell("A7").master.address, "A6");
    assert.equal(sheet.getCell("C6").master.address, "B6");
    assert.equal(sheet.getCell("B7").value, "Hồ sơ");
    assert.equal(sheet.pageSetup.orientation, "landscape");
    assert.equal(sheet.pageSetup.printTitlesRow, "6:7");
    for (const [at, text] of HARD.entries()) {
      const cell = sheet.getCell(8 + at, 1);
      assert.equal(cell.value ?? "", text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"));
      assert.equal(cell.formula, undefined);
    }
    assert.equal(sheet.getCell("B9").value, 1);
    assert.deepEqual(sheet.getCell("D8").value, new Date("2026-11-23T08:30:00Z"));
    assert.deepEqual(sheet.getCell("E8").value, new Date("2026-11-23T00:00:00Z"));
    const texts = sheet.getColumn(1).values.map(String);
    assert.ok(texts.includes("Ghi chú thử.") && texts.includes("NGƯỜI LẬP BIỂU"));
  });

  for (const kind of ["csv", "json", "xlsx"])
    it(`100,000 rows as ${kind} take less than 200 MB and arrive whole`, async () => {
      const folder = makeTemporaryFolder("export");
      const file = join(folder, `table.${kind}`);
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...["--import", "tsx", PROCESS, kind, "100000", file],
      ]);
      const { megabytes } = JSON.parse(stdout) as { megabytes: number };
      assert.ok(megabytes < 200, `${megabytes} MB`);
      assert.equal(await rowsOf(kind, file), 100_000);
      await rm(folder, { recursive: true });
    });
});

async function rowsOf(kind: string, file: string): Promise<number> {
  let rows = 0;
  if (kind === "csv") {
    for await (const record of createReadStream(file).pipe(parse({ bom: true, from_line: 2 })))
      if ((record as string[]).length === 10) rows++;
  } else if (kind === "json") {
    rows = (JSON.parse(await readFile(file, "utf8")) as { rows: unknown[] }).rows.length;
  } else {
    const reader = new excel.stream.xlsx.WorkbookReader(file, {
      ...({ worksheets: "emit", sharedStrings: "ignore", styles: "ignore" } as const),
    });
    for await (const sheet of reader)
      for await (const row of sheet) if (typeof row.getCell(1).value === "number") rows++;
  }
  return rows;
}
