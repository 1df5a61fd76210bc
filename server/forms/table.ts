import { breakLines, type Line, type Text } from "./lines.ts";
import { num, type Align, type Paper } from "./page.ts";

export interface Column {
  title: string;
  /** Share of the table's width. */
  share: number;
  align?: Align;
  /** Columns that follow one another under the same words share a head above their own. */
  group?: string;
}

const PADDING = { x: 4, y: 3 };
const LEADING = 1.2;
/** A row of so many lines stays on one page. */
const UNPARTED = 8;

/** A ruled table over the whole width; its head is repeated on each page, a long row goes on over the page's end. */
export function drawTable(paper: Paper, columns: Column[], rows: Text[][], size = 12): void {
  const table = openTable(paper, columns, size);
  for (const row of rows) table.row(row);
}

/** The same, row by row; the head is drawn at once. */
export function openTable(paper: Paper, columns: Column[], size = 12): { row(cells: Text[]): void } {
  const shares = columns.reduce((sum, column) => sum + column.share, 0);
  let x = paper.left;
  const places = columns.map(({ share, align = "left" }) => {
    const place = { x, width: (paper.width * share) / shares, align };
    x += place.width;
    return place;
  });
  const inner = (width: number) => width - 2 * PADDING.x;
  const bold = { style: "bold" as const, size };
  const heads = columns.map(({ title }, i) => breakLines(title, bold, inner(places[i]?.width ?? 0)));
  const groups = groupsOf(columns).map(({ title, from, count }) => {
    const width = places.slice(from, from + count).reduce((sum, place) => sum + place.width, 0);
    return { from, count, x: places[from]?.x ?? 0, width, lines: breakLines(title, bold, inner(width)) };
  });
  const grouped = new Set(groups.flatMap(({ from, count }) => columns.slice(from, from + count)));
  const linesHeight = (cells: Line[][]) => Math.max(0, ...cells.map((cell) => cell.length)) * size * LEADING;
  const heightOf = (cells: Line[][]) => linesHeight(cells) + 2 * PADDING.y;
  const above = groups.length === 0 ? 0 : heightOf(groups.map(({ lines }) => lines));
  const isGrouped = (at: number) => columns.some((column, i) => i === at && grouped.has(column));
  const below = heightOf(heads.filter((_, i) => isGrouped(i)));
  const alone = heightOf(heads.filter((_, i) => !isGrouped(i)));
  const headHeight = Math.max(alone, groups.length === 0 ? 0 : above + below);

  const drawCell = (
    lines: Line[],
    box: { x: number; width: number; top: number; height: number; align: Align },
    centre: boolean,
  ) => {
    const free = centre ? (box.height - 2 * PADDING.y - lines.length * size * LEADING) / 2 : 0;
    const place = { x: box.x + PADDING.x, width: inner(box.width), top: box.top - PADDING.y - free };
    paper.lines(lines, { ...place, align: box.align, leading: LEADING });
    paper.draw(`0.5 w ${num(box.x)} ${num(box.top - box.height)} ${num(box.width)} ${num(box.height)} re S`);
  };

  const drawHead = () => {
    const top = paper.y;
    for (const group of groups)
      drawCell(group.lines, { ...group, top, height: above, align: "center" }, true);
    heads.forEach((lines, i) => {
      const { x: left = 0, width = 0 } = places[i] ?? {};
      const down = isGrouped(i) ? above : 0;
      const box = { x: left, width, top: top - down, height: headHeight - down, align: "center" as const };
      drawCell(lines, box, true);
    });
    paper.y -= headHeight;
  };

  const drawRow = (cells: Line[][]) => {
    const height = heightOf(cells);
    cells.forEach((lines, i) => {
      const place = places[i];
      if (place) drawCell(lines, { ...place, top: paper.y, height }, false);
    });
    paper.y -= height;
  };

  paper.ensure(headHeight + 2 * size * LEADING + 2 * PADDING.y);
  drawHead();
  return {
    row(texts) {
      let cells = texts.map((text, i) =>
        breakLines(text, { style: "regular", size }, inner(places[i]?.width ?? 0)),
      );
      for (;;) {
        const longest = Math.max(...cells.map((cell) => cell.length));
        const fitting = Math.floor((paper.room() - 2 * PADDING.y) / (size * LEADING));
        if (fitting < (longest > UNPARTED ? 2 : longest)) {
          paper.newPage();
          drawHead();
          continue;
        }
        drawRow(cells.map((cell) => cell.slice(0, fitting)));
        cells = cells.map((cell) => cell.slice(fitting));
        if (longest <= fitting) break;
      }
    },
  };
}

/** Neighbouring columns with the same words above them. */
function groupsOf(columns: Column[]): { title: string; from: number; count: number }[] {
  const groups: { title: string; from: number; count: number }[] = [];
  columns.forEach(({ group }, i) => {
    if (group === undefined) return;
    const last = groups.at(-1);
    if (last?.title === group && last.from + last.count === i) last.count++;
    else groups.push({ title: group, from: i, count: 1 });
  });
  return groups;
}
