import { linesAbove, sheetPieces } from "./sheet.ts";
import { openStyles } from "./sheet-styles.ts";
import type { ExportTable, TableRow } from "./table.ts";
import { zipPieces, type ZipEntry } from "./zip.ts";

/** What a sheet of Excel holds, less room for head and signatures; what is more goes on in the next sheet. */
const ROWS_A_SHEET = 1_000_000;
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/**
 * A table as XLSX laid out as the form prints, in pieces and row by row: nothing is asked for before what came before it
 * was taken, so a long table or a slow line costs time and no memory.
 */
export function xlsxPieces(table: ExportTable): AsyncGenerator<Buffer> {
  return zipPieces(parts(table));
}

function* parts(table: ExportTable): Generator<ZipEntry> {
  const styles = openStyles();
  const source = cursorOf(table.rows);
  const names: string[] = [];
  const first = (table.formNumber?.replace(/^Biểu số /, "") ?? "Số liệu")
    .replace(/[\\/?*[\]:]/g, "-")
    .slice(0, 24);
  do {
    const number = names.push(names.length === 0 ? first : `${first} (${names.length + 1})`);
    yield {
      path: `xl/worksheets/sheet${number}.xml`,
      pieces: sheetPieces(table, source.next(ROWS_A_SHEET), styles, () => source.ended()),
    };
  } while (!source.ended());
  yield text("xl/styles.xml", styles.xml());
  const sheets = names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  const titles = names.map(
    (name, at) =>
      `<definedName name="_xlnm.Print_Titles" localSheetId="${at}">'${name}'!$6:$${linesAbove(table)}</definedName>`,
  );
  yield text(
    "xl/workbook.xml",
    `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${RELATIONS}"><sheets>${sheets.join("")}</sheets><definedNames>${titles.join("")}</definedNames></workbook>`,
  );
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
  const related = "http://schemas.openxmlformats.org/package/2006/relationships";
  const sheetRelations = names.map((_, at) => relation(at + 1, "worksheet", `worksheets/sheet${at + 1}.xml`));
  yield text(
    "xl/_rels/workbook.xml.rels",
    `<Relationships xmlns="${related}">${sheetRelations.join("")}${relation(names.length + 1, "styles", "styles.xml")}</Relationships>`,
  );
  yield text(
    "_rels/.rels",
    `<Relationships xmlns="${related}">${relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>`,
  );
  const overrides = names.map(
    (_, at) =>
      `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPES}.worksheet+xml"/>`,
  );
  yield text(
    "[Content_Types].xml",
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/>${overrides.join("")}</Types>`,
  );
}

function text(path: string, xml: string): ZipEntry {
  return { path, pieces: [xml.startsWith("<?xml") ? xml : HEAD + xml] };
}

/** The rows, taken so many at a time; it looks one ahead, so that it knows when there are no more. */
function cursorOf(rows: ExportTable["rows"]) {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  let ahead: IteratorResult<TableRow> | undefined;
  return {
    async *next(most: number): AsyncGenerator<TableRow> {
      ahead ??= await iterator.next();
      for (let taken = 0; taken < most && ahead.done !== true; taken++) {
        yield ahead.value;
        ahead = await iterator.next();
      }
    },
    ended: () => ahead?.done === true,
  };
}
