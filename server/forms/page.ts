import { PDFDocument, PDFName, type PDFDict, type PDFFont, type PDFRef } from "@cantoo/pdf-lib";
import { balancedWidth, breakLines, spaceBefore, type Line, type Setting, type Text } from "./lines.ts";
import { embedTypeface, STYLES, widthOf, type Style } from "./typeface.ts";

/** Points in a millimetre. All measures here are in points, from the lower left corner, unless they say mm. */
export const MM = 72 / 25.4;
/** A4. */
export const PAGE = { width: 210 * MM, height: 297 * MM };
/** Decree 30/2020, annex I: 20–25 mm above and below, 30–35 left, 15–20 right. */
export const MARGIN = { top: 20 * MM, bottom: 20 * MM, left: 30 * MM, right: 20 * MM };

/** A page and the room that stays free around it. */
export interface Sheet {
  width: number;
  height: number;
  margin: { top: number; bottom: number; left: number; right: number };
}
const UPRIGHT: Sheet = { ...PAGE, margin: MARGIN };
/** A4 on its long side, for books: bound above, so that the margin that binds is the upper one. */
export const LANDSCAPE: Sheet = {
  width: PAGE.height,
  height: PAGE.width,
  margin: { top: 20 * MM, bottom: 15 * MM, left: 15 * MM, right: 15 * MM },
};

export type Align = "left" | "center" | "right" | "justify";

export interface ParagraphOptions extends Partial<Setting> {
  align?: Align;
  /** How far the first line starts to the right of the others; negative hangs it out. */
  indent?: number;
  /** Narrower than the page: distances from the margins. */
  left?: number;
  right?: number;
  before?: number;
  after?: number;
  /** Line height as a multiple of the size. */
  leading?: number;
  /** What must stand on the same page below the paragraph, in points. */
  keep?: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One paper being set: a cursor that moves down and onto further pages. */
export interface Paper {
  readonly document: PDFDocument;
  readonly sheet: Sheet;
  /** Width between the margins. */
  readonly width: number;
  /** The x of the left margin. */
  readonly left: number;
  /** Where the next thing begins; set it to place things side by side. */
  y: number;
  /** Which page the cursor is on, from 0. */
  page: number;
  /** Sets wrapped text and moves down; goes on over the page's end. Throws NotPrintable. */
  paragraph(text: Text, options?: ParagraphOptions): void;
  /** How high `paragraph` would set this, without moving. */
  heightOf(text: Text, options?: ParagraphOptions): number;
  /** Sets lines already broken, in a column of its own, the first baseline below `top`; answers the height. */
  lines(
    lines: Line[],
    column: { x: number; width: number; top: number; align: Align; leading?: number },
  ): number;
  /** Starts a new page unless so many points are left on this one. */
  ensure(height: number): void;
  newPage(): void;
  /** Room left on this page. */
  room(): number;
  /** Raw content for the present page, in PDF operators. */
  draw(operators: string): void;
  rule(x: number, y: number, width: number, thickness?: number): void;
  /** The finished pages that were not taken yet, as PDF operators, and the present one too when `all`. */
  take(all?: boolean): { content: string; resources: PDFDict }[];
  /** Closes the paper; `complete` may add to its pages before. The same content makes the same bytes. */
  finish(complete?: (document: PDFDocument) => void): Promise<Buffer>;
}

export interface PaperOptions {
  title: string;
  /** Date of the paper, written into its properties. */
  date: Date;
  /** Size of the text where a paragraph names none, in points. */
  size?: number;
  sheet?: Sheet;
}

/** Opens an empty A4 paper in Vietnamese with its first page. */
export async function openPaper({ title, date, size = 13, sheet = UPRIGHT }: PaperOptions): Promise<Paper> {
  const { margin } = sheet;
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title.normalize("NFC"), { showInWindowTitleBar: true });
  document.setLanguage("vi-VN");
  document.setProducer("Một cửa điện tử");
  document.setCreationDate(date);
  const fonts = await embedTypeface(document);
  const contents: string[][] = [[]];
  let taken = 0;
  const encoded = new Map<string, string>();

  function encode(text: string, style: Style): string {
    const key = `${style} ${text}`;
    let hex = encoded.get(key);
    if (hex === undefined) encoded.set(key, (hex = fonts[style].encodeText(text).toString().slice(1, -1)));
    return hex;
  }

  const defaults: Required<Omit<ParagraphOptions, "keep">> = {
    ...{
      style: "regular",
      size,
      align: "justify",
      indent: 0,
      left: 0,
      right: 0,
      before: 0,
      after: 0,
      leading: 1.25,
    },
  };

  const paper: Paper = {
    document,
    sheet,
    width: sheet.width - margin.left - margin.right,
    left: margin.left,
    y: sheet.height - margin.top,
    page: 0,

    paragraph(text, options = {}) {
      const o = { ...defaults, ...options };
      const width = paper.width - o.left - o.right;
      const lines = breakLines(
        text,
        o,
        o.align === "center" ? balancedWidth(text, o, width) : width,
        o.indent,
      );
      if (options.keep !== undefined)
        paper.ensure(o.before + heightOfLines(lines, o.leading) + o.after + options.keep);
      paper.y -= o.before;
      lines.forEach((line, i) => {
        const height = line.size * o.leading;
        paper.ensure(height);
        const shift = i === 0 ? o.indent : 0;
        const column = { x: paper.left + o.left + shift, width: width - shift, align: o.align };
        drawLine(line, column, paper.y - height + 0.28 * line.size * o.leading);
        paper.y -= height;
      });
      paper.y -= o.after;
    },

    heightOf(text, options = {}) {
      const o = { ...defaults, ...options };
      const width = paper.width - o.left - o.right;
      return o.before + heightOfLines(breakLines(text, o, width, o.indent), o.leading) + o.after;
    },

    lines(lines, { x, width, top, align, leading = defaults.leading }) {
      let y = top;
      for (const line of lines) {
        const height = line.size * leading;
        drawLine(line, { x, width, align }, y - height + 0.28 * height);
        y -= height;
      }
      return top - y;
    },

    ensure(height) {
      if (paper.room() < height && paper.y < sheet.height - margin.top) paper.newPage();
    },
    newPage() {
      contents.push([]);
      paper.page = contents.length - 1;
      paper.y = sheet.height - margin.top;
    },
    room: () => paper.y - margin.bottom,
    draw: (operators) => void contents[paper.page]?.push(operators),
    rule: (x, y, width, thickness = 0.6) =>
      paper.draw(`${num(thickness)} w ${num(x)} ${num(y)} m ${num(x + width)} ${num(y)} l S`),

    take(all = false) {
      const until = contents.length - (all ? 0 : 1);
      const pages = [];
      for (; taken < until; taken++) {
        const operators = contents[taken] ?? [];
        if (taken > 0) numberPage(operators, taken + 1);
        const content = operators.join("\n");
        pages.push({ content, resources: resourcesOf(document, fonts, content) });
        contents[taken] = [];
      }
      return pages;
    },

    async finish(complete) {
      for (const { content, resources } of paper.take(true)) addPage(document, sheet, content, resources);
      complete?.(document);
      return Buffer.from(await document.save({ useObjectStreams: false, addDefaultPage: false }));
    },
  };

  function drawLine(line: Line, column: { x: number; width: number; align: Align }, baseline: number): void {
    const gaps = line.words.length - 1;
    const free = column.width - line.width;
    // A line that one long word cut short is left ragged: wide holes read worse.
    const stretches = column.align === "justify" && !line.last && gaps > 0 && free / gaps < line.size * 0.6;
    const stretch = stretches ? free / gaps : 0;
    let x = column.x + (column.align === "center" ? free / 2 : column.align === "right" ? free : 0);
    const operators: string[] = [];
    let font = "";
    let shown = "";
    let start = x;
    const flush = () => {
      if (shown) operators.push(`${font} 1 0 0 1 ${num(start)} ${num(baseline)} Tm [${shown}] TJ`);
      shown = "";
    };
    line.words.forEach((word, i) => {
      word.forEach((piece, j) => {
        const space = i > 0 && j === 0 ? spaceBefore(word) + stretch : 0;
        const wanted = `/F${STYLES.indexOf(piece.style)} ${num(piece.size)} Tf`;
        const box = piece.text === "☐" || piece.text === "☑";
        if (space > 0 && font !== "") {
          // The space is written as a character, so that whoever copies or searches the text gets the words apart;
          // it carries the style of what stands before it.
          const style = STYLES[Number(font.charAt(2))] ?? "regular";
          const size = Number(font.split(" ")[1]);
          const natural = widthOf(" ", style, size);
          shown += `<${encode(" ", style)}>${num(((natural - space) * 1000) / size)}`;
        }
        x += space;
        if (box || wanted !== font) {
          flush();
          start = x;
          font = wanted;
        }
        if (box) paper.draw(checkbox(x, baseline, piece.size, piece.text === "☑"));
        else shown += `<${encode(piece.text, piece.style)}>`;
        x += piece.width;
        if (box) start = x;
      });
    });
    flush();
    if (operators.length > 0) paper.draw(`BT\n${operators.join("\n")}\nET`);
  }

  function numberPage(operators: string[], number: number): void {
    const text = String(number);
    const x = (sheet.width - widthOf(text, "regular", 13)) / 2;
    const y = sheet.height - 14 * MM;
    operators.push(`BT /F0 13 Tf 1 0 0 1 ${num(x)} ${num(y)} Tm <${encode(text, "regular")}> Tj ET`);
  }

  return paper;
}

/** Short and without exponents, as PDF wants numbers. */
export function num(value: number): string {
  return String(Number(value.toFixed(3)));
}

function heightOfLines(lines: Line[], leading: number): number {
  return lines.reduce((total, line) => total + line.size * leading, 0);
}

/** ☐ and ☑ as lines: no typeface for official papers has them. */
function checkbox(x: number, baseline: number, size: number, checked: boolean): string {
  const side = size * 0.7;
  const at = (dx: number, dy: number) =>
    `${num(x + size * 0.05 + dx * side)} ${num(baseline - size * 0.05 + dy * side)}`;
  const tick = `1.3 w ${at(0.2, 0.5)} m ${at(0.42, 0.22)} l ${at(0.85, 0.85)} l S`;
  return `0.7 w ${at(0, 0)} ${num(side)} ${num(side)} re S${checked ? ` ${tick}` : ""}`;
}

/** The fonts that a page's content names. */
function resourcesOf(document: PDFDocument, fonts: Record<Style, PDFFont>, content: string): PDFDict {
  const used: Record<string, PDFRef> = {};
  STYLES.forEach((style, i) => {
    if (content.includes(`/F${i} `)) used[`F${i}`] = fonts[style].ref;
  });
  return document.context.obj({ Font: used });
}

function addPage(document: PDFDocument, { width, height }: Sheet, content: string, resources: PDFDict): void {
  const page = document.addPage([width, height]);
  page.node.set(PDFName.of("Resources"), resources);
  page.node.set(PDFName.Contents, document.context.register(document.context.flateStream(content)));
}
