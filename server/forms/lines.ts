import { printable, widthOf, type Style } from "./typeface.ts";

/** A stretch of text in one style. `size` in points. */
export interface Run {
  text: string;
  style?: Style;
  size?: number;
}
/** Text of a paragraph; "\n" breaks the line. */
export type Text = string | (string | Run)[];

export interface Piece {
  text: string;
  style: Style;
  size: number;
  width: number;
}
export interface Line {
  /** Words, each of one or more pieces that may not be parted. */
  words: Piece[][];
  /** Width of the words with plain spaces between them, in points. */
  width: number;
  /** The largest size on the line. */
  size: number;
  /** Whether the paragraph or a line break ends here: such a line is never stretched. */
  last: boolean;
}

export interface Setting {
  style: Style;
  size: number;
}

const CHECKBOX = /[☐☑]/;

export function bold(text: string): Run {
  return { text, style: "bold" };
}

/** A sentence's words without its full stop, to go on or to end it. */
export function endless(text: string): string {
  return text.trim().replace(/[.;]+$/u, "");
}

/** Breaks text into lines of at most `width` points, the first one `indent` shorter. Throws NotPrintable. */
export function breakLines(text: Text, setting: Setting, width: number, indent = 0): Line[] {
  const lines: Line[] = [];
  for (const paragraph of wordsOf(text, setting)) {
    let line: Line = { words: [], width: 0, size: setting.size, last: false };
    const finish = (last: boolean) => {
      line.last = last;
      line.size = Math.max(
        ...line.words.flat().map((piece) => piece.size),
        line.words.length ? 0 : setting.size,
      );
      lines.push(line);
      line = { words: [], width: 0, size: setting.size, last: false };
    };
    for (const whole of paragraph)
      for (const word of partsThatFit(whole, width - indent)) {
        const wide = sum(word);
        const room = lines.length === 0 ? width - indent : width;
        if (line.words.length > 0 && line.width + spaceBefore(word) + wide > room + 0.01) finish(false);
        line.width += (line.words.length > 0 ? spaceBefore(word) : 0) + wide;
        line.words.push(word);
      }
    finish(true);
  }
  return lines;
}

/** The narrowest width that needs no more lines: centred headings break evenly with it. */
export function balancedWidth(text: Text, setting: Setting, width: number): number {
  const count = breakLines(text, setting, width).length;
  let [low, high] = [width / Math.max(count, 1) / 2, width];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    const lines = breakLines(text, setting, middle);
    if (lines.length > count || lines.some((line) => line.width > middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** The plain space before a word, in points: that of its first piece. */
export function spaceBefore(word: Piece[]): number {
  const first = word[0];
  return first ? widthOf(" ", first.style, first.size) : 0;
}

function wordsOf(text: Text, setting: Setting): Piece[][][] {
  const paragraphs: Piece[][][] = [[]];
  let open = false; // whether the next piece belongs to the word before it
  for (const run of typeof text === "string" ? [text] : text) {
    const {
      text: raw,
      style = setting.style,
      size = setting.size,
    } = typeof run === "string" ? { text: run } : run;
    for (const token of printable(raw).match(/\n| +|[^ \n]+/g) ?? []) {
      if (token === "\n") paragraphs.push([]);
      if (token.startsWith("\n") || token.startsWith(" ")) {
        open = false;
        continue;
      }
      const words = paragraphs.at(-1) ?? [];
      const pieces = piecesOf(token, style, size);
      const before = open ? words.at(-1) : undefined;
      if (before) before.push(...pieces);
      else words.push(pieces);
      open = true;
    }
  }
  return paragraphs;
}

/** No-break spaces have done their work once words are parted: on paper, and to who copies the text, they are spaces. */
function piecesOf(token: string, style: Style, size: number): Piece[] {
  return (token.replaceAll("\u00a0", " ").match(/[☐☑]|[^☐☑]+/g) ?? []).map((text) => ({
    text,
    style,
    size,
    width: CHECKBOX.test(text) ? size * 0.85 : widthOf(text, style, size),
  }));
}

/** A word longer than a line is broken where the line ends. */
function partsThatFit(word: Piece[], width: number): Piece[][] {
  if (sum(word) <= width) return [word];
  const parts: Piece[][] = [];
  for (const piece of word) {
    let rest = piece.text;
    while (rest !== "") {
      let cut = "";
      for (const character of rest) {
        if (cut !== "" && widthOf(cut + character, piece.style, piece.size) > width) break;
        cut += character;
      }
      parts.push([{ ...piece, text: cut, width: widthOf(cut, piece.style, piece.size) }]);
      rest = rest.slice(cut.length);
    }
  }
  return parts;
}

function sum(word: Piece[]): number {
  return word.reduce((total, piece) => total + piece.width, 0);
}
