import { toVietnamIso } from "../../../workflows/vietnam-time.ts";
import type { Cell, ExportTable } from "./table.ts";

const LINES_AT_ONCE = 500;

/** A table as one JSON object, an object a row by the columns' names, in pieces; moments are ISO with +07:00. */
export async function* jsonPieces(table: ExportTable): AsyncGenerator<string> {
  const { title, formNumber, unitName, period, measure, notes, columns } = table;
  const about = {
    title,
    form: formNumber ?? null,
    unit: unitName,
    period,
    ...(measure === undefined ? {} : { measure }),
    notes: notes ?? [],
    columns: columns.map(({ name, title: text }) => ({ name, title: text })),
  };
  const names = columns.map(({ name }) => JSON.stringify(name));
  let piece = `${JSON.stringify(about).slice(0, -1)},"rows":[`;
  let lines = 0;
  for await (const { cells } of table.rows) {
    const fields = names.map((name, at) => `${name}:${jsonCell(cells[at] ?? null)}`);
    piece += `${lines === 0 ? "" : ","}\n{${fields.join(",")}}`;
    if (++lines % LINES_AT_ONCE === 0) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}\n]}\n`;
}

function jsonCell(cell: Cell): string {
  return JSON.stringify(cell instanceof Date ? toVietnamIso(cell.getTime()) : cell);
}
