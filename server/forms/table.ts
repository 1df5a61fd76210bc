import { breakLines, type Line, type Text } from "./lines.ts";
import { num, type Align, type Paper } from "./page.ts";

export interface Column {
  title: string;
  /** Share of the table's width. */
  share: number;
  align?: Align;
}

const PADDING = { x: 4, y: 3 };
const LEADING = 1.2;

/** A ruled table over the whole width; its head is repeated on each page, a long row goes on over the page's end. */
export function drawTable(paper: Paper, columns: Column[], rows: Text[][], size = 12): void {
  const shares = columns.reduce((sum, column) => sum + column.share, 0);
  let x = paper.left;
  const places = columns.map(({ share, align = "left" }) => {
    const place = { x, width: (paper.width * share) / shares, align };
    x += place.width;
    return place;
  });
  const inner = (i: number) => (places[i]?.width ?? 0) - 2 * PADDING.x;
  const head = columns.map((column, i) => breakLines(column.title, { style: "bold", size }, inner(i)));
  const heightOf = (cells: Line[][]) =>
    Math.max(...cells.map((cell) => cell.length)) * size * LEADING + 2 * PADDING.y;

  const drawRow = (cells: Line[][], centre: boolean) => {
    const height = heightOf(cells);
    cells.forEach((cell, i) => {
      const place = places[i];
      if (!place) return;
      const free = centre ? (height - 2 * PADDING.y - cell.length * size * LEADING) / 2 : 0;
      const top = paper.y - PADDING.y - free;
      const align = centre ? "center" : place.align;
      paper.lines(cell, { x: place.x + PADDING.x, width: inner(i), top, align, leading: LEADING });
      paper.draw(`0.5 w ${num(place.x)} ${num(paper.y - height)} ${num(place.width)} ${num(height)} re S`);
    });
    paper.y -= height;
  };

  paper.ensure(heightOf(head) + 2 * size * LEADING + 2 * PADDING.y);
  drawRow(head, true);
  for (const row of rows) {
    let cells = row.map((text, i) => breakLines(text, { style: "regular", size }, inner(i)));
    for (;;) {
      const longest = Math.max(...cells.map((cell) => cell.length));
      const fitting = Math.floor((paper.room() - 2 * PADDING.y) / (size * LEADING));
      if (fitting < Math.min(2, longest)) {
        paper.newPage();
        drawRow(head, true);
        continue;
      }
      drawRow(
        cells.map((cell) => cell.slice(0, fitting)),
        false,
      );
      cells = cells.map((cell) => cell.slice(fitting));
      if (longest <= fitting) break;
    }
  }
}
